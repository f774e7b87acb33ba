// What every constraint promises, over the registry: a new one needs an example here.
import { describe, expect, test } from "vitest";
import { ConstraintSet } from "../../../lib/chemometrics/mcr/constraints/constraint-set.js";
import {
  type ConstraintName,
  constraints,
  type McrConstraints,
} from "../../../lib/chemometrics/mcr/constraints/index.js";
import type { Problem } from "../../../lib/chemometrics/mcr/constraints/problem.js";
import { mcrAls } from "../../../lib/chemometrics/mcr/mcr-als.js";
import { random } from "../../../lib/compute/random.js";
import { OperandoseError } from "../../../lib/errors.js";
import { series } from "../series.js";

const rows = 24;
const columns = 30;
const half = rows / 2;

/** A -> B -> C with rates of first order. */
const sequence = (time: Float64Array, [k1, k2]: Float64Array): number[][] =>
  Array.from(time, (t) => {
    const a = Math.exp(-k1 * t);
    const b = (k1 / (k2 - k1 + 1e-9)) * (Math.exp(-k1 * t) - Math.exp(-k2 * t));
    return [a, b, 1 - a - b];
  });

const known = (length: number, at: number, value: number): number[] =>
  Array.from({ length }, (_, i) => (i === at ? value : Number.NaN));

/** For each constraint, ways to ask for it that make sense on the series below, and ways that do not, with what is said. */
const examples: Record<
  ConstraintName,
  { good: readonly unknown[]; bad: readonly (readonly [unknown, RegExp])[] }
> = {
  nonNegative: {
    good: [true, "clip", { C: "clip" }, { on: "S", components: [1] }, [{ on: "C", by: "clip" }, { on: "S" }]],
    bad: [
      ["some", /expected nonNegative to be true, false or "clip", got "some"/],
      [{ on: "D" }, /expected nonNegative.on to be "C" or "S", got "D"/],
      [
        { components: [3] },
        /nonNegative.components to be a list of components, counted from 0 to 2, got \[3\]/,
      ],
      [
        { component: 1 },
        /nonNegative: expected options .*, got an option "component"; did you mean "components"/,
      ],
    ],
  },
  zero: {
    good: [
      { on: "C", components: [2], range: [0, 6] },
      [
        { on: "C", only: [0], range: [0, 2] },
        { on: "S", components: [1], range: [0, 4] },
      ],
      { on: "C", components: [2], block: 0 },
    ],
    bad: [
      [{ on: "C", range: [0, 6] }, /either components \(zero there\) or only/],
      [
        { on: "C", components: [0], range: [5, 50] },
        /zero.range to be indices \[first, last\) from 0 to 24 of the rows/,
      ],
      [{ components: [0] }, /zero.on to be "C" or "S", got undefined/],
      [{ on: "C", components: [0], block: 2 }, /zero.block to be one of the 2 blocks that are stacked/],
      [
        { on: "C", components: [0, 1, 2] },
        /room for a sum of 1, got known values and bounds that sum to at most 0/,
      ],
    ],
  },
  fixed: {
    good: [
      { S: [null, known(columns, 3, 0.2)] },
      { C: [known(rows, 0, 1), known(rows, 0, 0)] },
      { upper: { C: [null, new Float64Array(rows).fill(0.4)], S: [known(columns, 7, 0.1)] } },
    ],
    bad: [
      [{ S: [[1]] }, /fixed spectrum 0 to have 30 energies as D has, got 1/],
      [{ C: [known(rows, 0, Number.POSITIVE_INFINITY)] }, /got Infinity at row 0/],
      [{ C: [known(rows, 4, 1.5)] }, /row 4 of C to have room for a sum of 1, got .* at least 1.5/],
      [{ S: [known(columns, 2, -1)] }, /at least 0 and at most -1 for component 0 at energy 2/],
      [{ S: [[], [], [], []] }, /at most 3 fixed spectra, one per component, got 4/],
    ],
  },
  kinetic: {
    good: [
      { model: sequence, rates: [0.2, 0.1] },
      { model: sequence, rates: [0.2, 0.1], time: Array.from({ length: half }, (_, i) => 2 * i), block: 1 },
    ],
    bad: [
      [{ model: 3, rates: [1] }, /kinetic.model to be a function of time and rates, got 3/],
      [{ model: sequence, rates: [] }, /one or more numbers above 0 to start from/],
      [{ model: sequence, rates: [1, -1] }, /one or more numbers above 0 to start from/],
      [{ model: sequence, rates: [1, 2], time: [1] }, /kinetic.time to be 24 finite numbers/],
      [{ model: sequence, rates: [1, 2], components: [0] }, /24 times x 1 components, got 24 x 3/],
      [
        { model: (t: Float64Array) => Array.from(t, () => [1, Number.NaN, 0]), rates: [1] },
        /finite numbers, got NaN/,
      ],
    ],
  },
  correlation: {
    good: [
      {
        component: 2,
        reference: Array.from({ length: rows }, (_, i) => (i % 8 === 1 ? i / 40 : Number.NaN)),
      },
    ],
    bad: [
      [{ component: 0, reference: [1, 2] }, /correlation.reference to have 24 numbers/],
      [{ component: 5, reference: [] }, /correlation.components to be a list of components/],
      [{ component: 0, reference: known(rows, 2, 1) }, /two finite numbers or more that differ, got 1/],
    ],
  },
  trilinear: {
    good: [{ components: [1] }, {}, { on: "S" }],
    bad: [[{ on: "rows" }, /trilinear.on to be "C" or "S"/]],
  },
  unimodal: {
    good: [
      {},
      { by: "horizontal", tolerance: 1.1 },
      { by: "vertical", components: [1] },
      { on: "S", components: [0], by: "least-squares", tolerance: 1.05, block: 0 },
    ],
    bad: [
      [{ by: "average" }, /unimodal.by to be "least-squares", "horizontal" or "vertical", got "average"/],
      [{ tolerance: 0.5 }, /unimodal.tolerance to be a factor of 1 or more, got 0.5/],
      [true, /unimodal to be an options object or an array of them, got true/],
    ],
  },
  monotonic: {
    good: [
      { components: [0], direction: "falling" },
      [
        { components: [0], direction: "falling" },
        { components: [2], direction: "rising" },
      ],
      { on: "S", direction: "rising", block: 1 },
    ],
    bad: [[{}, /monotonic.direction to be "rising" or "falling", got undefined/]],
  },
  smooth: {
    good: [{ length: 12 }, { on: "S", components: [1], length: 5 }],
    bad: [
      [{ length: 2 }, /smooth.length to be a number of points above 2, got 2/],
      [{}, /smooth.length to be a number of points above 2, got undefined/],
    ],
  },
  closure: {
    good: [
      true,
      "at most",
      "scale",
      { components: [0, 2], total: 0.8 },
      [{ components: [0] }, { components: [1, 2], by: "at most", total: 2 }],
      { components: [0, 1], by: "scale", total: 3 },
    ],
    bad: [
      ["sum", /expected closure to be true, false, "at most" or "scale", got "sum"/],
      [{ total: 0 }, /closure.total to be a number above 0, got 0/],
      [[{}, { components: [1] }], /closure to be groups without common components, got 1/],
    ],
  },
  norm: {
    good: [
      "maximum",
      { by: "area", size: 5 },
      [{ by: "euclidean", components: [0] }],
      { on: "C", by: "maximum" },
    ],
    bad: [
      ["height", /norm.by to be "maximum", "area" or "euclidean", got "height"/],
      [[{ by: "area" }, { by: "maximum", components: [0] }], /one size per component/],
    ],
  },
};

/** What the other constraints have to be for these to make sense alone. */
const alone: McrConstraints = { nonNegative: false, closure: false };
const names = Object.keys(constraints) as ConstraintName[];
const problem: Problem = {
  rows,
  columns,
  wanted: 3,
  places: [0, 1, 2],
  n: 3,
  rowBounds: [0, half, rows],
  columnBounds: [0, columns / 2, columns],
};
const title = (option: unknown): string =>
  JSON.stringify(option, (_, v) => (typeof v === "function" ? "f" : v)).slice(0, 60);

describe("every constraint of the registry", () => {
  test("has an example of its use and of what it refuses", () => {
    expect(Object.keys(examples).sort()).toEqual([...names].sort());
  });

  const cases = names.flatMap((name) =>
    examples[name].good.map((option) => ({ name, option, title: title(option) })),
  );

  test.each(cases)("$name $title: moves random profiles onto it once and for all", ({ name, option }) => {
    const set = new ConstraintSet({ ...alone, [name]: option }, problem);
    const draw = random(5);
    for (let trial = 0; trial < 5; trial++) {
      const C = Float64Array.from({ length: rows * 3 }, () => 0.3 + draw.normal());
      const S = Float64Array.from({ length: columns * 3 }, () => 0.3 + draw.normal());
      const factors = { C, S };
      for (const side of ["C", "S"] as const) {
        set.project(side, factors);
        set.apply(side, factors, 1);
      }
      expect(set.violations(factors)[name]).toBeLessThan(1e-9);
      const once = [C.slice(), S.slice()];
      for (const side of ["C", "S"] as const) {
        set.project(side, factors);
        set.apply(side, factors, 1);
      }
      once[0].forEach((v, i) => {
        expect(Math.abs(C[i] - v)).toBeLessThan(1e-9 * Math.max(1, Math.abs(v)));
      });
      once[1].forEach((v, i) => {
        expect(Math.abs(S[i] - v)).toBeLessThan(1e-9 * Math.max(1, Math.abs(v)));
      });
    }
  });

  test.each(cases)("$name $title: is broken by random profiles, or asks for nothing", ({ name, option }) => {
    const set = new ConstraintSet({ ...alone, [name]: option }, problem);
    const draw = random(6);
    const C = Float64Array.from({ length: rows * 3 }, () => draw.normal());
    const S = Float64Array.from({ length: columns * 3 }, () => draw.normal());
    expect(set.violations({ C, S })[name]).toBeGreaterThan(1e-3);
  });

  test.each(cases)("$name $title: holds at the end of a fit, and is in its order", ({ name, option }) => {
    const { D } = series(rows, columns, 3e-3);
    const blocks = [0, 1].map((p) =>
      [0, 1].map((q) =>
        D.slice(p * half, (p + 1) * half).map((d) => d.slice((q * columns) / 2, ((q + 1) * columns) / 2)),
      ),
    );
    const initial = [D[0], D[half], D[rows - 1]];
    const others: McrConstraints = name === "norm" ? { closure: false } : {};
    const fit = mcrAls(
      { blocks },
      { initial, constraints: { ...others, [name]: option }, maxIterations: 15 },
    );
    expect(fit.order).toContain(name);
    expect(fit.violations[name]).toBeLessThan(1e-9);
    expect([...fit.C.to1DArray(), ...fit.S.to1DArray()].every(Number.isFinite)).toBe(true);
    expect(fit.constraints).toEqual({ ...others, [name]: option });
  });

  const bad = names.flatMap((name) =>
    examples[name].bad.map(([option, message]) => ({ name, option, message, title: title(option) })),
  );

  test.each(bad)("$name refuses $title", ({ name, option, message }) => {
    const read = (): ConstraintSet => new ConstraintSet({ [name]: option } as McrConstraints, problem);
    expect(read).toThrow(OperandoseError);
    expect(read).toThrow(message);
  });

  test("is refused under another name, and in an order that is none", () => {
    const set =
      (given: object): (() => ConstraintSet) =>
      () =>
        new ConstraintSet(given as McrConstraints, problem);
    expect(set({ unimodality: {} })).toThrow(
      /constraints: expected options \{ nonNegative\?, .* got an option "unimodality"/,
    );
    expect(set({ order: ["smooth", "smooth"] })).toThrow(
      /constraints.order to be names out of .*, each once/,
    );
    expect(set({ order: ["closed"] })).toThrow(/constraints.order/);
    expect(set({ norm: "area" })).toThrow(/got component 0 in closure too; set closure: false/);
    expect(set({ norm: "area", closure: false })).not.toThrow();
  });

  test("is applied in the order of the registry, or in the one asked for; the least squares come first", () => {
    const given: McrConstraints = { smooth: { length: 8 }, unimodal: {}, closure: "scale" };
    expect(new ConstraintSet(given, problem).order).toEqual(["nonNegative", "unimodal", "smooth", "closure"]);
    const turned = new ConstraintSet({ ...given, order: ["closure", "smooth"] }, problem);
    expect(turned.order).toEqual(["nonNegative", "closure", "smooth", "unimodal"]);
  });
});
