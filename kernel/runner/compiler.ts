// One compiler for the notebooks of a folder, because reading the types of all packages takes longer than
// most notebooks.
import { fork } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { ConvertResult } from "tslab/dist/converter.js";
import type { Compile } from "../jupyter/tslab/ahead.js";
import { nodeFlags } from "../places.js";
import type { CompileAnswer, CompileRequest } from "./messages.js";

/** A process that compiles cells of notebooks. */
export interface Compiler {
  /** Folder of the notebooks, from which their imports are resolved. */
  readonly folder: string;
  /** Compiles a cell; null if the process has ended, and the caller then compiles the cell. */
  readonly compile: Compile;
  stop(): void;
}

/** Starts a compiler for notebooks in `folder`. */
export function startCompiler(folder: string): Compiler {
  const child = fork(fileURLToPath(new URL("./compiler-child.js", import.meta.url)), [], {
    cwd: folder,
    execArgv: nodeFlags,
    // The error appears again when the caller compiles the cell.
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const waiting = new Map<number, (result: ConvertResult | null) => void>();
  let requests = 0;
  const give = (id: number, result: ConvertResult | null) => {
    waiting.get(id)?.(result);
    waiting.delete(id);
  };
  const giveUp = () => {
    for (const id of [...waiting.keys()]) give(id, null);
  };
  child.on("message", (message) => {
    const { id, result } = message as CompileAnswer;
    give(id, result);
  });
  child.on("exit", giveUp);
  child.on("error", giveUp);
  return {
    folder: resolve(folder),
    compile: (declarations, code) =>
      new Promise((done) => {
        const id = ++requests;
        waiting.set(id, done);
        if (!child.connected) return give(id, null);
        child.send({ id, declarations, code } satisfies CompileRequest, (error) => {
          if (error) give(id, null);
        });
      }),
    stop: () => child.kill("SIGKILL"),
  };
}
