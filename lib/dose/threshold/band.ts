// Threshold of a response that is known only within a band.

import { short } from "../../compute/format.js";
import { ArgumentError, quote, ShapeError } from "../../errors.js";

/** Lowest and highest response at each dose. */
export interface ResponseBand {
  readonly low: ArrayLike<number>;
  readonly high: ArrayLike<number>;
}

/** Thresholds of the responses that were tried. */
export interface BandFinding {
  /** Null where one of the responses has no threshold. */
  readonly interval: readonly [number, number] | null;
  readonly thresholds: Readonly<Record<string, number | null>>;
}

/**
 * @throws ShapeError when a limit has not one number per dose; ArgumentError when low is above high
 */
export function readBand(call: string, band: ResponseBand, n: number): ResponseBand {
  const { low, high } = band ?? {};
  for (const [name, values] of Object.entries({ low, high })) {
    if (values?.length === n) continue;
    throw new ShapeError(
      `${call}: expected band.${name} to have one number per dose (${n}), got ${quote(values?.length)}`,
      { name },
    );
  }
  for (let i = 0; i < n; i++) {
    if (!(low[i] > high[i])) continue;
    throw new ArgumentError(
      `${call}: expected band.low <= band.high, got ${quote(low[i])} above ${quote(high[i])} at index ${i}`,
      { index: i },
    );
  }
  return band;
}

/**
 * Thresholds at the lower limit of the band, at its upper limit, and for the two responses that change
 * linearly from one limit at the lowest dose to the other at the highest. The last two have the largest
 * slopes.
 *
 * @param thresholdOf threshold of a response; null where there is none
 */
export function bandInterval(
  doses: ArrayLike<number>,
  response: ArrayLike<number>,
  { low, high }: ResponseBand,
  thresholdOf: (response: Float64Array) => number | null,
): BandFinding {
  const finite = Array.from(doses).filter((d) => Number.isFinite(d));
  const first = finite.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const last = finite.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const curve = (share: (t: number) => number): number | null =>
    thresholdOf(
      Float64Array.from(doses, (dose, i) => {
        const t = share((dose - first) / (last - first));
        return (1 - t) * low[i] + t * high[i];
      }),
    );
  const thresholds = {
    "as given": thresholdOf(Float64Array.from(response)),
    low: curve(() => 0),
    high: curve(() => 1),
    "low to high": curve((t) => t),
    "high to low": curve((t) => 1 - t),
  };
  const all = Object.values(thresholds);
  const known = all.filter((t) => t !== null);
  const interval = known.length === all.length ? ([Math.min(...known), Math.max(...known)] as const) : null;
  return { interval, thresholds };
}

/** One clause on whether the threshold exists everywhere in the band. */
export function bandVerdict(
  { interval, thresholds }: BandFinding,
  threshold: number | null,
  unit: string,
): string {
  const of = unit && ` ${unit}`;
  if (interval) {
    return `this holds over the whole band of the response: the threshold is between ${short(interval[0])} and ${short(interval[1])}${of}`;
  }
  const lost = Object.keys(thresholds).filter((name) => thresholds[name] === null);
  if (threshold !== null) {
    return `this does not hold over the whole band of the response: no threshold where the response is "${lost.join('", "')}"`;
  }
  const kept = Object.keys(thresholds).filter((name) => thresholds[name] !== null);
  return kept.length > 0
    ? `within its band the response may have a threshold: there is one where the response is "${kept.join('", "')}"`
    : "there is none within the band of the response either";
}
