// The library in a terminal: Node's REPL with every public name in scope, `await`, progress bars and a
// history.
import { homedir } from "node:os";
import { join } from "node:path";
import { start } from "node:repl";
import * as library from "operandose";
import { terminalProgress } from "./terminal-progress.js";

library.setProgress(terminalProgress());
if (process.stdin.isTTY) {
  process.stdout.write(`operandose: ${names(library)}\nawait works; .help for more, .exit to leave\n`);
}
const repl = start({ prompt: "operandose> ", useGlobal: true, ignoreUndefined: true });
Object.assign(repl.context, library, { operandose: library });
if (process.stdin.isTTY) {
  // Idle workers of the library keep the process alive.
  repl.on("exit", () => process.exit());
  const history = process.env.NODE_REPL_HISTORY ?? join(homedir(), ".operandose_history");
  repl.setupHistory(history, (error) => {
    if (error) process.stderr.write(`operandose: no history is kept: ${error.message}\n`);
  });
}

/** Classes come first. */
function names(exported: object): string {
  const all = Object.keys(exported).filter((name) => !name.endsWith("Error"));
  return all
    .sort((a, b) => Number(/^[a-z]/.test(a)) - Number(/^[a-z]/.test(b)) || a.localeCompare(b))
    .join(", ");
}
