// operandose repl: the library in a terminal. Node's REPL with every public name in scope, `await`, progress bars
// and a history.
import { homedir } from "node:os";
import { join } from "node:path";
import { start } from "node:repl";
import type { CommandFile } from "./command.js";

/** The command `repl`. */
export const replCommand: CommandFile = {
  name: "repl",
  group: "Notebooks",
  define(command) {
    command.description("opens a Node prompt with the library loaded").action(prompt);
  },
};

/** Ends when the user leaves. */
async function prompt(): Promise<void> {
  const library = await import("operandose");
  const { terminalProgress } = await import("./terminal-progress.js");
  library.setProgress(terminalProgress());
  if (process.stdin.isTTY) {
    process.stdout.write(`operandose: ${names(library)}\nawait works; .help for more, .exit to leave\n`);
  }
  const repl = start({ prompt: "operandose> ", useGlobal: true, ignoreUndefined: true });
  Object.assign(repl.context, library, { operandose: library });
  if (process.stdin.isTTY) {
    const history = process.env.NODE_REPL_HISTORY ?? join(homedir(), ".operandose_history");
    repl.setupHistory(history, (error) => {
      if (error) process.stderr.write(`operandose: no history is kept: ${error.message}\n`);
    });
  }
  await new Promise<void>((done) => repl.on("exit", () => done()));
}

/** Classes come first. */
function names(exported: object): string {
  const all = Object.keys(exported).filter((name) => !name.endsWith("Error"));
  return all
    .sort((a, b) => Number(/^[a-z]/.test(a)) - Number(/^[a-z]/.test(b)) || a.localeCompare(b))
    .join(", ");
}
