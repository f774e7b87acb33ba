// How matrices and vectors enter the free functions: ml-matrix `Matrix` or `number[][]` in, flat typed arrays inside.
import { Matrix } from "ml-matrix";
import { quote, ShapeError } from "../errors.js";

/** A matrix on the way in. */
export type MatrixLike = Matrix | readonly ArrayLike<number>[];

/** A row-major matrix in one flat array, as the kernels use it. */
export interface Flat {
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/**
 * The matrix as one flat row-major Float64Array (a copy).
 *
 * @param call name for the error message
 * @throws ShapeError when it is no matrix, is empty, or its rows differ in length
 */
export function toFlat(matrix: MatrixLike, call: string): Flat {
  const list = Matrix.isMatrix(matrix) ? matrix.to2DArray() : matrix;
  if (!Array.isArray(list) || list.length === 0 || !(list[0]?.length > 0)) {
    throw new ShapeError(`${call}: expected a matrix (ml-matrix Matrix or number[][]), got ${quote(matrix)}`);
  }
  const rows = list.length;
  const columns = list[0].length;
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    if (list[i].length !== columns) {
      throw new ShapeError(
        `${call}: expected rows of equal length ${columns}, got ${list[i].length} in row ${i}`,
        { row: i, expected: columns, got: list[i].length },
      );
    }
    data.set(list[i], i * columns);
  }
  return { data, rows, columns };
}

/** A flat row-major array as an ml-matrix `Matrix` (a copy). */
export function toMatrix(data: ArrayLike<number>, rows: number, columns: number): Matrix {
  const out = new Matrix(rows, columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out.set(i, j, data[i * columns + j]);
  return out;
}
