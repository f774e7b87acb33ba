// The estimates of the number of components, against other programs and against what they are known to get right and wrong.
import { describe, expect, test } from "vitest";
import { pca } from "../../lib/chemometrics/pca/pca.js";
import { rankEstimators } from "../../lib/chemometrics/pca/rank/index.js";
import { noiseSpectrum } from "../../lib/chemometrics/pca/rank/noise-spectrum.js";
import { random } from "../../lib/compute/random.js";
import { ask, peer } from "../support/peers.js";
import { mix, series } from "./series.js";

function noise(rows: number, columns: number, seed: number): number[][] {
  const draw = random(seed);
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => draw.normal()));
}

/** n directions of falling size in white noise. */
function directions(rows: number, columns: number, n: number, seed: number): number[][] {
  const draw = random(seed);
  const S = Array.from({ length: n }, (_, j) =>
    Array.from({ length: columns }, () => draw.normal() / (j + 1)),
  );
  const C = Array.from({ length: rows }, () => Array.from({ length: n }, () => 1 + draw.normal()));
  return mix(C, S, 0.3, draw);
}

describe("estimates of the number of components", () => {
  test("are sklearn's, for Minka's evidence", (context) => {
    peer("sklearn")(context);
    const sets = [directions(60, 12, 3, 1), directions(200, 30, 5, 2), noise(50, 10, 3).map((d) => d.map((v, k) => v * (k < 2 ? 4 : 1)))]; // biome-ignore format: one line
    const theirs = ask<{ n: number; evidence: number[] }[]>(
      `
import numpy as np
from sklearn.decomposition import PCA
from sklearn.decomposition._pca import _assess_dimension
out = []
for D in x:
    D = np.array(D)
    p = PCA(n_components="mle").fit(D)
    values = np.linalg.svd(D - D.mean(0), compute_uv=False) ** 2 / len(D)
    out.append({"n": int(p.n_components_), "evidence": [float(_assess_dimension(values, k, len(D))) for k in range(1, 8)]})
print(json.dumps(out))`,
      sets,
    );
    sets.forEach((D, i) => {
      const { minka, minkaEvidence } = pca(D).rank;
      expect(minka).toBe(theirs[i].n + 1);
      theirs[i].evidence.forEach((v, k) => {
        const own = minkaEvidence[k + 1] - minkaEvidence[1];
        expect(Math.abs(own - (v - theirs[i].evidence[0]))).toBeLessThan(1e-6 * Math.abs(v));
      });
    });
  });

  test("are Malinowski's as NumPy computes them", (context) => {
    peer("scipy")(context);
    for (const D of [series(20, 45, 0.01).D, noise(40, 15, 4)]) {
      const theirs = ask<Record<"re" | "ie" | "ind" | "p", number[]>>(
        `
import numpy as np
from scipy import stats
D = np.array(x); r, c = max(D.shape), min(D.shape)
l = np.linalg.svd(D, compute_uv=False) ** 2
n = np.arange(1, c)
re = np.array([np.sqrt(l[k:].sum() / (r * (c - k))) for k in n])
p = []
for k in n:
    j = np.arange(k + 1, c + 1)
    own = l[k - 1] / ((r - k + 1) * (c - k + 1))
    pool = l[k:].sum() / ((r - j + 1) * (c - j + 1)).sum()
    p.append(float(stats.f.sf(own / pool, 1, c - k)))
print(json.dumps({"re": re.tolist(), "ie": (re * np.sqrt(n / c)).tolist(), "ind": (re / (c - n) ** 2).tolist(), "p": p}))`,
        D,
      );
      const { realError, imbeddedError, indicatorFunction, fProbability } = pca(D).rank;
      for (const [own, their] of [
        [realError, theirs.re],
        [imbeddedError, theirs.ie],
        [indicatorFunction, theirs.ind],
      ] as const) {
        // biome-ignore format: one line
        expect(own.length).toBe(their.length);
        their.forEach((v, k) => {
          expect(own[k] / v).toBeCloseTo(1, 6);
        });
      }
      theirs.p.forEach((v, k) => {
        expect(Math.abs(fProbability[k] - v)).toBeLessThan(1e-8);
      });
    }
  });

  test("estimate the noise: the real error is its standard deviation once the components are enough", () => {
    const { rank } = pca(series(100, 200, 2e-3).D, { noise: 2.1e-3 });
    expect(rank.realError[2] / 2e-3).toBeCloseTo(1, 1);
    expect(rank.realError[1]).toBeGreaterThan(2.2e-3);
    expect(rank.knownNoise).toBe(3);
    expect(pca(series(20, 30, 1e-3).D).rank.knownNoise).toBeNull();
  });

  test("agree on three species that stand out of white noise, all but those known to under-count", () => {
    const { rank } = pca(series(60, 100, 5e-4).D, { crossValidation: 4, parallel: 10 });
    for (const { name, n } of rank.estimates) {
      if (["brokenStick", "parallel"].includes(name)) expect(n, name).toBeLessThanOrEqual(3);
      else expect(n, name).toBe(3);
    }
    expect(rank.brokenStick).toBe(2);
    expect(rank.estimates.length).toBe(Object.keys(rankEstimators).length);
    for (const { label, meaning, bias } of rank.estimates)
      expect(Math.min(label.length, meaning.length, bias.length)).toBeGreaterThan(8);
  });

  test("count a drift as a component, as their stated bias says", () => {
    const { D } = series(60, 100, 5e-4);
    // The energy axis creeps by a hundredth of a step from one spectrum to the next.
    const drifting = D.map((d, i) =>
      d.map((v, k) => v + 0.01 * (i / 2) * ((d[Math.min(99, k + 1)] ?? v) - v)),
    );
    const { rank } = pca(drifting, { crossValidation: 4 });
    for (const name of ["indicator", "fTest", "hardThreshold", "crossValidation"] as const) {
      expect(rank[name], name).toBeGreaterThan(3);
    }
  });

  test("find nothing in noise that would go on growing", () => {
    let total = 0;
    for (let seed = 1; seed <= 10; seed++) {
      const { rank } = pca(noise(60, 40, seed), { crossValidation: 4 });
      expect(rank.crossValidation).toBeLessThanOrEqual(1);
      expect(rank.hardThreshold).toBeLessThanOrEqual(1);
      expect(rank.minka).toBeLessThanOrEqual(2);
      total += rank.fTest;
    }
    expect(total).toBeLessThanOrEqual(5);
  });

  test("predict left-out blocks best with the components that there are, and the error is then the noise", () => {
    const { rank } = pca(directions(80, 40, 4, 9), { crossValidation: 5 });
    expect(rank.crossValidation).toBe(4);
    const error = rank.crossValidationError as Float64Array;
    expect(error[4] / 0.3).toBeGreaterThan(1);
    expect(error[4] / 0.3).toBeLessThan(1.15);
    expect(error[0]).toBeGreaterThan(error[1]);
    expect(pca(directions(80, 40, 4, 9), { crossValidation: 5, seed: 1 }).rank.crossValidationError).toEqual(
      error,
    );
  });

  test("keep within what the data are as numbers, with exact, constant and zero data", () => {
    const exact = pca(series(30, 40, 0).D, { crossValidation: 3 }).rank;
    expect(exact.estimates.every(({ n }) => n <= 3)).toBe(true);
    expect([exact.indicator, exact.fTest, exact.minka, exact.numerical]).toEqual([3, 3, 3, 3]);
    const constant = pca([[1, 2, 3], [1, 2, 3], [1, 2, 3]]).rank; // biome-ignore format: one line
    expect(constant.estimates.map(({ n }) => n)).toEqual(constant.estimates.map(() => 1));
    const zero = pca([[0, 0], [0, 0]]).rank; // biome-ignore format: one line
    expect(zero.estimates.map(({ n }) => n)).toEqual(zero.estimates.map(() => 0));
  });
});

describe("noiseSpectrum", () => {
  test("is how eigenvalues of white noise are spread", () => {
    const [rows, columns] = [400, 100];
    const values = pca(noise(rows, columns, 6), { center: false }).singularValues.map((v) => v ** 2 / rows);
    const expected = noiseSpectrum(columns, columns / rows);
    expect(expected.reduce((a, b) => a + b, 0) / columns).toBeCloseTo(1, 12);
    expected.forEach((v, j) => {
      expect(Math.abs(values[j] - v)).toBeLessThan(0.12);
    });
    expect(noiseSpectrum(1, 0.5)[0]).toBe(1);
    expect(noiseSpectrum(3, 1).every((v) => v > 0)).toBe(true);
  });
});
