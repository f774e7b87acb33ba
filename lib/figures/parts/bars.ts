// Bars of a histogram: given as edges and counts, or counted from values.
import { histogram } from "../../dose/masks.js";
import { ArgumentError, DataError, quote, ShapeError } from "../../errors.js";
import { extentOf, positive, vector } from "./check.js";

/** Either `edges` and `counts`, or `values` and `step`. */
export interface BarOptions {
  /** Ends of the bars, ascending, one more than counts. */
  readonly edges?: ArrayLike<number>;
  readonly counts?: ArrayLike<number>;
  /** Values to count; NaN is left out. */
  readonly values?: ArrayLike<number>;
  /** Width of the bars in the drawn unit. */
  readonly step?: number;
  /** Factor of `values` before counting: 1e-3 counts Gy/s in kGy/s. */
  readonly factor?: number;
}

/** Bars between edges; one edge more than counts. */
export interface Bars {
  readonly edges: Float64Array;
  readonly counts: Float64Array;
}

/**
 * The bars of a histogram, given or counted.
 *
 * @throws ShapeError when there is not one edge more than counts
 * @throws ArgumentError when neither pair of options is complete, or edges or counts are invalid
 * @throws DataError when there is nothing to count
 */
export function barsOf(call: string, options: BarOptions): Bars {
  if (options.values !== undefined && options.edges === undefined && options.counts === undefined) {
    return countBars(call, options);
  }
  if (options.edges === undefined || options.counts === undefined || options.values !== undefined) {
    throw new ArgumentError(
      `${call}: expected edges and counts, or values and step, got ${quote(Object.keys(options))}; give one of these pairs`,
    );
  }
  const edges = vector(call, "edges", options.edges);
  const counts = vector(call, "counts", options.counts);
  if (edges.length !== counts.length + 1) {
    throw new ShapeError(
      `${call}: expected one edge more than counts (${counts.length + 1}), got ${edges.length}; edges are the ends of the bars`,
      { expected: counts.length + 1, got: edges.length },
    );
  }
  for (let i = 1; i < edges.length; i++) {
    if (edges[i] > edges[i - 1]) continue;
    throw new ArgumentError(`${call}: expected ascending edges, got ${edges[i - 1]} before ${edges[i]}`, {
      index: i,
    });
  }
  const bad = counts.findIndex((n) => !(n >= 0) || n === Number.POSITIVE_INFINITY);
  if (bad >= 0) {
    throw new ArgumentError(
      `${call}: expected counts of 0 or more, got ${quote(counts[bad])} at index ${bad}`,
      {
        index: bad,
      },
    );
  }
  return { edges, counts };
}

function countBars(call: string, options: BarOptions): Bars {
  const step = positive(call, "step", options.step);
  const factor = options.factor === undefined ? 1 : positive(call, "factor", options.factor);
  const values = vector(call, "values", options.values).map((v) => v * factor);
  const extent = extentOf(values);
  if (!extent) throw new DataError(`${call}: expected values to count, got only NaN`);
  const n = Math.floor(extent[1] / step) - Math.floor(extent[0] / step) + 1;
  if (n > 10_000) {
    throw new ArgumentError(`${call}: expected at most 10000 bars, got ${n}; choose a larger step`, { step });
  }
  return histogram(values, { step, unit: 1 });
}
