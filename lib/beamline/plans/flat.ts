// Flat: cubes of the open beam (I0), through the empty space below the cell.
import { PROTOCOL } from "../parameters.js";
import { collect, type Messages, set, until } from "./message.js";
import type { PartName } from "./parts.js";
import { REFERENCE_CUBES } from "./protocol.js";

/** Where and when reference cubes are recorded. */
export interface ReferenceOptions {
  /** s, when it starts. */
  readonly at: number;
  /** Part that the cubes go to; without one they are not kept. */
  readonly part?: PartName;
  /** Default the paper's 20, one every 11 s: 3.67 min. */
  readonly cubes?: number;
}

/** Cubes of the open beam. */
export function flat(options: ReferenceOptions): Messages {
  return reference("I0", options);
}

/** Cubes of what stands beside the cell. */
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
