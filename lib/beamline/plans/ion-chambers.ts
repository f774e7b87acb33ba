// Ion chambers: one spectrum of the center of a spot, without the camera; better energy resolution, no
// spatial resolution.
import { CHAMBER_OPENING } from "../devices/slits.js";
import { type Messages, read, set, trigger, until } from "./message.js";
import { CHAMBER_TIME, type Spot } from "./protocol.js";

/** Time before the beam for the stages, s: the camera moves out of the beam, and later back. */
export const CHAMBER_MOVES = 20;

/**
 * Quick-XAS with the three ion chambers, through slits of 0.5 x 0.5 mm2.
 *
 * @param at start of the beam on the spot, s
 * @param seconds default 22 min as in the paper
 */
export function* ionChambers({
  spot,
  at,
  seconds = CHAMBER_TIME,
}: {
  spot: Spot;
  at: number;
  seconds?: number;
}): Messages {
  yield set("cameraStage", "out");
  yield set("slits", CHAMBER_OPENING);
  yield set("sampleStage", spot);
  yield until(at);
  yield set("shutter", "open");
  for (const chamber of ["i0", "i1", "i2"] as const) {
    yield trigger(chamber);
    yield read(chamber);
  }
  yield until(at + seconds);
  yield set("shutter", "closed");
  yield set("slits", "open");
  yield set("cameraStage", "in");
}
