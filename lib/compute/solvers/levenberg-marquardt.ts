// Nonlinear least squares with few parameters.
import { choleskyFactor, choleskySolve } from "./linear-solve.js";

/** Final state of the search. */
export interface LevenbergMarquardt {
  readonly parameters: Float64Array;
  /** Sum of squared residuals there. */
  readonly sumOfSquares: number;
}

/**
 * Parameters at a (local) minimum of the sum of squared residuals; derivatives by central differences.
 *
 * @param residuals fills `out` for the given parameters; steps to where a residual is not finite are not
 *   taken
 * @param start parameters of order one (logarithms, for example), finite residuals
 * @param nResiduals length of `out`
 * @param settled the search ends after a step below this in all parameters; steps below 1e-10 are rounding
 * @see D. W. Marquardt, Journal of the Society for Industrial and Applied Mathematics 11 (1963) 431
 */
export function levenbergMarquardt(
  residuals: (parameters: Float64Array, out: Float64Array) => void,
  start: Float64Array,
  nResiduals: number,
  settled = 1e-10,
): LevenbergMarquardt {
  const p = start.length;
  let parameters = start.slice();
  let r = new Float64Array(nResiduals);
  const ahead = new Float64Array(nResiduals);
  const jacobian = new Float64Array(p * nResiduals);
  const normal = new Float64Array(p * p);
  const damped = new Float64Array(p * p);
  const step = new Float64Array(p);
  residuals(parameters, r);
  let sum = squares(r);
  let damping = 1e-3;
  for (let iteration = 0; iteration < 100; iteration++) {
    for (let a = 0; a < p; a++) {
      const shifted = parameters.slice();
      const h = 1e-5 * Math.max(1, Math.abs(parameters[a]));
      const column = jacobian.subarray(a * nResiduals, (a + 1) * nResiduals);
      shifted[a] = parameters[a] + h;
      residuals(shifted, column);
      shifted[a] = parameters[a] - h;
      residuals(shifted, ahead);
      for (let i = 0; i < nResiduals; i++) column[i] = (column[i] - ahead[i]) / (2 * h);
    }
    for (let a = 0; a < p; a++) {
      for (let b = 0; b <= a; b++) {
        let s = 0;
        for (let i = 0; i < nResiduals; i++) s += jacobian[a * nResiduals + i] * jacobian[b * nResiduals + i];
        normal[a * p + b] = s;
      }
    }
    let moved = 0;
    for (; damping < 1e12; damping *= 8) {
      for (let a = 0; a < p; a++) {
        for (let b = 0; b < a; b++) damped[a * p + b] = normal[a * p + b];
        damped[a * p + a] = normal[a * p + a] * (1 + damping) + 1e-300;
        let s = 0;
        for (let i = 0; i < nResiduals; i++) s -= jacobian[a * nResiduals + i] * r[i];
        step[a] = s;
      }
      if (!choleskyFactor(damped, p)) continue;
      choleskySolve(damped, p, step);
      const next = parameters.map((v, a) => v + step[a]);
      const nextR = new Float64Array(nResiduals);
      residuals(next, nextR);
      const nextSum = squares(nextR);
      if (!(nextSum <= sum)) continue;
      moved = Math.max(...step.map(Math.abs));
      parameters = next;
      r = nextR;
      sum = nextSum;
      damping = Math.max(1e-12, damping / 10);
      break;
    }
    if (!(moved > settled)) break;
  }
  return { parameters, sumOfSquares: sum };
}

function squares(values: Float64Array): number {
  let sum = 0;
  for (const v of values) sum += v * v;
  return Number.isFinite(sum) ? sum : Number.POSITIVE_INFINITY;
}
