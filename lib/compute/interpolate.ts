// Interpolation of one tabulated function on a non-uniform axis.
import { ArgumentError, quote, ShapeError } from "../errors.js";

/**
 * Natural cubic spline through (x, y): twice continuously differentiable, straight beyond its ends.
 *
 * Coefficients are open to kernels that walk along the axis: in interval i, with t = q - x[i],
 * the value is c[4i] + t (c[4i+1] + t (c[4i+2] + t c[4i+3])).
 */
export class CubicSpline {
  readonly x: Float64Array;
  /** Four coefficients for each interval, shape [n - 1, 4]. */
  readonly c: Float64Array;

  /**
   * @param x strictly ascending, at least 2
   * @param y shape of x
   * @throws ShapeError when the lengths disagree or there are fewer than 2 points
   * @throws ArgumentError when x is not strictly ascending
   */
  constructor(x: ArrayLike<number>, y: ArrayLike<number>) {
    const n = x.length;
    if (n < 2 || y.length !== n) {
      throw new ShapeError(
        `CubicSpline: expected x and y of one length, at least 2, got ${n} and ${y.length}; give one y for each x`,
        { x: n, y: y.length },
      );
    }
    for (let i = 1; i < n; i++) {
      if (x[i] > x[i - 1]) continue;
      throw new ArgumentError(
        `CubicSpline: expected strictly ascending x, got ${quote(x[i])} after ${quote(x[i - 1])}; sort the points and drop duplicates`,
        { index: i },
      );
    }
    this.x = Float64Array.from(x);
    const m = secondDerivatives(this.x, y);
    this.c = new Float64Array(4 * (n - 1));
    for (let i = 0; i < n - 1; i++) {
      const h = x[i + 1] - x[i];
      this.c[4 * i] = y[i];
      this.c[4 * i + 1] = (y[i + 1] - y[i]) / h - (h / 6) * (2 * m[i] + m[i + 1]);
      this.c[4 * i + 2] = m[i] / 2;
      this.c[4 * i + 3] = (m[i + 1] - m[i]) / (6 * h);
    }
  }

  /** Value at q. */
  value(q: number): number {
    return this.evaluate(q, false);
  }

  /** First derivative at q. */
  derivative(q: number): number {
    return this.evaluate(q, true);
  }

  private evaluate(q: number, derivative: boolean): number {
    const { x, c } = this;
    const i = intervalOf(x, q);
    const k = 4 * i;
    const width = x[i + 1] - x[i];
    // Beyond the ends the curvature is zero: the tangent of the end goes on.
    const t = Math.min(Math.max(q - x[i], 0), width);
    const slope = c[k + 1] + t * (2 * c[k + 2] + 3 * t * c[k + 3]);
    if (derivative) return slope;
    return c[k] + t * (c[k + 1] + t * (c[k + 2] + t * c[k + 3])) + (q - x[i] - t) * slope;
  }
}

/** Index of the interval of an ascending axis that holds q; the first or the last one for a q outside. */
export function intervalOf(x: Float64Array, q: number): number {
  let low = 0;
  let high = x.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (x[middle] <= q) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Second derivatives at the nodes of the natural spline: a tridiagonal system, solved by Thomas's algorithm.
 */
function secondDerivatives(x: Float64Array, y: ArrayLike<number>): Float64Array {
  const n = x.length;
  const m = new Float64Array(n);
  const upper = new Float64Array(n);
  for (let i = 1; i < n - 1; i++) {
    const left = x[i] - x[i - 1];
    const right = x[i + 1] - x[i];
    const pivot = 2 * (left + right) - left * upper[i - 1];
    upper[i] = right / pivot;
    m[i] = (6 * ((y[i + 1] - y[i]) / right - (y[i] - y[i - 1]) / left) - left * m[i - 1]) / pivot;
  }
  for (let i = n - 2; i > 0; i--) m[i] -= upper[i] * m[i + 1];
  return m;
}
