// Data and options as nobody would want them: a result without NaN, or an error that says what is wrong.
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { feasibleBands } from "../../lib/chemometrics/bands/feasible-bands.js";
import { clusterRows } from "../../lib/chemometrics/diagnostics/clusters.js";
import { evolvingFactorAnalysis } from "../../lib/chemometrics/diagnostics/evolving-factors.js";
import { fitComponents } from "../../lib/chemometrics/fit/fit-components.js";
import { type EstimateName, initialEstimates } from "../../lib/chemometrics/mcr/initial/index.js";
import { mcrAls } from "../../lib/chemometrics/mcr/mcr-als.js";
import type { McrAlsOptions } from "../../lib/chemometrics/mcr/mcr-options.js";
import { pca } from "../../lib/chemometrics/pca/pca.js";
import { DataError } from "../../lib/errors.js";
import { series, spectra } from "./series.js";

const { D } = series(20, 40, 1e-3);
const times = (factor: number): number[][] => D.map((d) => d.map((v) => factor * v));
const with0 = (hit: (i: number, k: number) => boolean): number[][] =>
  D.map((d, i) => d.map((v, k) => (hit(i, k) ? 0 : v)));

describe("odd data", () => {
  const odd: Readonly<Record<string, number[][]>> = {
    "a row of zeros": with0((i) => i === 3),
    "energies of zeros": with0((_, k) => k < 10),
    "one row with signal": with0((i) => i !== 3),
    "constant numbers": D.map((d) => d.map(() => 1)),
    "negative numbers": times(-1),
    "tiny numbers": times(1e-30),
    "huge numbers": times(1e30),
    gaps: D.map((d, i) => d.map((v, k) => ((7 * i + 3 * k) % 11 === 0 ? Number.NaN : v))),
    "fewer components than asked for": series(20, 40, 0).D.map((d) => d.slice()),
    "two spectra": D.slice(0, 2),
    "two energies": D.map((d) => d.slice(10, 12)),
  };
  const cases = Object.keys(odd).flatMap((name) =>
    (Object.keys(initialEstimates) as EstimateName[]).map((estimate) => ({ name, estimate })),
  );

  test.each(cases)("are resolved without a NaN: $name, from $estimate", ({ name, estimate }) => {
    const data = odd[name];
    const components = Math.min(4, data.length, data[0].length);
    for (const closure of [true, false]) {
      const fit = mcrAls(data, { components, estimate, constraints: { closure }, maxIterations: 30 });
      const { lackOfFit, variance, violations } = fit;
      const numbers = [
        ...fit.C.to1DArray(),
        ...fit.S.to1DArray(),
        ...fit.trace,
        ...[lackOfFit.experimental, lackOfFit.pca, fit.r2, variance.overlap, ...variance.components],
      ];
      expect(numbers.filter((v) => !Number.isFinite(v))).toEqual([]);
      for (const violation of Object.values(violations)) expect(violation).toBeLessThan(1e-9);
      for (const j of fit.vanished) expect(fit.C.getColumn(j).every((v) => Math.abs(v) < 1e-9)).toBe(true);
    }
  });

  test("say that nothing is explained, and have no bands then", () => {
    const fit = mcrAls(times(-1), { components: 2 });
    expect(fit.advice).toContain("the fit explains nothing: check the sign of D");
    expect(() => feasibleBands(fit)).toThrow(
      /expected a result that explains something, got a lack of fit of 100/,
    );
  });

  test("do not depend on their scale, of a single row or a single column either", () => {
    const small = mcrAls(times(1e-30), { components: 3 });
    const usual = mcrAls(D, { components: 3 });
    const apart = Math.max(...usual.C.clone().sub(small.C).to1DArray().map(Math.abs));
    expect(apart).toBeLessThan(1e-9);
    const row = mcrAls([D[4]], { components: 1 });
    for (const [k, v] of D[4].entries()) {
      expect(Math.abs(row.S.get(0, k) - Math.max(0, v))).toBeLessThan(1e-12);
    }
    const column = mcrAls(D.map((d) => [d[20]]), { components: 1, constraints: { closure: false } }); // biome-ignore format: one line
    expect(column.lackOfFit.experimental).toBeLessThan(1e-10);
  });

  test("are refused where squares would overflow or vanish, by every function, instead of a wrong number", () => {
    const S = spectra(40);
    for (const factor of [1e-200, 1e-100, 1e100, 1e200]) {
      const far = times(factor);
      expect(() => mcrAls(far, { components: 2 })).toThrow(/expected spectra of a usual size/);
      for (const method of ["gram", "randomized"] as const) {
        expect(() => pca(far, { method })).toThrow(
          /pca: expected D of a usual size, got numbers of the order of/,
        );
      }
      expect(() => evolvingFactorAnalysis(far)).toThrow(/evolvingFactorAnalysis: expected D of a usual size/);
      expect(() => fitComponents(D, S.map((s) => s.map((v) => factor * v)))).toThrow(/expected S of a usual size/); // biome-ignore format: one line
      expect(() => mcrAls(D, { initial: [D[0].map((v) => factor * v), D[9]] })).toThrow(
        /mcrAls: expected initial of a usual size/,
      );
      expect(() => fitComponents(D, S, { sigma: factor })).toThrow(DataError);
      expect(() => fitComponents(D, S, { sigma: S[0].map(() => factor) })).toThrow(
        /sigma to hold positive numbers/,
      );
    }
    expect(pca(D.map((d) => d.map(() => 0))).rank.numerical).toBe(0);
  });

  test("have principal components by the randomized method, too, when they are small", () => {
    for (const [rows, columns] of [
      [20, 40],
      [2, 40],
      [40, 2],
      [3, 3],
    ]) {
      const { D: small } = series(rows, columns, 1e-3);
      for (const center of [true, false]) {
        const exact = pca(small, { center });
        const found = pca(small, { center, method: "randomized" });
        exact.singularValues.forEach((v, a) => {
          expect(Math.abs(found.singularValues[a] - v)).toBeLessThan(1e-6 * exact.singularValues[0]);
        });
      }
    }
  });

  test("and odd options are refused with the function's name", () => {
    expect(() => pca(D, null as never)).toThrow(/pca: expected options such as { center: false }, got null/);
    expect(() => mcrAls(D, { components: 2, constraints: [] as never })).toThrow(
      /expected constraints to be an object/,
    );
    expect(() => mcrAls(D, { components: 2, weights: 3 as never })).toThrow(
      /mcrAls: weights: expected a matrix/,
    );
    expect(() => clusterRows(new Matrix([[1, Number.NaN], [2, 3]]), { clusters: 2 })).toThrow(/row 0, column 1/); // biome-ignore format: one line
  });

  test("a component that its model makes vanish has no spectrum out of this world", () => {
    const dying = (time: Float64Array, [rate]: Float64Array): number[][] =>
      Array.from(time, (t) => [Math.exp(-rate * t), 1e-160 * t]);
    const options: McrAlsOptions = {
      components: 2,
      constraints: { nonNegative: false, closure: false, kinetic: { model: dying, rates: [0.1] } },
    };
    const fit = mcrAls(D, options);
    expect(fit.vanished).toEqual([1]);
    expect(Math.max(...fit.S.to1DArray().map(Math.abs))).toBeLessThan(1e3);
    expect(fit.variance.components.every(Number.isFinite)).toBe(true);
  });

  test("constraints that contradict one another end soon, and are named", () => {
    const rising = { direction: "rising" } as const;
    const falling = { direction: "falling" } as const;
    const reference = D.map((_, i) => (i % 6 === 0 ? -i : Number.NaN));
    const fit = mcrAls(D, {
      components: 2,
      constraints: { monotonic: [rising, falling], correlation: { component: 0, reference } },
      maxIterations: 10,
    });
    expect(Math.max(...Object.values(fit.violations))).toBeGreaterThan(1e-9);
    expect(fit.advice).toContain("the constraints do not all hold together");
    expect(fit.C.to1DArray().every(Number.isFinite)).toBe(true);
  });
});
