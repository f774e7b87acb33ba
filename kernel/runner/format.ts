// Notebook files (nbformat 4): the part that the runner and the pages need.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Text of a notebook file: one string, or its lines. */
export type Multiline = string | string[];

export type Output =
  | { output_type: "stream"; name: "stdout" | "stderr"; text: Multiline }
  | { output_type: "display_data"; data: Record<string, unknown>; metadata: Record<string, unknown> }
  | {
      output_type: "execute_result";
      data: Record<string, unknown>;
      metadata: Record<string, unknown>;
      execution_count: number | null;
    }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

export interface CodeCell {
  cell_type: "code";
  id?: string;
  metadata: Record<string, unknown>;
  source: Multiline;
  execution_count: number | null;
  outputs: Output[];
}

export interface TextCell {
  cell_type: "markdown" | "raw";
  id?: string;
  metadata: Record<string, unknown>;
  source: Multiline;
}

export type Cell = CodeCell | TextCell;

export interface Notebook {
  nbformat: number;
  nbformat_minor: number;
  metadata: Record<string, unknown>;
  cells: Cell[];
}

/**
 * Reads a notebook file.
 *
 * @throws Error with the path when it cannot be read, is not JSON or not a notebook of format 4
 */
export function readNotebook(path: string): Notebook {
  let notebook: Partial<Notebook>;
  try {
    notebook = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new Error(`readNotebook: expected a notebook in ${path}, got ${(cause as Error).message}`, {
      cause,
    });
  }
  const valid =
    notebook?.nbformat === 4 && Array.isArray(notebook.cells) && notebook.cells.every((cell) => isCell(cell));
  if (!valid) {
    throw new Error(
      `readNotebook: expected cells of notebook format 4 in ${path}, got format ${notebook?.nbformat}; ` +
        "open and save it with a recent Jupyter",
    );
  }
  return { nbformat_minor: 5, metadata: {}, ...notebook } as Notebook;
}

/** Writes a notebook in Jupyter's format, completely or not at all. */
export function writeNotebook(path: string, notebook: Notebook): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(notebook, null, 1)}\n`);
  renameSync(temporary, path);
}

/** Text of a source or an output as one string. */
export function joined(text: Multiline | undefined): string {
  return Array.isArray(text) ? text.join("") : (text ?? "");
}

/** Text in Jupyter's form: lines with their line ends. */
export function split(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

function isCell(cell: unknown): cell is Cell {
  const { cell_type, source } = (cell ?? {}) as Partial<Cell>;
  return typeof cell_type === "string" && (typeof source === "string" || Array.isArray(source));
}
