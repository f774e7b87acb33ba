// A notebook that ran keeps its outputs while only its text changes.
import { createHash } from "node:crypto";
import { joined, type Notebook, readNotebook, writeNotebook } from "./format.js";

/** Stamp of all that a run depends on: the code of the cells. */
export function codeStamp(path: string): string {
  const code = codeCells(readNotebook(path)).map(({ source }) => joined(source));
  return createHash("sha256").update(JSON.stringify(code)).digest("hex");
}

/**
 * Takes the text of a notebook into its executed copy, whose outputs stay.
 *
 * @param path the notebook
 * @param executed the copy with outputs, made from the same code
 */
export function refreshText(path: string, executed: string): void {
  const notebook = readNotebook(path);
  const before = readNotebook(executed);
  const ran = codeCells(before);
  for (const [i, cell] of codeCells(notebook).entries()) {
    Object.assign(cell, { outputs: ran[i].outputs, execution_count: ran[i].execution_count });
  }
  const merged = { ...notebook, metadata: before.metadata };
  if (JSON.stringify(merged) !== JSON.stringify(before)) writeNotebook(executed, merged);
}

/** Cells with code; empty ones are not counted, as in the runner. */
function codeCells({ cells }: Notebook) {
  return cells.filter((cell) => cell.cell_type === "code" && joined(cell.source).trim() !== "") as Extract<
    Notebook["cells"][number],
    { cell_type: "code" }
  >[];
}
