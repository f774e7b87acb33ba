// A smooth surface through a map with outliers: a polynomial of both coordinates, fitted robustly.
import { leastSquares } from "../compute/polynomial.js";
import { MAD_TO_SIGMA, median } from "../compute/stats.js";

/** Surface fitted by `smoothMap`. */
export interface SmoothMap {
  /** Value of the surface in every pixel, shape [height * width]. */
  readonly map: Float64Array;
  /** 1 where a value was clipped as an outlier, shape [height * width]. */
  readonly clipped: Uint8Array;
  /** Coefficients of u^i v^j; u and v run from -1 (first column, first row) to 1 (last). */
  readonly coefficients: Float64Array;
  /** [i, j] of each coefficient. */
  readonly exponents: readonly (readonly [number, number])[];
  /** Root mean square of value - surface over the values that were not clipped. */
  readonly rms: number;
}

/** Values that are farther off than this many sigma (from the median absolute deviation) are clipped. */
const CLIP = 5;
/** Smaller deviations are never outliers, eV. Data without noise give no scale for outliers. */
const NEGLIGIBLE = 5e-3;
const MAX_ROUNDS = 15;

/**
 * Least-squares polynomial surface of total degree <= degree through the values marked good, without
 * outliers.
 *
 * Huber weights make the first fit robust. Values more than 5 sigma off it are clipped, and the result is an
 * ordinary fit to the rest. The degree is lowered where there are fewer than two values per coefficient, and
 * an exponent stays below the number of rows or columns that hold values.
 *
 * @param values shape [height * width], row-major
 * @param good 1 for values that take part, else 0; at least one is 1
 */
export function smoothMap(
  values: Float64Array,
  good: Uint8Array,
  [height, width]: readonly [number, number],
  degree: number,
): SmoothMap {
  const pixels = Uint32Array.from(good.keys()).filter((p) => good[p] === 1);
  const exponents = surfaceTerms(pixels, width, degree);
  const nTerms = exponents.length;
  const u = coordinate(width);
  const v = coordinate(height);
  const A = new Float64Array(pixels.length * nTerms);
  const y = new Float64Array(pixels.length);
  for (let k = 0; k < pixels.length; k++) {
    const p = pixels[k];
    terms(exponents, u[p % width], v[Math.floor(p / width)], A, k * nTerms);
    y[k] = values[p];
  }
  const keep = inliers(A, y, nTerms);
  const coefficients = weightedFit(A, y, keep, nTerms);

  const map = new Float64Array(height * width);
  const row = new Float64Array(nTerms);
  for (let p = 0; p < map.length; p++) {
    terms(exponents, u[p % width], v[Math.floor(p / width)], row, 0);
    for (let t = 0; t < nTerms; t++) map[p] += row[t] * coefficients[t];
  }
  const clipped = new Uint8Array(map.length);
  let total = 0;
  let count = 0;
  for (let k = 0; k < pixels.length; k++) {
    const p = pixels[k];
    if (keep[k] === 0) clipped[p] = 1;
    else {
      total += (values[p] - map[p]) ** 2;
      count++;
    }
  }
  return { map, clipped, coefficients, exponents, rms: Math.sqrt(total / count) };
}

/** 1 where a value is within the clipping distance of the robust surface. */
function inliers(A: Float64Array, y: Float64Array, nTerms: number): Float64Array {
  const weights = new Float64Array(y.length).fill(1);
  const off = new Float64Array(y.length);
  let limit = Number.POSITIVE_INFINITY;
  let before = Number.POSITIVE_INFINITY;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const coefficients = weightedFit(A, y, weights, nTerms);
    for (let k = 0; k < y.length; k++) {
      let value = 0;
      for (let t = 0; t < nTerms; t++) value += A[k * nTerms + t] * coefficients[t];
      off[k] = Math.abs(y[k] - value);
    }
    const sigma = Math.max(MAD_TO_SIGMA * median(off), NEGLIGIBLE / CLIP);
    limit = CLIP * sigma;
    for (let k = 0; k < y.length; k++) weights[k] = Math.min(1, (1.345 * sigma) / off[k]);
    if (Math.abs(sigma - before) < 1e-3 * sigma) break;
    before = sigma;
  }
  return weights.map((_, k) => (off[k] <= limit ? 1 : 0));
}

function weightedFit(A: Float64Array, y: Float64Array, weights: Float64Array, nTerms: number): Float64Array {
  const B = new Float64Array(A.length);
  const z = new Float64Array(y.length);
  for (let k = 0; k < y.length; k++) {
    const w = Math.sqrt(weights[k]);
    z[k] = w * y[k];
    for (let t = 0; t < nTerms; t++) B[k * nTerms + t] = w * A[k * nTerms + t];
  }
  return leastSquares(B, z, nTerms);
}

function surfaceTerms(pixels: Uint32Array, width: number, degree: number): (readonly [number, number])[] {
  const columns = new Set<number>();
  const rows = new Set<number>();
  for (const p of pixels) {
    columns.add(p % width);
    rows.add(Math.floor(p / width));
  }
  for (let d = degree; ; d--) {
    const out: (readonly [number, number])[] = [];
    for (let j = 0; j <= d && j < rows.size; j++) {
      for (let i = 0; i + j <= d && i < columns.size; i++) out.push([i, j]);
    }
    if (d === 0 || 2 * out.length <= pixels.length) return out;
  }
}

/** Writes u^i v^j of every term to `out` from `at` on. */
function terms(
  exponents: readonly (readonly [number, number])[],
  u: number,
  v: number,
  out: Float64Array,
  at: number,
): void {
  for (let t = 0; t < exponents.length; t++) out[at + t] = u ** exponents[t][0] * v ** exponents[t][1];
}

function coordinate(n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => (n > 1 ? (2 * i) / (n - 1) - 1 : 0));
}
