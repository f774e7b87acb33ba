// Exposure time of a spot of the electrode: the time with beam, which is longer than the recording time.
import { ArgumentError, quote } from "../errors.js";

/** An interval in which the beam was on a spot, recording or not; seconds of the experiment's clock. */
export interface ExposureInterval {
  readonly spot: string;
  /** s; may be negative (before the zero of the clock). */
  readonly start: number;
  /** s, at or after `start`. */
  readonly end: number;
}

/**
 * Seconds of beam on one spot up to a time. Overlapping intervals of the spot count once.
 *
 * @param history all intervals of all spots, in any order
 * @param spot must occur in the history, so that a wrong name does not give a dose of zero (write a spot
 *   without beam as an interval that ends where it starts)
 * @param until s of the same clock; default: the end of the history
 * @returns s
 * @throws ArgumentError for an interval that ends before it starts, or a spot that is not in the history
 * @example
 * const history = [{ spot: "C", start: -1320, end: 0 }, { spot: "C", start: -20, end: 100 }]; // s
 * exposureTime(history, "C"); // 1420 s: an overlap counts once
 */
export function exposureTime(
  history: readonly ExposureInterval[],
  spot: string,
  until = Number.POSITIVE_INFINITY,
): number {
  if (!Array.isArray(history)) {
    throw new ArgumentError(`exposureTime: expected an array of { spot, start, end }, got ${quote(history)}`);
  }
  if (typeof until !== "number" || Number.isNaN(until)) {
    throw new ArgumentError(`exposureTime: expected until in s, got ${quote(until)}`, { until });
  }
  history.forEach(check);
  const intervals = history.filter((interval) => interval.spot === spot).sort((a, b) => a.start - b.start);
  if (intervals.length === 0) {
    const spots = [...new Set(history.map((interval) => quote(interval.spot)))].join(", ") || "none";
    throw new ArgumentError(
      `exposureTime: expected a spot of the exposure history (${spots}), got ${quote(spot)}`,
      {
        spot,
      },
    );
  }
  let seconds = 0;
  // End of the time that is already counted.
  let counted = Number.NEGATIVE_INFINITY;
  for (const { start, end } of intervals) {
    const from = Math.max(start, counted);
    const to = Math.min(end, until);
    if (to > from) {
      seconds += to - from;
      counted = to;
    }
  }
  return seconds;
}

function check(interval: ExposureInterval, index: number): void {
  const { spot, start, end } = interval ?? {};
  if (typeof spot === "string" && Number.isFinite(start) && Number.isFinite(end) && start <= end) return;
  throw new ArgumentError(
    `exposureTime: expected { spot, start, end } with start <= end in s, got ${quote(interval)} at index ${index}`,
    { index },
  );
}
