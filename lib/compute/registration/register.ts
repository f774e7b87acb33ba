// By how much the structure of one image lies elsewhere than in another. A search over whole pixels by the
// weighted correlation coefficient finds the place, pixels without a value left out of it; least squares with
// a free scale and offset of the contrast refine it to a fraction of a pixel, with a standard error.
import { choleskyFactor, choleskySolve } from "../solvers/linear-solve.js";
import { type Compared, halved, type Searched } from "./band-pass.js";
import { translate } from "./translate.js";

/** The displacement of an image against another. */
export interface Registration {
  /** Pixels: what is at (x, y) of the reference is at (x + dx, y + dy) of the image. */
  readonly dx: number;
  readonly dy: number;
  /** Standard errors, pixels; they count structures that the two images do not share. */
  readonly errors: readonly [number, number];
  /** Contrast of the image over that of the reference, divided by its standard error. */
  readonly significance: number;
}

/** How the images may differ. */
export interface RegisterOptions {
  /** Largest displacement along each axis that is searched, pixels. */
  readonly maximum: number;
  /** Whether the contrast may be inverted, as between images at different energies. */
  readonly inverted?: boolean;
}

/** Images are halved for the search while they keep this many rows and columns. */
const LEAST = 16;
/** Largest displacement that is searched exhaustively, pixels of the halved image. */
const EXHAUSTIVE = 4;
const ITERATIONS = 30;
/** Steps below this are the end, pixels ... */
const CONVERGED = 1e-4;
/** ... or below this after some: at whole pixels, the pixels that take part change. */
const CLOSE = 0.01;
const SOME = 10;
/** Side of the tiles whose disagreement gives the standard errors, pixels. */
const TILE = 6;
/** An overlap with fewer pixels says nothing. */
const LEAST_PIXELS = 32;

/**
 * The displacement of an image against a reference, both after `bandPass`; null where they share no pixels,
 * or the refinement leaves the surroundings of the best match.
 */
export function register(
  image: Compared,
  reference: Compared,
  { maximum, inverted = false }: RegisterOptions,
): Registration | null {
  const start = search(image, reference, Math.ceil(maximum), inverted);
  return start && refine(image, reference, start);
}

/** The whole-pixel displacement with the largest correlation: first in halved images, then beside that. */
function search(
  image: Searched,
  reference: Searched,
  maximum: number,
  inverted: boolean,
): readonly [number, number] | null {
  const isLarge = Math.min(image.height, image.width) >= 2 * LEAST;
  let [best, at]: [number, readonly [number, number] | null] = [Number.NEGATIVE_INFINITY, null];
  const look = (dx: number, dy: number): void => {
    const r = correlation(image, reference, dx, dy);
    const match = inverted ? Math.abs(r) : r;
    if (match > best) [best, at] = [match, [dx, dy]];
  };
  if (maximum > EXHAUSTIVE && isLarge) {
    const found = search(halved(image), halved(reference), Math.ceil(maximum / 2), inverted);
    if (!found) return null;
    for (let j = -2; j <= 2; j++) for (let i = -2; i <= 2; i++) look(2 * found[0] + i, 2 * found[1] + j);
  } else {
    for (let dy = -maximum; dy <= maximum; dy++) for (let dx = -maximum; dx <= maximum; dx++) look(dx, dy);
  }
  return at;
}

/** Weighted correlation coefficient of image(y + dy, x + dx) and reference(y, x). */
function correlation(image: Searched, reference: Searched, dx: number, dy: number): number {
  const { height, width } = reference;
  let [n, sw, sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0, 0, 0];
  for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y++) {
    for (let x = Math.max(0, -dx); x < Math.min(width, width - dx); x++) {
      const [p, q] = [y * width + x, (y + dy) * width + x + dx];
      const w = reference.weights[p] * image.weights[q];
      if (!(w > 0)) continue;
      const [a, b] = [image.values[q], reference.values[p]];
      n++;
      sw += w;
      sa += w * a;
      sb += w * b;
      saa += w * a * a;
      sbb += w * b * b;
      sab += w * a * b;
    }
  }
  if (n < LEAST_PIXELS) return Number.NEGATIVE_INFINITY;
  const spread = (saa - (sa * sa) / sw) * (sbb - (sb * sb) / sw);
  return spread > 0 ? (sab - (sa * sb) / sw) / Math.sqrt(spread) : Number.NEGATIVE_INFINITY;
}

/**
 * Gauss-Newton steps of image(p + d) = scale x reference(p - step) + a cubic polynomial of the place, with the
 * gradient of the reference. The polynomial takes what is smooth over the image and stays where it is. The
 * errors are those of the sandwich formula with tiles as clusters: neighboring residuals depend on each other.
 */
function refine(image: Compared, reference: Compared, start: readonly [number, number]): Registration | null {
  const { height, width } = reference;
  const all = { top: 0, bottom: height, left: 0, right: width };
  const moved = new Float64Array(height * width);
  const weights = new Float64Array(height * width);
  let [dx, dy] = start;
  for (let i = 0; i < ITERATIONS; i++) {
    translate(image.smoothed, all, all, [dx, dy], "spline", moved);
    translate(image.weights, all, all, [dx, dy], "integer", weights);
    const fit = new LinearFit(moved, weights, reference);
    if (!fit.solved) return null;
    const [scale, ...factors] = fit.values;
    const [stepX, stepY] = fit.response.map((r, axis) => Math.max(-0.5, Math.min(0.5, -factors[axis] / r)));
    dx += stepX;
    dy += stepY;
    // Also where a response is zero.
    if (!(Math.hypot(dx - start[0], dy - start[1]) < 2.5)) return null;
    if (Math.max(Math.abs(stepX), Math.abs(stepY)) < (i < SOME ? CONVERGED : CLOSE)) {
      const [scaleError, xError, yError] = fit.errors();
      const errors = [xError / Math.abs(fit.response[0]), yError / Math.abs(fit.response[1])] as const;
      return { dx, dy, errors, significance: Math.abs(scale) / scaleError };
    }
  }
  return null;
}

/** Unknowns of the fit: the scale, the factors of both derivatives, and the polynomial. */
const TERMS = 13;

/** Weighted least squares of an image with the reference, its derivatives, and a cubic polynomial. */
class LinearFit {
  /** False where there are too few pixels, or the terms depend on each other. */
  readonly solved: boolean;
  readonly values = new Float64Array(TERMS);
  /**
   * By how much the factor of each derivative changes per pixel: the slope of the image's derivative against that
   * of the reference, which noise of the reference makes smaller than the scale.
   */
  readonly response: readonly [number, number];
  readonly #factor = new Float64Array(TERMS * TERMS);
  readonly #row = new Float64Array(TERMS);

  constructor(
    private readonly moved: Float64Array,
    private readonly weights: Float64Array,
    private readonly reference: Compared,
  ) {
    const { height, width } = reference;
    const row = this.#row;
    const [normal, right] = [this.#factor, this.values];
    const [products, squares] = [new Float64Array(2), new Float64Array(2)];
    let n = 0;
    for (let y = 1; y < height - 1; y++) {
      for (let x = 1; x < width - 1; x++) {
        const w = this.#take(y, x);
        if (!(w > 0)) continue;
        n++;
        const p = y * width + x;
        for (let axis = 0, beside = 1; axis < 2; axis++, beside = width) {
          const own = (moved[p + beside] - moved[p - beside]) / 2;
          if (Number.isNaN(own)) continue;
          products[axis] += w * own * row[1 + axis];
          squares[axis] += w * row[1 + axis] ** 2;
        }
        const value = w * moved[p];
        for (let i = 0; i < TERMS; i++) {
          right[i] += row[i] * value;
          const own = w * row[i];
          for (let j = 0; j <= i; j++) normal[TERMS * i + j] += own * row[j];
        }
      }
    }
    this.response = [products[0] / squares[0], products[1] / squares[1]];
    this.solved = n >= LEAST_PIXELS && choleskyFactor(normal, TERMS);
    if (this.solved) choleskySolve(normal, TERMS, right);
  }

  /** Standard errors of the first three values. */
  errors(): number[] {
    const { moved, values, reference } = this;
    const { height, width } = reference;
    const row = this.#row;
    const tilesPerRow = Math.ceil(width / TILE);
    const scores = new Map<number, Float64Array>();
    for (let y = 1; y < height - 1; y++) {
      for (let x = 1; x < width - 1; x++) {
        const w = this.#take(y, x);
        if (!(w > 0)) continue;
        const tile = Math.floor(y / TILE) * tilesPerRow + Math.floor(x / TILE);
        const score = scores.get(tile) ?? new Float64Array(TERMS);
        scores.set(tile, score);
        let residual = moved[y * width + x];
        for (let i = 0; i < TERMS; i++) residual -= values[i] * row[i];
        for (let i = 0; i < TERMS; i++) score[i] += w * residual * row[i];
      }
    }
    const tiles = scores.size;
    // The terms of the fit take a part of the scatter.
    const correction = tiles > TERMS ? tiles / (tiles - TERMS) : Number.POSITIVE_INFINITY;
    return [0, 1, 2].map((i) => {
      const inverse = new Float64Array(TERMS);
      inverse[i] = 1;
      choleskySolve(this.#factor, TERMS, inverse);
      let sum = 0;
      for (const score of scores.values()) sum += score.reduce((dot, v, j) => dot + v * inverse[j], 0) ** 2;
      return Math.sqrt(correction * sum);
    });
  }

  /** Puts the terms at a pixel into the row, and returns its weight; 0 where something is missing. */
  #take(y: number, x: number): number {
    const { smoothed, weights, height, width } = this.reference;
    const row = this.#row;
    const p = y * width + x;
    row[0] = smoothed[p];
    row[1] = (smoothed[p + 1] - smoothed[p - 1]) / 2;
    row[2] = (smoothed[p + width] - smoothed[p - width]) / 2;
    if (!Number.isFinite(this.moved[p] + row[0] + row[1] + row[2])) return 0;
    const [u, v] = [(2 * x) / (width - 1) - 1, (2 * y) / (height - 1) - 1];
    row[3] = 1;
    row[4] = u;
    row[5] = v;
    row[6] = u * u;
    row[7] = u * v;
    row[8] = v * v;
    row[9] = u * u * u;
    row[10] = u * u * v;
    row[11] = u * v * v;
    row[12] = v * v * v;
    return this.weights[p] * weights[p];
  }
}
