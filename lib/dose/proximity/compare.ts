// Comparison of lengths by differences of squared errors, block by block.
import type { Trial } from "./search.js";

/** Result of the comparison. */
export interface Comparison {
  /** Index of the best trial. */
  readonly best: number;
  /** Whether the best trial predicts better than dose alone, the first trial. */
  readonly found: boolean;
  /** Decrease of the unexplained fraction of the variance from dose alone to the best trial. */
  readonly gain: number;
  /** um */
  readonly interval: readonly [number, number];
  /** Root mean square error of each trial. */
  readonly error: Float64Array;
  /** Excess of the squared error of each trial over the best one, in units of its standard error. */
  readonly excess: Float64Array;
  readonly limit: number;
}

/**
 * An excess beyond this many standard errors is outside the 95 % interval. Near the best length the excess is
 * proportional to the square of the distance from it and its standard error to the distance. Therefore 1.96
 * standard errors of the length correspond to 1.96 / 2 of the excess.
 */
const LIMIT = 0.98;

/** Dose alone is rejected only for an excess beyond this, because the best trial is selected among many. */
const NEEDED = 1.96;

/**
 * f, exponent and kernel are approximations. A length counts as equally good if it increases the squared
 * error by less than this fraction of the error of the best trial beyond noise.
 */
const TOLERATED = 0.25;

/**
 * Numbers that are fitted: 12 pieces of f, onset, exponent and weight. Each changes the squared error of prediction by
 * about the variance of the noise over the number of pixels, whatever the length is.
 */
const FITTED = 15;

/**
 * Dose alone is rejected only if it leaves this fraction of the variance of the response more unexplained.
 * Optics and binning blur the response over one or two pixels, which a kernel always follows slightly better.
 */
const LEAST_GAIN = 0.005;

/**
 * @param trials trials, the first with dose alone
 * @param noise variance of the response between neighboring pixels
 * @param variance variance of the response over all pixels
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
  const tolerated = Math.max(TOLERATED * (totals[best] - noise), (FITTED / nPixels) * noise);
  // Values above 1 are significantly worse than the best trial, by more than its own error.
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

/** The end of the interval, where `worse` passes 1: by linear interpolation, from 0 on by a parabola. */
function intervalOf(lengths: readonly number[], worse: Float64Array, found: boolean): [number, number] {
  let low = 0;
  while (worse[low] > 1) low++;
  let high = lengths.length - 1;
  while (worse[high] > 1) high--;
  const between = (i: number, o: number): number => {
    const share = (1 - worse[i]) / (worse[o] - worse[i]);
    if (!Number.isFinite(share)) return lengths[i];
    // Below the width of a pixel, the effect of a kernel on a smooth map is proportional to the square of its
    // length.
    return lengths[i] === 0 ? lengths[o] * Math.sqrt(share) : lengths[i] + (lengths[o] - lengths[i]) * share;
  };
  return [
    !found || low === 0 ? 0 : between(low, low - 1),
    high === lengths.length - 1 ? Number.POSITIVE_INFINITY : between(high, high + 1),
  ];
}
