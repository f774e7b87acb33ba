// The whole experiment: the protocol of the paper, from the alignment to the end of the hold.
import { PROTOCOL } from "../parameters.js";
import { align } from "./align.js";
import { charge } from "./charge.js";
import { dark } from "./dark.js";
import { flat } from "./flat.js";
import { foil } from "./foil.js";
import { hold } from "./hold.js";
import { CHAMBER_MOVES, ionChambers } from "./ion-chambers.js";
import type { Messages } from "./message.js";
import { ocv } from "./ocv.js";
import { CHAMBER_TIME, programOf, REFERENCE_CUBES, type Timing } from "./protocol.js";

/** Every message of a configuration's experiment, in order. */
export function* experiment(configuration: Timing): Messages {
  const program = programOf(configuration);
  const { ocvStart } = program;
  // References are recorded immediately before the first beam on the cell with the camera behind it.
  const block = REFERENCE_CUBES * PROTOCOL.cubePeriod;
  const darkAt = ocvStart - 5 * block;
  const chambersAt = darkAt - CHAMBER_MOVES - CHAMBER_TIME;
  yield* align({ at: chambersAt - ALIGNING });
  yield* ionChambers({ spot: "C", at: chambersAt });
  yield* dark({ at: darkAt });
  yield* flat({ at: ocvStart - 4 * block, part: "flatMovie" });
  yield* foil({ at: ocvStart - 3 * block, part: "foilMovie" });
  yield* flat({ at: ocvStart - 2 * block, part: "flatStatic" });
  yield* foil({ at: ocvStart - block, part: "foilStatic" });
  yield* ocv({ at: ocvStart });
  yield* charge(program);
  yield* hold(program);
}

/** Time for the alignment and the change to the ion chambers, s. */
const ALIGNING = 60;
