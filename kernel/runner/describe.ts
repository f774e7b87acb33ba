// A failed notebook, as it is told in a terminal.
import { printable } from "../jupyter/display/printable.js";
import type { RunFailure } from "./run-notebook.js";

/** Which cell, what it says, what went wrong. */
export function describeFailure(path: string, { cell, code, ename, evalue, traceback }: RunFailure): string {
  const source = code.split("\n").map((line) => `    ${line}`);
  return [
    `${path}: cell ${cell} failed: ${ename}: ${printable(evalue.split("\n")[0])}`,
    ...(code ? ["", ...source] : []),
    "",
    ...traceback.map((line) => `  ${printable(line)}`),
    "",
  ].join("\n");
}
