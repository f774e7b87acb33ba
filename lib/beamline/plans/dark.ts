// Dark: counts of the camera without beam.
import { PROTOCOL } from "../parameters.js";
import { collect, type Messages, set, until } from "./message.js";
import { REFERENCE_CUBES } from "./protocol.js";

/**
 * Frames with the shutter closed, for both camera modes: they are cut from the same exposures.
 *
 * @param at start, s
 */
export function* dark({ at }: { at: number }): Messages {
  yield set("shutter", "closed");
  yield set("sampleStage", "I0");
  yield until(at);
  yield collect(["darkStatic", "darkMovie"], 1, REFERENCE_CUBES * PROTOCOL.cubePeriod);
}
