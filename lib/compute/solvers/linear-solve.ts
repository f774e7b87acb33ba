// Small dense symmetric systems on flat arrays that the caller owns: nothing is allocated here.

/** A matrix with a pivot below this fraction of its diagonal entry is singular to rounding. */
export const SINGULAR_PIVOT = 1e-13;

/**
 * Cholesky factor of a symmetric positive definite matrix, in place.
 *
 * @param a row-major, shape [n, n] at the start of the array; its lower triangle becomes L with A = L L^T
 * @param n order
 * @returns false where a pivot falls below SINGULAR_PIVOT of its diagonal entry: singular to rounding; `a` is
 *   spoilt then
 */
export function choleskyFactor(a: Float64Array, n: number): boolean {
  for (let j = 0; j < n; j++) {
    const diagonal = a[j * n + j];
    let pivot = diagonal;
    for (let k = 0; k < j; k++) pivot -= a[j * n + k] * a[j * n + k];
    if (!(pivot > SINGULAR_PIVOT * diagonal)) return false;
    const root = Math.sqrt(pivot);
    a[j * n + j] = root;
    for (let i = j + 1; i < n; i++) {
      let s = a[i * n + j];
      for (let k = 0; k < j; k++) s -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = s / root;
    }
  }
  return true;
}

/**
 * Solves L L^T x = b in place, with the factor that `choleskyFactor` left.
 *
 * @param a factor, row-major, shape [n, n]
 * @param x right-hand side on the way in, solution on the way out, length n
 */
export function choleskySolve(a: Float64Array, n: number, x: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let s = x[i];
    for (let k = 0; k < i; k++) s -= a[i * n + k] * x[k];
    x[i] = s / a[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    let s = x[i];
    for (let k = i + 1; k < n; k++) s -= a[k * n + i] * x[k];
    x[i] = s / a[i * n + i];
  }
}
