// Maximum-likelihood principal components, for noise that is not uniform.
import { Matrix } from "ml-matrix";
import { type MatrixLike, toFlat, toMatrix, toVector, type Vector } from "../../compute/matrix.js";
import { choleskyFactor, choleskySolve } from "../../compute/solvers/linear-solve.js";
import { ArgumentError, DataError, quote, ShapeError } from "../../errors.js";
import { wholeNumber } from "../checks.js";
import { leadingSubspace, orthonormalize } from "./subspace.js";

/** What `mlpca` returns. */
export interface Mlpca {
  /** Reconstruction of D from n components, with missing values filled in, shape [nSpectra, nEnergies]. */
  readonly D: Matrix;
  /** Coordinates of each spectrum, shape [nSpectra, n]: D = scores loadings. */
  readonly scores: Matrix;
  /** Orthonormal rows, shape [n, nEnergies]. */
  readonly loadings: Matrix;
  /** Sum of squared residuals over sigma^2. */
  readonly chiSquare: number;
  /** Expected chi-square for correct n and sigma: number of values minus (rows + energies - n) n. */
  readonly degreesOfFreedom: number;
  readonly iterations: number;
  /** Whether the relative change of chi-square in the last iteration is below 1e-10. */
  readonly converged: boolean;
}

const MAX_ITERATIONS = 2000;

/**
 * The n components with the largest likelihood for D with independent normal errors of known standard
 * deviations. Its `D` is a projection of the data for `mcrAls` with noise that is not uniform.
 *
 * Alternating weighted least squares for scores and loadings, which converges to the maximum of the
 * likelihood.
 *
 * @param D spectra, shape [nSpectra, nEnergies], not centered; NaN where a value is missing
 * @param sigma standard deviation of each value, same shape, or of each energy; positive, Infinity leaves a
 *   value out
 * @param n number of components
 * @throws ShapeError when lengths disagree; DataError for values that are not finite, and where a row or
 *   energy has fewer than n values; ArgumentError for sigma that is not positive and for invalid n
 * @see P. D. Wentzell, D. T. Andrews, D. C. Hamilton, K. Faber, B. R. Kowalski, Journal of Chemometrics 11
 *   (1997) 339
 * @example
 * // Numbers of the last column are ten times as uncertain as the others:
 * const sigma = [[0.01, 0.01, 0.1], [0.01, 0.01, 0.1], [0.01, 0.01, 0.1]];
 * const { D, chiSquare, degreesOfFreedom } = mlpca([[1, 2, 3.2], [2, 4, 5.9], [3, 6, 9.1]], sigma, 1);
 * D.get(2, 2); // 9.06, closest to what the other columns say
 * chiSquare / degreesOfFreedom; // near one where sigma is right
 */
export function mlpca(D: MatrixLike, sigma: MatrixLike | ArrayLike<number>, n: number): Mlpca {
  const { data, rows, columns } = toFlat(D, "mlpca", "D");
  wholeNumber(
    n,
    Math.min(rows, columns),
    "mlpca",
    "n",
    "there cannot be more components than spectra or energies",
  );
  const weights = readWeights(sigma, data, rows, columns);
  const { start, count } = beginning(data, weights, rows, columns, n);
  let loadings = leadingSubspace(start, rows, columns, n);
  orthonormalize(loadings, n, columns);
  const scores = new Float64Array(rows * n);
  let chiSquare = Number.POSITIVE_INFINITY;
  let converged = false;
  let iterations = 0;
  while (!converged && iterations < MAX_ITERATIONS) {
    iterations++;
    fitWeighted(data, weights, rows, columns, 1, loadings, 1, columns, n, scores, n, 1);
    const next = new Float64Array(n * columns);
    fitWeighted(data, weights, columns, 1, columns, scores, n, 1, n, next, 1, columns);
    orthonormalize(next, n, columns);
    loadings = next;
    const before = chiSquare;
    fitWeighted(data, weights, rows, columns, 1, loadings, 1, columns, n, scores, n, 1);
    chiSquare = chi(data, weights, scores, loadings, rows, n, columns);
    converged = before - chiSquare <= 1e-10 * chiSquare;
  }
  const explained = toMatrix(scores, rows, n).mmul(toMatrix(loadings, n, columns));
  return {
    D: explained,
    scores: toMatrix(scores, rows, n),
    loadings: toMatrix(loadings, n, columns),
    chiSquare,
    degreesOfFreedom: count - (rows + columns - n) * n,
    iterations,
    converged,
  };
}

function readWeights(
  sigma: MatrixLike | ArrayLike<number>,
  data: Float64Array,
  rows: number,
  columns: number,
): Float64Array {
  const first = (sigma as ArrayLike<unknown> | undefined)?.[0];
  const isMatrix = Matrix.isMatrix(sigma) || (typeof first === "object" && first !== null);
  const flat = isMatrix ? toFlat(sigma as MatrixLike, "mlpca", "sigma") : null;
  const perEnergy = flat ? null : toVector(sigma as ArrayLike<number>, "mlpca", "sigma");
  const [gotRows, gotColumns] = flat ? [flat.rows, flat.columns] : [rows, perEnergy?.length ?? 0];
  if (gotRows !== rows || gotColumns !== columns) {
    throw new ShapeError(
      `mlpca: expected sigma for ${rows} spectra and ${columns} energies as D has, got ${gotRows} and ${gotColumns}`,
      { expected: [rows, columns], got: [gotRows, gotColumns] },
    );
  }
  const weights = new Float64Array(data.length);
  for (let at = 0; at < data.length; at++) {
    const s = flat ? flat.data[at] : (perEnergy as Vector)[at % columns];
    const where = { row: Math.floor(at / columns), column: at % columns };
    if (!(s > 0)) {
      throw new ArgumentError(
        `mlpca: expected sigma above 0, got ${quote(s)} in row ${where.row}, column ${where.column}; Infinity leaves a number out`,
        { option: "sigma", value: s, ...where },
      );
    }
    if (Math.abs(data[at]) === Number.POSITIVE_INFINITY) {
      throw new DataError(
        `mlpca: expected finite numbers in D, or NaN where one is missing, got ${data[at]} in row ${where.row}, column ${where.column}`,
        where,
      );
    }
    weights[at] = Number.isNaN(data[at]) ? 0 : 1 / s ** 2;
    if (Number.isNaN(data[at])) data[at] = 0;
  }
  return weights;
}

/** Data for the first loadings, with the mean of the energy where a value has no weight. */
function beginning(
  data: Float64Array,
  weights: Float64Array,
  rows: number,
  columns: number,
  n: number,
): { start: Float64Array; count: number } {
  const perRow = new Int32Array(rows);
  const perColumn = new Int32Array(columns);
  const sum = new Float64Array(columns);
  for (let at = 0; at < data.length; at++) {
    if (weights[at] === 0) continue;
    perRow[Math.floor(at / columns)]++;
    perColumn[at % columns]++;
    sum[at % columns] += data[at];
  }
  for (const [what, counts] of [
    ["row", perRow],
    ["column", perColumn],
  ] as const) {
    const at = counts.findIndex((count) => count < n);
    if (at < 0) continue;
    throw new DataError(
      `mlpca: expected at least ${n} values with a finite sigma in every row and column of D, got ${counts[at]} in ${what} ${at}; leave it out`,
      { [what]: at },
    );
  }
  const start = data.map((v, at) => (weights[at] === 0 ? sum[at % columns] / perColumn[at % columns] : v));
  return { start, count: perRow.reduce((a, b) => a + b, 0) };
}

/**
 * Weighted least-squares coordinates of each of `count` lines of D (i) with respect to the n vectors of Y.
 * Lines are `line` apart, values of a line `step`; Y has values `yStep` and vectors `yVector` apart, and so
 * has the result.
 */
function fitWeighted(
  data: Float64Array,
  weights: Float64Array,
  count: number,
  line: number,
  step: number,
  Y: Float64Array,
  yStep: number,
  yVector: number,
  n: number,
  out: Float64Array,
  outLine: number,
  outVector: number,
): void {
  const length = data.length / count;
  const G = new Float64Array(n * n);
  const b = new Float64Array(n);
  for (let i = 0; i < count; i++) {
    G.fill(0);
    b.fill(0);
    for (let k = 0; k < length; k++) {
      const at = i * line + k * step;
      const w = weights[at];
      if (w === 0) continue;
      for (let a = 0; a < n; a++) {
        const wy = w * Y[a * yVector + k * yStep];
        b[a] += wy * data[at];
        for (let c = 0; c <= a; c++) G[a * n + c] += wy * Y[c * yVector + k * yStep];
      }
    }
    if (choleskyFactor(G, n)) choleskySolve(G, n, b);
    else b.fill(0);
    for (let a = 0; a < n; a++) out[i * outLine + a * outVector] = b[a];
  }
}

function chi(
  data: Float64Array,
  weights: Float64Array,
  scores: Float64Array,
  loadings: Float64Array,
  rows: number,
  n: number,
  columns: number,
): number {
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) {
      let e = data[i * columns + k];
      for (let a = 0; a < n; a++) e -= scores[i * n + a] * loadings[a * columns + k];
      sum += weights[i * columns + k] * e * e;
    }
  }
  return sum;
}
