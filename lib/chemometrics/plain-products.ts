// Products of tall data with a few vectors in plain loops: reference for the compiled kernels
// (lib/compute/wasm-products.ts), and their fallback. products.ts documents the functions and selects between
// the two.
import type { Floats } from "../compute/wasm-products.js";

export type { Floats };

/** Dot product of `length` values from two offsets, summed in float64 with four running sums. */
export function dot(a: Floats, aOffset: number, b: Floats, bOffset: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = 0;
  for (; k + 3 < length; k += 4) {
    s0 += a[aOffset + k] * b[bOffset + k];
    s1 += a[aOffset + k + 1] * b[bOffset + k + 1];
    s2 += a[aOffset + k + 2] * b[bOffset + k + 2];
    s3 += a[aOffset + k + 3] * b[bOffset + k + 3];
  }
  for (; k < length; k++) s0 += a[aOffset + k] * b[bOffset + k];
  return s0 + s1 + (s2 + s3);
}

/**
 * Writes dot products of one row of A, from `aOffset`, with each of the n rows of B [n, length] to `out` from
 * `outOffset`.
 */
export function rowProducts(
  A: Floats,
  aOffset: number,
  B: Float64Array,
  n: number,
  length: number,
  out: Float64Array,
  outOffset: number,
): void {
  let j = 0;
  // Three at a time, so that each value of A is read once for three products.
  for (; j + 2 < n; j += 3) {
    const b0 = j * length;
    const b1 = b0 + length;
    const b2 = b1 + length;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let t0 = 0;
    let t1 = 0;
    let t2 = 0;
    let k = 0;
    for (; k + 1 < length; k += 2) {
      const a = A[aOffset + k];
      const c = A[aOffset + k + 1];
      s0 += a * B[b0 + k];
      s1 += a * B[b1 + k];
      s2 += a * B[b2 + k];
      t0 += c * B[b0 + k + 1];
      t1 += c * B[b1 + k + 1];
      t2 += c * B[b2 + k + 1];
    }
    if (k < length) {
      const a = A[aOffset + k];
      s0 += a * B[b0 + k];
      s1 += a * B[b1 + k];
      s2 += a * B[b2 + k];
    }
    out[outOffset + j] = s0 + t0;
    out[outOffset + j + 1] = s1 + t1;
    out[outOffset + j + 2] = s2 + t2;
  }
  for (; j < n; j++) out[outOffset + j] = dot(A, aOffset, B, j * length, length);
}

/** out = A B^T. */
export function multiplyTransposed(
  A: Floats,
  rows: number,
  B: Float64Array,
  n: number,
  length: number,
  out: Float64Array,
): void {
  for (let i = 0; i < rows; i++) rowProducts(A, i * length, B, n, length, out, i * n);
}

/** out = A^T B. */
export function transposedMultiply(
  A: Floats,
  n: number,
  B: Floats,
  columns: number,
  rows: number,
  out: Float64Array,
): void {
  out.fill(0, 0, n * columns);
  let i = 0;
  // Four rows at a time, which is twice as fast: each sum is read and written once for four products.
  for (; i + 3 < rows; i += 4) {
    const b0 = i * columns;
    const b1 = b0 + columns;
    const b2 = b1 + columns;
    const b3 = b2 + columns;
    for (let j = 0; j < n; j++) {
      const a0 = A[i * n + j];
      const a1 = A[(i + 1) * n + j];
      const a2 = A[(i + 2) * n + j];
      const a3 = A[(i + 3) * n + j];
      const to = j * columns;
      for (let k = 0; k < columns; k++) {
        out[to + k] += a0 * B[b0 + k] + a1 * B[b1 + k] + (a2 * B[b2 + k] + a3 * B[b3 + k]);
      }
    }
  }
  for (; i < rows; i++) {
    for (let j = 0; j < n; j++) {
      const a = A[i * n + j];
      const to = j * columns;
      for (let k = 0; k < columns; k++) out[to + k] += a * B[i * columns + k];
    }
  }
}

/** out = T^T D with T = D V^T - shift; `sum` receives the sums of the columns of T. */
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
  const T = new Float64Array(rows * n);
  multiplyTransposed(D, rows, V, n, columns, T);
  sum.fill(0, 0, n);
  for (let at = 0; at < rows * n; at++) {
    T[at] -= shift[at % n];
    sum[at % n] += T[at];
  }
  transposedMultiply(T, n, D, columns, rows, out);
}

/** Sum over all entries of (D - C S)^2. */
export function residualSumOfSquares(
  D: Floats,
  C: Floats,
  S: Floats,
  rows: number,
  n: number,
  columns: number,
): number {
  let total = 0;
  for (let i = 0; i < rows; i++) total += residualOfRow(D, i * columns, C, i * n, S, n, columns);
  return total;
}

/** Sum over one row of (d - c S)^2. */
export function residualOfRow(
  D: Floats,
  dOffset: number,
  C: Floats,
  cOffset: number,
  S: Floats,
  n: number,
  columns: number,
): number {
  let total = 0;
  if (n === 3) {
    // The common case, with the concentrations in registers: twice as fast. Products below WORTH_IT use these
    // loops.
    const c0 = C[cOffset];
    const c1 = C[cOffset + 1];
    const c2 = C[cOffset + 2];
    const second = 2 * columns;
    for (let k = 0; k < columns; k++) {
      const e = D[dOffset + k] - c0 * S[k] - c1 * S[columns + k] - c2 * S[second + k];
      total += e * e;
    }
    return total;
  }
  for (let k = 0; k < columns; k++) {
    let e = D[dOffset + k];
    for (let j = 0; j < n; j++) e -= C[cOffset + j] * S[j * columns + k];
    total += e * e;
  }
  return total;
}

/** Mean over the rows, length `columns`. */
export function meanRow(D: Floats, rows: number, columns: number): Float64Array {
  const mean = new Float64Array(columns);
  for (let i = 0; i < rows; i++) for (let k = 0; k < columns; k++) mean[k] += D[i * columns + k];
  for (let k = 0; k < columns; k++) mean[k] /= rows;
  return mean;
}
