// Dark: what the camera counts without beam.
import { PROTOCOL } from "../parameters.js";
import { collect, type Messages, set, until } from "./message.js";
import { REFERENCE_CUBES } from "./protocol.js";

/**
 * Frames with the shutter closed, of both camera modes at once: they are cut from the same exposures.
 *
 * @param at s, when it starts
 */
export function* dark({ at }: { at: number }): Messages {
  yield set("shutter", "closed");
  yield set("sampleStage", "I0");
  yield until(at);
  yield collect(["darkStatic", "darkMovie"], 1, REFERENCE_CUBES * PROTOCOL.cubePeriod);
}
