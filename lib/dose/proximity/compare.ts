// Which lengths predict about as well as the best: differences of squared errors, block by block.
import type { Trial } from "./search.js";

/** How the lengths compare. */
export interface Comparison {
  /** Index of the best trial. */
  readonly best: number;
  /** Whether it predicts better than dose alone, the first trial. */
  readonly found: boolean;
  /** Fraction of the variance that dose alone leaves more unexplained than the best. */
  readonly gain: number;
  /** um */
  readonly interval: readonly [number, number];
  /** Root mean square error of each trial. */
  readonly error: Float64Array;
  /** Excess of each trial's squared error over the best one's, in its standard errors. */
  readonly excess: Float64Array;
  readonly limit: number;
}

/**
 * An excess beyond this many standard errors is outside of the 95 % interval. Near the best length the excess grows with the
 * square of the distance and its standard error with the distance, so that at 1.96 standard errors of the length itself it is
 * 1.96 / 2 of its own.
 */
const LIMIT = 0.98;

/** Dose alone is given up only for an excess beyond this: some of the advantage of the best is that it was chosen. */
const NEEDED = 1.96;

/**
 * No f, power and kernel are quite those of nature. Of the squared error that the best of them leaves beyond noise, a length may
 * add this share and still count as predicting as well, however surely it does.
 */
const TOLERATED = 0.25;

/**
 * Dose alone is given up only where it leaves this fraction of the response's variance more unexplained. Optics and binning blur
 * the response over a pixel or two, which a kernel follows better than none, however little comes of it.
 */
const LEAST_GAIN = 0.005;

/**
 * @param trials dose alone first
 * @param noise variance of the response from pixel to pixel
 * @param variance of the response over all pixels
 * @see Q. H. Vuong, Econometrica 57 (1989) 307, for models compared by differences of their losses
 */
export function compare(
  trials: readonly Trial[],
  nPixels: number,
  noise: number,
  variance: number,
): Comparison {
  const totals = trials.map(({ errors }) => errors.reduce((sum, v) => sum + v, 0) / nPixels);
  const best = totals.indexOf(Math.min(...totals));
  const excess = Float64Array.from(trials, ({ errors }) => excessOver(errors, trials[best].errors));
  const tolerated = TOLERATED * Math.max(0, totals[best] - noise);
  // Above 1: worse than the best, surely and by more than its own shortcomings.
  const worse = Float64Array.from(excess, (z, i) =>
    Math.min(z / LIMIT, beyond(totals[i] - totals[best], tolerated)),
  );
  const gain = (totals[0] - totals[best]) / variance;
  const found = best > 0 && excess[0] > NEEDED && worse[0] > 1 && gain > LEAST_GAIN;
  return {
    best,
    found,
    gain,
    interval: intervalOf(
      trials.map((t) => t.spreading.length),
      worse,
      found,
    ),
    error: Float64Array.from(totals, Math.sqrt),
    excess,
    limit: LIMIT,
  };
}

function beyond(excess: number, tolerated: number): number {
  return excess <= 0 ? 0 : excess / tolerated;
}

function excessOver(errors: Float64Array, least: Float64Array): number {
  const n = errors.length;
  const differences = errors.map((v, b) => v - least[b]);
  const mean = differences.reduce((sum, v) => sum + v, 0) / n;
  const variance = differences.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1);
  return mean <= 0 ? 0 : mean / Math.sqrt(variance / n);
}

/** Between a length inside and one outside, the end lies where `worse` passes 1, taken as straight (from 0 on, as a parabola). */
function intervalOf(lengths: readonly number[], worse: Float64Array, found: boolean): [number, number] {
  let low = 0;
  while (worse[low] > 1) low++;
  let high = lengths.length - 1;
  while (worse[high] > 1) high--;
  const between = (i: number, o: number): number => {
    const share = (1 - worse[i]) / (worse[o] - worse[i]);
    if (!Number.isFinite(share)) return lengths[i];
    // Short of a pixel's width nothing happens at first: what a kernel does to a smooth map grows with its length squared.
    return lengths[i] === 0 ? lengths[o] * Math.sqrt(share) : lengths[i] + (lengths[o] - lengths[i]) * share;
  };
  return [
    !found || low === 0 ? 0 : between(low, low - 1),
    high === lengths.length - 1 ? Number.POSITIVE_INFINITY : between(high, high + 1),
  ];
}
