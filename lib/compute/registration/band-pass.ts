// Images as they are compared: without what is smooth over many pixels, which the camera and the energy axis
// cause as well as the sample, and with less of the noise between neighboring pixels.

/** Structures that are much wider than this, pixels to either side, are left out. */
const REACH = 8;
/** Pixels to either side over which the noise is estimated. */
const NOISE_REACH = 4;
/** Fraction of the median variance that is added to each, so that no single pixel decides. */
const FLOOR = 0.1;

/** An image with its weights. */
export interface Compared {
  readonly height: number;
  readonly width: number;
  /** With less noise between neighboring pixels; NaN where the image has no value. */
  readonly smoothed: Float64Array;
  /** The same without its smooth part. */
  readonly values: Float64Array;
  /** Inverse variance of the noise between neighboring pixels; 0 where there is no value. */
  readonly weights: Float64Array;
}

/** An image without its noise between neighboring pixels and without its smooth part. */
export function bandPass(image: ArrayLike<number>, height: number, width: number): Compared {
  const n = height * width;
  const values = Float64Array.from({ length: n }, (_, p) => image[p]);
  const { fine, known: complete } = smooth(values, height, width);
  const coarse = boxMean(fine, height, width, REACH);
  const noise = boxMean(
    values.map((v, p) => (v - fine[p]) ** 2),
    height,
    width,
    NOISE_REACH,
  );
  const sorted = noise.filter((v, p) => Number.isFinite(v) && Number.isFinite(fine[p])).sort();
  const floor = FLOOR * (sorted[sorted.length >> 1] ?? 0) || Number.MIN_VALUE ** 0.5;
  return {
    height,
    width,
    smoothed: fine,
    values: fine.map((v, p) => v - coarse[p]),
    // One-sided means beside a missing pixel are displaced.
    weights: fine.map((v, p) => (Number.isFinite(v) ? (complete[p] ** 4 * floor) / (noise[p] + floor) : 0)),
  };
}

/**
 * Mean over 3 x 3 pixels with the weights 1, 2, 1 along each axis, NaN only where the pixel itself is, and the
 * fraction of these weights that lies on pixels with a value.
 */
function smooth(values: Float64Array, height: number, width: number) {
  const known = new Float64Array(values.length);
  const fine = values.map((own, p) => {
    if (!Number.isFinite(own)) return Number.NaN;
    const [y, x] = [Math.floor(p / width), p % width];
    let [sum, weight] = [0, 0];
    for (let r = Math.max(0, y - 1); r <= Math.min(height - 1, y + 1); r++) {
      for (let c = Math.max(0, x - 1); c <= Math.min(width - 1, x + 1); c++) {
        const v = values[r * width + c];
        if (!Number.isFinite(v)) continue;
        const w = (2 - Math.abs(r - y)) * (2 - Math.abs(c - x));
        sum += w * v;
        weight += w;
      }
    }
    known[p] = weight / 16;
    return sum / weight;
  });
  return { fine, known };
}

/** Mean over the pixels with a value within `reach` of each pixel. */
function boxMean(values: Float64Array, height: number, width: number, reach: number): Float64Array {
  const [sums, counts] = [values, values.map((v) => Number(Number.isFinite(v)))].map((list) =>
    boxSum(list, height, width, reach),
  );
  return sums.map((sum, p) => (counts[p] > 0 ? sum / counts[p] : Number.NaN));
}

/** Sums over boxes, from a table of sums over all rectangles at the upper left corner. */
function boxSum(values: Float64Array, height: number, width: number, reach: number): Float64Array {
  const columns = width + 1;
  const table = new Float64Array((height + 1) * columns);
  for (let y = 0; y < height; y++) {
    for (let x = 0, row = 0; x < width; x++) {
      const v = values[y * width + x];
      row += Number.isFinite(v) ? v : 0;
      table[(y + 1) * columns + x + 1] = table[y * columns + x + 1] + row;
    }
  }
  return values.map((_, p) => {
    const [y, x] = [Math.floor(p / width), p % width];
    const [top, bottom] = [Math.max(0, y - reach), Math.min(height, y + reach + 1)];
    const [left, right] = [Math.max(0, x - reach), Math.min(width, x + reach + 1)];
    const at = (r: number, c: number): number => table[r * columns + c];
    return at(bottom, right) - at(top, right) - at(bottom, left) + at(top, left);
  });
}

/** What the search by correlation uses of an image. */
export type Searched = Omit<Compared, "smoothed">;

/** The same image with half as many rows and columns. */
export function halved({ height, width, values, weights }: Searched): Searched {
  const [h, w] = [height >> 1, width >> 1];
  const out = { height: h, width: w, values: new Float64Array(h * w), weights: new Float64Array(h * w) };
  for (let p = 0; p < h * w; p++) {
    const corner = 2 * (Math.floor(p / w) * width + (p % w));
    let [sum, weight] = [0, 0];
    for (const at of [corner, corner + 1, corner + width, corner + width + 1]) {
      if (weights[at] === 0) continue;
      sum += weights[at] * values[at];
      weight += weights[at];
    }
    out.values[p] = sum / weight;
    out.weights[p] = weight;
  }
  return out;
}
