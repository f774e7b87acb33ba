// The model of the ambiguity page: what may move without changing the fit, and what may not.
import { describe, expect, test } from "vitest";
import { dataSet } from "../../../lib/pages/ambiguity/data.js";
import { type Placed, type Point, placed, type Study, study } from "../../../lib/pages/ambiguity/study.js";

const settings = ([2, 3] as const).flatMap((species) =>
  [true, false].flatMap((pure) => [0, 0.002].map((noise) => ({ species, pure, noise }))),
);

describe.each(settings)("$species species, pure $pure, noise $noise", (options) => {
  const made: Study = study(options);
  const { data } = made;

  test("the data are mixtures whose rows sum to one, with or without pure spectra", () => {
    for (const row of data.C) expect(row.reduce((sum, c) => sum + c, 0)).toBeCloseTo(1, 12);
    expect(Math.min(...data.C.flat())).toBeGreaterThanOrEqual(0);
    const middle = Math.max(...data.C.map((row) => row[options.species === 2 ? 0 : 1]));
    if (options.pure) expect(middle).toBeCloseTo(1, 12);
    else expect(middle).toBeLessThan(0.9);
    expect(dataSet(options)).toEqual(data);
  });

  test("the true species, the result and all extremes fit as well, without negative entries", () => {
    const solutions = [
      made.truth,
      made.resolved,
      ...made.extremes.flatMap((one) => [one.minimum, one.maximum]),
    ];
    for (const points of solutions) {
      const found = placed(made, points);
      expect(found.feasible).toBe(true);
      // The rotation leaves the fit as it is; the truth is in the plane of the data to the noise only.
      expect(found.lackOfFit).toBeLessThanOrEqual(1.1 * made.bands.lackOfFit + 1e-6);
      expect(found.nonNegative).toBeLessThanOrEqual(1.3 * made.bands.lackOfFit + 1e-4);
    }
  });

  test("the true concentrations come back at the points of the true species", () => {
    const { C } = placed(made, made.truth);
    const worst = Math.max(...C.flatMap((row, i) => row.map((c, k) => Math.abs(c - data.C[i][k]))));
    // Similar spectra: the noise of 0.002 is enlarged tenfold. MCR-ALS stops at a change of 1e-6.
    expect(worst).toBeLessThan(options.noise === 0 ? 1e-3 : 0.05);
  });

  test("a rotation keeps C S; concentrations outside of the data become negative, and the fit without them worse", () => {
    const middle = mean(made.truth);
    const reference = placed(made, made.truth);
    for (const factor of [0.3, 1.4]) {
      const points = made.truth.map((point) => point.map((v, d) => middle[d] + factor * (v - middle[d])));
      const found = placed(made, points);
      expect(distance(product(found), product(reference))).toBeLessThan(1e-9);
      expect(found.lackOfFit).toBeCloseTo(reference.lackOfFit, 6);
      if (factor > 1) continue;
      // Components inside of the data cannot make the outer spectra.
      expect(found.lowest.C).toBeLessThan(-0.1);
      expect(found.feasible).toBe(false);
      expect(found.nonNegative).toBeGreaterThan(2 * found.lackOfFit);
    }
  });

  test("points on one line have no unique concentrations", () => {
    const [first] = made.truth;
    const points: Point[] = made.truth.map((_, k) =>
      first.map((v) => v + (options.species === 3 ? 0.1 * k : 0)),
    );
    expect(() => placed(made, points)).toThrow("not unique");
  });

  test("the spectra of the extreme solutions come back at their points", () => {
    const { components } = made.bands;
    // With noise these solutions are outside of the plane of the data by the noise of C or S.
    const tolerance = options.noise === 0 ? 1e-3 : 0.1;
    components.forEach(({ minimum, maximum }, k) => {
      for (const [one, points] of [
        [minimum, made.extremes[k].minimum],
        [maximum, made.extremes[k].maximum],
      ] as const) {
        const { S, C } = placed(made, points);
        expect(distance(S.flat(), one.S.to2DArray().flat())).toBeLessThan(tolerance * one.S.max());
        expect(distance(C.flat(), one.C.to2DArray().flat())).toBeLessThan(tolerance);
      }
    });
  });
});

function mean(points: readonly Point[]): number[] {
  return points[0].map((_, d) => points.reduce((sum, point) => sum + point[d], 0) / points.length);
}

function product({ C, S }: Placed): number[] {
  return C.flatMap((row) => S[0].map((_, j) => row.reduce((sum, c, k) => sum + c * S[k][j], 0)));
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((v, i) => Math.abs(v - b[i])));
}
