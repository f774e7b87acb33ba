// Means over pixels of similar dose, with the covariance from correlated neighbors.
import { median } from "../../compute/stats.js";
import { covarianceOfMeans, type Neighbors, neighbors, squares } from "./neighbors.js";
import type { Pairs } from "./points.js";

/** Pixels by ascending dose. */
export type Pixels = Pick<Pairs, "x" | "y" | "sigma" | "index">;

/** Properties of the image. */
export interface ImageOptions {
  readonly width: number;
  readonly nPixels: number;
  /** Side of the squares with common noise, pixels; undefined where it is estimated. */
  readonly size?: number | undefined;
}

/** Means over groups of pixels. */
export interface PixelMeans {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Covariance of the means y, shape [nGroups, nGroups], row-major. */
  readonly covariance: Float64Array;
  readonly near: Neighbors;
}

/**
 * Means over groups of pixels of similar dose, and their covariance. It is estimated from the deviations of
 * pixels from straight lines between neighboring means, and from the correlation of the deviations of
 * neighboring pixels.
 *
 * @param bounds first pixel of each group, and the end of the last
 */
export function meansOfPixels(
  pixels: Pixels,
  bounds: Int32Array,
  { width, nPixels, size: told }: ImageOptions,
): PixelMeans {
  const n = bounds.length - 1;
  const [x, y, sigma] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const size = Int32Array.from({ length: n }, (_, g) => bounds[g + 1] - bounds[g]);
  const weight = pixels.sigma && weightsOf(pixels.sigma);
  const group = new Int32Array(nPixels).fill(-1);
  for (let g = 0; g < n; g++) {
    let [sw, sx, sy] = [0, 0, 0];
    for (let i = bounds[g]; i < bounds[g + 1]; i++) {
      const w = weight ? weight[i] : 1;
      group[pixels.index[i]] = g;
      sw += w;
      sx += w * pixels.x[i];
      sy += w * pixels.y[i];
    }
    x[g] = sx / sw;
    y[g] = sy / sw;
  }
  const rest = beyondMeans(pixels, { x, y });
  for (let g = 0; g < n; g++) {
    const squares = rest.subarray(bounds[g], bounds[g + 1]).reduce((sum, v) => sum + v * v, 0);
    sigma[g] = Math.sqrt(squares / Math.max(1, size[g] - 1));
  }
  // A lower limit: groups with a small scatter by chance must not dominate the fit.
  const least = median(sigma) / 5;
  for (let g = 0; g < n; g++) sigma[g] = Math.max(sigma[g], least) || 1;
  const deviation = new Float64Array(nPixels).fill(Number.NaN);
  for (let i = bounds[0]; i < bounds[n]; i++) {
    const p = pixels.index[i];
    deviation[p] = rest[i] / sigma[group[p]];
  }
  const near = told === undefined ? neighbors(deviation, width, nPixels / width) : squares(told);
  return { x, y, covariance: covarianceOfMeans({ group, size, sigma }, near, width), near };
}

/** Residuals of pixels from straight lines between means: the response changes within a group. */
function beyondMeans(
  { x, y }: Pixels,
  means: { readonly x: Float64Array; readonly y: Float64Array },
): Float64Array {
  const last = means.x.length - 1;
  let g = 0;
  return y.map((v, i) => {
    while (g < last - 1 && x[i] > means.x[g + 1]) g++;
    const run = means.x[g + 1] - means.x[g];
    // Extrapolated by at most half a step beyond the outermost means.
    const t = run > 0 ? Math.max(-0.5, Math.min(1.5, (x[i] - means.x[g]) / run)) : 0;
    return v - means.y[g] - t * (means.y[g + 1] - means.y[g]);
  });
}

/**
 * Weights of pixels within a group. They are limited, so that a few pixels with small sigma do not determine
 * the mean.
 */
function weightsOf(sigma: Float64Array): Float64Array {
  const least = median(sigma) / 5 || 1;
  return sigma.map((s) => 1 / Math.max(s, least) ** 2);
}
