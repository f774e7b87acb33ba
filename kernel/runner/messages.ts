// What the runner and the process that runs a notebook's cells say to each other.

import type { ConvertResult } from "tslab/dist/converter.js";
import type { DisplayData } from "../jupyter/tslab/output.js";
import type { CellOutcome } from "../jupyter/tslab/session.js";

/** To the process: run this cell; or the cell that it wanted compiled, null when it has to do that itself. */
export type CellRequest =
  | { type: "run"; code: string }
  | { type: "compiled"; id: number; result: ConvertResult | null };

/** To the process that compiles cells, and its answer. */
export interface CompileRequest {
  id: number;
  declarations: string;
  code: string;
}
export interface CompileAnswer {
  id: number;
  result: ConvertResult;
}

/** From the process. `late` is a rejection that nobody waited for: the notebook forgot an `await`. */
export type CellMessage =
  | { type: "ready"; language: Record<string, unknown> }
  | { type: "stream"; name: "stdout" | "stderr"; text: string }
  | { type: "display"; data: DisplayData; update: boolean }
  | { type: "late"; text: string }
  | ({ type: "compile" } & CompileRequest)
  | { type: "outcome"; outcome: CellOutcome };
