// All principal components from the Gram matrix of the shorter side.
import { symmetricEigen } from "../../compute/solvers/eigen.js";
import { symmetricEigenvalues } from "../../compute/solvers/eigenvalues.js";
import { dot, multiplyTransposed, transposedMultiply } from "../products.js";
import { rowGram } from "./gram.js";
import { analyzedRows, type FlatRows, type Moments } from "./pca-input.js";
import { BLOCK_ROWS, RowSums } from "./row-sums.js";
import { orthonormalize } from "./subspace.js";

/** Squared singular values below this fraction of the largest are rounding errors of the Gram matrix. */
const GRAM_NOISE = 1e-14;

/** Intermediate result. */
export interface Decomposition {
  /** Squared singular values of D / scale, descending: all, or the leading ones. */
  readonly raw: Float64Array;
  /** Those of (D - mean) / scale. */
  readonly centered: Float64Array;
  /** Orthonormal rows, shape [count, columns]; rows of zeros where there is no component. */
  readonly loadings: Float64Array;
}

/**
 * All squared singular values, and the leading `count` loadings.
 *
 * @param center whether loadings are those of the centered data
 */
export function gramComponents(D: FlatRows, moments: Moments, center: boolean, count: number): Decomposition {
  const { rows, columns } = D;
  // The centered matrix comes first: subtracting the mean from a Gram matrix loses digits, adding it does
  // not.
  return rows <= columns ? wide(D, moments, center, count) : tall(D, moments, center, count);

  function wide(D: FlatRows, moments: Moments, center: boolean, count: number): Decomposition {
    const X = new Float64Array(rows * columns);
    analyzedRows(D, 0, rows, moments, X);
    const about = rowGram(X, rows, columns);
    const mean = scaledMean(moments);
    const overlap = new Float64Array(rows);
    multiplyTransposed(X, rows, mean, 1, columns, overlap);
    const power = dot(mean, 0, mean, 0, columns);
    const raw = about.map((v, at) => v + overlap[Math.floor(at / rows)] + overlap[at % rows] + power);
    const { values, vectors } = symmetricEigen(center ? about : raw, rows);
    const own = withoutRounding(values, moments.rawTotal);
    const other = withoutRounding(symmetricEigenvalues(center ? raw : about, rows), moments.rawTotal);
    if (!center)
      for (let i = 0; i < rows; i++) for (let k = 0; k < columns; k++) X[i * columns + k] += mean[k];
    const loadings = new Float64Array(count * columns);
    transposedMultiply(transposed(vectors, count, rows), count, X, columns, rows, loadings);
    for (let a = 0; a < count; a++) if (own[a] === 0) loadings.fill(0, a * columns, (a + 1) * columns);
    // Small components contain traces of the large ones, enlarged by the ratio of their sizes.
    orthonormalize(loadings, count, columns);
    return { raw: center ? other : own, centered: center ? own : other, loadings };
  }

  function tall(D: FlatRows, moments: Moments, center: boolean, count: number): Decomposition {
    const sums = new RowSums(columns);
    const block = new Float64Array(Math.min(rows, BLOCK_ROWS) * columns);
    for (let first = 0; first < rows; first += BLOCK_ROWS) {
      const size = Math.min(BLOCK_ROWS, rows - first);
      block.set(D.data.subarray(first * columns, (first + size) * columns));
      sums.add(block, size);
    }
    return componentsOfSums(sums, moments, center, count);
  }
}

/** The same from sums over rows, of which there are more than columns. */
export function componentsOfSums(
  { rows, columns, about: products }: Pick<RowSums, "rows" | "columns" | "about">,
  moments: Moments,
  center: boolean,
  count: number,
): Decomposition {
  const { scale } = moments;
  const about = products.map((v, at) => v / (scale[Math.floor(at / columns)] * scale[at % columns]));
  const mean = scaledMean(moments);
  const raw = about.map((v, at) => v + rows * mean[Math.floor(at / columns)] * mean[at % columns]);
  const { values, vectors } = symmetricEigen(center ? about : raw, columns);
  const own = withoutRounding(values, moments.rawTotal);
  const other = withoutRounding(symmetricEigenvalues(center ? raw : about, columns), moments.rawTotal);
  const loadings = vectors.slice(0, count * columns);
  for (let a = 0; a < count; a++) if (own[a] === 0) loadings.fill(0, a * columns, (a + 1) * columns);
  return { raw: center ? other : own, centered: center ? own : other, loadings };
}

/** The mean row of D / scale. */
export function scaledMean({ mean, scale }: Moments): Float64Array {
  return mean.map((v, k) => v / scale[k]);
}

/** Eigenvalues that are rounding errors become zero. */
function withoutRounding(values: Float64Array, size: number): Float64Array {
  // The second limit is for constant data, whose deviations from the mean are rounding errors.
  const least = Math.max(GRAM_NOISE * values[0], 1e-28 * size);
  return values.map((v) => (v > least ? v : 0));
}

function transposed(a: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let k = 0; k < columns; k++) out[k * rows + i] = a[i * columns + k];
  return out;
}
