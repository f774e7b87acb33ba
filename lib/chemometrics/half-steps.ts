// The half steps of MCR-ALS: given S finds C, given C finds S. Each is reduced to one small problem per spectrum or energy.
import { BoundedStep } from "./bounded-step.js";
import type { Factors, Side } from "./constraints/constraint.js";
import type { Linear } from "./constraints/linear.js";
import type { Data } from "./data.js";
import type { DataProducts } from "./data-products.js";
import { PlainConcentrations, PlainSpectra } from "./plain-steps.js";

/** Solves for one factor in place, the other given. */
export interface HalfStep {
  run(factors: Factors): void;
  /**
   * Sum of squared residuals right after a run, without forming the residual; undefined where it does not know.
   *
   * A difference of numbers as large as the sum of squares of D: good to about 1e-15 of that, so that a lack of fit above
   * 1e-5 % is good to a percent of itself, and one of 0.05 % to 1e-8.
   */
  residual?(factors: Factors): number | undefined;
}

/** The quickest half step that holds the constraints. */
export function halfStep(side: Side, data: Data, linear: Linear, products: DataProducts): HalfStep {
  const { n } = linear.problem;
  if (!isPlain(data, linear)) return new BoundedStep(side, data, linear);
  const nonNegative = linear.lower.every((v) => v === 0);
  if (side === "S") return new PlainSpectra(data, linear, products, nonNegative);
  const closure = linear.sums.length > 0;
  return new PlainConcentrations(data, n, products, { nonNegative, closure }, linear.warm);
}

/** Whether both steps leave the kernels to the products: a closed step for C, or one with bounds, uses them for itself. */
export function usesProductsOnly(data: Data, linear: Readonly<Record<Side, Linear>>): boolean {
  return isPlain(data, linear.C) && isPlain(data, linear.S) && linear.C.sums.length === 0;
}

/** Nothing but signs, and one sum over all components. */
function isPlain({ weights }: Data, { lower, known, upper, sums, problem }: Linear): boolean {
  const [sum] = sums;
  return (
    weights === null &&
    known === null &&
    upper === null &&
    lower.every((v) => v === lower[0]) &&
    (!sum || (sum.equal && sum.total === 1 && sum.members.length === problem.n))
  );
}
