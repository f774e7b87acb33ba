import { Matrix } from "ml-matrix";
import { PCA } from "ml-pca";
import { describe, expect, test } from "vitest";
import { pca } from "../../lib/chemometrics/pca/pca.js";
import { random } from "../../lib/compute/random.js";
import { ask, peer } from "../support/peers.js";
import { mix, series, spectra } from "./series.js";

function noise(rows: number, columns: number, seed: number): number[][] {
  const draw = random(seed);
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => draw.normal()));
}

describe("pca", () => {
  test("reconstructs the data from scores and loadings, wide and tall, centered and not", () => {
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

  test("is centered unless asked otherwise, and says which", () => {
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

  test("agrees with ml-pca", () => {
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

  test("agrees with numpy's SVD", (context) => {
    peer("scipy")(context);
    for (const D of [series(30, 70, 0.01).D, noise(80, 20, 2)]) {
      const theirs = ask<number[][]>(
        `
import numpy as np
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

  test("finds the number of species in series with white noise, centered or not", () => {
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

  test("shows the known bias of broken stick and parallel analysis: both miss the species between", () => {
    const { rank } = pca(series(60, 100, 1e-3).D, { parallel: 20 });
    expect(rank.brokenStick).toBe(2);
    expect(rank.parallel).toBeGreaterThanOrEqual(2);
    expect(rank.parallel).toBeLessThanOrEqual(3);
    expect(pca(noise(60, 20, 8), { parallel: 20 }).rank.parallel).toBe(1);
    expect(pca(noise(20, 60, 8)).rank.parallel).toBeNull();
  });

  test("takes constant and zero data", () => {
    const constant = pca([[1, 2, 3], [1, 2, 3], [1, 2, 3]]); // biome-ignore format: one line
    expect(Array.from(constant.explainedVariance)).toEqual([0, 0, 0]);
    expect(Array.from(constant.singularValues)).toEqual([0, 0, 0]);
    expect(constant.scores.to1DArray().every((v) => v === 0)).toBe(true);
    expect([constant.rank.indicator, constant.rank.brokenStick, constant.rank.numerical]).toEqual([1, 1, 1]);
    const zero = pca([[0, 0], [0, 0]], { center: false }); // biome-ignore format: one line
    expect([zero.rank.indicator, zero.rank.numerical, zero.rank.brokenStick]).toEqual([0, 0, 0]);
    expect(zero.loadings.to1DArray().every((v) => v === 0)).toBe(true);
  });

  test("returns as many components as asked, with a fixed sign", () => {
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

  test("scales each energy to the same size where asked, and leaves one that never varies as it is", () => {
    const D = noise(20, 6, 5).map((d) => [...d.map((v, k) => 10 ** k * v + 3), 7]);
    const { scores, loadings, scaling, mean, explainedVariance } = pca(D, { scale: true });
    const columns = Array.from({ length: 7 }, (_, k) => D.map((d) => d[k]));
    columns.forEach((column, k) => {
      const spread = Math.sqrt(column.reduce((sum, v) => sum + (v - mean[k]) ** 2, 0) / 19);
      expect(scaling[k]).toBeCloseTo(spread || 1, 6);
    });
    const back = scores.mmul(loadings);
    D.forEach((d, i) => { d.forEach((v, k) => { expect((back.get(i, k) * scaling[k] + mean[k] - v) / scaling[k]).toBeCloseTo(0, 8); }); }); // biome-ignore format: one line
    // Scales of the energies no longer matter.
    const other = pca(D.map((d) => d.map((v, k) => v / 10 ** (k % 6))), { scale: true }); // biome-ignore format: one line
    other.explainedVariance.forEach((v, a) => {
      expect(v).toBeCloseTo(explainedVariance[a], 9);
    });
    const plain = pca(D, { scale: true, center: false });
    expect(plain.scaling[0]).toBeCloseTo(Math.sqrt(columns[0].reduce((sum, v) => sum + v * v, 0) / 19), 9);
    expect(Array.from(pca(D).scaling)).toEqual(new Array(7).fill(1));
  });

  test("reconstructs from n components what the SVD allows, in the units of the data", () => {
    const { D } = series(15, 30, 0.01);
    for (const options of [{}, { center: false }, { scale: true }]) {
      const found = pca(D, options);
      const all = found.reconstruction();
      D.forEach((d, i) => {
        d.forEach((v, k) => {
          expect(Math.abs(all.get(i, k) - v)).toBeLessThan(1e-6);
        });
      });
      if ("scale" in options) continue;
      const three = found.reconstruction(3);
      const rest = D.reduce((sum, d, i) => sum + d.reduce((s, v, k) => s + (v - three.get(i, k)) ** 2, 0), 0);
      const left = found.singularValues.slice(3).reduce((sum, v) => sum + v * v, 0);
      expect(rest / left).toBeCloseTo(1, 6);
    }
    expect(pca(D).reconstruction(0).getRow(4)).toEqual(Array.from(pca(D).mean));
    expect(() => pca(D, { components: 4 }).reconstruction(5)).toThrow(
      "reconstruction: expected a number of components from 0 to 4, got 5; request more components from pca",
    );
  });

  test("takes a flat array in either precision, as it is", () => {
    const { D } = series(40, 25, 0.01);
    const expected = pca(D, { components: 3 });
    for (const data of [Float64Array.from(D.flat()), Float32Array.from(D.flat())]) {
      const before = data.slice();
      const found = pca({ data, rows: 40, columns: 25 }, { components: 3 });
      expect(data).toEqual(before);
      for (let a = 0; a < 3; a++) expect(found.singularValues[a]).toBeCloseTo(expected.singularValues[a], 5);
      expect(found.scores.get(7, 1)).toBeCloseTo(expected.scores.get(7, 1), 5);
    }
    const bad = Float32Array.from(D.flat());
    bad[60] = Number.POSITIVE_INFINITY;
    expect(() => pca({ data: bad, rows: 40, columns: 25 })).toThrow("got Infinity in row 2, column 10");
    expect(() => pca({ data: bad, rows: 40, columns: 24 })).toThrow(
      "pca: expected rows x columns numbers in data, got 1000 for 40 x 24",
    );
  });

  test("finds by two passes what the Gram matrix finds: signal as good as exact, noise a little low", () => {
    const { D } = series(3000, 60, 3e-3, 7);
    for (const options of [{}, { center: false }, { scale: true }]) {
      const exact = pca(D, { ...options, components: 8, method: "gram" });
      const quick = pca(D, { ...options, components: 8, method: "randomized" });
      expect([exact.method, quick.method, quick.singularValues.length]).toEqual(["gram", "randomized", 8]);
      quick.singularValues.forEach((v, a) => {
        const ratio = v / exact.singularValues[a];
        if (exact.singularValues[a] > 3 * exact.singularValues[4])
          expect(Math.abs(ratio - 1)).toBeLessThan(1e-5);
        else expect(ratio > 0.9 && ratio < 1 + 1e-9).toBe(true);
        expect(
          Math.abs(quick.explainedVariance[a] / exact.explainedVariance[a] / ratio ** 2 - 1),
        ).toBeLessThan(1e-8);
      });
      expect(
        quick.loadings.getRow(0).reduce((sum, v, k) => sum + v * exact.loadings.get(0, k), 0),
      ).toBeCloseTo(1, 6);
      const own = quick.loadings.mmul(quick.loadings.transpose());
      for (let a = 0; a < 8; a++)
        for (let b = 0; b < 8; b++) expect(own.get(a, b)).toBeCloseTo(Number(a === b), 9);
      // Of the centered series two components are signal, of the other three.
      const n = "center" in options ? 3 : 2;
      const [own2, best] = [quick.reconstruction(n), exact.reconstruction(n)];
      const apart = best.clone().sub(own2).norm() / best.clone().sub(new Matrix(D)).norm();
      if (!("scale" in options)) expect(apart).toBeLessThan(0.02);
      // Scaling makes the noise uneven, and the estimates mean less.
      if ("scale" in options) continue;
      for (const name of ["indicator", "hardThreshold", "fTest", "brokenStick", "minka"] as const) {
        expect(quick.rank[name], name).toBe(exact.rank[name]);
      }
      expect(quick.rank.realError[2] / exact.rank.realError[2]).toBeCloseTo(1, 3);
    }
    const again = pca(D, { components: 8, method: "randomized" });
    expect(again.singularValues).toEqual(pca(D, { components: 8, method: "randomized" }).singularValues);
  });

  test("gives a result for a column, a pair, and rows of zeros, and numbers in all of it", () => {
    for (const D of [
      [[1], [2], [4]],
      [
        [1, 2, 3],
        [3, 1, 0],
      ],
      [
        [0, 0, 0],
        [1, 2, 1],
        [0, 0, 0],
        [2, 1, 3],
      ],
    ]) {
      // biome-ignore format: one line
      for (const center of [true, false]) {
        const { scores, loadings, explainedVariance, rank } = pca(D, { center });
        const numbers = [...scores.to1DArray(), ...loadings.to1DArray(), ...explainedVariance];
        expect(numbers.every(Number.isFinite)).toBe(true);
        for (const { name, n } of rank.estimates) expect(n >= 0 && n <= rank.numerical, name).toBe(true);
      }
    }
  });

  test("refuses what has no principal components", () => {
    expect(() => pca([[1, 2], [3, Number.NaN]])).toThrow("pca: expected finite numbers in D, got NaN in row 1, column 1"); // biome-ignore format: one line
    expect(() => pca([[1, 2, 3]])).toThrow("pca: expected at least two spectra, got 1");
    expect(() => pca([])).toThrow("pca: expected a matrix");
    expect(() => pca(noise(4, 5, 1), { components: 5 })).toThrow("from 1 to 4, got 5");
    expect(() => pca(noise(4, 5, 1), { center: "mean" as unknown as boolean })).toThrow('got "mean"');
    expect(() => pca(noise(4, 5, 1), { parallel: -1 })).toThrow("0 for none");
    expect(() => pca(noise(4, 5, 1), { scale: "auto" as unknown as boolean })).toThrow(
      'expected scale to be true or false, got "auto"',
    );
    expect(() => pca(noise(4, 5, 1), { crossValidation: 1 })).toThrow(
      "a number of folds from 2 to 4, or 0 for none, got 1",
    );
    expect(() => pca(noise(4, 5, 1), { noise: 0 })).toThrow(
      "expected noise to be a standard deviation above 0, got 0",
    );
    expect(() => pca(noise(4, 5, 1), { method: "svd" as unknown as "gram" })).toThrow(
      '"gram" or "randomized", got "svd"',
    );
  });
});
