// operandose repl: the library in a terminal. Node's REPL with every public name in scope, `await`, progress bars
// and a history.
import { homedir } from "node:os";
import { join } from "node:path";
import { start, writer } from "node:repl";
import type { Context } from "node:vm";
import { printed } from "../jupyter/display/printed.js";
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
  const { terminalPictures } = await import("./terminal-pictures.js");
  library.setProgress(terminalProgress());
  if (process.stdin.isTTY) {
    process.stdout.write(greeting());
  }
  const pictures = terminalPictures(process.stdout);
  const repl = start({
    prompt: "operandose> ",
    useGlobal: true,
    ignoreUndefined: true,
    writer: (value) =>
      pictures.lines(value) ?? printed(value, { ...writer.options, colors: process.stdout.isTTY }),
  });
  // The writer is synchronous, and files of pictures are not.
  const evaluate = repl.eval;
  Object.assign(repl, {
    eval(code: string, context: Context, file: string, done: (error: Error | null, result: unknown) => void) {
      evaluate.call(repl, code, context, file, async (error, result) => {
        if (!error) await pictures.prepare(result);
        done(error, result);
      });
    },
  });
  Object.assign(repl.context, library, { operandose: library });
  if (process.stdin.isTTY) {
    const history = process.env.NODE_REPL_HISTORY ?? join(homedir(), ".operandose_history");
    repl.setupHistory(history, (error) => {
      if (error) process.stderr.write(`operandose: no history is kept: ${error.message}\n`);
    });
  }
  await new Promise<void>((done) => repl.on("exit", () => done()));
}

/** Three lines to try; a test runs them. */
export const examples = [
  'massAttenuation("Ni", 8400)',
  "rockCell().dose({ energy: 8390, flux: 1e12, width: 3315, height: 1202.5, exposure: 60 }).toFrame()",
  "rockCell().show()",
];

/** What the prompt says first. */
export function greeting(): string {
  const [attenuation, dose, drawing] = examples;
  return `operandose: dose and damage of batteries in the X-ray beam. Three lines to try:

  ${attenuation} // cm2/g
  ${dose} // Gy/s and Gy
  ${drawing} // the layers of the paper's cell

Object.keys(operandose) lists all names, and Tab completes them. await works.
.help has more, .exit ends the prompt.
`;
}
