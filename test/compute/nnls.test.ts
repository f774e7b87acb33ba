import { describe, expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
import { GramLeastSquares } from "../../lib/compute/solvers/nnls.js";
import { ask, peer } from "../support/peers.js";

/** A random problem: n vectors of length m and a target. `alike` makes the vectors resemble one another. */
function problem(n: number, m: number, seed: number, alike = 0): { A: number[][]; t: number[] } {
  const draw = random(seed, n, m);
  const common = Array.from({ length: m }, () => draw.normal());
  const A = Array.from({ length: n }, () => common.map((c) => alike * c + draw.normal()));
  const t = Array.from({ length: m }, (_, k) => alike * common[k] + 1.5 * draw.normal());
  return { A, t };
}

function gram({ A, t }: { A: number[][]; t: number[] }): { G: Float64Array; b: Float64Array } {
  const dot = (x: number[], y: number[]): number => x.reduce((sum, v, k) => sum + v * y[k], 0);
  return {
    G: Float64Array.from(A.flatMap((x) => A.map((y) => dot(x, y)))),
    b: Float64Array.from(A, (x) => dot(x, t)),
  };
}

function objective(G: Float64Array, b: Float64Array, x: ArrayLike<number>): number {
  const n = b.length;
  let value = 0;
  for (let i = 0; i < n; i++) {
    value -= b[i] * x[i];
    for (let j = 0; j < n; j++) value += 0.5 * G[i * n + j] * x[i] * x[j];
  }
  return value;
}

function solve(G: Float64Array, b: Float64Array, nonNegative: boolean, closure: boolean): Float64Array {
  const x = new Float64Array(b.length);
  new GramLeastSquares(b.length, { nonNegative, closure }).solve(G, b, 0, 1, x, 0, 1);
  return x;
}

/** Largest violation of the conditions of Kuhn and Tucker: bounds, sum, gradient of bound unknowns, gradient of free ones. */
function violation(G: Float64Array, b: Float64Array, x: Float64Array, closure: boolean): number {
  const n = b.length;
  const gradient = Float64Array.from(b, (v, i) => x.reduce((sum, xj, j) => sum + G[i * n + j] * xj, -v));
  const multiplier = closure ? gradient.reduce((sum, g, i) => sum + g * x[i], 0) : 0;
  let worst = closure ? Math.abs(x.reduce((sum, v) => sum + v, -1)) : 0;
  for (let i = 0; i < n; i++) {
    const g = gradient[i] - multiplier;
    worst = Math.max(worst, -x[i], x[i] > 0 ? Math.abs(g) : -g);
  }
  return worst;
}

/** The best of all active sets, each solved by Gaussian elimination on the bordered system. */
function bruteForce(G: Float64Array, b: Float64Array, closure: boolean): number {
  const n = b.length;
  let best = Number.POSITIVE_INFINITY;
  for (let set = closure ? 1 : 0; set < 1 << n; set++) {
    const index = Array.from({ length: n }, (_, i) => i).filter((i) => set & (1 << i));
    const p = index.length;
    const size = closure ? p + 1 : p;
    const M = Array.from({ length: size }, (_, r) =>
      Array.from({ length: size + 1 }, (_, c) => {
        if (r < p && c < p) return G[index[r] * n + index[c]];
        if (c === size) return r < p ? b[index[r]] : 1;
        return r === c ? 0 : 1;
      }),
    );
    for (let c = 0; c < size; c++) {
      let pivot = c;
      for (let r = c; r < size; r++) if (Math.abs(M[r][c]) > Math.abs(M[pivot][c])) pivot = r;
      [M[c], M[pivot]] = [M[pivot], M[c]];
      for (let r = 0; r < size; r++) {
        if (r === c) continue;
        const f = M[r][c] / M[c][c];
        for (let k = c; k <= size; k++) M[r][k] -= f * M[c][k];
      }
    }
    const x = new Float64Array(n);
    for (const [r, i] of index.entries()) x[i] = M[r][size] / M[r][r];
    if (x.every((v) => v >= -1e-12)) best = Math.min(best, objective(G, b, x));
  }
  return best;
}

describe("GramLeastSquares", () => {
  for (const closure of [true, false]) {
    const name = closure ? "non-negative, sum one" : "non-negative";
    test(`${name}: meets the conditions of Kuhn and Tucker and the best of all active sets, 1 to 8 unknowns`, () => {
      let bound = 0;
      for (let n = 1; n <= 8; n++) {
        for (let seed = 0; seed < 60; seed++) {
          const { G, b } = gram(problem(n, 12, seed));
          const x = solve(G, b, true, closure);
          expect(violation(G, b, x, closure)).toBeLessThan(1e-10);
          bound += x.filter((v) => v === 0).length;
          if (n > 6) continue;
          const best = bruteForce(G, b, closure);
          expect(Math.abs(objective(G, b, x) - best)).toBeLessThan(1e-10 * Math.max(1, Math.abs(best)));
        }
      }
      // The problems must have had something to decide.
      expect(bound).toBeGreaterThan(400);
    });
  }

  test("solves ordinary least squares, with and without the sum", () => {
    for (let n = 1; n <= 6; n++) {
      const { G, b } = gram(problem(n, 12, n));
      for (const closure of [false, true]) {
        const x = solve(G, b, false, closure);
        const gradient = Array.from(b, (v, i) => x.reduce((sum, xj, j) => sum + G[i * n + j] * xj, -v));
        const multiplier = closure ? gradient[0] : 0;
        for (const g of gradient) expect(g).toBeCloseTo(multiplier, 10);
        if (closure) expect(x.reduce((sum, v) => sum + v, 0)).toBeCloseTo(1, 12);
      }
    }
  });

  test("gives one of the solutions where vectors repeat, are zero or outnumber their length", () => {
    for (const closure of [true, false]) {
      for (const n of [2, 3, 5]) {
        const { A, t } = problem(n, 6, n);
        A[n - 1] = A[0].slice();
        const repeated = gram({ A, t });
        const without = gram({ A: A.slice(0, -1), t });
        const x = solve(repeated.G, repeated.b, true, closure);
        const fewer = solve(without.G, without.b, true, closure);
        expect(x.every((v) => v >= 0)).toBe(true);
        const best = objective(without.G, without.b, fewer);
        expect(objective(repeated.G, repeated.b, x)).toBeCloseTo(best, 9);
      }
      const zero = gram({ A: [[0, 0], [0, 0], [0, 0], [0, 0]], t: [1, 2] }); // biome-ignore format: one line
      expect(violation(zero.G, zero.b, solve(zero.G, zero.b, true, closure), closure)).toBe(0);
      const many = gram(problem(8, 3, 1));
      expect(violation(many.G, many.b, solve(many.G, many.b, true, closure), closure)).toBeLessThan(1e-9);
    }
  });

  test("keeps the digits of vectors that resemble one another when they come as differences", () => {
    // Vectors 1e4 times as long as they differ: about their centroid the exact shares come back.
    for (const n of [2, 3, 5]) {
      const { A } = problem(n, 40, 3, 1e4);
      const share = Array.from({ length: n }, (_, j) => (j + 1) / ((n * (n + 1)) / 2));
      const target = A[0].map((_, k) => share.reduce((sum, s, j) => sum + s * A[j][k], 0));
      const center = A[0].map((_, k) => A.reduce((sum, a) => sum + a[k] / n, 0));
      const less = (a: number[]): number[] => a.map((v, k) => v - center[k]);
      const { G, b } = gram({ A: A.map(less), t: less(target) });
      const x = solve(G, b, true, true);
      for (let j = 0; j < n; j++) expect(Math.abs(x[j] - share[j])).toBeLessThan(1e-10);
    }
  });

  test("reads and writes with offsets and strides", () => {
    const { G, b } = gram(problem(4, 9, 5));
    const expected = solve(G, b, true, false);
    const spread = new Float64Array(9);
    b.forEach((v, j) => {
      spread[1 + 2 * j] = v;
    });
    const out = new Float64Array(14).fill(7);
    new GramLeastSquares(4, { nonNegative: true, closure: false }).solve(G, spread, 1, 2, out, 2, 3);
    expect(Array.from({ length: 4 }, (_, j) => out[2 + 3 * j])).toEqual(Array.from(expected));
    expect(out[0]).toBe(7);
    expect(out[3]).toBe(7);
  });

  test("agrees with scipy.optimize.nnls", (context) => {
    peer("scipy")(context);
    const problems = Array.from({ length: 80 }, (_, seed) => problem(1 + (seed % 8), 14, seed));
    const script = `
from scipy.optimize import nnls; import numpy as np
print(json.dumps([nnls(np.array(p["A"]).T, np.array(p["t"]))[0].tolist() for p in x]))`;
    const theirs = ask<number[][]>(script, problems);
    problems.forEach((p, i) => {
      const { G, b } = gram(p);
      const ours = solve(G, b, true, false);
      for (let j = 0; j < ours.length; j++) expect(Math.abs(ours[j] - theirs[i][j])).toBeLessThan(1e-9);
    });
  });
});
