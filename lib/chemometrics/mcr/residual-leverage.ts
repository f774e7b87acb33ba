// Residuals of a bilinear fit, corrected for leverage to the size of the noise.
import { inverse, Matrix } from "ml-matrix";

/** Largest leverage: interpolated rows or energies have no residual. */
const MOST_LEVERAGE = 0.9;

/**
 * D - C S, each value divided by sqrt((1 - h_i)(1 - g_k)), where h_i is the leverage of a spectrum on S and
 * g_k that of an energy on C. NaN where D is NaN.
 *
 * @param D row-major, shape [rows, columns]
 * @param closed whether concentrations sum to 1, so that only differences of spectra matter
 * @returns row-major, shape of D
 */
export function inflatedResiduals(D: Float64Array, C: Matrix, S: Matrix, closed: boolean): Float64Array {
  const fit = C.mmul(S);
  const h = leverages(C);
  const transposedS = S.transpose();
  const g = leverages(closed ? differences(transposedS) : transposedS);
  return D.map((d, at) => {
    const i = Math.floor(at / S.columns);
    const k = at % S.columns;
    return (d - fit.get(i, k)) / Math.sqrt((1 - h[i]) * (1 - g[k]));
  });
}

/** Diagonal of the projection onto the columns. */
function leverages(A: Matrix): Float64Array {
  const out = new Float64Array(A.rows);
  if (A.columns === 0) return out;
  const pseudo = inverse(A.transpose().mmul(A), true);
  for (let i = 0; i < A.rows; i++) {
    const row = A.getRowVector(i);
    out[i] = Math.min(MOST_LEVERAGE, Math.max(0, row.mmul(pseudo).mmul(row.transpose()).get(0, 0)));
  }
  return out;
}

/** Columns minus the last one. */
function differences(A: Matrix): Matrix {
  const out = new Matrix(A.rows, A.columns - 1);
  for (let i = 0; i < A.rows; i++) {
    for (let j = 0; j < A.columns - 1; j++) out.set(i, j, A.get(i, j) - A.get(i, A.columns - 1));
  }
  return out;
}
