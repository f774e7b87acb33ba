// Density conventions of a dose. The choice changes the dose of a porous cathode by a factor of 1.56.
import { oneOf } from "../options.js";

/**
 * Mass that the absorbed power of a layer is divided by. rho_s, rho_l: densities of the solid and of the
 * liquid in the pores; p: porosity.
 *
 * - `dense`: all power of the layer over rho_s, for a layer without pores (Eq. 2 of the paper, literally)
 * - `composite`: all power over (1 - p) rho_s + p rho_l, the true density of the layer
 * - `porous`: all power over (1 - p) rho_s, the mass of the solid alone
 * - `phase`: the power in each phase over the mass of this phase; a single number is that of the solid
 */
export type Convention = "dense" | "composite" | "porous" | "phase";

/** All conventions, in the order in which they are reported. */
export const conventions: readonly Convention[] = ["dense", "composite", "porous", "phase"];

/** The convention that gives the paper's dose rates with the paper's flux. */
export const DEFAULT_CONVENTION: Convention = "porous";

/** The convention, after a check. @throws ArgumentError */
export function checkConvention(call: string, convention: unknown): Convention {
  return oneOf(call, "convention", convention, conventions);
}
