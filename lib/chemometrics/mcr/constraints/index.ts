// Registry of the constraints of MCR-ALS: a new one is one file and one line here. The order of the lines is
// the order in which constraints after the least squares are applied.
import { closure } from "./closure.js";
import type { Constraint } from "./constraint.js";
import { correlation } from "./correlation.js";
import { fixed } from "./fixed.js";
import { kinetic } from "./kinetic.js";
import { monotonic } from "./monotonic.js";
import { nonNegative } from "./non-negative.js";
import { norm } from "./norm.js";
import { smooth } from "./smooth.js";
import { trilinear } from "./trilinear.js";
import { unimodal } from "./unimodal.js";
import { zero } from "./zero.js";

export type { CorrelationFound } from "./correlation.js";
export type { KineticFound, KineticOptions } from "./kinetic.js";
export type { ZeroOptions } from "./zero.js";

/** Every constraint that `mcrAls(D, { constraints })` knows. */
export const constraints = {
  nonNegative,
  zero,
  fixed,
  kinetic,
  correlation,
  trilinear,
  unimodal,
  monotonic,
  smooth,
  closure,
  norm,
} satisfies Record<string, Constraint<never>>;

/** Name of a constraint. */
export type ConstraintName = keyof typeof constraints;

type OptionOf<C> = C extends Constraint<infer Option> ? Option : never;

/** Constraints on C and S by name. Default: both non-negative, rows of C sum to one. */
export type McrConstraints = {
  readonly [Name in ConstraintName]?: OptionOf<(typeof constraints)[Name]>;
} & {
  /**
   * Order of the constraints after the least squares: all names, or some of them; the others follow in their
   * usual order. Constraints in the least squares hold together, before all others.
   */
  readonly order?: readonly ConstraintName[];
};
