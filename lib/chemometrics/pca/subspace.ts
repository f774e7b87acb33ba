// The leading right singular vectors of a matrix of spectra, by block iteration: a few passes over the data where a complete
// decomposition would cost hundreds.

import { random } from "../../compute/random.js";
import { symmetricEigen } from "../../compute/solvers/eigen.js";
import { dot, type Floats, multiplyTransposed, sumOfSquares, transposedMultiply } from "../products.js";

/** Vectors carried beyond those that are requested; they speed up convergence. */
const EXTRA = 4;
/** Passes after which it ends in any case. */
const MAX_PASSES = 30;

/**
 * The n leading right singular vectors of D (not centred), orthonormal rows, shape [n, columns], by falling singular value.
 *
 * Stops when a pass brings less than 1e-4 of what the vectors do not yet explain. Where D has fewer than n independent rows
 * the surplus vectors are zero or meaningless directions without signal.
 *
 * @param D row-major, shape [rows, columns]
 * @param n at most min(rows, columns)
 * @param mostPasses where a start is all that is wanted, fewer than the usual 30
 * @see N. Halko, P. G. Martinsson, J. A. Tropp, SIAM Review 53 (2011) 217
 */
export function leadingSubspace(
  D: Floats,
  rows: number,
  columns: number,
  n: number,
  mostPasses = MAX_PASSES,
): Float64Array {
  const width = Math.min(n + EXTRA, rows, columns);
  const total = sumOfSquares(D, rows, columns);
  const block = new Float64Array(width * columns);
  const scores = new Float64Array(rows * width);
  const gram = new Float64Array(width * width);
  // It starts from random mixtures of all rows, so that what only a few rows have is in it.
  const draw = random(1);
  for (let i = 0; i < scores.length; i++) scores[i] = draw.normal();
  transposedMultiply(scores, width, D, columns, rows, block);
  let explained = 0;
  for (let pass = 1; ; pass++) {
    orthonormalize(block, width, columns);
    multiplyTransposed(D, rows, block, width, columns, scores);
    transposedMultiply(scores, width, scores, width, rows, gram);
    const { values, vectors } = symmetricEigen(gram, width);
    const before = explained;
    explained = 0;
    for (let a = 0; a < n; a++) explained += values[a];
    const settled = explained - before <= 1e-4 * (total - explained) || explained - before <= 1e-15 * total;
    if (settled || pass >= mostPasses) return rotated(block, vectors, n, width, columns);
    transposedMultiply(scores, width, D, columns, rows, block);
  }
}

/** The n vectors of largest eigenvalue, mixed from the rows of the block. */
function rotated(
  block: Float64Array,
  rotation: Float64Array,
  n: number,
  width: number,
  columns: number,
): Float64Array {
  const out = new Float64Array(n * columns);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < width; b++) {
      const weight = rotation[a * width + b];
      for (let k = 0; k < columns; k++) out[a * columns + k] += weight * block[b * columns + k];
    }
  }
  return out;
}

/** Gram and Schmidt, twice, on rows; a row that depends on earlier ones becomes zero. */
export function orthonormalize(block: Float64Array, rows: number, columns: number): void {
  for (let a = 0; a < rows; a++) {
    const at = a * columns;
    const before = Math.sqrt(dot(block, at, block, at, columns));
    for (let round = 0; round < 2; round++) {
      for (let b = 0; b < a; b++) {
        const overlap = dot(block, at, block, b * columns, columns);
        for (let k = 0; k < columns; k++) block[at + k] -= overlap * block[b * columns + k];
      }
    }
    const norm = Math.sqrt(dot(block, at, block, at, columns));
    const scale = norm > 1e-12 * before ? 1 / norm : 0;
    for (let k = 0; k < columns; k++) block[at + k] *= scale;
  }
}
