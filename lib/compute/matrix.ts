// How numbers enter the free functions: an ml-matrix `Matrix` or `number[][]` in, flat typed arrays inside.
// What is missing in JSON and in tables (null, undefined, a hole) is NaN; what is no number at all is
// refused, never converted.
import { Matrix } from "ml-matrix";
import { ArgumentError, quote, ShapeError } from "../errors.js";

/** A matrix on the way in. */
export type MatrixLike = Matrix | readonly ArrayLike<number>[];

/** A row-major matrix in one flat array, as the kernels use it. */
export interface Flat {
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/** An array of numbers, read; the caller's own array where nothing in it had to be replaced. */
export type Vector = Float64Array | readonly number[];

/**
 * The numbers of a vector, with NaN for null, undefined and holes. Nothing is copied where all entries are
 * numbers.
 *
 * @param call name for the error message
 * @param name what the vector is, for the error message
 * @param length how many numbers there have to be; any number of them when left out
 * @throws ArgumentError when it is no array, or an entry is text, a boolean, a bigint or another thing that
 *   is no number; ShapeError when it has another length
 */
export function toVector(values: ArrayLike<number>, call: string, name: string, length?: number): Vector {
  const isArray = typeof values === "object" && values !== null && Number.isInteger(values.length);
  if (!isArray || values instanceof BigInt64Array || values instanceof BigUint64Array) {
    throw new ArgumentError(`${call}: expected ${name} as an array of numbers, got ${quote(values)}`, {
      option: name,
      value: values,
    });
  }
  if (length !== undefined && values.length !== length) {
    throw new ShapeError(`${call}: expected ${length} numbers in ${name}, got ${values.length}`, {
      option: name,
      expected: length,
      got: values.length,
    });
  }
  // A typed array, or something with its methods, cannot hold anything but numbers.
  if (ArrayBuffer.isView(values)) return values as unknown as Float64Array;
  let filled: Float64Array | null = null;
  for (let i = 0; i < values.length; i++) {
    const value: unknown = values[i];
    if (typeof value === "number") {
      if (filled) filled[i] = value;
      continue;
    }
    if (value !== null && value !== undefined) throw noNumber(call, `${name}[${i}]`, value, { index: i });
    if (!filled) {
      filled = new Float64Array(values.length);
      for (let k = 0; k < i; k++) filled[k] = values[k];
    }
    filled[i] = Number.NaN;
  }
  return filled ?? (Array.isArray(values) ? values : Float64Array.from(values));
}

/**
 * The matrix as one flat row-major Float64Array (a copy), with NaN for null, undefined and holes.
 *
 * @param call name for the error message
 * @param name what the matrix is, for the error message
 * @throws ShapeError when it is no matrix, is empty, or its rows differ in length; ArgumentError for an entry
 *   that is no number (text, a boolean, a bigint)
 */
export function toFlat(matrix: MatrixLike, call: string, name = "the matrix"): Flat {
  if (Matrix.isMatrix(matrix)) return flatOf(matrix, call);
  const list = matrix as readonly ArrayLike<number>[];
  if (!Array.isArray(list) || !(list[0]?.length > 0) || typeof list[0] !== "object") {
    throw new ShapeError(`${call}: expected a matrix (ml-matrix Matrix or number[][]), got ${quote(matrix)}`);
  }
  const rows = list.length;
  const columns = list[0].length;
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const row: ArrayLike<number> | null | undefined = list[i];
    if (!row || row.length !== columns) {
      throw new ShapeError(
        `${call}: expected rows of equal length ${columns}, got ${row?.length ?? quote(row)} in row ${i}`,
        { row: i, expected: columns, got: row?.length },
      );
    }
    data.set(toVector(row, call, `row ${i} of ${name}`), i * columns);
  }
  return { data, rows, columns };
}

function flatOf(matrix: Matrix, call: string): Flat {
  const { rows, columns } = matrix;
  if (rows === 0 || columns === 0) {
    throw new ShapeError(
      `${call}: expected a matrix (ml-matrix Matrix or number[][]), got ${rows} x ${columns}`,
    );
  }
  const data = new Float64Array(rows * columns);
  // Its rows are Float64Arrays: whatever was put into it is a number by now.
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) data[i * columns + j] = matrix.get(i, j);
  }
  return { data, rows, columns };
}

function noNumber(
  call: string,
  where: string,
  value: unknown,
  fields: Readonly<Record<string, number>>,
): ArgumentError {
  return new ArgumentError(
    `${call}: expected numbers, got ${quote(value)} in ${where}; convert it first (null stands for a missing value)`,
    { value, ...fields },
  );
}

/** A flat row-major array as an ml-matrix `Matrix` (a copy). */
export function toMatrix(data: ArrayLike<number>, rows: number, columns: number): Matrix {
  const out = new Matrix(rows, columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out.set(i, j, data[i * columns + j]);
  return out;
}
