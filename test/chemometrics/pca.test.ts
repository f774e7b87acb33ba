import { PCA } from "ml-pca";
import { describe, expect, it } from "vitest";
import { pca } from "../../lib/chemometrics/pca.js";
import { random } from "../../lib/compute/random.js";
import { mix, python, scipy, series, spectra } from "./series.js";

function noise(rows: number, columns: number, seed: number): number[][] {
  const draw = random(seed);
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => draw.normal()));
}

describe("pca", () => {
  it("reconstructs the data from scores and loadings, wide and tall, centred and not", () => {
    for (const [rows, columns] of [
      [12, 30],
      [30, 12],
      [9, 9],
    ]) {
      // biome-ignore format: one line
      const D = noise(rows, columns, 4).map((d) => d.map((v, k) => v + k));
      for (const center of [true, false]) {
        const { scores, loadings, mean, explainedVariance, singularValues } = pca(D, { center });
        const back = scores.mmul(loadings);
        D.forEach((d, i) => {
          d.forEach((v, k) => {
            expect(Math.abs(back.get(i, k) + mean[k] - v)).toBeLessThan(1e-9);
          });
        });
        expect(explainedVariance.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
        expect(singularValues.length).toBe(Math.min(rows, columns));
        const own = loadings.mmul(loadings.transpose());
        const last = center && rows <= columns ? rows - 1 : loadings.rows;
        for (let a = 0; a < last; a++) {
          for (let b = 0; b <= a; b++) expect(own.get(a, b)).toBeCloseTo(a === b ? 1 : 0, 9);
          expect(Math.hypot(...scores.getColumn(a))).toBeCloseTo(singularValues[a], 8);
        }
      }
    }
  });

  it("is centred unless asked otherwise, and says which", () => {
    const { D } = series(20, 40, 1e-3);
    const centered = pca(D);
    expect(centered.center).toBe(true);
    expect(centered.mean[39]).toBeCloseTo(D.reduce((sum, d) => sum + d[39], 0) / 20, 12);
    const plain = pca(D, { center: false });
    expect(plain.center).toBe(false);
    expect(plain.mean.every((v) => v === 0)).toBe(true);
    // Uncentred, the first component is little but the mean spectrum.
    expect(plain.explainedVariance[0]).toBeGreaterThan(0.99);
  });

  it("agrees with ml-pca", () => {
    const { D } = series(15, 50, 0.01);
    const theirs = new PCA(D);
    const ours = pca(D);
    theirs.getExplainedVariance().forEach((v, a) => {
      expect(Math.abs(ours.explainedVariance[a] - v)).toBeLessThan(1e-10);
    });
    for (let a = 0; a < 3; a++) {
      const loading = theirs.getLoadings().getRow(a);
      const cosine = loading.reduce((sum, v, k) => sum + v * ours.loadings.get(a, k), 0);
      expect(Math.abs(cosine)).toBeCloseTo(1, 8);
    }
  });

  it.skipIf(!scipy)(`agrees with numpy's SVD${scipy ? "" : " (skipped: no numpy here)"}`, () => {
    for (const D of [series(30, 70, 0.01).D, noise(80, 20, 2)]) {
      const theirs = python<number[][]>(
        `
D = np.array(x)
print(json.dumps([np.linalg.svd(D - D.mean(0), compute_uv=False).tolist(), np.linalg.svd(D, compute_uv=False).tolist()]))`,
        D,
      );
      [true, false].forEach((center, which) => {
        pca(D, { center }).singularValues.forEach((v, a) => {
          expect(Math.abs(v - theirs[which][a])).toBeLessThan(1e-7 * theirs[which][0]);
        });
      });
    }
  });

  it("finds the number of species in series with white noise, centred or not", () => {
    for (const level of [1e-3, 3e-4]) {
      for (const center of [true, false]) {
        const { rank } = pca(series(100, 200, level).D, { center });
        expect(rank.indicator).toBe(3);
        expect(rank.hardThreshold).toBe(3);
      }
    }
    expect(pca(mix([[1], [2], [3]], [spectra(30)[0]], 0, random(1))).rank.numerical).toBe(1);
    const exact = pca(series(20, 50, 0).D).rank;
    expect([exact.indicator, exact.hardThreshold, exact.numerical]).toEqual([3, 3, 3]);
  });

  it("shows the known bias of broken stick and parallel analysis: both miss the species between", () => {
    const { rank } = pca(series(60, 100, 1e-3).D, { parallel: 20 });
    expect(rank.brokenStick).toBe(2);
    expect(rank.parallel).toBeGreaterThanOrEqual(2);
    expect(rank.parallel).toBeLessThanOrEqual(3);
    expect(pca(noise(60, 20, 8), { parallel: 20 }).rank.parallel).toBe(1);
    expect(pca(noise(20, 60, 8)).rank.parallel).toBeNull();
  });

  it("takes constant and zero data", () => {
    const constant = pca([[1, 2, 3], [1, 2, 3], [1, 2, 3]]); // biome-ignore format: one line
    expect(Array.from(constant.explainedVariance)).toEqual([0, 0, 0]);
    expect(Array.from(constant.singularValues)).toEqual([0, 0, 0]);
    expect(constant.scores.to1DArray().every((v) => v === 0)).toBe(true);
    expect([constant.rank.indicator, constant.rank.brokenStick, constant.rank.numerical]).toEqual([1, 1, 1]);
    const zero = pca([[0, 0], [0, 0]], { center: false }); // biome-ignore format: one line
    expect([zero.rank.indicator, zero.rank.numerical, zero.rank.brokenStick]).toEqual([0, 0, 0]);
    expect(zero.loadings.to1DArray().every((v) => v === 0)).toBe(true);
  });

  it("returns as many components as asked, with a fixed sign", () => {
    const D = noise(10, 20, 3);
    const { scores, loadings } = pca(D, { components: 2 });
    expect([scores.columns, loadings.rows]).toEqual([2, 2]);
    for (let a = 0; a < 2; a++) {
      const row = loadings.getRow(a);
      expect(Math.max(...row)).toBe(Math.max(...row.map(Math.abs)));
    }
    const flipped = pca(D.map((d) => d.map((v) => -v)), { components: 2 }); // biome-ignore format: one line
    expect(flipped.loadings.get(1, 5)).toBeCloseTo(loadings.get(1, 5), 9);
  });

  it("refuses what has no principal components", () => {
    expect(() => pca([[1, 2], [3, Number.NaN]])).toThrow("pca: expected finite numbers in D, got NaN in row 1, column 1"); // biome-ignore format: one line
    expect(() => pca([[1, 2, 3]])).toThrow("pca: expected at least two spectra, got 1");
    expect(() => pca([])).toThrow("pca: expected a matrix");
    expect(() => pca(noise(4, 5, 1), { components: 5 })).toThrow("from 1 to 4, got 5");
    expect(() => pca(noise(4, 5, 1), { center: "mean" as unknown as boolean })).toThrow('got "mean"');
    expect(() => pca(noise(4, 5, 1), { parallel: -1 })).toThrow("0 for none");
  });
});
