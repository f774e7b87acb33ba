// Eigenvalues alone of a symmetric matrix: several times cheaper than with the vectors.

/**
 * Eigenvalues of a symmetric matrix, falling, length n: reduction to tridiagonal form by Householder
 * reflections, then the implicit QL method.
 *
 * @param a row-major, shape [n, n]; symmetric; it is not changed
 * @see G. H. Golub, C. F. Van Loan, Matrix Computations, sections 8.3.1 and 8.3.3
 */
export function symmetricEigenvalues(a: Float64Array, n: number): Float64Array {
  const diagonal = new Float64Array(n);
  const off = new Float64Array(n);
  tridiagonalize(a.slice(0, n * n), n, diagonal, off);
  implicitQl(diagonal, off, n);
  return diagonal.sort().reverse();
}

/** `off[i]` couples i and i + 1; `a` is spoilt. */
function tridiagonalize(a: Float64Array, n: number, diagonal: Float64Array, off: Float64Array): void {
  const v = new Float64Array(n);
  const p = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    let norm = 0;
    for (let i = k + 1; i < n; i++) norm += a[i * n + k] ** 2;
    norm = Math.sqrt(norm);
    diagonal[k] = a[k * n + k];
    if (norm === 0) {
      off[k] = 0;
      continue;
    }
    const alpha = a[(k + 1) * n + k] > 0 ? -norm : norm;
    for (let i = k + 1; i < n; i++) v[i] = a[i * n + k];
    v[k + 1] -= alpha;
    let power = 0;
    for (let i = k + 1; i < n; i++) power += v[i] * v[i];
    off[k] = alpha;
    // What is left becomes H A H = A - v w^T - w v^T with w from p = A v; rows only, they are contiguous.
    const beta = 2 / power;
    let overlap = 0;
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += a[i * n + j] * v[j];
      p[i] = beta * sum;
      overlap += p[i] * v[i];
    }
    const half = (beta / 2) * overlap;
    for (let i = k + 1; i < n; i++) p[i] -= half * v[i];
    for (let i = k + 1; i < n; i++) {
      const vi = v[i];
      const pi = p[i];
      for (let j = k + 1; j < n; j++) a[i * n + j] -= vi * p[j] + pi * v[j];
    }
  }
  if (n > 1) {
    diagonal[n - 2] = a[(n - 2) * n + n - 2];
    off[n - 2] = a[(n - 1) * n + n - 2];
  }
  if (n > 0) diagonal[n - 1] = a[n * n - 1];
}

function implicitQl(d: Float64Array, e: Float64Array, n: number): void {
  for (let l = 0; l < n; l++) {
    for (let round = 0; round < 60; round++) {
      let m = l;
      while (m < n - 1 && Math.abs(e[m]) > Number.EPSILON * (Math.abs(d[m]) + Math.abs(d[m + 1]))) m++;
      if (m === l) break;
      let g = (d[l + 1] - d[l]) / (2 * e[l]);
      let r = Math.hypot(g, 1);
      g = d[m] - d[l] + e[l] / (g + (g >= 0 ? r : -r));
      let s = 1;
      let c = 1;
      let shift = 0;
      let i = m - 1;
      for (; i >= l; i--) {
        const f = s * e[i];
        const b = c * e[i];
        r = Math.hypot(f, g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1] -= shift;
          e[m] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - shift;
        r = (d[i] - g) * s + 2 * c * b;
        shift = s * r;
        d[i + 1] = g + shift;
        g = c * r - b;
      }
      if (r === 0 && i >= l) continue;
      d[l] -= shift;
      e[l] = g;
      e[m] = 0;
    }
  }
}
