// How much a response scatters beyond its stated standard deviations.
import { type Before, brokenAt, fitBrokenLine } from "./broken-line.js";
import type { Pairs, Points } from "./points.js";

/** Weighted points, and the scatter that had to be added to sigma. */
export interface Weighted {
  readonly points: Points;
  /** Standard deviation common to all points, in quadrature with sigma; 0 where sigma alone explains the residuals. */
  readonly excess: number;
}

/**
 * Weights 1 / (sigma^2 + excess^2), the excess such that the residuals of the broken line are as large as expected.
 *
 * Standard errors of means over many pixels are often far smaller than the differences that other causes make (or zero where
 * all pixels sit at a bound). Taken at their word, the points with the smallest would dictate the fit.
 *
 * @see R. C. Paule, J. Mandel, Journal of Research of the National Bureau of Standards 87 (1982) 377
 */
export function weighted({ x, y, sigma }: Pairs, before: Before): Weighted {
  const n = x.length;
  if (!sigma) return { points: { x, y, w: new Float64Array(n).fill(1) }, excess: 0 };
  const largest = sigma.reduce((most, s) => Math.max(most, s), 0);
  let w = new Float64Array(n).fill(1);
  let excess = 0;
  // Residuals and weights depend on each other; a few rounds settle both.
  for (let round = 0; round < 8; round++) {
    const fit = fitBrokenLine({ x, y, w }, before);
    if (!fit) break;
    const squares = y.map((v, i) => (v - brokenAt(fit, x[i])) ** 2);
    excess = excessScatter(squares, sigma, n - (before === "level" ? 3 : 4));
    const least = Math.max(largest, excess) * 1e-6;
    const last = w;
    w = sigma.map((s) => 1 / (s * s + excess * excess + least * least || 1));
    // Only their ratios count: the largest weight is one.
    const most = w.reduce((a, b) => Math.max(a, b), 0);
    w = w.map((v) => v / most);
    if (w.every((v, i) => Math.abs(v - last[i]) < 1e-6 * v)) break;
  }
  return { points: { x, y, w }, excess };
}

/** The excess with sum r^2 / (sigma^2 + excess^2) = degrees of freedom, by bisection; 0 where the sum is smaller anyway. */
function excessScatter(squares: Float64Array, sigma: Float64Array, freedom: number): number {
  const excessOf = (e2: number): number => {
    let sum = 0;
    for (let i = 0; i < sigma.length; i++) {
      if (squares[i] > 0) sum += squares[i] / (sigma[i] * sigma[i] + e2);
    }
    return sum - freedom;
  };
  let low = 0;
  let high = squares.reduce((sum, v) => sum + v, 0) / freedom;
  if (!(excessOf(low) > 0)) return 0;
  for (let step = 0; step < 100 && high - low > 1e-9 * high; step++) {
    const middle = (low + high) / 2;
    if (excessOf(middle) > 0) low = middle;
    else high = middle;
  }
  return Math.sqrt(high);
}
