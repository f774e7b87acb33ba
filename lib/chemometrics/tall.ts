// Tall data (one spectrum per pixel) are one flat array, float32 or float64, without a copy into rows.
import { type MatrixLike, toFlat } from "../compute/matrix.js";
import { quote, ShapeError } from "../errors.js";
import type { Floats } from "./products.js";

/** A row-major matrix as one flat array, which is not copied. */
export interface TallMatrix {
  /** [rows * columns] */
  readonly data: Float32Array | Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/**
 * A matrix as one flat array: a `TallMatrix` is returned itself, another matrix as a copy.
 *
 * @param call name of the caller for the error message
 * @throws ShapeError when it is not a matrix, is empty, or the array does not have rows x columns values
 */
export function tallMatrix(
  D: MatrixLike | TallMatrix,
  call: string,
): { data: Floats; rows: number; columns: number } {
  if (!isTall(D)) return toFlat(D, call, "D");
  const { data, rows, columns } = D;
  const whole = Number.isInteger(rows) && Number.isInteger(columns) && rows >= 1 && columns >= 1;
  if (whole && data.length === rows * columns) return { data, rows, columns };
  throw new ShapeError(
    `${call}: expected data of rows x columns numbers, got ${data.length} for ${quote(rows)} x ${quote(columns)}; ` +
      `give { data, rows, columns } with rows one after the other`,
    { rows, columns, got: data.length },
  );
}

function isTall(D: MatrixLike | TallMatrix): D is TallMatrix {
  const data = (D as TallMatrix | null | undefined)?.data;
  return data instanceof Float32Array || data instanceof Float64Array;
}
