// Every public function that takes numbers takes null, undefined and holes for missing values, as it takes NaN, and refuses
// what is no number. JSON has no NaN: what was saved and read again must give the same answer.
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { toFlat, toVector } from "../lib/compute/matrix.js";
import * as operandose from "../lib/index.js";

type Bad = number;
const { figures } = operandose;
const stack = operandose.rockCell();
const X = [1, 2, 3, 4];
const S = [
  [1, 2, 3],
  [1, 4, 2],
];
const D = (v: Bad): number[][] => [
  [1, 2, 3],
  [1, v, 2.5],
  [1, 4, 2],
  [1, 3.5, 2.25],
];
const map = (values: readonly number[]) => ({ values, width: 6, height: 6, pixelSize: 10, unit: "Gy" });
const many = (v: Bad): number[] => Array.from({ length: 36 }, (_, p) => (p === 7 ? v : 1e6 * (1 + p)));
const levels = (v: Bad): number[] =>
  Array.from({ length: 36 }, (_, p) => (p === 7 ? v : Math.min(1, p / 18)));
const times = (v: Bad): number[][] =>
  [0, 1, 2].map((t) => Array.from({ length: 9 }, (_, p) => (p === t ? v : t + p)));

/** What each function says of data in which one number is `v`. */
const functions: Readonly<Record<string, (v: Bad) => unknown>> = {
  pca: (v) => operandose.pca(D(v)).singularValues,
  mcrAls: (v) => operandose.mcrAls(D(v), { components: 2 }).C.to2DArray(),
  "mcrAls initial": (v) => operandose.mcrAls(D(3), { initial: [S[0], [1, v, 2]] }).C.to2DArray(),
  "mcrAls weights": (v) =>
    operandose.mcrAls(D(3), { components: 2, weights: { rows: [1, v, 1, 1] } }).C.to2DArray(),
  "mcrAls fixed": (v) =>
    operandose.mcrAls(D(3), { components: 2, constraints: { fixed: { S: [[1, v, 3]] } } }).C.to2DArray(),
  "mcrAls blocks": (v) => operandose.mcrAls({ blocks: [[D(v)], [D(3)]] }, { components: 2 }).C.to2DArray(),
  mcrRestarts: (v) => operandose.mcrRestarts(D(v), { components: 2, starts: 2 }).equallyGood,
  mlpca: (v) => operandose.mlpca(D(v), [0.1, 0.1, 0.1], 1).chiSquare,
  "mlpca sigma": (v) => operandose.mlpca(D(3), [0.1, v, 0.1], 1).chiSquare,
  fitComponents: (v) => operandose.fitComponents(D(v), S),
  "fitComponents components": (v) => operandose.fitComponents(D(3), [S[0], [1, v, 2]]).C.to2DArray(),
  "fitComponents sigma": (v) => operandose.fitComponents(D(3), S, { sigma: [0.1, v, 0.1] }).chiSquare,
  evolvingFactorAnalysis: (v) => operandose.evolvingFactorAnalysis(D(v), { components: 1 }).noise,
  matchComponents: (v) => operandose.matchComponents([S[0], [1, v, 2]], S),
  spectralAngle: (v) => operandose.spectralAngle([1, v], [1, 2]),
  interpolate: (v) => operandose.interpolate(X, [1, v, 3, 4], 1.5),
  crossing: (v) => operandose.crossing(X, [1, v, 3, 4], 3.5),
  maximum: (v) => operandose.maximum(X, [1, v, 3, 2]),
  peaks: (v) => operandose.peaks([0, v, 1, 0]),
  intervalMask: (v) => operandose.intervalMask([0, v, 1], [-1, 0.5]),
  histogram: (v) => operandose.histogram([1, v, 2], { unit: 1 }),
  regionStatistics: (v) => operandose.regionStatistics([1, v, 2]).mean,
  "Mask.where": (v) => operandose.Mask.where({ values: [1, v, 2, 3], width: 2, height: 2 }, [-1, 2.5]).values,
  departureDose: (v) =>
    operandose.departureDose(times(v), times(1), { reference: new Array(9).fill(1), sigma: [1, 1, 1] }),
  proximity: (v) =>
    operandose.proximity(
      { dose: map(many(v)), response: map(levels(v)) },
      { lengths: [20], folds: 2, onset: 0, exponent: 1 },
    ).length,
  "doseThreshold of maps": (v) =>
    operandose.doseThreshold(map(many(v)), map(levels(v)), { bootstrap: 0 }).threshold,
  doseRateMap: (v) =>
    operandose
      .doseRateMap({ flat: [[[100, v, 300]]], energies: [8390], stack, flux: 1e12, pixelSize: 6.5 })
      .to2DArray(),
  "doseRateMap, flat array": (v) =>
    operandose
      .doseRateMap({
        flat: { data: [100, v, 300], shape: [1, 1, 3] },
        energies: [8390],
        stack,
        flux: 1e12,
        pixelSize: 6.5,
      })
      .to2DArray(),
  massAttenuation: (v) => operandose.massAttenuation("Ni", [8300, v]),
  "Beam flux": (v) =>
    new operandose.Beam({ energy: [8300, 8400], flux: [1, v], width: 1, height: 1 }).meanFlux,
  "figures.spectra": (v) => figures.spectra({ energies: X, spectra: [[1, v, 3, 4]], labels: ["a"] }).svg,
  "figures.map": (v) =>
    figures.map({ values: [1, v, 3, 4], width: 2, height: 2, pixelSize: 1, label: "x" }).svg,
};

describe.each(Object.entries(functions))("%s", (_, call) => {
  test("takes null and undefined for a missing value, as NaN", () => {
    const wanted = outcome(() => call(Number.NaN));
    expect(outcome(() => call(null as never))).toEqual(wanted);
    expect(outcome(() => call(undefined as never))).toEqual(wanted);
  });

  test.each([["1"], [true], [1n], [{}]])("refuses %o", (value) => {
    expect(() => call(value as never)).toThrow(operandose.ArgumentError);
  });
});

/** A result as it is; an error as its kind and words. */
function outcome(call: () => unknown): unknown {
  try {
    return { result: call() };
  } catch (error) {
    const { name, message } = error as Error;
    return { name, message: message.replaceAll(/null|undefined|NaN/g, "missing") };
  }
}

describe("reading numbers", () => {
  test("leaves arrays of numbers where they are", () => {
    const plain = [1, Number.NaN, 3];
    const typed = Float32Array.of(1, 2);
    expect(toVector(plain, "call", "x")).toBe(plain);
    expect(toVector(typed, "call", "x")).toBe(typed);
  });

  test("fills holes with NaN", () => {
    const holes = [1, 2, 3];
    delete holes[1];
    expect(Array.from(toVector(holes, "call", "x"))).toEqual([1, Number.NaN, 3]);
    expect(Array.from(toFlat([holes], "call").data)).toEqual([1, Number.NaN, 3]);
  });

  test.each([["123"], [5], [null], [undefined], [() => 1], [BigInt64Array.of(1n)], [{ 0: 1 }]])(
    "refuses %o",
    (value) => {
      expect(() => toVector(value as never, "call", "x")).toThrow(/call: expected x as an array of numbers/);
      expect(() => toFlat(value as never, "call")).toThrow(operandose.OperandoseError);
    },
  );

  test("names row and entry of what is no number, and rows of another length", () => {
    const wrong = [
      [1, 2],
      [3, "4"],
    ] as never;
    expect(() => toFlat(wrong, "call", "D")).toThrow('call: expected numbers, got "4" in row 1 of D[1]');
    expect(() => toFlat([[1, 2], null] as never, "call")).toThrow(
      /rows of equal length 2, got null in row 1/,
    );
    expect(() => toFlat([[1, 2], [3]], "call")).toThrow(/rows of equal length 2, got 1 in row 1/);
  });

  test("reads a Matrix", () => {
    const matrix = new Matrix([
      [1, 2],
      [3, Number.NaN],
    ]);
    expect(Array.from(toFlat(matrix, "call").data)).toEqual([1, 2, 3, Number.NaN]);
  });
});
