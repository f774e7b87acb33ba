"""The same reduction in NumPy, float32, as well as we can write it: what bench/full.mjs compares with.

python3 full.py FOLDER reduce THREADS: a cube to concentrations, R-factors and two masked means.
python3 full.py FOLDER floor THREADS: reads the cube from the page cache and does nothing with it.
python3 full.py FOLDER forget 1: makes the system forget the cubes (posix_fadvise with POSIX_FADV_DONTNEED, after fsync).
python3 full.py FOLDER sequential 1: reads a cube from beginning to end in one thread.
Each line on the input is a run, answered with a line of JSON.

Where NumPy has a choice the cheaper one is taken: the shift is linear here (ours is cubic), a pixel without a value spreads through
its bin. The flat, the mean dark, the shift map and the dose map are made before the clock starts.
"""

import itertools
import json
import os
import re
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

folder, what, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
BIN = 4
ROWS = 32
E0, PRE, POST = 8342.0, (-60, -20), (50, 530)
pool = ThreadPoolExecutor(threads)


def headers(path):
    """Offsets of the counts, ring currents, energies and the shape of an image."""
    offsets, currents, energies, size = [], [], [], os.path.getsize(path)
    with open(path, "rb") as file:
        at = 0
        while at < size:
            file.seek(at)
            text = file.read(4096).decode("latin1")
            end = re.search(r"}\r?\n", text).end()
            value = lambda key: re.search(rf"\b{key}\s*=\s*([^;]*?)\s*;", text, re.I).group(1)
            shape = int(value("Dim_2")), int(value("Dim_1"))
            offsets.append(at + end)
            currents.append(float(value("ring_current")))
            energies.append(float(value("energy")) if re.search(r"\benergy\s*=", text[:end]) else np.nan)
            at += end + 2 * shape[0] * shape[1]
    return offsets, np.array(currents), np.array(energies), shape


def read_rows(descriptor, offset, row, rows, width, out):
    os.preadv(descriptor, [out], offset + 2 * row * width)


def binned_logs(descriptor, offsets, row, rows, width, dark, scales):
    """Mean logarithm over the bins of some rows, all energies, [n, rows / 4, width / 4]."""
    raw = np.empty((rows, width), np.uint16)
    out = np.empty((len(offsets), rows // BIN, width // BIN), np.float32)
    with np.errstate(all="ignore"):
        for k, offset in enumerate(offsets):
            read_rows(descriptor, offset, row, rows, width, raw)
            counts = np.subtract(raw, dark[row : row + rows], dtype=np.float32)
            np.log(counts, out=counts)
            lines = counts.reshape(rows // BIN, BIN, width).sum(axis=1)
            out[k] = lines.reshape(rows // BIN, width // BIN, BIN).sum(axis=2)
            out[k] *= 1 / BIN**2
            out[k] += np.float32(np.log(scales[k]))
    return out


def closed_sets(V, last, H, y):
    """Non-negative and sum one, all rows at once: the interior of the triangle, or the best of its clamped edges."""
    r = y @ V.T - V @ last
    x = np.linalg.solve(H, r.T.astype(np.float64)).T
    out = np.flatnonzero((x < 0).any(axis=1) | (x.sum(axis=1) > 1))
    q = r[out].astype(np.float64)
    p = np.clip(q[:, 0] / H[0, 0], 0, 1)
    s = np.clip(q[:, 1] / H[1, 1], 0, 1)
    t = np.clip((q[:, 0] - q[:, 1] - H[0, 1] + H[1, 1]) / (H[0, 0] - 2 * H[0, 1] + H[1, 1]), 0, 1)
    zero = np.zeros_like(p)
    edges = np.stack([np.stack([p, zero], 1), np.stack([zero, s], 1), np.stack([t, 1 - t], 1)])
    cost = np.einsum("eij,jk,eik->ei", edges, H, edges) - 2 * np.einsum("eij,ij->ei", edges, q)
    x[out] = edges[np.argmin(cost, axis=0), np.arange(len(out))]
    return np.column_stack([x, 1 - x.sum(axis=1)]).astype(np.float32)


def species(j, e):
    x = e - 8333 - 9 - 1.5 * j
    return 0.5 + np.arctan(x / 2) / np.pi + (0.6 - 0.1 * j) * np.exp(-(((x - 8) / 5) ** 2) / 2)


def main():
    # Two cubes in turn, as ours does, so that the page cache holds as much for both.
    cubes = [os.path.join(folder, f"cube-{i}.edf") for i in range(2)]
    turns = itertools.cycle(range(2))
    if what == "forget":

        def forget():
            for name in os.listdir(folder):
                file = os.open(os.path.join(folder, name), os.O_RDONLY)
                os.fsync(file)
                os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(file)

        return forget
    if what == "sequential":

        def sequential():
            piece = bytearray(1 << 20)
            with open(cubes[0], "rb", buffering=0) as file:
                while file.readinto(piece):
                    pass

        return sequential
    offsets, currents, energies, (height, width) = headers(cubes[0])
    descriptors = [os.open(cube, os.O_RDONLY) for cube in cubes]
    if what == "floor":
        chunk = 1 << 18
        size = os.path.getsize(cubes[0])

        def sweep(worker, descriptor):
            buffer = bytearray(chunk)
            for at in range(worker * chunk, size, threads * chunk):
                os.preadv(descriptor, [buffer], at)

        return lambda: list(pool.map(sweep, range(threads), [descriptors[next(turns)]] * threads))

    dark_offsets = headers(os.path.join(folder, "dark.edf"))[0]
    file = os.open(os.path.join(folder, "dark.edf"), os.O_RDONLY)
    raw = np.empty((height, width), np.uint16)
    dark = np.zeros((height, width))
    for offset in dark_offsets:
        read_rows(file, offset, 0, height, width, raw)
        dark += raw
    dark = (dark / len(dark_offsets)).astype(np.float32)
    flat_offsets, flat_currents, _, _ = headers(os.path.join(folder, "flat.edf"))
    flat_file = os.open(os.path.join(folder, "flat.edf"), os.O_RDONLY)
    bands = [(row, min(ROWS, height - row) // BIN * BIN) for row in range(0, height, ROWS)]
    reference = flat_currents[0]
    flat = list(
        pool.map(
            lambda b: binned_logs(flat_file, flat_offsets, *b, width, dark, reference / flat_currents), bands
        )
    )
    n = len(energies)
    x = energies - E0
    pre = (x >= PRE[0]) & (x <= PRE[1])
    post = (x >= POST[0]) & (x <= POST[1])
    above = x >= 0
    pre_map = np.linalg.pinv(np.vander(x[pre], 2, increasing=True)).astype(np.float32)
    post_map = np.linalg.pinv(np.vander(x[post], 3, increasing=True)).astype(np.float32)
    t = x.astype(np.float32)
    powers = np.stack([np.ones(n), x, x * x]).astype(np.float32)
    S = np.array([species(j, energies) for j in range(3)])
    V = (S[:2] - S[2]).astype(np.float32)
    last = S[2].astype(np.float32)
    H = V.astype(np.float64) @ V.T.astype(np.float64)
    e32 = energies.astype(np.float32)
    columns = width // BIN
    dose = np.exp(-(((np.arange(columns) / columns - 0.5) * 1.6) ** 2))

    def reduce_band(index, descriptor):
        row, rows = bands[index]
        absorbance = binned_logs(descriptor, offsets, row, rows, width, dark, reference / currents)
        np.subtract(flat[index], absorbance, out=absorbance)
        C, R, low, high = [], [], 0, 0
        for r in range(rows // BIN):
            # One row of bins: all its pixels share their shift.
            mu = np.ascontiguousarray(absorbance[:, r].T)
            q = energies - 1.2 * ((row + (r + 0.5) * BIN) / height - 0.5)
            k = np.clip(np.searchsorted(energies, q) - 1, 0, n - 2)
            w = np.clip((q - energies[k]) / (energies[k + 1] - energies[k]), 0, 1).astype(np.float32)
            y = mu[:, k]
            y += w * (mu[:, k + 1] - y)
            a = y[:, pre] @ pre_map.T
            b = y[:, post] @ post_map.T
            step = (b[:, 0] - a[:, 0])[:, None]
            y -= np.where(above, b @ powers, a @ powers[:2])
            y /= step
            y += above.astype(np.float32)
            c = closed_sets(V, last, H, y)
            e = y - c[:, :2] @ V - last
            C.append(c)
            R.append(np.einsum("ij,ij->i", e, e) / np.einsum("ij,ij->i", y, y))
            low = low + y[dose < 0.4].sum(axis=0)
            high = high + y[dose > 0.8].sum(axis=0)
        return np.concatenate(C), np.concatenate(R), low, high

    results = []

    def work():
        results[:] = list(pool.map(reduce_band, range(len(bands)), [descriptors[next(turns)]] * len(bands)))

    return work


work = main()
for _ in sys.stdin:
    start, cpu = time.perf_counter(), time.process_time()
    work()
    run = {"wall": time.perf_counter() - start, "cpu": time.process_time() - cpu}
    print(json.dumps({**run, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6}), flush=True)
