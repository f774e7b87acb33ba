// Monotone cubic interpolation, because a voltage curve must not overshoot between its points.

/** A function of one number, given by points; constant beyond the end points. */
export type Curve = (x: number) => number;

/**
 * Piecewise cubic Hermite interpolation that is monotone where its points are.
 *
 * @param x strictly ascending, at least three points
 * @param y one value for each x
 * @see F. N. Fritsch, J. Butland, SIAM J. Sci. Stat. Comput. 5, 300 (1984), as in SciPy's PchipInterpolator
 */
export function pchip(x: readonly number[], y: readonly number[]): Curve {
  const n = x.length;
  const width = x.slice(1).map((v, i) => v - x[i]);
  const secant = width.map((h, i) => (y[i + 1] - y[i]) / h);
  const slope = new Float64Array(n);
  for (let i = 1; i < n - 1; i++) {
    const [a, b] = [secant[i - 1], secant[i]];
    // The slope is zero at an extremum.
    if (a * b <= 0) continue;
    const w1 = 2 * width[i] + width[i - 1];
    const w2 = width[i] + 2 * width[i - 1];
    slope[i] = (w1 + w2) / (w1 / a + w2 / b);
  }
  slope[0] = endSlope(width[0], width[1], secant[0], secant[1]);
  slope[n - 1] = endSlope(width[n - 2], width[n - 3], secant[n - 2], secant[n - 3]);

  return (at) => {
    if (at <= x[0]) return y[0];
    if (at >= x[n - 1]) return y[n - 1];
    let i = 0;
    while (at > x[i + 1]) i++;
    const h = width[i];
    const t = (at - x[i]) / h;
    const u = 1 - t;
    return (
      y[i] * (1 + 2 * t) * u * u +
      y[i + 1] * t * t * (3 - 2 * t) +
      h * (slope[i] * t * u * u - slope[i + 1] * t * t * u)
    );
  };
}

/** Three-point slope at an end, limited to the monotone region. */
function endSlope(h0: number, h1: number, d0: number, d1: number): number {
  const slope = ((2 * h0 + h1) * d0 - h0 * d1) / (h0 + h1);
  if (Math.sign(slope) !== Math.sign(d0)) return 0;
  if (Math.sign(d0) !== Math.sign(d1) && Math.abs(slope) > 3 * Math.abs(d0)) return 3 * d0;
  return slope;
}
