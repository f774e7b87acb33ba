// Products of tall data with a few vectors through the compiled kernels. Each function has the signature of
// its plain reference (lib/chemometrics/plain-products.ts, gram.ts) behind the kernels, and agrees with it to
// rounding: sums run in another order. Data pass through the kernels' memory block by block, so that a block
// is read from main memory once.
import { type Kernels, rowsOfBlock } from "./wasm.js";

/** Numbers in the two precisions that spectra are kept in. */
export type Floats = Float64Array | Float32Array;

/** Fewer multiplications than this are not worth the way to the kernels and back. */
export const WORTH_IT = 20_000;

/** out [rows, n] = A B^T with A [rows, length], B [n, length]. */
export function multiplyTransposed(
  kernels: Kernels,
  A: Floats,
  rows: number,
  B: Float64Array,
  n: number,
  length: number,
  out: Float64Array,
): void {
  const block = rowsOfBlock(length * A.BYTES_PER_ELEMENT, rows);
  const [b, a, c, spare] = kernels.place(
    8 * n * length,
    block * length * A.BYTES_PER_ELEMENT,
    8 * block * n,
    40,
  );
  kernels.put(b, B, 0, n * length);
  const run = A instanceof Float32Array ? kernels.run.rowProducts32 : kernels.run.rowProducts64;
  for (let first = 0; first < rows; first += block) {
    const count = Math.min(block, rows - first);
    kernels.put(a, A, first * length, (first + count) * length);
    const products = kernels.f64(c, count * n).fill(0);
    run(a, count, b, n, length, c, spare);
    out.set(products, first * n);
  }
}

/** out [n, columns] = A^T B with A [rows, n], B [rows, columns]. */
export function transposedMultiply(
  kernels: Kernels,
  A: Floats,
  n: number,
  B: Floats,
  columns: number,
  rows: number,
  out: Float64Array,
): void {
  const block = rowsOfBlock(columns * B.BYTES_PER_ELEMENT, rows);
  const [c, a, b] = kernels.place(8 * n * columns, 8 * block * n, block * columns * B.BYTES_PER_ELEMENT);
  const run = B instanceof Float32Array ? kernels.run.columnProducts32 : kernels.run.columnProducts64;
  const sums = kernels.f64(c, n * columns).fill(0);
  for (let first = 0; first < rows; first += block) {
    const count = Math.min(block, rows - first);
    kernels.f64(a, count * n).set(A.subarray(first * n, (first + count) * n));
    kernels.put(b, B, first * columns, (first + count) * columns);
    run(a, n, b, columns, count, c);
  }
  out.set(sums);
}

/**
 * T = D V^T less `shift` in each row, summed to `sum`; out [n, columns] = T^T D. Each block of D is read once
 * for both.
 */
export function projectedProducts(
  kernels: Kernels,
  D: Floats,
  rows: number,
  columns: number,
  V: Float64Array,
  n: number,
  shift: Float64Array,
  out: Float64Array,
  sum: Float64Array,
): void {
  const block = rowsOfBlock(columns * D.BYTES_PER_ELEMENT, rows);
  const [v, c, d, t, spare] = kernels.place(
    8 * n * columns,
    8 * n * columns,
    block * columns * D.BYTES_PER_ELEMENT,
    8 * block * n,
    40,
  );
  kernels.put(v, V, 0, n * columns);
  const single = D instanceof Float32Array;
  const project = single ? kernels.run.rowProducts32 : kernels.run.rowProducts64;
  const multiply = single ? kernels.run.columnProducts32 : kernels.run.columnProducts64;
  const products = kernels.f64(c, n * columns).fill(0);
  const T = kernels.f64(t, block * n);
  sum.fill(0, 0, n);
  for (let first = 0; first < rows; first += block) {
    const count = Math.min(block, rows - first);
    kernels.put(d, D, first * columns, (first + count) * columns);
    T.fill(0);
    project(d, count, v, n, columns, t, spare);
    for (let at = 0; at < count * n; at++) {
      T[at] -= shift[at % n];
      sum[at % n] += T[at];
    }
    multiply(t, n, d, columns, count, c);
  }
  out.set(products);
}

/** Sum over all entries of D^2. */
export function sumOfSquares(kernels: Kernels, D: Floats, rows: number, columns: number): number {
  const block = rowsOfBlock(columns * D.BYTES_PER_ELEMENT, rows);
  const [d, p] = kernels.place(block * columns * D.BYTES_PER_ELEMENT, 8 * block);
  const run = D instanceof Float32Array ? kernels.run.powers32 : kernels.run.powers64;
  let total = 0;
  for (let first = 0; first < rows; first += block) {
    const count = Math.min(block, rows - first);
    kernels.put(d, D, first * columns, (first + count) * columns);
    run(d, count, columns, p);
    for (const power of kernels.f64(p, count)) total += power;
  }
  return total;
}

/** Sum over all entries of (D - C S)^2, with C [rows, n], S [n, columns]. */
export function residualSumOfSquares(
  kernels: Kernels,
  D: Floats,
  C: Floats,
  S: Floats,
  rows: number,
  n: number,
  columns: number,
): number {
  const block = rowsOfBlock(columns * D.BYTES_PER_ELEMENT, rows);
  const [s, c, d, r] = kernels.place(
    8 * n * columns,
    8 * block * n,
    block * columns * D.BYTES_PER_ELEMENT,
    8 * block,
  );
  kernels.f64(s, n * columns).set(S.subarray(0, n * columns));
  const run = D instanceof Float32Array ? kernels.run.residuals32 : kernels.run.residuals64;
  let total = 0;
  for (let first = 0; first < rows; first += block) {
    const count = Math.min(block, rows - first);
    kernels.put(d, D, first * columns, (first + count) * columns);
    kernels.f64(c, count * n).set(C.subarray(first * n, (first + count) * n));
    run(d, c, s, count, n, columns, r);
    for (const residual of kernels.f64(r, count)) total += residual;
  }
  return total;
}

/** Rows that are transposed at a time, so that the transposed block stays in the cache. */
const BLOCK_ROWS = 64;

/** D^T D, shape [columns, columns]: its lower triangle, to `out`; what is above is not to be used. */
export function lowerColumnGram(
  kernels: Kernels,
  D: Floats,
  rows: number,
  columns: number,
  out: Float64Array,
): void {
  const [g, t, d, spare] = kernels.place(
    8 * columns * columns + 8,
    8 * BLOCK_ROWS * columns,
    BLOCK_ROWS * columns * D.BYTES_PER_ELEMENT,
    40,
  );
  const run = D instanceof Float32Array ? kernels.run.gram32 : kernels.run.gram64;
  const sums = kernels.f64(g, columns * columns).fill(0);
  for (let first = 0; first < rows; first += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, rows - first);
    kernels.put(d, D, first * columns, (first + count) * columns);
    run(d, count, columns, t, BLOCK_ROWS, g, spare);
  }
  out.set(sums);
}
