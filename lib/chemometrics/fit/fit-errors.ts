// Standard errors of least-squares concentrations.
import { choleskyFactor, choleskySolve } from "../../compute/solvers/linear-solve.js";

/**
 * Standard error of each concentration for noise of standard deviation 1: square roots of the diagonal of the
 * inverse of G, with closure of the inverse within sum = 1.
 *
 * Bounds (non-negative, at most 1) are not included. At a bound the true scatter is smaller, and a component
 * at zero keeps the error without this bound.
 *
 * @param G products of the components (with closure: of their differences from a common origin), [n, n]
 * @param closed whether concentrations sum to 1
 * @returns length n; NaN where components are linearly dependent
 */
export function unitErrors(G: Float64Array, n: number, closed: boolean): Float64Array {
  const m = closed ? n - 1 : n;
  const out = new Float64Array(n);
  const factor = new Float64Array(m * m);
  const last = n - 1;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) {
      // The last concentration is 1 minus the others.
      factor[i * m + j] = closed
        ? G[i * n + j] - G[i * n + last] - G[j * n + last] + G[last * n + last]
        : G[i * n + j];
    }
  }
  if (!choleskyFactor(factor, m)) return out.fill(Number.NaN);
  const column = new Float64Array(m);
  let all = 0;
  for (let j = 0; j < m; j++) {
    column.fill(0);
    column[j] = 1;
    choleskySolve(factor, m, column);
    out[j] = Math.sqrt(column[j]);
    for (let i = 0; i < m; i++) all += column[i];
  }
  if (closed) out[last] = Math.sqrt(all);
  return out;
}
