// Which mass an absorbed power is divided by. The choice changes the dose of a porous cathode by a factor of 1.56.
import { oneOf } from "../options.js";

/**
 * How a layer's absorbed power becomes a dose rate. rho_s, rho_l: densities of the solid and of the pores' liquid; p: porosity.
 *
 * - `dense`: all of the layer's power over rho_s, for a layer without pores (Eq. 2 of the paper, literally)
 * - `composite`: all of the power over (1 - p) rho_s + p rho_l, the layer's true density
 * - `porous`: all of the power over (1 - p) rho_s, the mass of the solid alone
 * - `phase`: each phase takes its fraction of the power over its own mass; a single number means the solid's
 */
export type Convention = "dense" | "composite" | "porous" | "phase";

/** All conventions, in the order in which they are reported. */
export const conventions: readonly Convention[] = ["dense", "composite", "porous", "phase"];

/** The convention that gives the paper's dose rates with the paper's flux. */
export const DEFAULT_CONVENTION: Convention = "porous";

/** The convention, when it is one. @throws ArgumentError otherwise */
export function checkConvention(call: string, convention: unknown): Convention {
  return oneOf(call, "convention", convention, conventions);
}
