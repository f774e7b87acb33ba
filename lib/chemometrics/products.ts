// Matrix products on flat row-major arrays, into buffers of the caller. Large products use the compiled
// kernels if they are available, others the plain loops. Both sum in float64, in different orders, and agree
// to rounding.
import { kernels } from "../compute/wasm.js";
import * as compiled from "../compute/wasm-products.js";
import type { Floats } from "./plain-products.js";
import * as plain from "./plain-products.js";

export { dot, type Floats, meanRow, residualOfRow, rowProducts } from "./plain-products.js";

/** out = A B^T with A [rows, length], B [n, length], out [rows, n]: dot products of rows. */
export function multiplyTransposed(
  A: Floats,
  rows: number,
  B: Float64Array,
  n: number,
  length: number,
  out: Float64Array,
): void {
  const fast = rows * n * length >= compiled.WORTH_IT ? kernels() : null;
  if (fast) compiled.multiplyTransposed(fast, A, rows, B, n, length, out);
  else plain.multiplyTransposed(A, rows, B, n, length, out);
}

/**
 * out = A^T B with A [rows, n], B [rows, columns], out [n, columns]: rows of B summed with weights from A.
 */
export function transposedMultiply(
  A: Floats,
  n: number,
  B: Floats,
  columns: number,
  rows: number,
  out: Float64Array,
): void {
  const fast = rows * n * columns >= compiled.WORTH_IT ? kernels() : null;
  if (fast) compiled.transposedMultiply(fast, A, n, B, columns, rows, out);
  else plain.transposedMultiply(A, n, B, columns, rows, out);
}

/**
 * One power iteration in one pass over D: T = D V^T - shift, then out [n, columns] = T^T D.
 *
 * @param V shape [n, columns]
 * @param sum receives the sums of the columns of T, length n
 */
export function projectedProducts(
  D: Floats,
  rows: number,
  columns: number,
  V: Float64Array,
  n: number,
  shift: Float64Array,
  out: Float64Array,
  sum: Float64Array,
): void {
  const fast = rows * n * columns >= compiled.WORTH_IT ? kernels() : null;
  if (fast) compiled.projectedProducts(fast, D, rows, columns, V, n, shift, out, sum);
  else plain.projectedProducts(D, rows, columns, V, n, shift, out, sum);
}

/** Sum over all entries of D^2; not finite where an entry is not. */
export function sumOfSquares(D: Floats, rows: number, columns: number): number {
  const fast = rows * columns >= compiled.WORTH_IT ? kernels() : null;
  return fast ? compiled.sumOfSquares(fast, D, rows, columns) : plain.dot(D, 0, D, 0, rows * columns);
}

/** Sum over all entries of (D - C S)^2, computed entry by entry: accurate even if the residual is tiny. */
export function residualSumOfSquares(
  D: Floats,
  C: Floats,
  S: Floats,
  rows: number,
  n: number,
  columns: number,
): number {
  const fast = rows * n * columns >= compiled.WORTH_IT ? kernels() : null;
  if (fast) return compiled.residualSumOfSquares(fast, D, C, S, rows, n, columns);
  return plain.residualSumOfSquares(D, C, S, rows, n, columns);
}
