// Foil: cubes of the Ni foil beside the cell, for the energy calibration of each pixel.
import { type ReferenceOptions, reference } from "./flat.js";
import type { Messages } from "./message.js";

/** Cubes of the Ni foil. */
export function foil(options: ReferenceOptions): Messages {
  return reference("foil", options);
}
