// Text of a failed notebook for a terminal.
import { printable } from "../jupyter/display/printable.js";
import type { RunFailure } from "./run-notebook.js";

/** The cell with its code and its error. */
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
