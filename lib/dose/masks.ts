// Pixels in an interval of dose rate or dose, and their numbers per interval.

import { toVector } from "../compute/matrix.js";
import { ArgumentError, DataError, quote } from "../errors.js";
import { checkOptions, type OptionNames } from "../options.js";
import { KGY } from "../units.js";
import { positive } from "./check.js";

/**
 * Mask of the values in [low, high): adjacent intervals have no pixel in common. NaN is never selected.
 *
 * @param values of any unit, one per pixel
 * @param interval in the same unit; `high` may be Infinity
 * @returns 1 where selected, 0 elsewhere, as long as `values`
 * @throws ArgumentError when low is not below high
 * @example
 * intervalMask([699, 700, 1000], [700, 1000]); // [0, 1, 0]: low <= value < high
 */
export function intervalMask(given: ArrayLike<number>, interval: readonly [number, number]): Uint8Array {
  const [low, high] = Array.isArray(interval) && interval.length === 2 ? interval : [Number.NaN, Number.NaN];
  if (!(typeof low === "number" && typeof high === "number" && low < high)) {
    throw new ArgumentError(`intervalMask: expected [low, high] with low < high, got ${quote(interval)}`, {
      interval,
    });
  }
  const values = toVector(given, "intervalMask", "values");
  const mask = new Uint8Array(values.length);
  for (let i = 0; i < mask.length; i++) if (values[i] >= low && values[i] < high) mask[i] = 1;
  return mask;
}

/** Bins of a histogram. */
export interface HistogramOptions {
  /** Width of a bin, in units of `unit`. Default 0.3. */
  readonly step?: number;
  /** Factor between the units of edges and values. Default 1000: values in Gy/s, edges in kGy/s. */
  readonly unit?: number;
}

const HISTOGRAM: OptionNames<HistogramOptions> = { step: true, unit: true };

/** Counts in bins of equal width. */
export interface Histogram {
  /** Bin i is [edges[i], edges[i + 1]); edges has one entry more than counts; in units of `unit`. */
  readonly edges: Float64Array;
  readonly counts: Float64Array;
}

/**
 * Histogram with bins that start at multiples of the step. The defaults are those of the paper's Fig. 5b, 0.3
 * kGy/s.
 *
 * Bins are half-open like those of {@link intervalMask}, so a bin has the count of the mask between its
 * edges. Values that are not finite are left out.
 *
 * @param values in the library's units, for example Gy/s
 * @param step width of a bin, in units of `unit`
 * @param unit unit of steps and edges: `KGY` (the default), `MGY`, or 1 for the unit of the values
 * @throws ArgumentError for a step or unit that is not positive, or for more than 100 000 bins
 * @throws DataError when no value is finite
 * @example
 * histogram([100, 200, 700], { step: 0.3 }).counts; // [2, 0, 1] in steps of 0.3 kGy/s
 */
export function histogram(given: ArrayLike<number>, options: HistogramOptions = {}): Histogram {
  const { step = 0.3, unit = KGY } = checkOptions("histogram", options, HISTOGRAM);
  positive("histogram", "step", step, "units");
  positive("histogram", "unit", unit, "in the unit of the values");
  const values = toVector(given, "histogram", "values");
  // The rounding gives 0.9 instead of 0.8999999999999999.
  const edge = (i: number): number => Number((i * step).toPrecision(12));
  const [low, high] = range(values, unit);
  const first = binOf(low, step, edge);
  const nBins = binOf(high, step, edge) - first + 1;
  if (!(nBins <= MAX_BINS)) {
    throw new ArgumentError(
      `histogram: expected a step that gives at most ${MAX_BINS} bins, got ${quote(step)}`,
      {
        step,
      },
    );
  }
  const counts = new Float64Array(nBins);
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) counts[binOf(values[i] / unit, step, edge) - first]++;
  }
  return { edges: Float64Array.from({ length: nBins + 1 }, (_, i) => edge(first + i)), counts };
}

const MAX_BINS = 100_000;

// The quotient may be rounded across an edge, so the value is compared with the edges.
function binOf(value: number, step: number, edge: (i: number) => number): number {
  let bin = Math.floor(value / step);
  if (value < edge(bin)) bin--;
  else if (value >= edge(bin + 1)) bin++;
  return bin;
}

function range(values: ArrayLike<number>, unit: number): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  if (low > high) throw new DataError(`histogram: expected at least one finite value, got ${quote(values)}`);
  return [low / unit, high / unit];
}
