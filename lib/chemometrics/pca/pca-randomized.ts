// Leading principal components of data too large for a Gram matrix. A small random sketch gives a first
// subspace, one pass over the data refines it, and a second pass computes the components in this subspace
// exactly.

import { random } from "../../compute/random.js";
import { symmetricEigen } from "../../compute/solvers/eigen.js";
import { dot, multiplyTransposed, projectedProducts, transposedMultiply } from "../products.js";
import type { Decomposition } from "./pca-gram.js";
import { scaledMean } from "./pca-gram.js";
import type { FlatRows, Moments } from "./pca-input.js";
import { leadingSubspace, orthonormalize } from "./subspace.js";

/** Number of additional directions. */
const EXTRA = 4;
/** Number of rows of the sketch, as a multiple of the directions; more rows improve the start. */
const SUMMARY = 48;
/** Number of power iterations on the sketch. They only improve the start of the pass over the data. */
const SUMMARY_PASSES = 6;

/** Leading components with their scores. */
export interface RandomizedDecomposition extends Decomposition {
  /** Scores, shape [rows, count]. */
  readonly scores: Float64Array;
}

/**
 * The leading `count` components.
 *
 * Components above the noise have a relative error of (s / own)^6 in their squared singular value, where s is
 * the singular value of the first direction left out. Those within the noise have an error of some percent
 * and are never too large.
 *
 * @see N. Halko, P. G. Martinsson, J. A. Tropp, SIAM Review 53 (2011) 217; K. L. Clarkson, D. P. Woodruff,
 *   Journal of the ACM 63 (2017) 54 (summary by random signs)
 */
export function randomizedComponents(
  D: FlatRows,
  moments: Moments,
  center: boolean,
  count: number,
  seed: number,
): RandomizedDecomposition {
  const { rows, columns } = D;
  const width = Math.min(count + EXTRA, rows, columns);
  const size = Math.min(rows, SUMMARY * width);
  const summary = summaryOf(D, moments, size, seed);
  const start = leadingSubspace(summary, size, columns, width, SUMMARY_PASSES);
  const pass = new Pass(D, moments);

  // One power of D^T D: directions of noise in the start decrease by the square of their size.
  const sharpened = new Float64Array((width + 1) * columns);
  sharpened.set(pass.gramTimes(start, width));
  // The mean is an additional direction, so that the subspace contains both D and D minus its mean.
  const mean = scaledMean(moments);
  sharpened.set(mean, width * columns);
  orthonormalize(sharpened, width + 1, columns);

  const n = width + 1;
  const T = new Float64Array(rows * n);
  const shift = pass.project(sharpened, n, T);
  for (let i = 0; i < rows; i++) for (let a = 0; a < n; a++) T[i * n + a] -= shift[a];
  const about = new Float64Array(n * n);
  transposedMultiply(T, n, T, n, rows, about);
  const raw = about.map((v, at) => v + rows * shift[Math.floor(at / n)] * shift[at % n]);
  const found = { centered: symmetricEigen(about, n), raw: symmetricEigen(raw, n) };
  const { vectors } = center ? found.centered : found.raw;
  const loadings = new Float64Array(count * columns);
  const turn = vectors.subarray(0, count * n);
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < n; b++) {
      const weight = turn[a * n + b];
      for (let k = 0; k < columns; k++) loadings[a * columns + k] += weight * sharpened[b * columns + k];
    }
  }
  if (!center) for (let i = 0; i < rows; i++) for (let a = 0; a < n; a++) T[i * n + a] += shift[a];
  const scores = new Float64Array(rows * count);
  multiplyTransposed(T, rows, turn.slice(), count, n, scores);
  const leading = (values: Float64Array): Float64Array => values.slice(0, count).map((v) => Math.max(0, v));
  return {
    raw: leading(found.raw.values),
    centered: leading(found.centered.values),
    loadings,
    scores,
  };
}

/**
 * Sums of adjacent rows of the centered and scaled data with random signs: one row of the sketch for each
 * group.
 */
function summaryOf(
  { data, rows, columns }: FlatRows,
  moments: Moments,
  size: number,
  seed: number,
): Float64Array {
  const { mean, scale } = moments;
  const draw = random(seed, 0x5e7);
  const out = new Float64Array(size * columns);
  for (let i = 0; i < size; i++) {
    const first = Math.floor((i * rows) / size);
    const end = Math.floor(((i + 1) * rows) / size);
    const signs = Float64Array.from({ length: end - first }, () => (draw.uniform() < 0.5 ? -1 : 1));
    const weight = signs.reduce((sum, sign) => sum + sign, 0);
    const row = out.subarray(i * columns, (i + 1) * columns);
    transposedMultiply(signs, 1, data.subarray(first * columns, end * columns), columns, end - first, row);
    for (let k = 0; k < columns; k++) row[k] = (row[k] - weight * mean[k]) / scale[k];
  }
  return out;
}

/** Products with X = (D - mean) / scale without computing X. */
class Pass {
  readonly #D: FlatRows;
  readonly #moments: Moments;

  constructor(D: FlatRows, moments: Moments) {
    this.#D = D;
    this.#moments = moments;
  }

  /** out = (D / scale) V^T. @returns V times the scaled mean, which X V^T = out - mean needs */
  project(V: Float64Array, n: number, out: Float64Array): Float64Array {
    const { data, rows } = this.#D;
    const { scaled, shift } = this.#scaled(V, n);
    multiplyTransposed(data, rows, scaled, n, this.#D.columns, out);
    return shift;
  }

  /** V X^T X, shape [n, columns], in one pass over D. */
  gramTimes(V: Float64Array, n: number): Float64Array {
    const { data, rows, columns } = this.#D;
    const { mean, scale } = this.#moments;
    const out = new Float64Array(n * columns);
    const sum = new Float64Array(n);
    const { scaled, shift } = this.#scaled(V, n);
    projectedProducts(data, rows, columns, scaled, n, shift, out, sum);
    for (let a = 0; a < n; a++) {
      for (let k = 0; k < columns; k++) {
        const at = a * columns + k;
        out[at] = (out[at] - sum[a] * mean[k]) / scale[k];
      }
    }
    return out;
  }

  /** V / scale, and its products with the mean. */
  #scaled(V: Float64Array, n: number): { scaled: Float64Array; shift: Float64Array } {
    const { columns } = this.#D;
    const { mean, scale } = this.#moments;
    const scaled = V.map((v, at) => v / scale[at % columns]);
    return {
      scaled,
      shift: Float64Array.from({ length: n }, (_, a) => dot(scaled, a * columns, mean, 0, columns)),
    };
  }
}
