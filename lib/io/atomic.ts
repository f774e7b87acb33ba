// Files that appear at once: written under a temporary name, which becomes the file's when it is whole.
import { closeSync, fsyncSync, lstatSync, openSync, readlinkSync, statSync, writeSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { checkRegular } from "./disk.js";
import { systemError, writeError } from "./disk-errors.js";
import { discard, removeLeftovers, takeName, temporaryBeside } from "./temporaries.js";

/**
 * The path of the file that a write to `path` creates or replaces: symbolic links are followed, so that they
 * remain.
 *
 * @throws FileError when something lies there that is no file
 */
export function targetOf(call: string, path: string): string {
  let target = path;
  try {
    for (let links = 0; lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink(); links++) {
      if (links === 40) statSync(path); // Says that it is a loop.
      target = resolve(dirname(target), readlinkSync(target));
    }
    const stats = statSync(target, { throwIfNoEntry: false });
    if (stats) checkRegular(call, path, stats);
    return target;
  } catch (error) {
    throw systemError(call, path, error);
  }
}

/**
 * A file that is written under a temporary name beside its target and takes the target's name when it is
 * whole.
 */
export class AtomicFile {
  readonly #call: string;
  readonly #target: string;
  readonly #temporary: string;
  #descriptor = -1;
  #written = 0;

  /** @throws FileError when the folder cannot be written to, or something that is no file has the name */
  constructor(
    call: string,
    readonly path: string,
  ) {
    this.#call = call;
    this.#target = targetOf(call, path);
    removeLeftovers(this.#target);
    this.#temporary = temporaryBeside(this.#target);
    try {
      this.#descriptor = openSync(this.#temporary, "wx");
    } catch (error) {
      this.abort();
      throw systemError(call, path, error);
    }
  }

  /** Appends all bytes. @throws FileError when the disk refuses; the temporary file is gone then */
  write(bytes: Uint8Array, at: { frame?: number; offset?: number } = {}): void {
    const needed = this.#written + bytes.length;
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.#descriptor, bytes, done, bytes.length - done);
      }
      this.#written = needed;
    } catch (error) {
      this.abort();
      throw systemError(this.#call, this.path, error, { ...at, needed });
    }
  }

  /** Brings everything to the disk and gives the file its name. */
  finish(): void {
    try {
      fsyncSync(this.#descriptor);
      closeSync(this.#descriptor);
      this.#descriptor = -1;
      takeName(this.#temporary, this.#target);
    } catch (error) {
      this.abort();
      throw systemError(this.#call, this.path, error, { needed: this.#written });
    }
  }

  /** Throws away what was written; harmless after finish(). */
  abort(): void {
    if (this.#descriptor >= 0) closeSync(this.#descriptor);
    this.#descriptor = -1;
    discard(this.#temporary);
  }
}

/**
 * Lets a library that opens files by name write one: under a temporary name, which becomes the file's when
 * `write` returns.
 *
 * @param needed bytes that will be written, for a disk that is full
 * @throws FileError when the disk refuses; what `write` throws comes through, and the temporary file is gone
 *   then
 */
export function atomically(
  call: string,
  path: string,
  write: (temporary: string) => void,
  needed?: number,
): void {
  const target = targetOf(call, path);
  removeLeftovers(target);
  const temporary = temporaryBeside(target);
  try {
    write(temporary);
    syncFile(temporary);
    takeName(temporary, target);
  } catch (error) {
    discard(temporary);
    throw writeError(call, path, error, needed);
  }
}

/** Brings a file that was written by others to the disk. */
export function syncFile(path: string): void {
  const descriptor = openSync(path, "r+");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Writes a whole file at once: it is there completely or not at all. */
export function writeWhole(
  call: string,
  path: string,
  content: string | Uint8Array,
  encoding: BufferEncoding = "utf8",
): void {
  const file = new AtomicFile(call, path);
  file.write(typeof content === "string" ? Buffer.from(content, encoding) : content);
  file.finish();
}
