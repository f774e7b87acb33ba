// The compiled kernels beside the plain loops that say what they mean: random and edge input, both precisions.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { filesBelow, hashOf } from "../../kernel/stamp.mjs";
import { readFitOptions } from "../../lib/chemometrics/fit/fit-options.js";
import { RobustFit } from "../../lib/chemometrics/fit/fit-robust.js";
import { RowFit } from "../../lib/chemometrics/fit/row-fit.js";
import { columnGram, plainLowerColumnGram } from "../../lib/chemometrics/pca/gram.js";
import * as plain from "../../lib/chemometrics/plain-products.js";
import * as products from "../../lib/chemometrics/products.js";
import { random } from "../../lib/compute/random.js";
import { GramLeastSquares } from "../../lib/compute/solvers/nnls.js";
import { kernels, rowsOfBlock } from "../../lib/compute/wasm.js";
import { fitRows, solveColumns } from "../../lib/compute/wasm-fit.js";
import * as compiled from "../../lib/compute/wasm-products.js";

const built = kernels();
const why = built ? "" : " (skipped: no dist/compute/kernels.wasm, npm run build makes it)";
const fast = built as NonNullable<typeof built>;

afterEach(() => {
  delete process.env.OPERANDOSE_KERNELS;
});

test.skipIf(!built)(`the compiled kernels are those of the sources${why}`, () => {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const sources = filesBelow(join(root, "lib", "compute", "wasm"), /\.as\.ts$/);
  const made = readFileSync(join(root, "dist", "compute", "kernels.hash"), "utf8");
  expect(made, "the kernels were compiled from other sources: npm run build").toBe(hashOf(sources, root));
});

type Floats = Float32Array | Float64Array;

const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 300 }),
  columns: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 500, max: 700 })),
  n: fc.integer({ min: 1, max: 9 }),
  precise: fc.boolean(),
  seed: fc.integer({ min: 0, max: 1e6 }),
});

function floats(length: number, precise: boolean, draw: ReturnType<typeof random>): Floats {
  const values = Array.from({ length }, () => draw.normal());
  return precise ? Float64Array.from(values) : Float32Array.from(values);
}

/** Sums in another order differ by rounding of their terms. */
function expectClose(got: ArrayLike<number>, want: ArrayLike<number>, scale: number): void {
  expect(got.length).toBe(want.length);
  expect(farthest(got, want)).toBeLessThan(1e-13 * scale);
}

/** Largest difference; NaN where only one of two is NaN. */
function farthest(got: ArrayLike<number>, want: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < want.length; i++) {
    if (Number.isNaN(got[i]) && Number.isNaN(want[i])) continue;
    const difference = Math.abs(got[i] - want[i]);
    if (!(difference <= most)) most = difference;
    if (Number.isNaN(most)) return most;
  }
  return most;
}

describe.skipIf(!built)(`compiled products${why}`, () => {
  test("are those of the plain loops, for odd and even shapes and more than one block", () => {
    fc.assert(
      fc.property(shapes, ({ rows, columns, n, precise, seed }) => {
        const draw = random(seed);
        const D = floats(rows * columns, precise, draw);
        const S = floats(n * columns, true, draw) as Float64Array;
        const C = floats(rows * n, draw.uniform() < 0.5, draw);
        const [a, b] = [new Float64Array(rows * n), new Float64Array(rows * n)];
        compiled.multiplyTransposed(fast, D, rows, S, n, columns, a);
        plain.multiplyTransposed(D, rows, S, n, columns, b);
        expectClose(a, b, 100 * columns);
        const [c, d] = [new Float64Array(n * columns), new Float64Array(n * columns)];
        compiled.transposedMultiply(fast, C, n, D, columns, rows, c);
        plain.transposedMultiply(C, n, D, columns, rows, d);
        expectClose(c, d, 100 * rows);
        const r = compiled.residualSumOfSquares(fast, D, C, S, rows, n, columns);
        const s = plain.residualSumOfSquares(D, C, S, rows, n, columns);
        expect(Math.abs(r / s - 1)).toBeLessThan(1e-12);
      }),
      { numRuns: 60 },
    );
  });

  test("give the Gram matrix, symmetric to the bit", () => {
    for (const [rows, columns] of [
      [1, 1],
      [3, 5],
      [64, 8],
      [65, 9],
      [200, 31],
    ]) {
      for (const precise of [true, false]) {
        const D = floats(rows * columns, precise, random(rows, columns));
        const got = columnGram(D, rows, columns);
        const direct = new Float64Array(columns * columns);
        compiled.lowerColumnGram(fast, D, rows, columns, direct);
        const want = new Float64Array(columns * columns);
        plainLowerColumnGram(D, rows, columns, want);
        for (let k = 0; k < columns; k++) {
          for (let l = 0; l <= k; l++) {
            expect(Math.abs(direct[k * columns + l] - want[k * columns + l])).toBeLessThan(1e-12 * rows);
            expect(got[l * columns + k]).toBe(got[k * columns + l]);
          }
        }
      }
    }
  });

  test("of a row do not depend, to the bit, on the rows beside it", () => {
    const [rows, columns] = [601, 123];
    const D = floats(rows * columns, false, random(8));
    const S = floats(5 * columns, true, random(9)) as Float64Array;
    const [whole, one] = [new Float64Array(rows * 5), new Float64Array(5)];
    compiled.multiplyTransposed(fast, D, rows, S, 5, columns, whole);
    for (const row of [0, 1, 300, 599, 600]) {
      compiled.multiplyTransposed(
        fast,
        D.subarray(row * columns, (row + 1) * columns),
        1,
        S,
        5,
        columns,
        one,
      );
      expect(Array.from(one)).toEqual(Array.from(whole.subarray(row * 5, row * 5 + 5)));
    }
  });

  test("are what the public products use, and the plain loops run where the environment asks for them", () => {
    const D = floats(300 * 100, true, random(3));
    const S = floats(300, true, random(4)) as Float64Array;
    const [a, b, c] = [0, 1, 2].map(() => new Float64Array(900));
    products.multiplyTransposed(D, 300, S, 3, 100, a);
    compiled.multiplyTransposed(fast, D, 300, S, 3, 100, b);
    expect(a).toEqual(b);
    process.env.OPERANDOSE_KERNELS = "plain";
    expect(kernels()).toBeNull();
    products.multiplyTransposed(D, 300, S, 3, 100, c);
    expectClose(c, a, 1e4);
  });

  test("take rows in even blocks, one block at least", () => {
    expect(rowsOfBlock(1e9, 10)).toBe(2);
    expect(rowsOfBlock(1e9, 1)).toBe(1);
    expect(rowsOfBlock(2320, 1e5) % 2).toBe(0);
  });
});

const solverCases = fc.record({
  n: fc.integer({ min: 1, max: 8 }),
  nonNegative: fc.boolean(),
  closure: fc.boolean(),
  degenerate: fc.integer({ min: 0, max: 2 }),
  seed: fc.integer({ min: 0, max: 1e6 }),
});

/** Vectors of length 12; degenerate: the last is the first again, or zero. */
function vectorsOf(n: number, degenerate: number, draw: ReturnType<typeof random>): Float64Array {
  const V = Float64Array.from({ length: n * 12 }, () => draw.normal());
  if (degenerate > 0 && n > 1) {
    for (let k = 0; k < 12; k++) V[(n - 1) * 12 + k] = degenerate === 1 ? V[k] : 0;
  }
  return V;
}

describe.skipIf(!built)(`compiled solver${why}`, () => {
  test("finds what the plain one finds, 1 to 8 unknowns, all constraints, dependent vectors too", () => {
    fc.assert(
      fc.property(solverCases, ({ n, nonNegative, closure, degenerate, seed }) => {
        const draw = random(seed);
        const count = 20;
        const V = vectorsOf(n, degenerate, draw);
        const G = new Float64Array(n * n);
        plain.multiplyTransposed(V, n, V, n, 12, G);
        const B = Float64Array.from({ length: n * count }, () => 5 * draw.normal());
        const [a, b] = [new Float64Array(n * count), new Float64Array(n * count)];
        solveColumns(fast, n, nonNegative, closure, G, B, count, a);
        const solver = new GramLeastSquares(n, { nonNegative, closure });
        for (let k = 0; k < count; k++) solver.solve(G, B, k, count, b, k, count);
        const most = b.reduce((m, v) => Math.max(m, Math.abs(v)), 1);
        expect(farthest(a, b)).toBeLessThan(1e-9 * most);
        const c = new Float64Array(n * count);
        solver.solveColumns(G, B, count, c);
        expect(c).toEqual(a);
      }),
      { numRuns: 400 },
    );
  });
});

describe.skipIf(!built)(`compiled fits${why}`, () => {
  const cases = fc.record({
    n: fc.integer({ min: 1, max: 8 }),
    columns: fc.integer({ min: 10, max: 61 }),
    rows: fc.integer({ min: 1, max: 400 }),
    precise: fc.boolean(),
    nonNegative: fc.boolean(),
    closure: fc.constantFrom<boolean | "at most">(true, false, "at most"),
    weighted: fc.boolean(),
    noise: fc.constantFrom(0, 1e-6, 1e-3, 0.3),
    seed: fc.integer({ min: 0, max: 1e6 }),
  });

  test("give the plain fit's concentrations and residuals, and NaN for the same rows", () => {
    fc.assert(
      fc.property(cases, ({ n, columns, rows, precise, nonNegative, closure, weighted, noise, seed }) => {
        const { D, S, draw } = mixtures(n, columns, rows, precise, noise, seed);
        if (rows > 3) {
          D[columns] = Number.NaN;
          D.fill(0, 2 * columns, 3 * columns);
          D[3 * columns + 1] = Number.POSITIVE_INFINITY;
        }
        const weights = weighted ? Float64Array.from({ length: columns }, () => draw.uniform()) : null;
        const fit = new RowFit(n, columns, { nonNegative, closure }, weights).use(S);
        const [a, b] = [0, 1].map(() => ({
          C: new Float64Array(rows * n),
          power: new Float64Array(rows),
          residual: new Float64Array(rows),
          weighted: new Float64Array(rows),
        }));
        fit.fitMany(D, rows, a.C, a);
        fit.fitPlainly(D, rows, b.C, b);
        expect(farthest(a.C, b.C)).toBeLessThan(1e-9);
        for (const key of weighted ? (["residual", "weighted"] as const) : (["residual"] as const)) {
          expect(a[key].map((r) => Number(Number.isNaN(r)))).toEqual(
            b[key].map((r) => Number(Number.isNaN(r))),
          );
          // Where the residual is rounding, it is rounding of other steps.
          const off = b[key].findIndex(
            (r, row) => Math.abs(a[key][row] - r) > 1e-6 * r + 1e-20 * b.power[row],
          );
          expect(off).toBe(-1);
        }
        const only = new Float64Array(rows * n);
        fit.fitMany(D.subarray(4 * columns), Math.max(0, rows - 4), only);
        if (rows > 4) expect(farthest(only, a.C.subarray(4 * n))).toBeLessThan(1e-9);
      }),
      { numRuns: 120 },
    );
  });

  test("are the same to the bit however the rows are cut", () => {
    const { D, S } = mixtures(3, 580, 1000, false, 0.01, 5);
    const fit = new RowFit(3, 580, { nonNegative: true, closure: true }).use(S);
    const whole = new Float64Array(3000);
    fit.fitMany(D, 1000, whole);
    for (const size of [64, 333, 501]) {
      const parts = new Float64Array(3000);
      for (let first = 0; first < 1000; first += size) {
        const end = Math.min(1000, first + size);
        fit.fitMany(D.subarray(first * 580, end * 580), end - first, parts.subarray(first * 3, end * 3));
      }
      expect(parts).toEqual(whole);
    }
  });

  test("that are robust find the plain ones' concentrations, scales and glitches", () => {
    fc.assert(
      fc.property(cases, fc.constantFrom<"bisquare" | "huber">("bisquare", "huber"), (c, loss) => {
        const rows = Math.min(c.rows, 8);
        const { D, S, draw } = mixtures(c.n, c.columns, rows, c.precise, Math.max(c.noise, 1e-3), c.seed);
        for (let row = 0; row < rows; row++) D[row * c.columns + Math.floor(draw.uniform() * c.columns)] += 2;
        const weights = c.weighted
          ? { weights: Float64Array.from({ length: c.columns }, (_, k) => (k % 7 === 3 ? 0 : 1)) }
          : { sigma: 0.01 };
        const options = { nonNegative: c.nonNegative, closure: c.closure, robust: { loss }, ...weights };
        const fit = new RobustFit(c.n, c.columns, S, readFitOptions(options, c.columns, "test"));
        const [a, b] = [0, 1].map(() => ({
          C: new Float64Array(rows * c.n),
          scaled: new Float64Array(rows * c.columns),
          scales: new Float64Array(rows),
        }));
        fit.fitMany(D, rows, a.C, a.scaled, a.scales);
        fit.fitPlainly(D, rows, b.C, b.scaled, b.scales);
        expect(farthest(a.C, b.C)).toBeLessThan(1e-6);
        expect(
          farthest(
            a.scales.map((s, i) => s / b.scales[i]),
            new Float64Array(rows).fill(1),
          ),
        ).toBeLessThan(1e-6);
        expect(farthest(a.scaled, b.scaled)).toBeLessThan(1e-3);
      }),
      { numRuns: 60 },
    );
  });

  test("of float32 data stay on float32 and are fits of those numbers", () => {
    const { D, S } = mixtures(3, 580, 50, false, 0.01, 6);
    const C = new Float64Array(150);
    fitRows(fast, problemOf(S, 3, 580), D, 50, C);
    const same = new Float64Array(150);
    fitRows(fast, problemOf(S, 3, 580), Float64Array.from(D), 50, same);
    expectClose(C, same, 1e4);
  });
});

function problemOf(S: Float64Array, n: number, nEnergies: number) {
  const G = new Float64Array(n * n);
  plain.multiplyTransposed(S, n, S, n, nEnergies, G);
  const onOrigin = new Float64Array(n);
  return {
    n,
    nEnergies,
    nonNegative: true,
    closure: false,
    weights: null,
    vectors: S,
    projections: S,
    onOrigin,
    G,
  } as const;
}

/** Rows of D are mixtures of n peaks; shares between 0 and 1, some zero. */
function mixtures(
  n: number,
  columns: number,
  rows: number,
  precise: boolean,
  noise: number,
  seed: number,
): { D: Floats; S: Float64Array; draw: ReturnType<typeof random> } {
  const draw = random(seed);
  const S = Float64Array.from({ length: n * columns }, () => 1 + 0.5 * draw.normal());
  const D = precise ? new Float64Array(rows * columns) : new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const shares = Array.from({ length: n }, () => (draw.uniform() < 0.3 ? 0 : draw.uniform()));
    if (!shares.some((v) => v > 0)) shares[0] = 1;
    const sum = shares.reduce((a, b) => a + b, 0);
    for (let k = 0; k < columns; k++) {
      let value = noise * draw.normal();
      for (let j = 0; j < n; j++) value += (shares[j] / sum) * S[j * columns + k];
      D[row * columns + k] = value;
    }
  }
  return { D, S, draw };
}
