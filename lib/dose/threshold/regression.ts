// Least squares for curves. Level and coefficients are linear (variable projection), so only positions and
// widths are searched.
import type { Random } from "../../compute/random.js";
import type { Curve } from "./curves.js";
import type { Noise } from "./noise.js";

/** A curve with its best parameters. */
export interface CurveFit {
  readonly outer: number;
  readonly inner: number;
  readonly rss: number;
}

/**
 * Regression of a response on a curve at doses from 0 to 1, after whitening.
 *
 * @see G. H. Golub, V. Pereyra, SIAM Journal on Numerical Analysis 10 (1973) 413
 */
export class Regression {
  /** Orthonormal columns of the baseline: a level, or a line. */
  readonly #base: Float64Array[] = [];
  /** The response without the baseline, whitened. */
  readonly left: Float64Array;
  readonly #columns: Float64Array[];
  readonly #residual: Float64Array;
  /** ln(1' V^-1 1): the precision of the level, up to a constant. */
  readonly logPrecision: number;

  constructor(
    readonly u: Float64Array,
    readonly y: Float64Array,
    readonly noise: Noise,
    readonly before: "level" | "slope" = "level",
  ) {
    const n = u.length;
    this.#columns = Array.from({ length: MOST_COLUMNS }, () => new Float64Array(n));
    this.#residual = new Float64Array(n);
    const left = y.slice();
    noise.whiten(left);
    const ones = new Float64Array(n).fill(1);
    const slope = u.slice();
    for (const column of [ones, slope]) noise.whiten(column);
    this.logPrecision = Math.log(dot(ones, ones));
    for (const column of before === "level" ? [ones] : [ones, slope]) this.#append(column);
    for (const q of this.#base) subtract(left, q, dot(left, q));
    // The projection is repeated, because the level may be large compared with the residuals.
    for (const q of this.#base) subtract(left, q, dot(left, q));
    this.left = left;
  }

  /** Weighted residual sum of squares of a curve. */
  rss(curve: Curve, outer: number, inner: number): number {
    const residual = this.#residual;
    residual.set(this.left);
    for (let c = 0; c < curve.columns; c++) {
      const column = this.#columns[c];
      for (let i = 0; i < column.length; i++) column[i] = curve.at(this.u[i], c, outer, inner);
      this.noise.whiten(column);
      const whole = dot(column, column);
      for (const q of this.#base) subtract(column, q, dot(column, q));
      for (let k = 0; k < c; k++) subtract(column, this.#columns[k], dot(column, this.#columns[k]));
      const size = dot(column, column);
      // A column that is almost a combination of the others contains rounding errors only.
      const scale = size > 1e-12 * whole ? 1 / Math.sqrt(size) : 0;
      for (let i = 0; i < column.length; i++) column[i] *= scale;
      if (scale > 0) subtract(residual, column, dot(residual, column));
    }
    return dot(residual, residual);
  }

  /** Orthonormal columns of a curve, whitened and without the baseline, for replicates. */
  directions(curve: Curve, outer: number, inner: number): Float64Array[] {
    this.rss(curve, outer, inner);
    return this.#columns.slice(0, curve.columns).map((column) => column.slice());
  }

  /** Whitens a response and removes the baseline, in place. */
  project(values: Float64Array): void {
    for (const q of this.#base) subtract(values, q, dot(values, q));
  }

  /** Level, slope of the baseline, and coefficients of the columns. */
  factors(curve: Curve, outer: number, inner: number): Float64Array {
    return this.#solve(curve, outer, inner).factors;
  }

  /** The same, drawn from Student's t distribution given the data, with the given degrees of freedom. */
  drawFactors(curve: Curve, outer: number, inner: number, freedom: number, draw: Random): Float64Array {
    const { factors, r, rss } = this.#solve(curve, outer, inner);
    const k = factors.length;
    let squares = 0;
    for (let i = 0; i < freedom; i++) squares += draw.normal() ** 2;
    const sigma = Math.sqrt(rss / squares);
    const z = Float64Array.from({ length: k }, () => sigma * draw.normal());
    for (let j = k - 1; j >= 0; j--) {
      if (r[j * k + j] === 0) {
        z[j] = 0;
        continue;
      }
      for (let i = j + 1; i < k; i++) z[j] -= r[j * k + i] * z[i];
      z[j] /= r[j * k + j];
    }
    return factors.map((v, j) => v + z[j]);
  }

  #solve(curve: Curve, outer: number, inner: number) {
    const n = this.u.length;
    const plain = [new Float64Array(n).fill(1)];
    if (this.before === "slope") plain.push(this.u.slice());
    for (let c = 0; c < curve.columns; c++) plain.push(this.u.map((u) => curve.at(u, c, outer, inner)));
    const columns = plain.map((column) => {
      const own = column.slice();
      this.noise.whiten(own);
      return own;
    });
    const response = this.y.slice();
    this.noise.whiten(response);
    return leastSquares(columns, response);
  }

  #append(column: Float64Array): void {
    for (const q of this.#base) subtract(column, q, dot(column, q));
    const size = Math.sqrt(dot(column, column));
    if (size > 0) this.#base.push(column.map((v) => v / size));
  }
}

/** Number of columns of the largest curve. */
const MOST_COLUMNS = 6;

/**
 * Coefficients with the least residual, by Gram-Schmidt orthogonalization; 0 for a column that depends on the
 * others.
 */
function leastSquares(columns: readonly Float64Array[], response: Float64Array) {
  const k = columns.length;
  const q = columns.map((column) => column.slice());
  const r = new Float64Array(k * k);
  const rest = response.slice();
  const along = new Float64Array(k);
  for (let j = 0; j < k; j++) {
    const whole = dot(q[j], q[j]);
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < j; i++) {
        const part = dot(q[j], q[i]);
        r[i * k + j] += part;
        subtract(q[j], q[i], part);
      }
    }
    const size = Math.sqrt(dot(q[j], q[j]));
    if (!(size * size > 1e-14 * whole)) {
      q[j].fill(0);
      continue;
    }
    r[j * k + j] = size;
    for (let i = 0; i < q[j].length; i++) q[j][i] /= size;
    along[j] = dot(rest, q[j]);
    subtract(rest, q[j], along[j]);
  }
  const factors = new Float64Array(k);
  for (let j = k - 1; j >= 0; j--) {
    if (r[j * k + j] === 0) continue;
    let v = along[j];
    for (let i = j + 1; i < k; i++) v -= r[j * k + i] * factors[i];
    factors[j] = v / r[j * k + j];
  }
  return { factors, r, rss: dot(rest, rest) };
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function subtract(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] -= factor * b[i];
}
