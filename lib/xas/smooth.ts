// Smoothing of one spectrum on a non-uniform axis, with a strength from cross-validation, and removal of
// single spikes.
import { CubicSpline } from "../compute/interpolate.js";
import { MAD_TO_SIGMA, medianAbsoluteDeviation } from "../compute/stats.js";

/**
 * Shortest smoothing length that is tried, eV: 1 / wavenumber that is damped by half. The lifetime of the
 * core hole and the resolution of the monochromator leave no finer structure in a K edge. Cross-validation
 * alone would follow noise that is small in the spectrum but not in its derivatives.
 */
const SHORTEST = 0.6;
/** Longest smoothing length that is tried, eV. */
const LONGEST = 4;
const TRIALS = 25;
/** Number of times that the residual is smoothed as well and added. */
const BOOSTS = 3;
/** Largest distance between the points of the curve, eV; the error of a cubic is then negligible ... */
const FINEST = 0.35;
/** ... with at most this many steps between two measured points. */
const MOST_STEPS = 6;

/**
 * The smooth curve z that minimizes Σ(y - z)² + lambda ∫ z'''², as a cubic spline through closely spaced
 * points; lambda comes from generalized cross-validation.
 *
 * The penalty is on the third derivative, because it shifts the extrema of the first derivative less than a
 * penalty on the second. Points between the measured ones make the curve almost a quintic spline, whose
 * inflections hardly depend on the position of the measured points on the edge.
 *
 * @param x strictly ascending, eV, at least 5
 * @param y finite, shape of x
 * @see P. H. C. Eilers, Anal. Chem. 75 (2003) 3631, with divided differences for a non-uniform axis; Craven
 *   and Wahba, Numer. Math. 31 (1979) 377, for the cross-validation; J. W. Tukey, Exploratory Data Analysis
 *   (1977), ch. 16, for smoothing the residuals once more
 */
export function smooth(x: Float64Array, y: Float64Array): CubicSpline {
  const { nodes, measured } = refine(x);
  const weight = new Float64Array(nodes.length);
  const data = new Float64Array(nodes.length);
  for (let i = 0; i < x.length; i++) {
    weight[measured[i]] = 1;
    data[measured[i]] = y[i];
  }
  return smoothNodes(nodes, data, weight);
}

/**
 * Like `smooth`, where the points of the curve are given and some of them are not measured.
 *
 * @param nodes points of the curve, strictly ascending, eV
 * @param y finite, shape of nodes; ignored where the weight is 0
 * @param weight 1 / variance of y in any unit, 0 where there is no value; at least 5 are positive
 * @param shortest least smoothing length, eV
 */
export function smoothNodes(
  nodes: Float64Array,
  y: Float64Array,
  weight: Float64Array,
  shortest = SHORTEST,
): CubicSpline {
  const n = nodes.length;
  const count = weight.reduce((sum, w) => (w > 0 ? sum + 1 : sum), 0);
  const total = weight.reduce((sum, w) => sum + w, 0);
  const unit = weight.map((w) => (w * count) / total);
  const density = count / (nodes[n - 1] - nodes[0]);
  const penalty = thirdDifferencePenalty(nodes);
  const factor = new Float64Array(4 * n);
  const target = y.map((v, i) => (unit[i] > 0 ? unit[i] * v : 0));
  const z = new Float64Array(n);
  let best: Float64Array = z;
  let bestLambda = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (let trial = 0; trial < TRIALS; trial++) {
    // A wave of wavenumber k is multiplied by 1 / (1 + lambda / density * k^6).
    const lambda = (shortest * (LONGEST / shortest) ** (trial / (TRIALS - 1))) ** 6 * density;
    factorize(penalty, unit, lambda, factor);
    solve(factor, target, z);
    let residual = 0;
    for (let i = 0; i < n; i++) if (unit[i] > 0) residual += unit[i] * (y[i] - z[i]) ** 2;
    const score = residual / (1 - inverseTrace(factor, unit) / count) ** 2;
    if (score < lowest) {
      lowest = score;
      best = z.slice();
      bestLambda = lambda;
    }
  }
  // Repeated twicing removes most of the bias of the inflections.
  factorize(penalty, unit, bestLambda, factor);
  for (let boost = 0; boost < BOOSTS; boost++) {
    for (let i = 0; i < n; i++) z[i] = unit[i] > 0 ? unit[i] * (y[i] - best[i]) : 0;
    solve(factor, z, z);
    for (let i = 0; i < n; i++) best[i] += z[i];
  }
  return new CubicSpline(nodes, best);
}

/** The axis with additional points, and the indices of the measured ones. */
function refine(x: Float64Array): { nodes: Float64Array; measured: Uint32Array } {
  const measured = new Uint32Array(x.length);
  const nodes: number[] = [x[0]];
  for (let i = 1; i < x.length; i++) {
    const steps = Math.min(MOST_STEPS, Math.ceil((x[i] - x[i - 1]) / FINEST));
    for (let k = 1; k < steps; k++) nodes.push(x[i - 1] + ((x[i] - x[i - 1]) * k) / steps);
    measured[i] = nodes.push(x[i]) - 1;
  }
  return { nodes: Float64Array.from(nodes), measured };
}

/**
 * The spectrum without spikes of a single point, and the sigma of its noise.
 *
 * A point is a spike if it is outside the range of its two neighbors, and its distance from the cubic through
 * four neighbors is more than 6 sigma and 3 % of the whole range. It is replaced by the value of that cubic.
 * Points of a steep edge are between their neighbors, so they are kept.
 *
 * @param x strictly ascending
 * @param y shape of x
 */
export function despike(x: Float64Array, y: Float64Array): { values: Float64Array; sigma: number } {
  const n = x.length;
  const values = y.slice();
  if (n < 5) return { values, sigma: 0 };
  const residual = cubicResiduals(x, values);
  const order = Float64Array.from(y).sort();
  const range = order[Math.floor(0.98 * (n - 1))] - order[Math.ceil(0.02 * (n - 1))];
  const sigma = (MAD_TO_SIGMA * medianAbsoluteDeviation(residual.slice(2, n - 2))) / CUBIC_NOISE;
  const limit = Math.max(6 * CUBIC_NOISE * sigma, 0.03 * range);
  for (let round = 0; round < n / 10; round++) {
    let worst = -1;
    for (let i = 2; i < n - 2; i++) {
      const off = Math.abs(residual[i]);
      const low = Math.min(values[i - 1], values[i + 1]);
      const high = Math.max(values[i - 1], values[i + 1]);
      if (off > limit && (values[i] < low || values[i] > high) && !(off <= Math.abs(residual[worst])))
        worst = i;
    }
    if (worst < 0) break;
    values[worst] -= residual[worst];
    for (let i = Math.max(2, worst - 2); i <= Math.min(n - 3, worst + 2); i++) {
      residual[i] = values[i] - neighbors(x, values, i);
    }
  }
  return { values, sigma };
}

/**
 * Sigma of `cubicResiduals` for noise of sigma 1 on a uniform axis, from the weights 1, 1/6, -2/3, -2/3, 1/6.
 */
export const CUBIC_NOISE = Math.sqrt(1.94);

/** Each value minus the cubic through its four neighbors; 0 for the two values at either end. */
export function cubicResiduals(x: Float64Array, y: Float64Array): Float64Array {
  const out = new Float64Array(y.length);
  for (let i = 2; i < y.length - 2; i++) out[i] = y[i] - neighbors(x, y, i);
  return out;
}

/** Value at x[i] of the cubic through two neighbors on either side. */
function neighbors(x: Float64Array, y: Float64Array, i: number): number {
  let sum = 0;
  for (let a = i - 2; a <= i + 2; a++) {
    if (a === i) continue;
    let weight = 1;
    for (let b = i - 2; b <= i + 2; b++) if (b !== i && b !== a) weight *= (x[i] - x[b]) / (x[a] - x[b]);
    sum += weight * y[a];
  }
  return sum;
}

/** Upper band of D'D, [n, 4]. The rows of D are third derivatives, weighted for an integral over x. */
function thirdDifferencePenalty(x: Float64Array): Float64Array {
  const n = x.length;
  const band = new Float64Array(4 * n);
  const row = new Float64Array(4);
  for (let i = 0; i + 3 < n; i++) {
    const weight = Math.sqrt((x[i + 3] - x[i]) / 3);
    for (let a = 0; a < 4; a++) {
      let product = 1;
      for (let b = 0; b < 4; b++) if (b !== a) product *= x[i + a] - x[i + b];
      row[a] = (6 * weight) / product;
    }
    for (let a = 0; a < 4; a++) for (let b = a; b < 4; b++) band[4 * (i + a) + b - a] += row[a] * row[b];
  }
  return band;
}

/** L D L' of weight + lambda * penalty; out[4i] is D[i], out[4i + m] is L[i + m, i]. */
function factorize(penalty: Float64Array, weight: Float64Array, lambda: number, out: Float64Array): void {
  const n = penalty.length / 4;
  for (let i = 0; i < n; i++) {
    for (let m = 0; m < 4; m++) {
      let value = lambda * penalty[4 * i + m] + (m === 0 ? weight[i] : 0);
      for (let k = Math.max(0, i + m - 3); k < i; k++) {
        value -= out[4 * k + i - k] * out[4 * k + i + m - k] * out[4 * k];
      }
      out[4 * i + m] = m === 0 ? value : i + m < n ? value / out[4 * i] : 0;
    }
  }
}

function solve(factor: Float64Array, y: Float64Array, z: Float64Array): void {
  const n = y.length;
  for (let i = 0; i < n; i++) {
    let value = y[i];
    for (let k = Math.max(0, i - 3); k < i; k++) value -= factor[4 * k + i - k] * z[k];
    z[i] = value;
  }
  for (let i = 0; i < n; i++) z[i] /= factor[4 * i];
  for (let i = n - 1; i >= 0; i--) {
    for (let m = 1; m < 4 && i + m < n; m++) z[i] -= factor[4 * i + m] * z[i + m];
  }
}

/** Trace of weight times the inverse, from the band of the inverse alone (Takahashi's recursion). */
function inverseTrace(factor: Float64Array, weight: Float64Array): number {
  const n = factor.length / 4;
  const inverse = new Float64Array(4 * n);
  let trace = 0;
  for (let i = n - 1; i >= 0; i--) {
    for (let m = 3; m >= 0; m--) {
      let value = m === 0 ? 1 / factor[4 * i] : 0;
      for (let k = 1; k < 4 && i + k < n; k++) {
        const low = Math.min(k, m);
        const entry = i + m < n ? inverse[4 * (i + low) + Math.abs(k - m)] : 0;
        value -= factor[4 * i + k] * (m === 0 ? inverse[4 * i + k] : entry);
      }
      inverse[4 * i + m] = value;
    }
    trace += weight[i] * inverse[4 * i];
  }
  return trace;
}
