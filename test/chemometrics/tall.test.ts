// Spectra as they lie in memory, in float32 or float64: the same answer as from a matrix of the same numbers, with D untouched,
// in one piece or block by block.
import { afterEach, describe, expect, test } from "vitest";
import { RowFit } from "../../lib/chemometrics/fit/row-fit.js";
import type { McrConstraints } from "../../lib/chemometrics/mcr/constraints/index.js";
import { type McrAls, mcrAls } from "../../lib/chemometrics/mcr/mcr-als.js";
import { mcrErrors } from "../../lib/chemometrics/mcr/mcr-errors.js";
import { mcrRestarts } from "../../lib/chemometrics/mcr/restarts.js";
import { kernels } from "../../lib/compute/wasm.js";
import { FusedSteps } from "../../lib/compute/wasm-alternate.js";
import { series } from "./series.js";

afterEach(() => {
  process.env.OPERANDOSE_KERNELS = "";
});

const [rows, columns] = [150, 203];
const { D, S } = series(rows, columns, 2e-3);
const single = Float32Array.from(D.flat());
const rounded = Array.from({ length: rows }, (_, i) => single.subarray(i * columns, (i + 1) * columns));

const distance = (a: McrAls, b: McrAls): number =>
  Math.max(a.C.clone().sub(b.C).abs().max(), a.S.clone().sub(b.S).abs().max());

describe("mcrAls on { data, rows, columns }", () => {
  const cases: Record<string, McrConstraints> = {
    closed: {},
    open: { closure: false },
    "at most": { closure: "at most" },
    unimodal: { unimodal: { on: "C" } },
    "known spectrum": { fixed: { S: [S[0]] } },
  };

  test.each(Object.keys(cases))("%s: gives what a matrix of the same numbers gives", (name) => {
    const options = { initial: S, constraints: cases[name], tolerance: 0, maxIterations: 8 };
    const before = single.slice();
    const flat = mcrAls({ data: single, rows, columns }, options);
    expect(single).toEqual(before);
    expect(distance(flat, mcrAls(rounded, options))).toBeLessThan(1e-12);
    process.env.OPERANDOSE_KERNELS = "plain";
    expect(distance(flat, mcrAls({ data: single, rows, columns }, options))).toBeLessThan(1e-8);
  });

  test("estimates its own start, and leaves missing numbers out without writing to D", () => {
    const data = single.slice();
    data[3 * columns + 7] = Number.NaN;
    const before = data.slice();
    const fit = mcrAls({ data, rows, columns }, { components: 3, maxIterations: 5 });
    expect(fit.missing).toBe(1);
    expect(data).toEqual(before);
    expect(Number.isNaN(fit.residual.get(3, 7))).toBe(true);
  });

  test("refuses what is no rows x columns, and infinite numbers", () => {
    expect(() => mcrAls({ data: single, rows, columns: 200 }, { components: 3 })).toThrow(
      "mcrAls: expected data of rows x columns numbers, got 30450 for 150 x 200",
    );
    const data = single.slice();
    data[columns] = Number.POSITIVE_INFINITY;
    expect(() => mcrAls({ data, rows, columns }, { components: 3 })).toThrow(
      "got Infinity in row 1, column 0; set it to NaN",
    );
  });
});

describe.skipIf(kernels() === null)("both half steps in one pass", () => {
  test("find the same to the bit whether D stays in the kernels' memory or passes through, and after others used it", () => {
    const fast = kernels() as NonNullable<ReturnType<typeof kernels>>;
    // Above two million numbers D passes through.
    const tall = 10_900;
    const data = new Float32Array(tall * columns);
    for (let i = 0; i < tall; i++)
      data.set(single.subarray((i % rows) * columns, ((i % rows) + 1) * columns), i * columns);
    const answer = (count: number, disturb = false): number[] => {
      const steps = new FusedSteps(fast, data.subarray(0, count * columns), count, columns, 3);
      const fit = new RowFit(3, columns, { nonNegative: true, closure: true });
      const [C, A, B] = [3 * count, 9, 3 * columns].map((length) => new Float64Array(length));
      if (disturb) {
        steps.concentrations(fit.use(Float64Array.from(S.flat())).problem, C, A, B);
        fast.f64(fast.place(1e6)[0], 1e5).fill(Number.NaN);
      }
      steps.concentrations(fit.use(Float64Array.from(S.flat())).problem, C, A, B);
      return Array.from(C.subarray(0, 3 * rows));
    };
    expect(answer(tall)).toEqual(answer(rows));
    expect(answer(rows, true)).toEqual(answer(rows));
  });
});

describe("what takes no blocks", () => {
  test("says so", () => {
    const result = mcrAls(D, { components: 3, maxIterations: 2 });
    expect(() => mcrErrors({ blocks: [[D]] } as never, result)).toThrow(
      "mcrErrors: expected one matrix, got blocks",
    );
    expect(() => mcrRestarts({ blocks: [[D]] } as never, { components: 3 })).toThrow(
      "mcrRestarts: expected one matrix, got blocks",
    );
  });
});

describe("seed", () => {
  test("is the random estimate's", () => {
    const from = (seed: number): McrAls =>
      mcrAls(D, { components: 3, estimate: "random", seed, maxIterations: 1, tolerance: 0 });
    expect(distance(from(4), from(4))).toBe(0);
    expect(distance(from(4), from(5))).toBeGreaterThan(1e-3);
    expect(() => from(0.5)).toThrow("mcrAls: expected seed to be a whole number, got 0.5");
  });
});

describe("closure as an object", () => {
  test("starts and ends as closure: true where it says the same", () => {
    const plain = mcrAls(D, { components: 3, maxIterations: 30 });
    const group = mcrAls(D, { components: 3, maxIterations: 30, constraints: { closure: { by: true } } });
    expect(distance(plain, group)).toBeLessThan(1e-9);
  });
});
