// Small linear least squares: Householder QR, and polynomials fitted with it on a scaled axis.
// Normal equations would square the condition number; a quadratic over 500 eV already notices.
import { DataError, ShapeError } from "../errors.js";

/**
 * Least-squares solution of `A x = b` by Householder QR without pivoting.
 *
 * @param A row-major, shape [rows, columns], rows >= columns; scale the columns to similar size beforehand
 * @param b shape [rows]
 * @returns x, shape [columns]
 * @throws ShapeError when the lengths disagree or there are fewer rows than columns
 * @throws DataError when the columns are linearly dependent to rounding
 */
export function leastSquares(A: ArrayLike<number>, b: ArrayLike<number>, columns: number): Float64Array {
  const rows = b.length;
  if (A.length !== rows * columns || rows < columns) {
    throw new ShapeError(
      `leastSquares: expected ${columns} columns and at least as many rows, got ${A.length} values for ${rows} rows; add points or lower the degree`,
      { rows, columns, values: A.length },
    );
  }
  const R = Float64Array.from(A);
  const y = Float64Array.from(b);
  reflect(R, y, 1, rows, columns);
  return backSubstitute(R, y, 1, columns);
}

/**
 * The linear map from values at fixed points to the coefficients of the fitted polynomial:
 * `coefficients[d] = sum_i map[d * n + i] * y[i]`, in ascending powers of x.
 *
 * Fitted in t = (x - middle) / half range and expanded to powers of x afterwards.
 *
 * @param x shape [n], any order
 * @returns row-major, shape [degree + 1, n]
 * @throws DataError when there are fewer than degree + 1 distinct points
 */
export function polynomialMap(x: ArrayLike<number>, degree: number): Float64Array {
  const n = x.length;
  const columns = degree + 1;
  const { A, middle, half } = vandermonde(x, degree);
  const identity = new Float64Array(n * n);
  for (let i = 0; i < n; i++) identity[i * n + i] = 1;
  reflect(A, identity, n, n, columns);
  const map = backSubstitute(A, identity, n, columns);
  const column = new Float64Array(columns);
  for (let i = 0; i < n; i++) {
    for (let d = 0; d < columns; d++) column[d] = map[d * n + i];
    unscale(column, middle, half);
    for (let d = 0; d < columns; d++) map[d * n + i] = column[d];
  }
  return map;
}

/**
 * Coefficients, in ascending powers of x, of the polynomial fitted to (x, y) by least squares.
 *
 * @throws DataError when there are fewer than degree + 1 distinct points
 */
export function polynomialFit(x: ArrayLike<number>, y: ArrayLike<number>, degree: number): Float64Array {
  const { A, middle, half } = vandermonde(x, degree);
  const coefficients = leastSquares(A, y, degree + 1);
  unscale(coefficients, middle, half);
  return coefficients;
}

/** Value at x of the polynomial with coefficients in ascending powers. */
export function polynomialValue(coefficients: ArrayLike<number>, x: number): number {
  let value = 0;
  for (let d = coefficients.length - 1; d >= 0; d--) value = value * x + coefficients[d];
  return value;
}

function vandermonde(
  x: ArrayLike<number>,
  degree: number,
): { A: Float64Array; middle: number; half: number } {
  const n = x.length;
  if (n < degree + 1) {
    throw new DataError(
      `polynomial fit: expected at least ${degree + 1} points for degree ${degree}, got ${n}; lower the degree`,
      { degree, points: n },
    );
  }
  let low = x[0];
  let high = x[0];
  for (let i = 1; i < n; i++) {
    if (x[i] < low) low = x[i];
    if (x[i] > high) high = x[i];
  }
  const middle = (low + high) / 2;
  const half = (high - low) / 2 || 1;
  const A = new Float64Array(n * (degree + 1));
  for (let i = 0; i < n; i++) {
    const t = (x[i] - middle) / half;
    let power = 1;
    for (let d = 0; d <= degree; d++) {
      A[i * (degree + 1) + d] = power;
      power *= t;
    }
  }
  return { A, middle, half };
}

/** Coefficients of powers of t = (x - middle) / half become those of powers of x, in place. */
function unscale(c: Float64Array, middle: number, half: number): void {
  let scale = 1;
  for (let d = 0; d < c.length; d++) {
    c[d] *= scale;
    scale /= half;
  }
  // Powers of (x - middle) to powers of x: Horner's synthetic division (a Taylor shift).
  for (let i = 0; i < c.length - 1; i++) {
    for (let d = c.length - 2; d >= i; d--) c[d] -= middle * c[d + 1];
  }
}

/** Householder QR of A [rows, columns] in place; the same reflections on B [rows, width]. */
function reflect(A: Float64Array, B: Float64Array, width: number, rows: number, columns: number): void {
  const v = new Float64Array(rows);
  let largest = 0;
  for (let k = 0; k < columns; k++) {
    let norm = 0;
    for (let i = k; i < rows; i++) norm += A[i * columns + k] ** 2;
    norm = Math.sqrt(norm);
    largest = Math.max(largest, norm);
    if (!(norm > 1e-13 * largest)) {
      throw new DataError(
        `least squares: expected independent columns, got a singular system at column ${k}; use more distinct points or a lower degree`,
        { column: k },
      );
    }
    const head = A[k * columns + k];
    const alpha = head > 0 ? -norm : norm;
    let vv = 0;
    for (let i = k; i < rows; i++) {
      v[i] = i === k ? head - alpha : A[i * columns + k];
      vv += v[i] * v[i];
    }
    mirror(A, columns, v, vv, k, rows, k);
    mirror(B, width, v, vv, k, rows, 0);
  }
}

/** M <- (1 - 2 v v' / v'v) M for the columns from `from` on. */
function mirror(
  M: Float64Array,
  width: number,
  v: Float64Array,
  vv: number,
  k: number,
  rows: number,
  from: number,
): void {
  for (let j = from; j < width; j++) {
    let dot = 0;
    for (let i = k; i < rows; i++) dot += v[i] * M[i * width + j];
    const f = (2 * dot) / vv;
    for (let i = k; i < rows; i++) M[i * width + j] -= f * v[i];
  }
}

function backSubstitute(R: Float64Array, B: Float64Array, width: number, columns: number): Float64Array {
  const x = new Float64Array(columns * width);
  for (let k = columns - 1; k >= 0; k--) {
    for (let j = 0; j < width; j++) {
      let sum = B[k * width + j];
      for (let l = k + 1; l < columns; l++) sum -= R[k * columns + l] * x[l * width + j];
      x[k * width + j] = sum / R[k * columns + k];
    }
  }
  return x;
}
