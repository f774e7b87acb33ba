// What went wrong in a cell, in the words of Jupyter's messages: a name, a text and a traceback without the kernel's insides.
import { inspect } from "node:util";
import type { PreparedCell } from "./prepare.js";

/** The content of a Jupyter `error` message. */
export interface CellError {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** Lines of a stack that say where the kernel was, not where the user's code was. */
const internal = /node_modules\/@?tslab\/|\bnode:|\/kernel\/(jupyter|runner)\//;

/** The position of code that came from a cell. Lines are those of the compiled cell, so they are left out. */
const inCell = /\(?evalmachine\.<anonymous>(:\d+)*\)?/;

/** An error that code in a cell threw. Anything may be thrown, also what is no Error. */
export function thrown(value: unknown): CellError {
  if (isInterrupt(value)) {
    const evalue = "the cell was interrupted; work that it had begun stops at its next progress report";
    return { ename: "Interrupted", evalue, traceback: [`Interrupted: ${evalue}`] };
  }
  if (!(value instanceof Error) && !isForeignError(value)) {
    const evalue = inspect(value);
    return { ename: "Thrown", evalue, traceback: [`Thrown: ${evalue}`] };
  }
  return { ename: value.name, evalue: value.message, traceback: traceback(value) };
}

/** Complaints of the compiler about a cell, `line:column - text`, each with the line of the cell that it is about. */
export function compileError(complaints: string[], code: string, { column }: PreparedCell): CellError {
  const lines = code.split("\n");
  const told = complaints.map((complaint) => {
    const [, place, at, text] = /^(\d+):(\d+) - ([\s\S]*)$/.exec(complaint) ?? [];
    const source = lines[Number(place) - 1];
    if (source === undefined) return { words: complaint, shown: [] };
    const own = column(Number(place), Number(at));
    return { words: `${place}:${own} - ${text}`, shown: [`    ${source}`, `    ${caret(source, own)}`] };
  });
  return {
    ename: "CompileError",
    evalue: told.map(({ words }) => words).join("\n"),
    traceback: told.flatMap(({ words, shown }) => [words, ...shown]),
  };
}

/** Marks an error as the user's interrupt, whatever carried it here. */
export class InterruptError extends Error {
  override readonly name = "Interrupted";
}

function isInterrupt(value: unknown): boolean {
  if (value instanceof InterruptError) return true;
  const { code, message } = (value ?? {}) as { code?: unknown; message?: unknown };
  return code === "ERR_SCRIPT_EXECUTION_INTERRUPTED" || message === "Interrupted asynchronously";
}

/** An Error of another realm, as vm contexts and workers make them. */
function isForeignError(value: unknown): value is Error {
  return Object.prototype.toString.call(value) === "[object Error]";
}

function traceback(error: Error, depth = 0): string[] {
  const title = `${error.name}: ${error.message}`;
  const stack = typeof error.stack === "string" ? error.stack : "";
  const frames = stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line) && !internal.test(line))
    .map((line) => line.replace(inCell, "in a cell"));
  const told = [...title.split("\n"), ...frames.filter((line, i) => line !== frames[i - 1])];
  if (error.cause instanceof Error && depth < 5) {
    const [first, ...rest] = traceback(error.cause, depth + 1);
    told.push(`Caused by ${first}`, ...rest);
  }
  return told;
}

function caret(source: string, column: number): string {
  return `${source.slice(0, column - 1).replace(/[^\t]/g, " ")}^`;
}
