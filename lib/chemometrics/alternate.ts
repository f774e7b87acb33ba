// The alternation of MCR-ALS: half step, constraints, half step, constraints, until the fit no longer gets better.
import type { Factors, Side } from "./constraints/constraint.js";
import type { ConstraintSet } from "./constraints/constraint-set.js";
import type { Data } from "./data.js";
import { halfSteps } from "./half-steps.js";
import { residualSquares } from "./lack-of-fit.js";

/** Why MCR-ALS stopped. */
export type McrStop = "converged" | "max-iterations" | "diverged";

/** Iterations in a row without a better lack of fit that count as divergence. */
export const PATIENCE = 20;

/** Rounds of constraints in an iteration, and in the end, where they have to hold. */
const ROUNDS = 20;
const LAST_ROUNDS = 2000;

/** How the alternation goes on and ends. */
export interface AlternationOptions {
  readonly first: Side;
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly onIteration?: (iteration: number, lackOfFit: number) => void;
}

/** How it went; C and S are changed in place: those of the best iteration, C fitted once more to S. */
export interface Alternation {
  readonly stop: McrStop;
  /** Lack of fit, %, after each iteration. */
  readonly trace: readonly number[];
  readonly bestIteration: number;
  /** Weighted sum of squares of what C and S leave. */
  readonly residual: number;
}

/** Alternates from the given factors: S where C comes first, C where S does. */
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
  // What constraints do to C in between a pass for both cannot wait for.
  const both = first === "C" && !constraints.worksAfterwards ? steps.both : null;
  const run = (side: Side, rounds: number): void => {
    steps[side].run(factors);
    constraints.apply(side, factors, rounds);
  };
  const bestS = factors.S.slice();
  const trace: number[] = [];
  let best = Number.POSITIVE_INFINITY;
  let bestIteration = 0;
  let stop: McrStop = "max-iterations";
  for (let iteration = 1; iteration <= maxIterations; iteration++) {
    if (both) both.run(factors);
    else {
      run(first, ROUNDS);
      run(second, ROUNDS);
    }
    // What the half step knows of the residual no longer counts where constraints have changed the factors since.
    const known = constraints.worksAfterwards ? undefined : (both ?? steps[second]).residual?.();
    const residual = known ?? residualSquares(data, factors, n);
    const lackOfFit = 100 * Math.sqrt(residual / sumOfSquares);
    trace.push(lackOfFit);
    onIteration?.(iteration, lackOfFit);
    const before = trace[iteration - 2] ?? Number.POSITIVE_INFINITY;
    if (lackOfFit < best) {
      best = lackOfFit;
      bestIteration = iteration;
      bestS.set(factors.S);
    }
    // Below 1e-14 of the data the residual is rounding, and its changes mean nothing.
    if (Math.abs(before - lackOfFit) < tolerance * before || residual <= 1e-14 * sumOfSquares) {
      stop = "converged";
      break;
    }
    if (iteration - bestIteration >= PATIENCE || !Number.isFinite(lackOfFit)) {
      // With a tolerance of zero it ends here, too, where only rounding still changes.
      stop = lackOfFit <= best * (1 + 1e-9) ? "converged" : "diverged";
      break;
    }
  }
  // A last step for C makes it the fit of D by the spectra that are returned, as fitComponents would give it.
  factors.S.set(bestS);
  constraints.apply("S", factors, LAST_ROUNDS);
  if (both) return { stop, trace, bestIteration, residual: both.last(factors) };
  run("C", LAST_ROUNDS);
  return { stop, trace, bestIteration, residual: residualSquares(data, factors, n) };
}
