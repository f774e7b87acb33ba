// Input of principal components: a matrix, or a large array without a copy.
import type { MatrixLike } from "../../compute/matrix.js";
import { ArgumentError, DataError, quote, ShapeError } from "../../errors.js";
import { finiteMatrix, largestOf, refuseUnusualSize } from "../checks.js";
import { dot, type Floats, sumOfSquares, transposedMultiply } from "../products.js";
import type { RowSums } from "./row-sums.js";

/** Rows in one flat row-major array, shape [rows, columns]. It is neither changed nor copied. */
export interface FlatRows {
  readonly data: Floats;
  readonly rows: number;
  readonly columns: number;
}

/** Checked rows: all values are finite. */
export interface CheckedRows extends FlatRows {
  /** Sum of squares of all numbers. */
  readonly power: number;
}

/** Mean, scale and size of data, for centering and scaling. */
export interface Moments {
  /** Mean of each column. */
  readonly mean: Float64Array;
  /** Divisor of each column; 1 without scaling. */
  readonly scale: Float64Array;
  /** Sum of squares of D / scale. */
  readonly rawTotal: number;
  /** Sum of squares of (D - mean) / scale. */
  readonly centeredTotal: number;
}

/**
 * The matrix or the flat rows, checked.
 *
 * @throws ShapeError for another object, or an array without rows x columns values; DataError for a value
 *   that is not finite
 */
export function readRows(D: MatrixLike | FlatRows, call: string): CheckedRows {
  if (!isFlat(D)) {
    const flat = finiteMatrix(D, call, "D");
    return sized({ ...flat, power: sumOfSquares(flat.data, flat.rows, flat.columns) }, call);
  }
  const { data, rows, columns } = D;
  const whole = Number.isInteger(rows) && Number.isInteger(columns) && rows > 0 && columns > 0;
  if (!whole || data.length !== rows * columns) {
    throw new ShapeError(
      `${call}: expected rows x columns numbers in data, got ${data.length} for ${quote(rows)} x ${quote(columns)}`,
      { rows, columns, got: data.length },
    );
  }
  // A finite sum has finite terms only; squares of large values may overflow.
  const power = sumOfSquares(data, rows, columns);
  const at = Number.isFinite(power) ? -1 : data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return sized({ data, rows, columns, power }, call);
  const [row, column] = [Math.floor(at / columns), at % columns];
  throw new DataError(
    `${call}: expected finite numbers in D, got ${data[at]} in row ${row}, column ${column}; ` +
      `leave out the rows or columns without a value first`,
    { row, column, value: data[at] },
  );
}

/** Refuses values whose squares overflow or underflow, because the rank would be wrong. */
function sized(D: CheckedRows, call: string): CheckedRows {
  const isUsual = D.power > 1e-130 && D.power < 1e130;
  if (!isUsual) refuseUnusualSize(largestOf(D.data), call, "D");
  return D;
}

function columnSums({ data, rows, columns }: FlatRows): Float64Array {
  const sums = new Float64Array(columns);
  transposedMultiply(new Float64Array(rows).fill(1), 1, data, columns, rows, sums);
  return sums;
}

function isFlat(D: MatrixLike | FlatRows): D is FlatRows {
  const data = (D as Partial<FlatRows> | null | undefined)?.data;
  return data instanceof Float64Array || data instanceof Float32Array;
}

/**
 * Mean and scale of the columns. With `scale` it is their standard deviation about the mean, or, without
 * centering, their root mean square (both with rows - 1). A constant column keeps its size.
 */
export function momentsOf(D: CheckedRows, center: boolean, scale: boolean): Moments {
  const { rows, columns } = D;
  const mean = columnSums(D).map((v) => v / rows);
  if (scale) return scaledMoments(D, mean, center);
  const rawTotal = D.power;
  const centeredTotal = Math.max(0, rawTotal - rows * dot(mean, 0, mean, 0, columns));
  return { mean, scale: new Float64Array(columns).fill(1), rawTotal, centeredTotal };
}

function scaledMoments({ data, rows, columns }: FlatRows, mean: Float64Array, center: boolean): Moments {
  const about = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) {
      const d = data[i * columns + k] - mean[k];
      about[k] += d * d;
    }
  }
  return scaledBy(about, mean, rows, center);
}

/** Moments of rows that are in memory as their sums only; see `momentsOf`. */
export function momentsOfSums({ rows, mean, about }: RowSums, center: boolean, scale: boolean): Moments {
  const n = mean.length;
  const squares = mean.map((_, k) => about[k * n + k]);
  if (scale) return scaledBy(squares, mean, rows, center);
  const centeredTotal = squares.reduce((sum, v) => sum + v, 0);
  const rawTotal = centeredTotal + rows * dot(mean, 0, mean, 0, n);
  return { mean, scale: new Float64Array(n).fill(1), rawTotal, centeredTotal };
}

/** @param about sums of squares about the mean, one per column */
function scaledBy(about: Float64Array, mean: Float64Array, rows: number, center: boolean): Moments {
  const columns = mean.length;
  const scale = new Float64Array(columns).fill(1);
  let rawTotal = 0;
  let centeredTotal = 0;
  for (let k = 0; k < columns; k++) {
    const raw = about[k] + rows * mean[k] * mean[k];
    const squares = center ? about[k] : raw;
    // Deviations of a constant column from its mean are rounding errors.
    if (squares > 1e-24 * raw) scale[k] = Math.sqrt(squares / (rows - 1));
    centeredTotal += about[k] / scale[k] ** 2;
    rawTotal += raw / scale[k] ** 2;
  }
  return { mean, scale, rawTotal, centeredTotal };
}

/** Writes rows [first, first + count) of (D - mean) / scale, or of D / scale, to `out`. */
export function analyzedRows(
  { data, columns }: FlatRows,
  first: number,
  count: number,
  { mean, scale }: Pick<Moments, "mean" | "scale">,
  out: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const from = (first + i) * columns;
    const to = i * columns;
    for (let k = 0; k < columns; k++) out[to + k] = (data[from + k] - mean[k]) / scale[k];
  }
}

/** Refuses unknown methods. */
export function methodOf(method: unknown, call: string): "gram" | "randomized" | undefined {
  if (method === undefined || method === "gram" || method === "randomized") return method;
  throw new ArgumentError(`${call}: expected method to be "gram" or "randomized", got ${quote(method)}`, {
    option: "method",
    value: method,
  });
}
