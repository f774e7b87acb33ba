// The beam on a spot of the electrode: from when to when is what the exposure history is made of, recorded or not.
import { collect, type Messages, set, until, wait } from "./message.js";
import type { PartName } from "./parts.js";
import type { Spot } from "./protocol.js";

/** Beam on a spot. */
export interface OnSpotOptions {
  readonly spot: Spot;
  /** s, when the shutter opens. */
  readonly at: number;
  /** s, for which it stays open. */
  readonly seconds: number;
  /** What is recorded in that time; without it the beam is on and nothing is. */
  readonly record?: { readonly part: PartName; readonly cubes: number };
}

/** Opens the shutter on a spot for a time, and records cubes evenly in it where they are wanted. */
export function* onSpot({ spot, at, seconds, record }: OnSpotOptions): Messages {
  yield set("sampleStage", spot);
  yield until(at);
  yield set("shutter", "open");
  if (record) yield collect([record.part], record.cubes, seconds / record.cubes);
  else yield wait(seconds);
  yield until(at + seconds);
  yield set("shutter", "closed");
}
