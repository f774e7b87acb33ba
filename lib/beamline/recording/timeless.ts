// HDF5 notes in a file when each of its objects was made. A simulated recording is to have the same bytes whenever it is made,
// so while its files are written the library's clock stands at their zero.
import type { EdfInput } from "../../io/edf-writer.js";

/** What takes the frames of a file. */
export interface FrameWriter {
  append(frame: EdfInput): void;
  finish(): void;
  abort(): void;
}

/**
 * A writer whose every method runs with the clock at the start of 1970. None of them waits for anything, so nobody else sees
 * that clock.
 */
export function timeless(create: () => FrameWriter): FrameWriter {
  const writer = atZero(create);
  return {
    append: (frame) => atZero(() => writer.append(frame)),
    finish: () => atZero(() => writer.finish()),
    abort: () => atZero(() => writer.abort()),
  };
}

function atZero<T>(run: () => T): T {
  const { now } = Date;
  Date.now = () => 0;
  try {
    return run();
  } finally {
    Date.now = now;
  }
}
