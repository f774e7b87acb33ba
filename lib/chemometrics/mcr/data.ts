// Data of MCR-ALS: missing values, weights, and blocks.
import { type MatrixLike, toFlat, toVector } from "../../compute/matrix.js";
import { ArgumentError, DataError, quote, ShapeError } from "../../errors.js";
import { checkOptions } from "../../options.js";
import { largestOf } from "../checks.js";
import { type Floats, sumOfSquares as powerOf } from "../products.js";
import { type TallMatrix, tallMatrix } from "../tall.js";

/** Several experiments: blocks in a row have C in common, blocks in a column S; null if not measured. */
export interface Blocks {
  readonly blocks: readonly (readonly (MatrixLike | null)[])[];
}

/** Weights of squared residuals, 1 / sigma^2: for each value of D, or for each row and (or) each energy. */
export type Weights = MatrixLike | SideWeights;

/** Weights of rows and of energies; each value has the product of the two. */
export interface SideWeights {
  readonly rows?: ArrayLike<number>;
  readonly columns?: ArrayLike<number>;
}

/** Checked spectra. */
export interface Data {
  /**
   * Row-major, shape [rows, columns]; zero where missing. It may be the caller's array and is never changed.
   */
  readonly data: Floats;
  readonly rows: number;
  readonly columns: number;
  /** Zero where missing, same shape; null where all weights are 1. */
  readonly weights: Float64Array | null;
  /** Number of missing values, including those of missing blocks. */
  readonly missing: number;
  /** 1 where a value is missing; null where none is. */
  readonly absent: Uint8Array | null;
  /** First row of each block, and `rows`. */
  readonly rowBounds: readonly number[];
  readonly columnBounds: readonly number[];
  /** Weighted sum of squares. */
  readonly sumOfSquares: number;
}

/**
 * Reads D. NaN is a missing value, and null a missing block.
 *
 * @throws DataError for infinite values, rows or energies without any value, and zero data; ShapeError for
 *   blocks or weights of incompatible size; ArgumentError for negative weights
 */
export function readData(D: MatrixLike | TallMatrix | Blocks, weights: Weights | undefined): Data {
  const whole = isBlocks(D) ? join(checkOptions("mcrAls", D, { blocks: true }).blocks) : single(D);
  const { rows, columns } = whole;
  const power = powerOf(whole.data, rows, columns);
  // A finite sum has finite terms only.
  const absent = Number.isFinite(power) ? null : absentFrom(whole);
  const missing = absent === null ? 0 : absent.reduce((sum, v) => sum + v, 0);
  const data = absent ? Float64Array.from(whole.data, (v, i) => (absent[i] ? 0 : v)) : whole.data;
  const w = readWeights(weights, rows, columns) ?? (absent ? new Float64Array(data.length).fill(1) : null);
  for (let i = 0; absent && w && i < data.length; i++) if (absent[i]) w[i] = 0;
  if (w) refuseEmpty(w, rows, columns);
  const sumOfSquares = w ? w.reduce((sum, v, i) => sum + v * data[i] * data[i], 0) : power;
  if (sumOfSquares === 0 && largestOf(data) === 0)
    throw new DataError("mcrAls: expected spectra with signal, got zeros only");
  // Products of four values must neither overflow nor underflow in float64.
  if (!(sumOfSquares > 1e-140 && sumOfSquares < 1e140)) {
    throw new DataError(
      `mcrAls: expected spectra of a usual size, got a sum of squares of ${sumOfSquares}; scale D (or the weights)`,
      { sumOfSquares },
    );
  }
  return { ...whole, data, weights: w, missing, absent, sumOfSquares };
}

/** 1 where a value is missing; null where none is. */
function absentFrom({ data, columns }: Whole): Uint8Array | null {
  let any = false;
  const absent = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    if (!Number.isNaN(data[i])) {
      throw new DataError(
        `mcrAls: expected finite numbers in D, or NaN where one is missing, got ${data[i]} in row ${Math.floor(i / columns)}, ` +
          `column ${i % columns}; set it to NaN`,
        { row: Math.floor(i / columns), column: i % columns, value: data[i] },
      );
    }
    absent[i] = 1;
    any = true;
  }
  return any ? absent : null;
}

function isBlocks(D: unknown): D is Blocks {
  return typeof D === "object" && D !== null && "blocks" in D;
}

type Whole = Pick<Data, "data" | "rows" | "columns" | "rowBounds" | "columnBounds">;

function single(D: MatrixLike | TallMatrix): Whole {
  const flat = tallMatrix(D, "mcrAls");
  return { ...flat, rowBounds: [0, flat.rows], columnBounds: [0, flat.columns] };
}

function join(blocks: Blocks["blocks"]): Whole {
  const across = Array.isArray(blocks) && Array.isArray(blocks[0]) ? blocks[0].length : 0;
  if (across === 0 || blocks.some((row) => !Array.isArray(row) || row.length !== across)) {
    throw new ShapeError(
      "mcrAls: expected blocks as rows of equally many matrices, [[D1], [D2]] stacked or [[D1, D2]] side by side, " +
        `got ${quote(blocks)}; put null where there is none`,
    );
  }
  const flat = blocks.map((row) =>
    row.map((block) => (block === null ? null : toFlat(block, "mcrAls", "a block"))),
  );
  const heights = flat.map((row, p) =>
    extent(
      row.map((b) => b?.rows),
      `row ${p} of blocks`,
      "spectra",
    ),
  );
  const widths = flat[0].map((_, q) =>
    extent(
      flat.map((row) => row[q]?.columns),
      `column ${q} of blocks`,
      "energies",
    ),
  );
  const rowBounds = bounds(heights);
  const columnBounds = bounds(widths);
  const [rows, columns] = [rowBounds[heights.length], columnBounds[widths.length]];
  const data = new Float64Array(rows * columns).fill(Number.NaN);
  flat.forEach((row, p) => {
    row.forEach((block, q) => {
      for (let i = 0; block && i < block.rows; i++) {
        const line = block.data.subarray(i * block.columns, (i + 1) * block.columns);
        data.set(line, (rowBounds[p] + i) * columns + columnBounds[q]);
      }
    });
  });
  return { data, rows, columns, rowBounds, columnBounds };
}

/** The common length of all measured blocks. */
function extent(lengths: readonly (number | undefined)[], where: string, what: string): number {
  const known = lengths.filter((length) => length !== undefined);
  if (known.length > 0 && known.every((length) => length === known[0])) return known[0];
  throw new ShapeError(
    known.length === 0
      ? `mcrAls: expected a matrix in ${where}, got none; leave it out`
      : `mcrAls: expected equally many ${what} in ${where}, got ${known.join(", ")}`,
    { lengths },
  );
}

function bounds(lengths: readonly number[]): number[] {
  const out = [0];
  for (const length of lengths) out.push(out[out.length - 1] + length);
  return out;
}

/**
 * Weights as one number for each value of D; null where none are given.
 *
 * @throws ShapeError, ArgumentError as `readData`
 */
export function readWeights(
  weights: Weights | undefined,
  rows: number,
  columns: number,
): Float64Array | null {
  if (weights === undefined || weights === null) return null;
  const out = new Float64Array(rows * columns);
  if (typeof weights === "object" && ("rows" in weights || "columns" in weights) && !("get" in weights)) {
    const sides = checkOptions("mcrAls, weights", weights as SideWeights, { rows: true, columns: true });
    const along = sides.rows
      ? toVector(sides.rows, "mcrAls", "weights.rows")
      : new Float64Array(rows).fill(1);
    const across = sides.columns
      ? toVector(sides.columns, "mcrAls", "weights.columns")
      : new Float64Array(columns).fill(1);
    sameShape(along.length, across.length, rows, columns);
    for (let i = 0; i < out.length; i++) out[i] = along[Math.floor(i / columns)] * across[i % columns];
  } else {
    const flat = toFlat(weights as MatrixLike, "mcrAls: weights");
    sameShape(flat.rows, flat.columns, rows, columns);
    out.set(flat.data);
  }
  const bad = out.findIndex((w) => !(w >= 0 && Number.isFinite(w)));
  if (bad < 0) return out;
  throw new ArgumentError(
    `mcrAls: expected weights to be finite and 0 or more, got ${out[bad]} in row ${Math.floor(bad / columns)}, ` +
      `column ${bad % columns}; a weight is 1 / sigma^2`,
    { option: "weights", row: Math.floor(bad / columns), column: bad % columns },
  );
}

function sameShape(gotRows: number, gotColumns: number, rows: number, columns: number): void {
  if (gotRows === rows && gotColumns === columns) return;
  throw new ShapeError(
    `mcrAls: expected weights for ${rows} rows and ${columns} energies as D has, got ${gotRows} and ${gotColumns}`,
    { expected: [rows, columns], got: [gotRows, gotColumns] },
  );
}

function refuseEmpty(weights: Float64Array, rows: number, columns: number): void {
  const row = new Uint8Array(rows);
  const column = new Uint8Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) if (weights[i * columns + k] > 0) row[i] = column[k] = 1;
  }
  for (const [what, seen] of [
    ["row", row],
    ["column", column],
  ] as const) {
    const at = seen.indexOf(0);
    if (at < 0) continue;
    throw new DataError(
      `mcrAls: expected a value with a positive weight in every row and column of D, got none in ${what} ${at}; leave it out`,
      { [what]: at },
    );
  }
}
