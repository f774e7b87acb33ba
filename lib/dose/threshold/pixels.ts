// Means over pixels of like dose, with the covariance that their neighbourhood gives them.
import { median } from "../../compute/stats.js";
import { covarianceOfMeans, type Neighbours, neighbours, squares } from "./neighbours.js";
import type { Pairs } from "./points.js";

/** Pixels by rising dose. */
export type Pixels = Pick<Pairs, "x" | "y" | "sigma" | "index">;

/** What is known of the image. */
export interface ImageOptions {
  readonly width: number;
  readonly nPixels: number;
  /** Side of the squares that have noise in common, pixels; undefined where it is estimated. */
  readonly size?: number | undefined;
}

/** Means over groups of pixels. */
export interface PixelMeans {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Of the means y, shape [nGroups, nGroups], row-major. */
  readonly covariance: Float64Array;
  readonly near: Neighbours;
}

/**
 * Means over groups of pixels of like dose, and their covariance: from what pixels deviate by from the straight lines between
 * neighbouring means, and from how far neighbouring pixels deviate together.
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
  // Groups whose pixels agree by chance must not dictate the fit.
  const least = median(sigma) / 5;
  for (let g = 0; g < n; g++) sigma[g] = Math.max(sigma[g], least) || 1;
  const deviation = new Float64Array(nPixels).fill(Number.NaN);
  for (let i = bounds[0]; i < bounds[n]; i++) {
    const p = pixels.index[i];
    deviation[p] = rest[i] / sigma[group[p]];
  }
  const near = told === undefined ? neighbours(deviation, width, nPixels / width) : squares(told);
  return { x, y, covariance: covarianceOfMeans({ group, size, sigma }, near, width), near };
}

/** What is left of pixels beyond the straight lines from one group's mean to the next: the response changes within a group, too. */
function beyondMeans(
  { x, y }: Pixels,
  means: { readonly x: Float64Array; readonly y: Float64Array },
): Float64Array {
  const last = means.x.length - 1;
  let g = 0;
  return y.map((v, i) => {
    while (g < last - 1 && x[i] > means.x[g + 1]) g++;
    const run = means.x[g + 1] - means.x[g];
    // No further than half a step beyond the outermost means.
    const t = run > 0 ? Math.max(-0.5, Math.min(1.5, (x[i] - means.x[g]) / run)) : 0;
    return v - means.y[g] - t * (means.y[g + 1] - means.y[g]);
  });
}

/** Weights of pixels within a group; a few that are stated to be very sure do not count for all. */
function weightsOf(sigma: Float64Array): Float64Array {
  const least = median(sigma) / 5 || 1;
  return sigma.map((s) => 1 / Math.max(s, least) ** 2);
}
