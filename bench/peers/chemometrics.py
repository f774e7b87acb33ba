"""The same fits in NumPy and SciPy, as well as we can write them: what bench/chemometrics.mjs compares with.

python3 chemometrics.py FOLDER: reads small.bin (float64, 141 x 580), tall.bin (float32, 95744 x 580) and S.bin (float64,
3 x 580) there, prints seconds as JSON (best of several).
"""

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


PAIRS = ((0, 1), (0, 2), (1, 2))


def inverses(G):
    """Inverses of G over each single component and each pair, zero elsewhere."""
    out = np.zeros((6, N, N))
    for j in range(N):
        out[j, j, j] = 1 / G[j, j]
    for k, (i, j) in enumerate(PAIRS, N):
        determinant = G[i, i] * G[j, j] - G[i, j] ** 2
        out[k, i, i] = G[j, j] / determinant
        out[k, j, j] = G[i, i] / determinant
        out[k, i, j] = out[k, j, i] = -G[i, j] / determinant
    return out


def solve_sets(G, B):
    """Non-negative solutions for the columns of B, exact: where all three are not positive, the best of the other sets."""
    X = np.linalg.inv(G) @ B
    columns = np.flatnonzero(X.min(axis=0) < 0)
    if columns.size == 0:
        return X
    b = B[:, columns]
    x = inverses(G) @ b
    # At the best point of a set the objective is -x.b / 2.
    gain = np.where(x.min(axis=1) >= 0, np.einsum("sjm,jm->sm", x, b), 0)
    best = gain.argmax(axis=0)
    at = np.arange(columns.size)
    X[:, columns] = np.where(gain[best, at] > 0, x[best, :, at].T, 0)
    return X


def nnls_sets(S, D):
    """All active sets of all rows at once, from normal equations: as fast as we can write it."""
    return solve_sets(S @ S.T, np.asarray(S.astype(D.dtype) @ D.T, np.float64)).T


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
    """With the lack of fit after each iteration, without forming the residual."""
    total = np.vdot(D, D)
    trace = []
    for _ in range(iterations):
        C = solve(S, D)
        B = np.asarray(C.T.astype(D.dtype) @ D, np.float64)
        S = solve_sets(C.T @ C, B) if solve is nnls_sets else solve(C.T, D.T).T
        trace.append(100 * np.sqrt(max(0, total - 2 * np.vdot(B, S) + np.vdot(C.T @ C, S @ S.T)) / total))
    return C, S, trace


def products(D, S, C, iterations):
    """What no implementation in NumPy can do without."""
    for _ in range(iterations):
        S @ D.T
        C.T @ D


def pca(D):
    X = D.astype(np.float64)
    X -= X.mean(axis=0)
    values, vectors = np.linalg.eigh(X.T @ X)
    return values[::-1], X @ vectors[:, :-21:-1]


small = read("small.bin", np.float64)
S = read("S.bin", np.float64)
C, T, trace = mcr(small, S, nnls_sets, 3)
C2, T2, trace2 = mcr(small, S, nnls_rows, 3)
assert np.allclose(C, C2, atol=1e-8) and np.allclose(T, T2, atol=1e-8) and np.allclose(trace, trace2, rtol=1e-8)
times = {
    "mcr": {
        "scipy.optimize.nnls a row": best(lambda: mcr(small, S, nnls_rows, 50), 2),
        "scipy.optimize.nnls after QR": best(lambda: mcr(small, S, nnls_qr_rows, 50), 2),
        "NumPy over all active sets": best(lambda: mcr(small, S, nnls_sets, 50), 10),
        "NumPy, the products with D alone": best(lambda: products(small, S, C, 50), 10),
    }
}
tall = read("tall.bin", np.float32)
times["iteration"] = {"NumPy over all active sets": best(lambda: mcr(tall, S, nnls_sets, 1), 3)}
times["fit"] = {"NumPy over all active sets": best(lambda: closed_sets(S, tall), 3)}
times["pca"] = {"NumPy, eigh of the Gram matrix": best(lambda: pca(tall), 1)}
times["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
print(json.dumps(times))
