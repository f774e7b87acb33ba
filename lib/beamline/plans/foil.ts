// Foil: cubes of the Ni foil beside the cell, to which the energies of each pixel are calibrated.
import { type ReferenceOptions, reference } from "./flat.js";
import type { Messages } from "./message.js";

/** Cubes of the Ni foil. */
export function foil(options: ReferenceOptions): Messages {
  return reference("foil", options);
}
