// Correlation of the noise of points, and the whitening transform.

/** Transforms values at the points in place so that their noise is independent and uniform. */
export interface Noise {
  whiten(values: Float64Array): void;
  /** Logarithm of the determinant of the correlation along the dose, which whitening adds to -2 ln L. */
  readonly logDeterminant: number;
}

/** Either square roots of weights, or the lower Cholesky factor of a covariance, row-major. */
export type Spread = { readonly root: Float64Array } | { readonly factor: Float64Array };

/**
 * Noise with a known covariance and an additional correlation of neighbors along the dose, rho^k at a
 * distance of k points.
 *
 * @param rho 0 up to below 1
 */
export function noiseOf(spread: Spread, rho: number): Noise {
  const whitenSpread = "root" in spread ? scaled(spread.root) : solved(spread.factor);
  const n = "root" in spread ? spread.root.length : Math.round(Math.sqrt(spread.factor.length));
  const scale = 1 / Math.sqrt(1 - rho * rho);
  return {
    whiten(values) {
      whitenSpread(values);
      if (rho === 0) return;
      let last = values[0];
      for (let i = 1; i < n; i++) {
        const own = values[i];
        values[i] = (own - rho * last) * scale;
        last = own;
      }
    },
    logDeterminant: (n - 1) * Math.log1p(-rho * rho),
  };
}

function scaled(root: Float64Array): (values: Float64Array) => void {
  return (values) => {
    for (let i = 0; i < values.length; i++) values[i] *= root[i];
  };
}

function solved(factor: Float64Array): (values: Float64Array) => void {
  return (values) => {
    const n = values.length;
    for (let i = 0; i < n; i++) {
      let v = values[i];
      for (let j = 0, at = i * n; j < i; j++, at++) v -= factor[at] * values[j];
      values[i] = v / factor[i * n + i];
    }
  };
}
