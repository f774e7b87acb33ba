// Beam on a spot of the electrode, recorded or not, for the exposure history.
import { collect, type Messages, set, until, wait } from "./message.js";
import type { PartName } from "./parts.js";
import type { Spot } from "./protocol.js";

/** Interval of beam on a spot. */
export interface OnSpotOptions {
  readonly spot: Spot;
  /** opening of the shutter, s */
  readonly at: number;
  /** time that the shutter stays open, s */
  readonly seconds: number;
  /** Cubes recorded in this time, if any. */
  readonly record?: { readonly part: PartName; readonly cubes: number };
}

/** Opens the shutter on a spot for a time, and records cubes evenly in it if requested. */
export function* onSpot({ spot, at, seconds, record }: OnSpotOptions): Messages {
  yield set("sampleStage", spot);
  yield until(at);
  yield set("shutter", "open");
  if (record) yield collect([record.part], record.cubes, seconds / record.cubes);
  else yield wait(seconds);
  yield until(at + seconds);
  yield set("shutter", "closed");
}
