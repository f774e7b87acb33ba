// Lack of fit relative to the data, and relative to their reconstruction from as many principal components.
// The second one contains the effect of the constraints without the noise.
import type { Factors } from "../mcr/constraints/problem.js";
import type { Data } from "../mcr/data.js";
import { type Floats, residualOfRow, residualSumOfSquares, rowProducts } from "../products.js";

/** Weighted sum of (D - C S)^2 over all entries, computed entry by entry. */
export function residualSquares(data: Data, { C, S }: Factors, n: number): number {
  const { rows, columns, weights } = data;
  if (weights === null) return residualSumOfSquares(data.data, C, S, rows, n, columns);
  let total = 0;
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) {
      const at = i * columns + k;
      if (weights[at] === 0) continue;
      let e = data.data[at];
      for (let j = 0; j < n; j++) e -= C[i * n + j] * S[j * columns + k];
      total += weights[at] * e * e;
    }
  }
  return total;
}

/**
 * 100 sqrt(sum w (d_pca - c S)^2 / sum w d_pca^2) in %, where d_pca is D projected onto its leading principal
 * components (not centered).
 *
 * @param D without missing values, shape [rows, columns]
 * @param vectors the principal components, orthonormal rows, shape [components, columns]
 */
export function lackOfFitPca(
  D: Floats,
  { rows, columns, weights }: Data,
  { C, S }: Factors,
  n: number,
  vectors: Float64Array,
): number {
  const components = vectors.length / columns;
  const scores = new Float64Array(components);
  const projected = new Float64Array(columns);
  let residual = 0;
  let total = 0;
  for (let i = 0; i < rows; i++) {
    rowProducts(D, i * columns, vectors, components, columns, scores, 0);
    projected.fill(0);
    for (let a = 0; a < components; a++) {
      for (let k = 0; k < columns; k++) projected[k] += scores[a] * vectors[a * columns + k];
    }
    if (weights === null) {
      for (let k = 0; k < columns; k++) total += projected[k] * projected[k];
      residual += residualOfRow(projected, 0, C, i * n, S, n, columns);
      continue;
    }
    for (let k = 0; k < columns; k++) {
      const w = weights[i * columns + k];
      let e = projected[k];
      for (let j = 0; j < n; j++) e -= C[i * n + j] * S[j * columns + k];
      total += w * projected[k] * projected[k];
      residual += w * e * e;
    }
  }
  return 100 * Math.sqrt(residual / total);
}
