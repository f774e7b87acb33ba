// What the runner and the process that runs a notebook's cells say to each other.

import type { DisplayData } from "../tslab/output.js";
import type { CellOutcome } from "../tslab/session.js";

/** To the process: run this cell. */
export interface CellRequest {
  code: string;
}

/** From the process. `late` is a rejection that nobody waited for: the notebook forgot an `await`. */
export type CellMessage =
  | { type: "ready"; language: Record<string, unknown> }
  | { type: "stream"; name: "stdout" | "stderr"; text: string }
  | { type: "display"; data: DisplayData; update: boolean }
  | { type: "late"; text: string }
  | { type: "outcome"; outcome: CellOutcome };
