// Lack of fit against what as many principal components reconstruct of the data: what is left of it is the fault of the
// constraints, not of noise.
import type { Flat } from "../compute/matrix.js";
import { dot, residualOfRow, rowProducts } from "./products.js";

/**
 * 100 sqrt(sum (d_pca - c S)^2 / sum d_pca^2) in %, d_pca being D projected onto its leading principal components (not
 * centred).
 *
 * @param C shape [rows, n]
 * @param S shape [n, columns]
 * @param vectors the principal components, orthonormal rows, shape [components, columns]
 */
export function lackOfFitPca(
  D: Flat,
  C: Float64Array,
  S: Float64Array,
  n: number,
  vectors: Float64Array,
): number {
  const { rows, columns } = D;
  const components = vectors.length / columns;
  const scores = new Float64Array(components);
  const projected = new Float64Array(columns);
  let residual = 0;
  let total = 0;
  for (let i = 0; i < rows; i++) {
    rowProducts(D.data, i * columns, vectors, components, columns, scores, 0);
    projected.fill(0);
    for (let a = 0; a < components; a++) {
      for (let k = 0; k < columns; k++) projected[k] += scores[a] * vectors[a * columns + k];
    }
    total += dot(projected, 0, projected, 0, columns);
    residual += residualOfRow(projected, 0, C, i * n, S, n, columns);
  }
  return 100 * Math.sqrt(residual / total);
}
