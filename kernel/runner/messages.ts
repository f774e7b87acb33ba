// Messages between the runner and the process that runs the cells of a notebook.

import type { ConvertResult } from "tslab/dist/converter.js";
import type { DisplayData } from "../jupyter/tslab/output.js";
import type { CellOutcome } from "../jupyter/tslab/session.js";

/** To the process: a cell to run, or a compiled cell; null if the process must compile it. */
export type CellRequest =
  | { type: "run"; code: string }
  | { type: "compiled"; id: number; result: ConvertResult | null };

/** To the compiler process, and its answer. */
export interface CompileRequest {
  id: number;
  declarations: string;
  code: string;
}
export interface CompileAnswer {
  id: number;
  result: ConvertResult;
}

/** From the process. `late` is an unhandled rejection: the notebook lacks an `await`. */
export type CellMessage =
  | { type: "ready"; language: Record<string, unknown> }
  | { type: "stream"; name: "stdout" | "stderr"; text: string }
  | { type: "display"; data: DisplayData; update: boolean }
  | { type: "late"; text: string }
  | ({ type: "compile" } & CompileRequest)
  | { type: "outcome"; outcome: CellOutcome };
