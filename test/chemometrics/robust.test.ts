// Data that are not what one hopes for: a result or a clear error, never NaN quietly.
import { describe, expect, test } from "vitest";
import { spectralAngle } from "../../lib/chemometrics/diagnostics/match.js";
import { fitComponents } from "../../lib/chemometrics/fit/fit-components.js";
import { type McrAls, mcrAls } from "../../lib/chemometrics/mcr/mcr-als.js";
import { mlpca } from "../../lib/chemometrics/pca/mlpca.js";
import { random } from "../../lib/compute/random.js";
import { ArgumentError, DataError, ShapeError } from "../../lib/errors.js";
import { lackOfFit, series, spectra } from "./series.js";

const allFinite = ({ C, S, lackOfFit: lof, r2 }: McrAls): boolean =>
  [...C.to1DArray(), ...S.to1DArray(), lof.experimental, lof.pca, r2].every(Number.isFinite);

describe("mcrAls on difficult data", () => {
  test("takes rows and columns of zeros, with and without closure", () => {
    const { D } = series(20, 50, 1e-3);
    for (const d of D) d[10] = d[49] = 0;
    D[7].fill(0);
    for (const closure of [false, true, "at most", "scale"] as const) {
      const fit = mcrAls(D, { components: 3, constraints: { closure } });
      expect(allFinite(fit)).toBe(true);
      expect(fit.S.getColumn(10)).toEqual([0, 0, 0]);
      if (closure === false || closure === "at most") expect(fit.C.getRow(7)).toEqual([0, 0, 0]);
      expect(Math.max(...Object.values(fit.violations))).toBeLessThan(1e-9);
    }
  });

  test("takes constant data, and asks for fewer components", () => {
    const D = Array.from({ length: 6 }, () => new Array<number>(9).fill(2.5));
    const one = mcrAls(D, { components: 1 });
    expect(one.vanished).toEqual([]);
    expect(one.lackOfFit.experimental).toBeLessThan(1e-6);
    expect(one.C.getColumn(0)).toEqual(new Array(6).fill(1));
    for (const closure of [true, false]) {
      const three = mcrAls(D, { components: 3, constraints: { closure } });
      expect(allFinite(three)).toBe(true);
      expect(three.vanished.length).toBe(2);
      expect(three.advice).toContain("request fewer components");
    }
  });

  test("takes one spectrum, and one energy", () => {
    const [s] = spectra(30);
    const row = mcrAls([s], { components: 1 });
    expect(row.C.to1DArray()).toEqual([1]);
    expect(spectralAngle(row.S.getRow(0), s)).toBeLessThan(1e-9);
    const column = mcrAls([[1], [2], [4]], { components: 1, constraints: { closure: false } });
    expect(column.C.getColumn(0).map((v) => v / column.C.get(0, 0))).toEqual([1, 2, 4]);
    expect(() => mcrAls([s], { components: 2 })).toThrow("a whole number from 1 to 1, got 2");
  });

  test("takes more components than the rank of D, given as they are", () => {
    const { D } = series(12, 40, 0);
    const initial = [D[0], D[5], D[11], D[5], D[3]];
    for (const closure of [true, false]) {
      const fit = mcrAls(D, { initial, constraints: { closure }, maxIterations: 40 });
      expect(allFinite(fit)).toBe(true);
      expect(fit.lackOfFit.experimental).toBeLessThan(0.5);
    }
  });

  test("takes negative data, and numbers of any size", () => {
    const { D } = series(15, 30, 1e-3);
    const negative = mcrAls(
      D.map((d) => d.map((v) => v - 5)),
      { components: 2, constraints: { nonNegative: false } },
    );
    expect(allFinite(negative)).toBe(true);
    for (const scale of [1e-60, 1e-12, 1e12, 1e60]) {
      const fit = mcrAls(
        D.map((d) => d.map((v) => v * scale)),
        { components: 3, tolerance: 1e-3 },
      );
      expect(allFinite(fit)).toBe(true);
      expect(fit.lackOfFit.experimental).toBeLessThan(1);
    }
    expect(() => mcrAls([[1e90, 1], [1, 2]], { components: 1 })).toThrow("expected spectra of a usual size"); // biome-ignore format: one line
  });

  test("leaves missing numbers out, and counts them", () => {
    const { D, C, S } = series(60, 80, 1e-3);
    const draw = random(3);
    const gaps = D.map((d) => d.map((v) => (draw.uniform() < 0.2 ? Number.NaN : v)));
    const missing = gaps.flat().filter(Number.isNaN).length;
    const fit = mcrAls(gaps, { components: 3 });
    expect(fit.missing).toBe(missing);
    expect(allFinite(fit)).toBe(true);
    // As good on the numbers that were there, and where they were not: none of them was made up.
    expect(fit.lackOfFit.experimental / lackOfFit(D, C, S)).toBeLessThan(1.02);
    expect(lackOfFit(D, fit.C.to2DArray(), fit.S.to2DArray()) / lackOfFit(D, C, S)).toBeLessThan(1.1);
    expect(fit.residual.to1DArray().filter(Number.isNaN).length).toBe(missing);
    const wild = gaps.map((d) => d.map((v) => (Number.isNaN(v) ? 1e6 : v)));
    const weights = gaps.map((d) => d.map((v) => (Number.isNaN(v) ? 0 : 1)));
    const initial = [D[0], D[30], D[59]];
    const left = mcrAls(wild, { initial, weights, maxIterations: 5 });
    const same = mcrAls(gaps, { initial, maxIterations: 5 });
    left.C.to1DArray().forEach((v, i) => {
      expect(Math.abs(v - same.C.to1DArray()[i])).toBeLessThan(1e-12);
    });
  });

  test("weights numbers: as rows written more than once, and better where noise differs", () => {
    const { D } = series(12, 30, 1e-2);
    const initial = [D[0], D[6], D[11]];
    const options = { initial, constraints: { closure: false }, tolerance: 0, maxIterations: 8 };
    const thrice = mcrAls([...D, D[4], D[4]], options);
    const weights = { rows: D.map((_, i) => (i === 4 ? 3 : 1)) };
    const weighted = mcrAls(D, { ...options, weights });
    for (let j = 0; j < 3; j++)
      expect(spectralAngle(thrice.S.getRow(j), weighted.S.getRow(j))).toBeLessThan(1e-9);
    expect(weighted.lackOfFit.experimental).toBeCloseTo(thrice.lackOfFit.experimental, 9);

    const truth = series(50, 80, 0);
    const draw = random(8);
    const sigma = truth.D.map((d) => d.map((_, k) => (k % 3 === 0 ? 0.2 : 0.002)));
    const noisy = truth.D.map((d, i) => d.map((v, k) => v + sigma[i][k] * draw.normal()));
    // At the quiet energies: at the others a spectrum is as good as its own noise, weights or not.
    const quiet = (rows: number[][]): number[][] => rows.map((row) => row.filter((_, k) => k % 3 !== 0));
    const errorOf = (fit: McrAls): number =>
      lackOfFit(quiet(truth.D), fit.C.to2DArray(), quiet(fit.S.to2DArray()));
    const start = { initial: [truth.D[0], truth.D[25], truth.D[49]] };
    const columns = sigma[0].map((s) => 1 / s ** 2);
    const plain = errorOf(mcrAls(noisy, start));
    expect(errorOf(mcrAls(noisy, { ...start, weights: { columns } }))).toBeLessThan(0.5 * plain);
    expect(errorOf(mcrAls(mlpca(noisy, sigma, 3).D, start))).toBeLessThan(0.5 * plain);
  });

  test("refuses what has no answer, and says where", () => {
    const { D } = series(5, 20, 0);
    const at = (i: number, k: number, v: number): number[][] =>
      D.map((d, r) => d.map((x, c) => ((i < 0 || r === i) && (k < 0 || c === k) ? v : x)));
    expect(() => mcrAls(at(3, 11, Number.POSITIVE_INFINITY), { components: 2 })).toThrow(
      "expected finite numbers in D, or NaN where one is missing, got Infinity in row 3, column 11",
    );
    expect(() => mcrAls(at(2, -1, Number.NaN), { components: 2 })).toThrow("got none in row 2; leave it out");
    expect(() => mcrAls(at(-1, 4, Number.NaN), { components: 2 })).toThrow("got none in column 4");
    expect(() => mcrAls(D, { components: 2, weights: D.map((d) => d.map(() => -1)) })).toThrow(ArgumentError);
    expect(() => mcrAls(D, { components: 2, weights: { rows: [1] } })).toThrow(ShapeError);
    expect(() => mcrAls(D, { components: 2, first: "S" })).toThrow(
      'expected initial concentrations with first: "S"',
    );
    expect(() => mcrAls(D, { initial: D, first: "S" })).not.toThrow(TypeError);
    expect(() => mcrAls(D, { components: 2, first: "E" as "S" })).toThrow('expected first to be "C" or "S"');
  });
});

describe("mlpca", () => {
  test("is PCA where noise is the same everywhere", () => {
    const { D } = series(25, 40, 1e-2);
    const {
      D: fitted,
      scores,
      loadings,
      converged,
    } = mlpca(
      D,
      D.map((d) => d.map(() => 0.01)),
      3,
    );
    expect(converged).toBe(true);
    const C = fitComponents(D, loadings, { nonNegative: false, closure: false }).C;
    C.to1DArray().forEach((v, i) => {
      expect(Math.abs(v - scores.to1DArray()[i])).toBeLessThan(1e-8);
    });
    // No other three components leave less: what it leaves is at right angles to both sides.
    const E = fitted
      .clone()
      .mul(-1)
      .add(D as never);
    const across = E.transpose().mmul(scores);
    expect(Math.max(...across.to1DArray().map(Math.abs))).toBeLessThan(1e-3);
  });

  test("has a chi-square of about its degrees of freedom where sigma is right, with missing numbers", () => {
    const { D } = series(40, 60, 0);
    const draw = random(4);
    const sigma = D.map((d, i) => d.map((_, k) => 0.002 * (1 + (i % 5)) * (1 + (k % 7))));
    const noisy = D.map((d, i) =>
      d.map((v, k) => (draw.uniform() < 0.05 ? Number.NaN : v + sigma[i][k] * draw.normal())),
    );
    const { chiSquare, degreesOfFreedom, D: filled } = mlpca(noisy, sigma, 3);
    // Five standard deviations of chi-square.
    expect(Math.abs(chiSquare - degreesOfFreedom)).toBeLessThan(5 * Math.sqrt(2 * degreesOfFreedom));
    expect(filled.to1DArray().every(Number.isFinite)).toBe(true);
  });

  test("refuses what it cannot use", () => {
    const { D } = series(6, 8, 0);
    expect(() => mlpca(D, [1, 2], 2)).toThrow(ShapeError);
    expect(() => mlpca(D, new Array(8).fill(0), 2)).toThrow(
      /expected sigma above 0, got 0 in row 0, column 0/,
    );
    expect(() => mlpca(D, new Array(8).fill(1), 7)).toThrow(ArgumentError);
    expect(() => mlpca([[Number.NaN, 1, 2], [1, 2, 3]], [1, 1, 1], 2)).toThrow(DataError); // biome-ignore format: one line
  });
});
