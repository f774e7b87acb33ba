// Gram matrices of a data matrix: products of all pairs of its rows, or of its columns.
import { kernels } from "../../compute/wasm.js";
import { lowerColumnGram, WORTH_IT } from "../../compute/wasm-products.js";
import { type Floats, multiplyTransposed } from "../products.js";

/** D D^T, shape [rows, rows]. */
export function rowGram(D: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * rows);
  multiplyTransposed(D, rows, D, rows, columns, out);
  return out;
}

/** D^T D, shape [columns, columns]; with the compiled kernel if it is available and faster. */
export function columnGram(D: Floats, rows: number, columns: number): Float64Array {
  const out = new Float64Array(columns * columns);
  const fast = rows * columns * columns >= WORTH_IT ? kernels() : null;
  if (fast) lowerColumnGram(fast, D, rows, columns, out);
  else plainLowerColumnGram(D, rows, columns, out);
  for (let k = 0; k < columns; k++) for (let l = 0; l < k; l++) out[l * columns + k] = out[k * columns + l];
  return out;
}

/** Adds the lower triangle of D^T D to `out`: the reference for the compiled kernel. */
export function plainLowerColumnGram(D: Floats, rows: number, columns: number, out: Float64Array): void {
  for (let from = 0; from < rows * columns; from += columns) {
    for (let k = 0; k < columns; k++) {
      const d = D[from + k];
      const row = k * columns;
      for (let l = 0; l <= k; l++) out[row + l] += d * D[from + l];
    }
  }
}
