// Hold: three hours at 4.3 V, in which the references are recorded again, then the fresh spots, then the spot
// that was in the beam during the charge.
import { PROTOCOL } from "../parameters.js";
import { flat } from "./flat.js";
import { foil } from "./foil.js";
import { atHold, freshSpots } from "./fresh-spots.js";
import { type Messages, until } from "./message.js";
import { type Program, REFERENCE_CUBES } from "./protocol.js";

/** From the end of the charge cubes to the end of the hold. */
export function* hold({
  chargeEnd,
  holdStart,
  holdEnd,
}: Pick<Program, "chargeEnd" | "holdStart" | "holdEnd">): Messages {
  // Beam and camera of the simulation do not drift. The first references are used for all parts, and these
  // only take their time.
  const flatAt = chargeEnd + MOVE;
  yield* flat({ at: flatAt });
  yield* foil({ at: flatAt + REFERENCE_CUBES * PROTOCOL.cubePeriod });
  yield* freshSpots({ holdStart });
  yield* atHold({ spot: "C", at: holdEnd - PROTOCOL.holdCubesBefore });
  yield until(holdEnd);
}

/** Time of the stage from a spot to the open beam, with a margin, s. */
const MOVE = 10;
