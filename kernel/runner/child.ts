// The process that runs the cells of one notebook, controlled by the runner (run-notebook.ts) through its
// channel. A cell that exits, crashes or never ends affects this process only, and not the runner or earlier
// outputs. With the argument "compiler" the runner has a compiler for several notebooks, and this process
// needs none.
import type { ConvertResult } from "tslab/dist/converter.js";
import { installProgress } from "../jupyter/install-progress.js";
import type { Compile } from "../jupyter/tslab/ahead.js";
import { createSession } from "../jupyter/tslab/session.js";
import type { CellMessage, CellRequest } from "./messages.js";

const send = (message: CellMessage) => process.send?.(message);
// Cells run one at a time, so there is at most one open request.
let requests = 0;
let answer: (result: ConvertResult | null) => void = () => {};
const compile: Compile = (declarations, code) =>
  new Promise((done) => {
    answer = done;
    send({ type: "compile", id: ++requests, declarations, code });
  });

const session = createSession(process.cwd(), process.argv[2] === "compiler" ? compile : undefined);
await installProgress(session);

process.on("SIGINT", () => session.interrupt());
process.on("disconnect", () => process.exit(0));
process.on("uncaughtException", (error) => late("Uncaught exception", error));
process.on("unhandledRejection", (error) => late("Unhandled promise rejection, is an await missing?", error));
process.on("message", async (request: CellRequest) => {
  if (request.type === "compiled") {
    if (request.id === requests) answer(request.result);
    return;
  }
  const outcome = await session.run(request.code, {
    stream: (name, text) => send({ type: "stream", name, text }),
    display: (data, update) => send({ type: "display", data, update }),
  });
  // An unhandled rejection is known one turn of the event loop later and belongs to this cell.
  setImmediate(() => send({ type: "outcome", outcome }));
});
send({ type: "ready", language: session.language });

function late(what: string, error: unknown): void {
  // Without a runner there is no stream to write to either: each attempt would be the next exception.
  if (!process.connected) process.exit(1);
  console.error(`${what}:`, error);
  send({ type: "late", text: `${what}: ${error instanceof Error ? error.message : String(error)}` });
}
