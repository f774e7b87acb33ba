// Statistics of a region of a map: number of pixels, mean, median, standard deviation, extremes, and area.

import { toVector } from "../compute/matrix.js";
import { median } from "../compute/stats.js";
import { ArgumentError, quote, ShapeError } from "../errors.js";
import { checkOptions, type OptionNames } from "../options.js";
import { positive } from "./check.js";
import type { Mask } from "./mask.js";

/** Region of a map, and pixel size. */
export interface RegionOptions {
  /** Only these pixels. */
  readonly mask?: Mask;
  /** Size of a pixel at the sample for the area, um. */
  readonly pixelSize?: number;
}

const NAMES: OptionNames<RegionOptions> = { mask: true, pixelSize: true };

/** Statistics over the pixels of a region with a finite value; NaN where there are too few. */
export interface RegionStatistics {
  /** Number of pixels with a value. */
  readonly n: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly median: number;
  /** Standard deviation of the pixels with n - 1 in the denominator; NaN for fewer than two. */
  readonly sd: number;
  /** Area of the pixels with a value, um2; NaN without a pixel size. */
  readonly area: number;
}

/**
 * Statistics of a map, or of the part of it in a mask.
 *
 * @param values any unit, one per pixel; values that are not finite are left out
 * @param settings.mask the region; default all pixels
 * @param settings.pixelSize edge of a pixel, um, for the area
 * @throws ShapeError when the mask has a different number of pixels
 * @example
 * const { n, mean, area } = regionStatistics([1, 2, Number.NaN, 6], { pixelSize: 10 });
 * [n, mean, area]; // [3, 3, 300]
 */
export function regionStatistics(given: ArrayLike<number>, options: RegionOptions = {}): RegionStatistics {
  const values = toVector(given, "regionStatistics", "values");
  const { mask, pixelSize } = checkOptions("regionStatistics", options, NAMES);
  if (mask !== undefined && !(mask?.values instanceof Uint8Array)) {
    throw new ArgumentError(`regionStatistics: expected mask as a Mask, got ${quote(mask)}`, { mask });
  }
  if (mask && mask.values.length !== values.length) {
    throw new ShapeError(
      `regionStatistics: expected a mask of ${values.length} pixels, got ${mask.width} x ${mask.height}`,
      { expected: values.length, got: mask.values.length },
    );
  }
  const area =
    pixelSize === undefined ? Number.NaN : positive("regionStatistics", "pixelSize", pixelSize, "um") ** 2;
  const kept = new Float64Array(values.length);
  let n = 0;
  for (let p = 0; p < values.length; p++) {
    if (Number.isFinite(values[p]) && (!mask || mask.values[p])) kept[n++] = values[p];
  }
  const region = kept.subarray(0, n);
  const mean = region.reduce((sum, v) => sum + v, 0) / n;
  const square = region.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  let middle: number | undefined;
  return {
    n,
    min: region.reduce((low, v) => Math.min(low, v), n > 0 ? Number.POSITIVE_INFINITY : Number.NaN),
    max: region.reduce((high, v) => Math.max(high, v), n > 0 ? Number.NEGATIVE_INFINITY : Number.NaN),
    mean,
    // The median is computed on access, because it needs a sort of all pixels.
    get median() {
      middle ??= median(region);
      return middle;
    },
    sd: n > 1 ? Math.sqrt(square / (n - 1)) : Number.NaN,
    area: n * area,
  };
}
