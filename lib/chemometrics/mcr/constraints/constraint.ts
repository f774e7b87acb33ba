// What a constraint of MCR-ALS is. Those that are linear in C or in S tell the least squares what to keep and hold in its
// solution; the others move the profiles that the least squares found.
import type { Linear } from "./linear.js";

/** The concentrations (one row per spectrum) or the spectra. */
export type Side = "C" | "S";

/** What constraints need to know of the problem: D = C S, shape [rows, columns], perhaps made of blocks. */
export interface Problem {
  readonly rows: number;
  readonly columns: number;
  /** Number of requested components; options count components from 0 to wanted - 1. */
  readonly wanted: number;
  /** For each component requested, its index among those that are resolved; -1 if D does not resolve it. */
  readonly places: readonly number[];
  /** Number of components that are resolved. */
  readonly n: number;
  /** First row of each block, and `rows`: [0, rows] where D is one block. */
  readonly rowBounds: readonly number[];
  /** The same for energies. */
  readonly columnBounds: readonly number[];
}

/** Both factors of D = C S on flat arrays. */
export interface Factors {
  /** Shape [rows, n]. */
  readonly C: Float64Array;
  /** Shape [n, columns]. */
  readonly S: Float64Array;
}

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
