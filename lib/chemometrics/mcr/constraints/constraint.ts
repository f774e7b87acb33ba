// Interface of a constraint of MCR-ALS. Constraints that are linear in C or in S are part of the least
// squares. Others project the profiles that the least squares found.
import type { Linear } from "./linear.js";
import type { Factors, Problem, Side } from "./problem.js";

/** A constraint after its options have been checked for one problem. */
export interface Active {
  /** Adds conditions to the least squares of this matrix. */
  readonly linear?: (side: Side, linear: Linear) => void;
  /** Projects profiles onto the constraint, in place; idempotent. Undefined if least squares suffice. */
  readonly apply?: (side: Side, factors: Factors) => void;
  /** Constraint violation of a matrix, as a fraction of its largest value; 0 = satisfied. */
  readonly violation: (side: Side, factors: Factors) => number;
  /**
   * The violation for profiles of any scale, with the best values of fitted quantities (rates), for the
   * comparison with other solutions. Undefined where it equals the violation.
   */
  readonly distance?: (side: Side, factors: Factors) => number;
  /** Places of components whose scale is fixed by the constraint. */
  readonly scaled?: readonly number[];
  /** Whether it applies to particular components, so that their order must be known before the fit. */
  readonly named?: boolean;
  /** Results beside C and S as plain data, such as fitted rates. */
  readonly found?: () => unknown;
}

/** One kind of constraint. */
export interface Constraint<Option> {
  /**
   * Checks the requested options; undefined is the default. Returns null if nothing is requested.
   *
   * @param all all requested constraints, by name
   * @throws ArgumentError, ShapeError, DataError for invalid options
   */
  read(
    option: Option | undefined,
    problem: Problem,
    all: { readonly [name: string]: unknown },
  ): Active | null;
}
