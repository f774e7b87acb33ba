// Checks of the matrices that functions of chemometrics are given.
import { type Flat, type MatrixLike, toFlat } from "../compute/matrix.js";
import { ArgumentError, DataError, quote } from "../errors.js";

/**
 * The matrix as a flat array, after a check that all numbers are finite.
 *
 * @param call name of the caller for the error message
 * @param name letter of the matrix
 * @throws ShapeError when it is not a matrix; DataError with row and column of the first number that is not
 *   finite
 */
export function finiteMatrix(matrix: MatrixLike, call: string, name: string): Flat {
  const flat = toFlat(matrix, call, name);
  for (let i = 0; i < flat.data.length; i++) {
    if (Number.isFinite(flat.data[i])) continue;
    const row = Math.floor(i / flat.columns);
    const column = i % flat.columns;
    throw new DataError(
      `${call}: expected finite numbers in ${name}, got ${flat.data[i]} in row ${row}, column ${column}; ` +
        `leave out the rows or columns without a value first`,
      { row, column, value: flat.data[i] },
    );
  }
  return flat;
}

/** Sizes whose squares, and products of two squares, neither overflow nor underflow in float64. */
const LEAST_SIZE = 1e-70;
const MOST_SIZE = 1e70;

/**
 * @param size a length or largest number; 0 is allowed
 * @throws DataError where squares of such numbers would overflow or underflow
 */
export function refuseUnusualSize(size: number, call: string, name: string): void {
  if (size === 0 || (size > LEAST_SIZE && size < MOST_SIZE)) return;
  throw new DataError(
    `${call}: expected ${name} of a usual size, got numbers of the order of ${size.toPrecision(1)}; scale it`,
    { size },
  );
}

/** The largest absolute value. */
export function largestOf(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}

/**
 * A whole number from 1 to `most`.
 *
 * @throws ArgumentError otherwise
 */
export function wholeNumber(
  value: unknown,
  most: number,
  call: string,
  option: string,
  remedy: string,
): number {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most) return value as number;
  throw new ArgumentError(
    `${call}: expected ${option} to be a whole number from 1 to ${most}, got ${quote(value)}; ${remedy}`,
    { option, value },
  );
}

/** @throws ArgumentError for a multiset where a single matrix is needed */
export function refuseBlocks(D: unknown, call: string): void {
  if (typeof D !== "object" || D === null || !("blocks" in D)) return;
  throw new ArgumentError(
    `${call}: expected one matrix, got blocks; give each block separately, with the common spectra as fixed.S ` +
      "to keep them",
  );
}
