import { describe, expect, test } from "vitest";
import {
  betaProbability,
  betaQuantile,
  fExceedance,
  logGamma,
  normalQuantile,
} from "../../lib/compute/distributions.js";
import { random } from "../../lib/compute/random.js";
import { symmetricEigen } from "../../lib/compute/solvers/eigen.js";
import { symmetricEigenvalues } from "../../lib/compute/solvers/eigenvalues.js";
import { ask, peer } from "../support/peers.js";

describe("distributions", () => {
  test("keep the identities that define them", () => {
    for (const x of [0.3, 1, 4.5, 80]) expect(logGamma(x + 1) - logGamma(x)).toBeCloseTo(Math.log(x), 11);
    for (const [x, a, b] of [
      [0.2, 0.5, 30],
      [0.7, 3, 2],
      [0.999, 40, 0.5],
    ] as const) {
      // biome-ignore format: one line
      expect(betaProbability(x, a, b) + betaProbability(1 - x, b, a)).toBeCloseTo(1, 12);
      expect(betaQuantile(betaProbability(x, a, b), a, b)).toBeCloseTo(x, 8);
    }
    expect([betaProbability(-1, 2, 2), betaProbability(1, 2, 2)]).toEqual([0, 1]);
    expect(normalQuantile(0.5)).toBeCloseTo(0, 12);
    expect(normalQuantile(0.01)).toBeCloseTo(-normalQuantile(0.99), 12);
  });

  test("agree with scipy", (context) => {
    peer("scipy")(context);
    const f = [[0.5, 1, 7], [4, 1, 500], [30, 3, 12], [1.2, 40, 90_000], [800, 1, 1]]; // biome-ignore format: one line
    const beta = [[0.95, 1.5, 40], [0.99, 0.5, 47_000], [0.05, 6, 3]]; // biome-ignore format: one line
    const p = [1e-9, 0.001, 0.3, 0.975];
    const [fs, betas, normals] = ask<number[][]>(
      `
from scipy import stats
f, b, p = x
print(json.dumps([[stats.f.sf(*r) for r in f], [stats.beta.ppf(*r) for r in b], [stats.norm.ppf(q) for q in p]]))`,
      [f, beta, p],
    );
    f.forEach(([x, d1, d2], i) => {
      expect(fExceedance(x, d1, d2) / fs[i]).toBeCloseTo(1, 8);
    });
    beta.forEach(([q, a, b], i) => {
      expect(betaQuantile(q, a, b) / betas[i]).toBeCloseTo(1, 8);
    });
    p.forEach((q, i) => {
      expect(normalQuantile(q)).toBeCloseTo(normals[i], 7);
    });
  });
});

describe("symmetricEigenvalues", () => {
  test("are those of the complete decomposition, also where they repeat or vanish", () => {
    const draw = random(2);
    for (const n of [1, 2, 3, 17, 60]) {
      const B = Float64Array.from({ length: n * n }, () => draw.normal());
      const rank = Math.max(1, n - 5);
      const A = new Float64Array(n * n);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++)
          for (let k = 0; k < rank; k++) A[i * n + j] += B[i * n + k] * B[j * n + k];
      const theirs = symmetricEigen(A, n).values;
      symmetricEigenvalues(A, n).forEach((v, a) => {
        expect(Math.abs(v - theirs[a])).toBeLessThan(1e-12 * n * theirs[0]);
      });
    }
    expect(Array.from(symmetricEigenvalues(Float64Array.of(2, 0, 0, 0, 2, 0, 0, 0, 5), 3))).toEqual([
      5, 2, 2,
    ]);
    expect(Array.from(symmetricEigenvalues(new Float64Array(16), 4))).toEqual([0, 0, 0, 0]);
    // Ones throughout: rank one, the rest exactly as large as rounding.
    const ones = symmetricEigenvalues(new Float64Array(400).fill(1), 20);
    expect(ones[0]).toBeCloseTo(20, 12);
    expect(Math.max(...ones.slice(1).map(Math.abs))).toBeLessThan(1e-13);
  });
});
