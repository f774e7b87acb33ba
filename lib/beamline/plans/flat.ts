// Flat field: cubes of the open beam (I0), through the empty space below the cell.
import { PROTOCOL } from "../parameters.js";
import { collect, type Messages, set, until } from "./message.js";
import type { PartName } from "./parts.js";
import { REFERENCE_CUBES } from "./protocol.js";

/** Time and part of reference cubes. */
export interface ReferenceOptions {
  /** start, s */
  readonly at: number;
  /** Part of the cubes; without one they are not kept. */
  readonly part?: PartName;
  /** Default 20 as in the paper, one every 11 s: 3.67 min. */
  readonly cubes?: number;
}

/** Cubes of the open beam. */
export function flat(options: ReferenceOptions): Messages {
  return reference("I0", options);
}

/** Cubes of a target beside the cell. */
export function* reference(
  target: "I0" | "foil",
  { at, part, cubes = REFERENCE_CUBES }: ReferenceOptions,
): Messages {
  yield set("sampleStage", target);
  yield until(at);
  yield set("shutter", "open");
  yield collect(part ? [part] : [], cubes, PROTOCOL.cubePeriod);
  yield set("shutter", "closed");
}
