// Eigenvalues of the symmetric matrices that principal components come from, largest first.
import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/** Eigenvalues and eigenvectors of a symmetric matrix. */
export interface SymmetricEigen {
  /** Eigenvalues, falling, length n. */
  readonly values: Float64Array;
  /** Unit eigenvectors as rows, shape [n, n], in the order of the values. */
  readonly vectors: Float64Array;
}

/**
 * Decomposes a symmetric matrix (ml-matrix's tridiagonal QL).
 *
 * @param a row-major, shape [n, n]; symmetric
 */
export function symmetricEigen(a: Float64Array, n: number): SymmetricEigen {
  const matrix = new Matrix(n, n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) matrix.set(i, j, a[i * n + j]);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  const order = Array.from(realEigenvalues.keys()).sort((i, j) => realEigenvalues[j] - realEigenvalues[i]);
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) vectors[i * n + k] = eigenvectorMatrix.get(k, order[i]);
  return { values: Float64Array.from(order, (i) => realEigenvalues[i]), vectors };
}
