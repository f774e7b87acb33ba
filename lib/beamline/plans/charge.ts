// Charge: cubes while lithium leaves the electrode.
import type { Messages } from "./message.js";
import { onSpot } from "./on-spot.js";
import type { PartName } from "./parts.js";
import type { Program } from "./protocol.js";

/** Cubes of the charge, in the pieces of a program; the paper's has 1400 cubes at spot C, one every 11 s. */
export function* charge({ charge: pieces }: Pick<Program, "charge">): Messages {
  const spots = new Set(pieces.map(({ spot }) => spot));
  for (const { spot, at, cubes, period } of pieces) {
    const part: PartName = spots.size === 1 ? "charge" : `charge${spot}`;
    yield* onSpot({ spot, at, seconds: cubes * period, record: { part, cubes } });
  }
}
