// Align: moves the targets beside the cell into the beam and takes a picture of each. The electrode is left
// out, because exposure would add to its dose.
import { type Messages, read, set, trigger, until } from "./message.js";

/**
 * Pictures of the open beam and of the foil, and the readings of the ring and the stages.
 *
 * @param at start, s
 */
export function* align({ at }: { at: number }): Messages {
  yield until(at);
  yield set("cameraStage", "in");
  yield set("slits", "open");
  yield set("monochromator", 8390);
  for (const target of ["I0", "foil"] as const) {
    yield set("sampleStage", target);
    yield set("shutter", "open");
    yield trigger("ring");
    yield trigger("camera");
    yield read("camera");
    yield read("sampleStage");
    yield set("shutter", "closed");
  }
}
