// Cross-validation of the number of components.
import { random } from "../../../compute/random.js";
import { dot, multiplyTransposed } from "../../products.js";
import { leadingSubspace } from "../subspace.js";

/** Number of rows that are used; they are a random sample if there are more. */
const MOST_ROWS = 400;
/** Largest number of components that is tried. */
const MOST = 12;

/**
 * Root mean square error of the prediction of blocks that are left out, for n = 0, 1, ... components (not
 * centered).
 *
 * Rows and columns are divided into folds. Each block of one row fold and one column fold is left out once.
 * The components come from the rows and columns outside the block, and its prediction from the other columns
 * of its rows and the other rows of its columns.
 *
 * @param D row-major, shape [rows, columns]
 * @param folds number of folds of rows and of columns, at least 2 and at most the number of rows or columns
 * @see A. B. Owen, P. O. Perry, Annals of Applied Statistics 3 (2009) 564 (bi-cross-validation)
 */
export function crossValidation(
  D: Float64Array,
  rows: number,
  columns: number,
  folds: number,
  seed: number,
): Float64Array {
  const draw = random(seed, 0xcf);
  const order = (count: number): number[] => {
    const out = Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = Math.floor(draw.uniform() * (i + 1));
      [out[i], out[j]] = [out[j], out[i]];
    }
    return out;
  };
  const rowOrder = order(rows).slice(0, MOST_ROWS);
  const columnOrder = order(columns);
  const most = Math.min(
    MOST,
    rowOrder.length - Math.ceil(rowOrder.length / folds),
    columns - Math.ceil(columns / folds),
  );
  const sums = new Float64Array(most + 1);
  for (let f = 0; f < folds; f++) {
    const heldRows = rowOrder.filter((_, i) => i % folds === f);
    const keptRows = rowOrder.filter((_, i) => i % folds !== f);
    for (let g = 0; g < folds; g++) {
      const heldColumns = columnOrder.filter((_, k) => k % folds === g);
      const keptColumns = columnOrder.filter((_, k) => k % folds !== g);
      const part = (r: number[], c: number[]): Float64Array => block(D, columns, r, c);
      addErrors(
        part(heldRows, heldColumns),
        part(heldRows, keptColumns),
        part(keptRows, heldColumns),
        part(keptRows, keptColumns),
        [heldRows.length, heldColumns.length, keptRows.length, keptColumns.length],
        most,
        sums,
      );
    }
  }
  return sums.map((sum) => Math.sqrt(sum / (rowOrder.length * columns)));
}

function block(D: Float64Array, columns: number, rows: number[], kept: number[]): Float64Array {
  const out = new Float64Array(rows.length * kept.length);
  rows.forEach((row, i) => {
    for (let k = 0; k < kept.length; k++) out[i * kept.length + k] = D[row * columns + kept[k]];
  });
  return out;
}

/**
 * D = [A B; C E] with A left out. A is predicted as B v (u^T C) / s, one component after another; A becomes
 * the residual.
 */
function addErrors(
  A: Float64Array,
  B: Float64Array,
  C: Float64Array,
  E: Float64Array,
  [heldRows, heldColumns, keptRows, keptColumns]: readonly number[],
  most: number,
  sums: Float64Array,
): void {
  const vectors = leadingSubspace(E, keptRows, keptColumns, most);
  const scores = new Float64Array(keptRows * most);
  multiplyTransposed(E, keptRows, vectors, most, keptColumns, scores);
  const own = new Float64Array(heldRows * most);
  multiplyTransposed(B, heldRows, vectors, most, keptColumns, own);
  sums[0] += dot(A, 0, A, 0, A.length);
  const across = new Float64Array(heldColumns);
  let largest = 0;
  for (let n = 0; n < most; n++) {
    let size = 0;
    for (let i = 0; i < keptRows; i++) size += scores[i * most + n] ** 2;
    largest = Math.max(largest, size);
    // A component that is a rounding error predicts nothing.
    if (size > 1e-20 * largest) {
      across.fill(0);
      for (let i = 0; i < keptRows; i++) {
        const weight = scores[i * most + n] / size;
        for (let k = 0; k < heldColumns; k++) across[k] += weight * C[i * heldColumns + k];
      }
      for (let i = 0; i < heldRows; i++) {
        for (let k = 0; k < heldColumns; k++) A[i * heldColumns + k] -= own[i * most + n] * across[k];
      }
    }
    sums[n + 1] += dot(A, 0, A, 0, A.length);
  }
}
