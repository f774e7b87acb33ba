// f in response = f(equivalent dose): linear between knots, monotone or free. It is fitted from five sums per
// interval, so that folds are left out without a second pass.
import { choleskyFactor, choleskySolve } from "../../compute/solvers/linear-solve.js";
import { GramLeastSquares } from "../../compute/solvers/nnls.js";

/** Shape of f: monotone in either direction, or free. */
export type Shape = "monotone" | "free";

/** Sums per interval: n, sum t, sum t^2, sum y, sum t y, with t from 0 to 1 in the interval. */
const SUMS = 5;

/**
 * Knots: the mean of quantiles and equal steps, which resolves both frequent and rare doses.
 *
 * @param u equivalent doses
 * @returns ascending, [count + 1]
 */
export function knotsFor(u: Float64Array, count: number): Float64Array {
  let [low, high] = [u[0], u[0]];
  for (const v of u) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  // Quantiles from a histogram: sorting would take most of the time, as this runs for every combination.
  const counts = new Int32Array(BINS);
  const scale = high > low ? (BINS - 1e-6) / (high - low) : 0;
  for (const v of u) counts[Math.floor((v - low) * scale)]++;
  const knots = new Float64Array(count + 1);
  let [bin, below] = [0, 0];
  for (let k = 0; k <= count; k++) {
    const wanted = (k / count) * u.length;
    while (bin < BINS && below + counts[bin] < wanted) below += counts[bin++];
    const inside = bin < BINS && counts[bin] > 0 ? (wanted - below) / counts[bin] : 0;
    const shared = low + ((bin + inside) / BINS) * (high - low);
    knots[k] = (Math.min(shared, high) + low + (k / count) * (high - low)) / 2;
  }
  return knots;
}

const BINS = 1024;

/** Collects sums per fold, and solves for f. */
export class CurveFit {
  readonly #solver: GramLeastSquares;
  readonly #gram: Float64Array;
  readonly #rhs: Float64Array;
  readonly #mean: Float64Array;
  readonly #steps: Float64Array;

  constructor(
    readonly count: number,
    readonly shape: Shape,
  ) {
    this.#solver = new GramLeastSquares(count, { nonNegative: true, closure: false });
    this.#gram = new Float64Array(count * count);
    this.#rhs = new Float64Array(count);
    this.#mean = new Float64Array(count);
    this.#steps = new Float64Array(count);
  }

  /**
   * Adds pixels to the sums of their folds.
   *
   * @param sums shape [nFolds, count, 5], initially zero
   */
  gather(u: Float64Array, y: Float64Array, fold: Int32Array, knots: Float64Array, sums: Float64Array): void {
    const { count } = this;
    for (let i = 0; i < u.length; i++) {
      let k = 0;
      for (let step = HALVINGS; step > 0; step >>= 1)
        if (k + step < count && knots[k + step] <= u[i]) k += step;
      const width = knots[k + 1] - knots[k];
      const t = width > 0 ? Math.min(1, Math.max(0, (u[i] - knots[k]) / width)) : 0;
      const at = SUMS * (fold[i] * count + k);
      sums[at]++;
      sums[at + 1] += t;
      sums[at + 2] += t * t;
      sums[at + 3] += y[i];
      sums[at + 4] += t * y[i];
    }
  }

  /**
   * The best f for given sums.
   *
   * @param sums shape [count, 5]
   * @param out receives the value of f at each knot, [count + 1]
   * @returns sum of squares explained by f beyond the mean
   */
  solve(sums: Float64Array, out: Float64Array): number {
    const { count } = this;
    const [gram, rhs, mean] = [this.#gram, this.#rhs, this.#mean];
    // Ramp k rises from 0 to 1 in interval k. f is a level plus ramps times steps.
    let [above, yAbove] = [0, 0];
    for (let k = count - 1; k >= 0; k--) {
      const at = SUMS * k;
      mean[k] = above + sums[at + 1];
      rhs[k] = yAbove + sums[at + 4];
      gram[k * count + k] = above + sums[at + 2];
      for (let l = 0; l < k; l++) gram[l * count + k] = above + sums[at + 1];
      above += sums[at];
      yAbove += sums[at + 3];
    }
    const ridge = 1e-9 * above;
    for (let k = 0; k < count; k++) {
      rhs[k] -= (mean[k] * yAbove) / above;
      for (let l = 0; l <= k; l++) {
        const value = gram[l * count + k] - (mean[l] * mean[k]) / above + (l === k ? ridge : 0);
        gram[l * count + k] = value;
        gram[k * count + l] = value;
      }
    }
    let explained = 0;
    for (const sign of this.shape === "monotone" ? [1, -1] : [0]) {
      const steps = this.#solved(sign);
      let gain = 0;
      for (let k = 0; k < count; k++) gain += steps[k] * rhs[k];
      if (gain < explained && sign !== 0) continue;
      explained = gain;
      let level = yAbove / above;
      for (let k = 0; k < count; k++) level -= (steps[k] * mean[k]) / above;
      out[0] = level;
      for (let k = 0; k < count; k++) out[k + 1] = out[k] + steps[k];
    }
    return explained;
  }

  #solved(sign: number): Float64Array {
    const { count } = this;
    if (sign === 0) {
      const factor = this.#gram.slice();
      this.#steps.set(this.#rhs);
      if (choleskyFactor(factor, count)) choleskySolve(factor, count, this.#steps);
      else this.#steps.fill(0);
      return this.#steps;
    }
    const target = sign > 0 ? this.#rhs : this.#rhs.map((v) => -v);
    this.#solver.solve(this.#gram, target, 0, 1, this.#steps, 0, 1);
    for (let k = 0; k < count; k++) this.#steps[k] *= sign;
    return this.#steps;
  }
}

/** Largest power of two for the binary search of an interval. */
const HALVINGS = 64;

/** f: linear between its knots, constant beyond them. */
export function curveAt(knots: Float64Array, values: Float64Array, u: number): number {
  const last = knots.length - 1;
  if (u <= knots[0]) return values[0];
  if (u >= knots[last]) return values[last];
  let k = 0;
  while (knots[k + 1] < u) k++;
  return values[k] + ((values[k + 1] - values[k]) * (u - knots[k])) / (knots[k + 1] - knots[k]);
}
