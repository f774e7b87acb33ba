// HDF5 files contain the creation times of their objects. A simulated recording has the same bytes at any
// time, so the clock is set to zero while its files are written.
import type { EdfInput } from "../../io/edf-writer.js";

/** Writer for the frames of a file. */
export interface FrameWriter {
  append(frame: EdfInput): void;
  finish(): void;
  abort(): void;
}

/**
 * A writer whose methods run with the clock at the start of 1970. They are synchronous, so no other code
 * reads this clock.
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
