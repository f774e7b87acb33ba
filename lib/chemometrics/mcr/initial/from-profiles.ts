// Spectra from concentration profiles, for initial estimates that start with concentrations.
import { GramLeastSquares } from "../../../compute/solvers/nnls.js";
import { type Floats, transposedMultiply } from "../../products.js";

/**
 * Non-negative spectra that fit D best with the given concentration profiles.
 *
 * @param C concentration profiles, row-major, shape [rows, n]; changed: negative entries become zero, each
 *   profile gets the maximum 1 and, with closure, each row the sum 1
 * @returns row-major, shape [n, columns]
 */
export function spectraOfProfiles(
  C: Float64Array,
  D: Floats,
  rows: number,
  columns: number,
  n: number,
  closure: boolean,
): Float64Array {
  scaleProfiles(C, rows, n, closure);
  const A = new Float64Array(n * n);
  transposedMultiply(C, n, C, n, rows, A);
  const B = new Float64Array(n * columns);
  transposedMultiply(C, n, D, columns, rows, B);
  const solver = new GramLeastSquares(n, { nonNegative: true, closure: false });
  const S = new Float64Array(n * columns);
  solver.solveColumns(A, B, columns, S);
  return S;
}

function scaleProfiles(C: Float64Array, rows: number, n: number, closure: boolean): void {
  for (let j = 0; j < n; j++) {
    let most = 0;
    for (let i = 0; i < rows; i++) most = Math.max(most, C[i * n + j]);
    for (let i = 0; i < rows; i++) C[i * n + j] = most > 0 ? Math.max(0, C[i * n + j] / most) : 0;
  }
  for (let i = 0; closure && i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += C[i * n + j];
    if (sum > 0) for (let j = 0; j < n; j++) C[i * n + j] /= sum;
  }
}
