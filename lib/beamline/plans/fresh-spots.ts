// Fresh spots: the electrode without previous beam, for comparison with spot C.
import { PROTOCOL } from "../parameters.js";
import { CHAMBER_MOVES, ionChambers } from "./ion-chambers.js";
import type { Messages } from "./message.js";
import { onSpot } from "./on-spot.js";
import { CHAMBER_TIME, FRESH_SPOTS, type Spot, STATIC_CUBES } from "./protocol.js";

/**
 * Spots A and B at 4.3 V: 22 min of ion chambers and 10 min of cubes each.
 *
 * @param holdStart start of the hold, s
 */
export function* freshSpots({ holdStart }: { holdStart: number }): Messages {
  for (const [spot, after] of Object.entries(FRESH_SPOTS)) {
    yield* atHold({ spot: spot as Spot, at: holdStart + after });
  }
}

/**
 * A spot at 4.3 V: first the ion chambers, then cubes.
 *
 * @param at start of the cubes, s
 */
export function* atHold({ spot, at }: { spot: Spot; at: number }): Messages {
  yield* ionChambers({ spot, at: at - CHAMBER_MOVES - CHAMBER_TIME });
  yield* onSpot({
    spot,
    at,
    seconds: PROTOCOL.holdCubesTime,
    record: { part: `hold${spot}`, cubes: STATIC_CUBES },
  });
}
