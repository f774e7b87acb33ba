// The half steps of MCR-ALS: given S finds C, given C finds S. Each is reduced to one small problem per spectrum or energy.
import { BoundedStep } from "./bounded-step.js";
import type { Linear } from "./constraints/linear.js";
import type { Factors, Side } from "./constraints/problem.js";
import type { Data } from "./data.js";
import { PlainConcentrations, PlainIteration, PlainSpectra } from "./plain-steps.js";

/** Solves for one factor in place, the other given. */
export interface HalfStep {
  run(factors: Factors): void;
  /**
   * Sum of squared residuals right after a run, without forming the residual; undefined if not available.
   *
   * A difference of numbers as large as the sum of squares of D: good to about 1e-15 of that, so that a lack of fit above
   * 1e-5 % is good to a percent of itself, and one of 0.05 % to 1e-8.
   */
  residual?(): number | undefined;
}

/** Both half steps at once, C first. */
export interface WholeStep extends HalfStep {
  /** A step for C alone, in the end. @returns sum of squared residuals, formed number by number */
  last(factors: Factors): number;
}

/** The quickest half steps that hold the constraints. */
export interface HalfSteps {
  readonly C: HalfStep;
  readonly S: HalfStep;
  /** Both half steps in one pass, C first, if nothing has to be done in between. */
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

/** Only signs, and one sum over all components. */
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
