// What a cell prints and shows, on its way to a notebook.
import { StringDecoder } from "node:string_decoder";

/** A display, as tslab and Jupyter write it; `display_id` names one that is updated later. */
export interface DisplayData {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  transient: { display_id?: string };
}

/** Where the outputs of a cell go. */
export interface CellSink {
  stream(name: "stdout" | "stderr", text: string): void;
  /** @param update replaces the display with the same id instead of adding one */
  display(data: DisplayData, update: boolean): void;
}

/**
 * Sends what is written to stdout and stderr to a sink, until the next call. Output that comes when a cell is over goes to
 * the sink of the last one, as in other kernels.
 */
export function redirectOutput(sink: CellSink): void {
  process.stdout.write = writer("stdout", sink);
  process.stderr.write = writer("stderr", sink);
}

function writer(name: "stdout" | "stderr", sink: CellSink): typeof process.stdout.write {
  const decoder = new StringDecoder("utf8"); // a character may be cut between two writes
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
