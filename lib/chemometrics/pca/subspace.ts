// Leading right singular vectors of a matrix of spectra by block iteration: a few passes over the data, where
// a full decomposition would take the time of hundreds.

import { random } from "../../compute/random.js";
import { symmetricEigen } from "../../compute/solvers/eigen.js";
import { dot, type Floats, multiplyTransposed, sumOfSquares, transposedMultiply } from "../products.js";

/** Number of additional vectors, which accelerate convergence. */
const EXTRA = 4;
/** Largest number of passes. */
const MAX_PASSES = 30;

/**
 * The n leading right singular vectors of D (not centered), orthonormal rows, shape [n, columns], by
 * descending singular value.
 *
 * It stops when a pass reduces the unexplained part by less than 1e-4. If D has fewer than n independent
 * rows, the surplus vectors are zero or directions without signal.
 *
 * @param D row-major, shape [rows, columns]
 * @param n at most min(rows, columns)
 * @param mostPasses fewer than the usual 30, if only a start is needed
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
  // The start consists of random mixtures of all rows, so that it contains features of single rows.
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

/** The n vectors with the largest eigenvalues, as combinations of the rows of the block. */
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

/** Gram-Schmidt orthogonalization of rows, applied twice; a row that depends on earlier ones becomes zero. */
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
