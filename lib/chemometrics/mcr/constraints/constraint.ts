// What a constraint of MCR-ALS is. Those that are linear in C or in S tell the least squares what to keep and hold in its
// solution; the others move the profiles that the least squares found.
import type { Linear } from "./linear.js";
import type { Factors, Problem, Side } from "./problem.js";

/** A constraint whose options have been read for one problem. */
export interface Active {
  /** Adds what the least squares of this side can hold by themselves. */
  readonly linear?: (side: Side, linear: Linear) => void;
  /**
   * Moves profiles that have just been found onto the constraint, in place. Twice is as good as once. Left out where the
   * least squares do it all.
   */
  readonly apply?: (side: Side, factors: Factors) => void;
  /** How far a side is from satisfying it, as a fraction of its largest value; 0 = satisfied. */
  readonly violation: (side: Side, factors: Factors) => number;
  /**
   * The same for profiles of any scale, and for the best of what the constraint may find itself (rates): what other solutions
   * are asked. Left out where that is the violation.
   */
  readonly distance?: (side: Side, factors: Factors) => number;
  /** Places of components whose scale it fixes. */
  readonly scaled?: readonly number[];
  /** Whether it applies to particular components, so that their order must be known beforehand. */
  readonly named?: boolean;
  /** What it found beside C and S, plain data: fitted rates, for example. */
  readonly found?: () => unknown;
}

/** One kind of constraint. */
export interface Constraint<Option> {
  /**
   * Reads what the caller requested; undefined is the default. null where that asks for nothing.
   *
   * @param all everything that was requested, by name
   * @throws ArgumentError, ShapeError, DataError for options that cannot mean anything
   */
  read(
    option: Option | undefined,
    problem: Problem,
    all: { readonly [name: string]: unknown },
  ): Active | null;
}
