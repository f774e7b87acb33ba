// Output of a cell on its way to a notebook.
import { StringDecoder } from "node:string_decoder";

/** A display in the form of tslab and Jupyter; `display_id` identifies one that is updated later. */
export interface DisplayData {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  transient: { display_id?: string };
}

/** Receiver of the outputs of a cell. */
export interface CellSink {
  stream(name: "stdout" | "stderr", text: string): void;
  /** @param update replaces the display with the same id instead of adding one */
  display(data: DisplayData, update: boolean): void;
}

/**
 * Sends stdout and stderr to a sink until the next call. Output after the end of a cell goes to the sink of
 * the last cell, as in other kernels.
 */
export function redirectOutput(sink: CellSink): void {
  process.stdout.write = writer("stdout", sink);
  process.stderr.write = writer("stderr", sink);
}

function writer(name: "stdout" | "stderr", sink: CellSink): typeof process.stdout.write {
  // A character may be divided between two writes.
  const decoder = new StringDecoder("utf8");
  return (
    chunk: string | Uint8Array,
    encodingOrDone?: unknown,
    done?: (error?: Error | null) => void,
  ): boolean => {
    const text = typeof chunk === "string" ? chunk : decoder.write(Buffer.from(chunk));
    if (text !== "") sink.stream(name, text);
    const callback = typeof encodingOrDone === "function" ? (encodingOrDone as () => void) : done;
    if (callback) queueMicrotask(() => callback());
    return true;
  };
}
