// Half steps of MCR-ALS: C from S, and S from C. Each is reduced to one small problem per spectrum or energy.
import { BoundedStep } from "./bounded-step.js";
import type { Linear } from "./constraints/linear.js";
import type { Factors, Side } from "./constraints/problem.js";
import type { Data } from "./data.js";
import { PlainConcentrations, PlainIteration, PlainSpectra } from "./plain-steps.js";

/** Solves for one factor in place, with the other one given. */
export interface HalfStep {
  run(factors: Factors): void;
  /**
   * Sum of squared residuals of the last run without computing the residual; undefined if not available.
   *
   * It is a difference of numbers as large as the sum of squares of D, with an error of about 1e-15 of it. A
   * lack of fit above 1e-5 % has a relative error below 1 %, and one of 0.05 % of 1e-8.
   */
  residual?(): number | undefined;
}

/** Both half steps at once, C first. */
export interface WholeStep extends HalfStep {
  /** The final step for C. @returns sum of squared residuals, computed value by value */
  last(factors: Factors): number;
}

/** The fastest half steps that satisfy the constraints. */
export interface HalfSteps {
  readonly C: HalfStep;
  readonly S: HalfStep;
  /** Both half steps in one pass, C first, if nothing else is needed in between. */
  readonly both: WholeStep | null;
}

export function halfSteps(data: Data, linear: Readonly<Record<Side, Linear>>): HalfSteps {
  const nonNegative = (side: Side): boolean => linear[side].lower.every((v) => v === 0);
  const [sum] = linear.C.sums;
  const closure = sum === undefined ? false : sum.equal || ("at most" as const);
  const C = isPlain(data, linear.C)
    ? new PlainConcentrations(data, linear.C.problem.n, { nonNegative: nonNegative("C"), closure })
    : new BoundedStep("C", data, linear.C);
  const S = isPlain(data, linear.S)
    ? new PlainSpectra(data, linear.S, nonNegative("S"))
    : new BoundedStep("S", data, linear.S);
  const plain = C instanceof PlainConcentrations && S instanceof PlainSpectra;
  return { C, S, both: plain ? PlainIteration.of(C, S) : null };
}

/** Whether all constraints are signs, and one sum over all components. */
function isPlain({ weights }: Data, { lower, known, upper, sums, problem }: Linear): boolean {
  const [sum] = sums;
  return (
    weights === null &&
    known === null &&
    upper === null &&
    lower.every((v) => v === lower[0]) &&
    (!sum || (sum.total === 1 && sum.members.length === problem.n))
  );
}
