"""The same fits in NumPy and SciPy, as well as we can write them: what bench/chemometrics.mjs compares with.

python3 chemometrics.py FOLDER: reads small.bin (float64, 141 x 580), tall.bin (float32, 95744 x 580) and S.bin (float64,
3 x 580) there, prints seconds as JSON (best of several).
"""

import itertools
import json
import os
import resource
import sys
import time

import numpy as np
from scipy.optimize import nnls

N = 3
COLUMNS = 580
folder = sys.argv[1]


def read(name, dtype):
    return np.fromfile(os.path.join(folder, name), dtype).reshape(-1, COLUMNS)


def best(work, repeats):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def nnls_rows(S, D):
    """One call of SciPy's Lawson and Hanson for each row."""
    return np.array([nnls(S.T, d)[0] for d in D])


def nnls_qr_rows(S, D):
    """The same after S is reduced to its triangle: three rows instead of 580."""
    Q, R = np.linalg.qr(S.T)
    return np.array([nnls(R, b)[0] for b in D @ Q])


def nnls_sets(S, D):
    """All active sets of all rows at once, from normal equations: exact, as there are only seven. The interior first."""
    G = S @ S.T
    B = np.asarray(D @ S.T.astype(D.dtype), np.float64)
    C = np.linalg.solve(G, B.T).T
    rows = np.flatnonzero((C < 0).any(axis=1))
    if rows.size == 0:
        return C
    b = B[rows]
    lowest = np.zeros(rows.size)
    found = np.zeros((rows.size, N))
    for size in range(1, N):
        for chosen in itertools.combinations(range(N), size):
            chosen = list(chosen)
            c = np.linalg.solve(G[np.ix_(chosen, chosen)], b[:, chosen].T).T
            # At the best point of a set the objective is -c.b / 2.
            objective = np.where((c >= 0).all(axis=1), -np.einsum("ij,ij->i", c, b[:, chosen]), np.inf)
            better = objective < lowest
            lowest[better] = objective[better]
            found[better] = 0
            found[np.ix_(better, chosen)] = c[better]
    C[rows] = found
    return C


def closed_sets(S, D):
    """Non-negative and sum one, all rows at once: the interior of the triangle, or the best of its clamped edges."""
    V = S[:2] - S[2]
    H = V @ V.T
    r = np.asarray(D @ V.T.astype(D.dtype), np.float64) - V @ S[2]
    x = np.linalg.solve(H, r.T).T
    out = np.flatnonzero((x < 0).any(axis=1) | (x.sum(axis=1) > 1))
    q = r[out]
    edges = []
    p = np.clip(q[:, 0] / H[0, 0], 0, 1)
    edges.append(np.stack([p, 0 * p], 1))
    p = np.clip(q[:, 1] / H[1, 1], 0, 1)
    edges.append(np.stack([0 * p, p], 1))
    p = np.clip((q[:, 0] - q[:, 1] - H[0, 1] + H[1, 1]) / (H[0, 0] - 2 * H[0, 1] + H[1, 1]), 0, 1)
    edges.append(np.stack([p, 1 - p], 1))
    edges = np.stack(edges)
    objective = 0.5 * np.einsum("eij,jk,eik->ei", edges, H, edges) - np.einsum("eij,ij->ei", edges, q)
    x[out] = edges[objective.argmin(axis=0), np.arange(out.size)]
    C = np.column_stack([x, 1 - x.sum(axis=1)])
    E = D - (C @ S).astype(D.dtype)
    R = np.einsum("ij,ij->i", E, E) / np.einsum("ij,ij->i", D, D)
    return C, R


def mcr(D, S, solve, iterations):
    for _ in range(iterations):
        C = solve(S, D)
        S = solve(C.T, D.T).T
    return C, S


def pca(D):
    X = D.astype(np.float64)
    X -= X.mean(axis=0)
    values, vectors = np.linalg.eigh(X.T @ X)
    return values[::-1], X @ vectors[:, :-21:-1]


small = read("small.bin", np.float64)
S = read("S.bin", np.float64)
C, T = mcr(small, S, nnls_sets, 3)
C2, T2 = mcr(small, S, nnls_rows, 3)
assert np.allclose(C, C2, atol=1e-8) and np.allclose(T, T2, atol=1e-8)
times = {
    "mcr": {
        "scipy.optimize.nnls a row": best(lambda: mcr(small, S, nnls_rows, 50), 2),
        "scipy.optimize.nnls after QR": best(lambda: mcr(small, S, nnls_qr_rows, 50), 2),
        "NumPy over all active sets": best(lambda: mcr(small, S, nnls_sets, 50), 5),
    }
}
tall = read("tall.bin", np.float32)
times["iteration"] = {"NumPy over all active sets": best(lambda: mcr(tall, S, nnls_sets, 1), 3)}
times["fit"] = {"NumPy over all active sets": best(lambda: closed_sets(S, tall), 3)}
times["pca"] = {"NumPy, eigh of the Gram matrix": best(lambda: pca(tall), 1)}
times["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
print(json.dumps(times))
