// Collects messages of a kernel as outputs of the cells of a notebook, in Jupyter's format.
import type { CellError } from "../jupyter/tslab/cell-error.js";
import type { DisplayData } from "../jupyter/tslab/output.js";
import { type CodeCell, joined, type Output, split } from "./format.js";

/** MIME types with base64 data, which stay one string. */
const binary = /^(image\/(?!svg)|application\/(pdf|octet-stream)|audio\/|video\/)/;

type Display = Extract<Output, { output_type: "display_data" }>;

/** Outputs of one run of a notebook; displays are identified across cells. */
export class OutputCollector {
  readonly #displays = new Map<string, Display[]>();

  /** Text is appended to an output of the same stream. */
  stream(cell: CodeCell, name: "stdout" | "stderr", text: string): void {
    const last = cell.outputs.at(-1);
    if (last?.output_type === "stream" && last.name === name) last.text = split(joined(last.text) + text);
    else cell.outputs.push({ output_type: "stream", name, text: split(text) });
  }

  /** A new display, or new data for every display with its id. */
  display(cell: CodeCell, display: DisplayData, update: boolean): void {
    const id = display.transient.display_id;
    const data = stored(display.data);
    if (update) {
      for (const output of this.#displays.get(id ?? "") ?? []) {
        Object.assign(output, { data, metadata: display.metadata });
      }
      return;
    }
    const output: Display = { output_type: "display_data", data, metadata: display.metadata };
    cell.outputs.push(output);
    if (id !== undefined) this.#displays.set(id, [...(this.#displays.get(id) ?? []), output]);
  }

  error(cell: CodeCell, { ename, evalue, traceback }: CellError): void {
    cell.outputs.push({ output_type: "error", ename, evalue, traceback });
  }
}

function stored(data: Record<string, unknown>): Record<string, unknown> {
  const lines = ([type, value]: [string, unknown]) =>
    [type, typeof value === "string" && !binary.test(type) ? split(value) : value] as const;
  return Object.fromEntries(Object.entries(data).map(lines));
}
