// Alternation of MCR-ALS: half step, constraints, half step, constraints, until the fit no longer improves.

import { residualSquares } from "../diagnostics/lack-of-fit.js";
import type { ConstraintSet } from "./constraints/constraint-set.js";
import type { Factors, Side } from "./constraints/problem.js";
import type { Data } from "./data.js";
import { halfSteps } from "./half-steps.js";
import { runawayOf } from "./runaway.js";

/** Reason for the end of MCR-ALS. */
export type McrStop = "converged" | "max-iterations" | "diverged" | "runaway";

/** The fit diverges after this many iterations in a row without a better lack of fit. */
export const PATIENCE = 20;

/** The fit ends after this many iterations in a row with a runaway component. */
const RUNAWAY_PATIENCE = 3;

/** A constant lack of fit is convergence if it is at most this fraction above the best one. */
const NEAR = 0.01;

/** Rounds of constraints in an iteration, and at the end, where they must hold. */
const ROUNDS = 20;
const LAST_ROUNDS = 2000;

/** Conditions for the end of the alternation. */
export interface AlternationOptions {
  readonly first: Side;
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly onIteration?: (iteration: number, lackOfFit: number) => void;
}

/**
 * Progress of the alternation. C and S are changed in place to those of the best iteration, with C fitted
 * once more to S. An iteration without a runaway component is better than any with one.
 */
export interface Alternation {
  readonly stop: McrStop;
  /** Lack of fit, %, after each iteration. */
  readonly trace: readonly number[];
  readonly bestIteration: number;
  /** Weighted sum of squared residuals. */
  readonly residual: number;
  /** Indices of the components that ran away at the end or in the returned iteration. */
  readonly runaway: readonly number[];
}

/** Alternates from the given factors: S if C comes first, C if S does. */
export function alternate(
  data: Data,
  constraints: ConstraintSet,
  factors: Factors,
  { first, tolerance, maxIterations, onIteration }: AlternationOptions,
): Alternation {
  const { n } = constraints.problem;
  const { sumOfSquares } = data;
  const second = first === "C" ? "S" : "C";
  const steps = halfSteps(data, constraints.linear);
  // One pass for both factors is not possible if constraints change C in between.
  const both = first === "C" && !constraints.worksAfterwards ? steps.both : null;
  const run = (side: Side, rounds: number): void => {
    steps[side].run(factors);
    constraints.apply(side, factors, rounds);
  };
  const runawayIn = runawayOf(data, n);
  const trace: number[] = [];
  const best = {
    lackOfFit: Number.POSITIVE_INFINITY,
    residual: Number.POSITIVE_INFINITY,
    iteration: 0,
    isAstray: true,
    C: factors.C.slice(),
    S: factors.S.slice(),
  };
  let astray: readonly number[] = [];
  let nAstray = 0;
  let stop: McrStop = "max-iterations";
  for (let iteration = 1; iteration <= maxIterations; iteration++) {
    if (both) both.run(factors);
    else {
      run(first, ROUNDS);
      run(second, ROUNDS);
    }
    // The residual of the half step is not valid if constraints changed the factors afterwards.
    const known = constraints.worksAfterwards ? undefined : (both ?? steps[second]).residual?.();
    const residual = known ?? residualSquares(data, factors, n);
    const lackOfFit = 100 * Math.sqrt(residual / sumOfSquares);
    trace.push(lackOfFit);
    onIteration?.(iteration, lackOfFit);
    const before = trace[iteration - 2] ?? Number.POSITIVE_INFINITY;
    astray = runawayIn(factors);
    const isAstray = astray.length > 0;
    nAstray = isAstray ? nAstray + 1 : 0;
    if (isAstray === best.isAstray ? lackOfFit < best.lackOfFit : best.isAstray) {
      Object.assign(best, { lackOfFit, residual, iteration, isAstray });
      best.C.set(factors.C);
      best.S.set(factors.S);
    }
    // Below 1e-14 of the data the residual and its changes are rounding errors.
    if (Math.abs(before - lackOfFit) < tolerance * before || residual <= 1e-14 * sumOfSquares) {
      stop = lackOfFit <= best.lackOfFit * (1 + NEAR) + 1e-5 ? "converged" : "diverged";
      break;
    }
    if (nAstray >= RUNAWAY_PATIENCE) break;
    if (iteration - best.iteration >= PATIENCE || !Number.isFinite(lackOfFit)) {
      // With a tolerance of zero the alternation also ends here if all changes are rounding errors.
      stop = lackOfFit <= best.lackOfFit * (1 + 1e-9) ? "converged" : "diverged";
      break;
    }
  }
  // After a last step C is the fit of D with the returned spectra, as from fitComponents.
  factors.S.set(best.S);
  constraints.apply("S", factors, LAST_ROUNDS);
  let residual: number;
  if (both) residual = both.last(factors);
  else {
    run("C", LAST_ROUNDS);
    residual = residualSquares(data, factors, n);
  }
  // A least-squares step cannot make the fit worse except for numbers too large for float64. Then it is
  // undone.
  if (!constraints.worksAfterwards && !(residual <= best.residual * (1 + 1e-9) + 1e-13 * sumOfSquares)) {
    factors.C.set(best.C);
    factors.S.set(best.S);
    residual = residualSquares(data, factors, n);
  }
  const runaway = nAstray > 0 ? astray : runawayIn(factors);
  if (runaway.length > 0) stop = "runaway";
  return { stop, trace, bestIteration: best.iteration, residual, runaway };
}
