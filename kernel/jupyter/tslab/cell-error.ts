// Errors of a cell in the form of Jupyter's messages: a name, a text and a traceback without lines of the
// kernel.
import { inspect } from "node:util";
import { installation } from "./missing-package.js";
import type { PreparedCell } from "./prepare.js";

/** The content of a Jupyter `error` message. */
export interface CellError {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** Lines of a stack that belong to the kernel and not to the code of the user. */
const internal = /node_modules\/@?tslab\/|\bnode:|\/kernel\/(jupyter|runner)\//;

/** Position in the code of a cell. Its lines are those of the compiled cell, so they are left out. */
const inCell = /\(?evalmachine\.<anonymous>(:\d+)*\)?/;

/**
 * An error thrown by code in a cell. Any value may be thrown.
 *
 * @param folder folder of the notebook
 */
export function thrown(value: unknown, folder: string): CellError {
  if (isInterrupt(value)) {
    const evalue = "the cell was interrupted; its work stops at the next progress report";
    return { ename: "Interrupted", evalue, traceback: [`Interrupted: ${evalue}`] };
  }
  if (!(value instanceof Error) && !isForeignError(value)) {
    const evalue = inspect(value);
    return { ename: "Thrown", evalue, traceback: [`Thrown: ${evalue}`] };
  }
  const remedy = isOwnImport(value) ? installation(value.message, folder) : "";
  if (remedy === "") return { ename: value.name, evalue: value.message, traceback: traceback(value) };
  // Node adds the chain of files that led to the import, which are the kernel's.
  const evalue = `${value.message.split("\n")[0]}${remedy}`;
  return { ename: value.name, evalue, traceback: [`${value.name}: ${evalue}`] };
}

/** Compiler errors of a cell, `line:column - text`, each with the line of the cell. */
export function compileError(
  found: string[],
  code: string,
  { column }: PreparedCell,
  folder: string,
): CellError {
  const complaints = found.map((text) => {
    const remedy = installation(text, folder);
    return remedy === "" ? text : `${text.replace(/\.$/, "")}${remedy}`;
  });
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

/** Whether an error is an interrupt by the user. */
export class InterruptError extends Error {
  override readonly name = "Interrupted";
}

function isInterrupt(value: unknown): boolean {
  if (value instanceof InterruptError) return true;
  const { code, message } = (value ?? {}) as { code?: unknown; message?: unknown };
  return code === "ERR_SCRIPT_EXECUTION_INTERRUPTED" || message === "Interrupted asynchronously";
}

/** Whether an import of a cell failed, and not one of a package that is installed. */
function isOwnImport(error: Error): boolean {
  const { code, requireStack } = error as { code?: unknown; requireStack?: string[] };
  if (code !== "MODULE_NOT_FOUND" && code !== "ERR_MODULE_NOT_FOUND") return false;
  const from = requireStack ? requireStack[0] : / imported from (.*)$/m.exec(error.message)?.[1];
  return !from?.includes("/node_modules/");
}

/** An Error of another realm, such as a vm context or a worker. */
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
