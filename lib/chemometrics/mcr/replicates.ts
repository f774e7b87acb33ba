// Standard errors and intervals from replicates of a matrix.
import { Matrix } from "ml-matrix";
import { normalQuantile } from "../../compute/distributions.js";
import { quantile } from "../../compute/stats.js";

/** Errors of C or S, with the same shape. */
export interface FactorErrors {
  readonly standardError: Matrix;
  /**
   * Limits of the interval: percentiles of the bootstrap, or a multiple of standard errors of the jackknife.
   */
  readonly low: Matrix;
  readonly high: Matrix;
}

/** From bootstrap replicates: standard deviation and percentiles of each entry. */
export function percentiles(drawn: readonly Matrix[], value: Matrix, level: number): FactorErrors {
  const { rows, columns } = value;
  const [standardError, low, high] = [0, 1, 2].map(() => new Matrix(rows, columns));
  const entry = new Float64Array(drawn.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      for (let r = 0; r < entry.length; r++) entry[r] = drawn[r].get(i, j);
      const mean = entry.reduce((sum, v) => sum + v, 0) / entry.length;
      const squares = entry.reduce((sum, v) => sum + (v - mean) ** 2, 0);
      standardError.set(i, j, Math.sqrt(squares / (entry.length - 1)));
      low.set(i, j, quantile(entry, (1 - level) / 2));
      high.set(i, j, quantile(entry, (1 + level) / 2));
    }
  }
  return { standardError, low, high };
}

/** From jackknife groups: standard error of each entry, and intervals from multiples of it. */
export function spreadOfGroups(found: readonly Matrix[], value: Matrix, level: number): FactorErrors {
  const { rows, columns } = value;
  const [standardError, low, high] = [0, 1, 2].map(() => new Matrix(rows, columns));
  const g = found.length;
  const z = studentQuantile((1 + level) / 2, g - 1);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let mean = 0;
      for (const matrix of found) mean += matrix.get(i, j) / g;
      let squares = 0;
      for (const matrix of found) squares += (matrix.get(i, j) - mean) ** 2;
      const error = Math.sqrt(((g - 1) / g) * squares);
      standardError.set(i, j, error);
      low.set(i, j, value.get(i, j) - z * error);
      high.set(i, j, value.get(i, j) + z * error);
    }
  }
  return { standardError, low, high };
}

/** Quantile of Student's t from that of the normal distribution. @see M. Abramowitz, I. A. Stegun, 26.7.5 */
function studentQuantile(p: number, freedom: number): number {
  const z = normalQuantile(p);
  return z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);
}
