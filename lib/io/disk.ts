// What all formats need from the disk: its errors in our grammar, whole files as text, and files that appear at once.
import { constants as memory } from "node:buffer";
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  type Stats,
  statfsSync,
  statSync,
  writeSync,
} from "node:fs";
import { totalmem } from "node:os";
import { dirname, resolve } from "node:path";
import { FileError, OperandoseError } from "../errors.js";
import { discard, removeLeftovers, takeName, temporaryBeside } from "./temporaries.js";

const meanings: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  ENOTDIR: "no such folder",
  EISDIR: "a folder",
  EACCES: "no permission",
  EPERM: "no permission",
  EROFS: "a disk that cannot be written to",
  ELOOP: "a link that leads back to itself",
  ENAMETOOLONG: "a name that is too long",
  EMFILE: "too many open files",
  ENXIO: "a socket or a device",
  EIO: "an error of the disk",
  ESTALE: "a file that was replaced on its server",
  ENOSPC: "a full disk",
  EDQUOT: "a full quota",
  EFBIG: "a limit on the size of files",
};
const FULL = ["ENOSPC", "EDQUOT", "EFBIG"];

/**
 * A FileError for what the operating system says about a file: missing, a folder, not readable, a full disk. Any other
 * error comes back as it is.
 *
 * @param at.needed bytes that were to be written, for a disk that is full
 */
export function systemError(
  call: string,
  path: string,
  error: unknown,
  at: { frame?: number; offset?: number; needed?: number } = {},
): unknown {
  if (!(error instanceof Error) || error instanceof OperandoseError || !("code" in error)) return error;
  const { code, message } = error;
  const where = at.frame === undefined ? "" : ` in frame ${at.frame}`;
  const full = FULL.includes(String(code));
  const free = full ? freeBytes(dirname(path)) : undefined;
  const space =
    full && at.needed !== undefined
      ? ` (${inBytes(at.needed)} to write${code === "ENOSPC" && free !== undefined ? `, ${inBytes(free)} free` : ""})`
      : "";
  const remedy = full ? "free some, or choose another place" : "check the path, its permissions and the disk";
  return new FileError(
    `${call}: expected a usable file${where} at ${path}, got ${meanings[String(code)] ?? message}${space}; ${remedy}`,
    { path, code, ...at, ...(free !== undefined && { free }) },
    { cause: error },
  );
}

/**
 * The error of a writing that failed, where others wrote: a library that reports a full disk in its own words, or a worker.
 *
 * @param needed bytes that were to be written
 */
export function writeError(call: string, path: string, error: unknown, needed?: number): unknown {
  for (let one = error; one !== undefined; one = one instanceof Error ? one.cause : undefined) {
    const text = one instanceof Error ? one.message : String(one);
    const said = one instanceof FileError ? one.fields.code : (one as NodeJS.ErrnoException | null)?.code;
    const code = said ?? FULL_TEXTS.find(([full]) => full.test(text))?.[1];
    if (code === undefined) continue;
    return systemError(call, path, withCode(String(code), error), { needed });
  }
  // A library that has no room even for its own words.
  const isFull = needed !== undefined && (freeBytes(dirname(path)) ?? needed) < needed;
  return isFull ? systemError(call, path, withCode("ENOSPC", error), { needed }) : error;
}

function withCode(code: string, cause: unknown): Error {
  return Object.assign(new Error(code, { cause }), { code });
}

const FULL_TEXTS: readonly (readonly [RegExp, string])[] = [
  [/No space left on device/, "ENOSPC"],
  [/File too large/, "EFBIG"],
  [/quota exceeded/i, "EDQUOT"],
];

/** Free bytes of the disk that a folder is on; undefined where the system does not tell. */
function freeBytes(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/** A number of bytes as text. */
export function inBytes(bytes: number): string {
  if (bytes < 1e5) return `${bytes} bytes`;
  return bytes < 1e8 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** Bytes of memory that this process may have: of the machine, or of the container. */
export function memoryBytes(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/**
 * Opens a file for reading. A pipe, a device or a folder is refused: a pipe would never end, and none of them can be read at any
 * place.
 *
 * @returns a descriptor, which the caller closes
 * @throws FileError when it is missing, no file, or not readable
 */
export function openRegular(call: string, path: string): number {
  let descriptor = -1;
  try {
    // Otherwise opening a pipe waits for its writer.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    checkRegular(call, path, fstatSync(descriptor));
    return descriptor;
  } catch (error) {
    if (descriptor >= 0) closeSync(descriptor);
    throw systemError(call, path, error);
  }
}

function checkRegular(call: string, path: string, stats: Stats): void {
  if (stats.isFile()) return;
  const got = stats.isDirectory() ? "a folder" : stats.isFIFO() ? "a pipe" : "a socket or a device";
  throw new FileError(`${call}: expected a file at ${path}, got ${got}; give the path of a file`, { path });
}

/**
 * A whole file as bytes.
 *
 * @param most bytes at most; default what one array can hold, and the memory
 * @throws FileError when it cannot be read, is empty, or larger than `most`
 */
export async function readBytes(
  call: string,
  path: string,
  most = Math.min(memory.MAX_LENGTH, memoryBytes()),
): Promise<Buffer> {
  const descriptor = openRegular(call, path);
  try {
    const { size } = fstatSync(descriptor);
    if (size > most) {
      throw new FileError(
        `${call}: expected a file of at most ${inBytes(most)}, got ${inBytes(size)} in ${path}; split it`,
        { path, size, most },
      );
    }
    if (size === 0) {
      throw new FileError(
        `${call}: expected a file with content, got an empty file ${path}; record or copy it again`,
        { path, offset: 0 },
      );
    }
    const bytes = Buffer.allocUnsafe(size);
    const got = readFully(descriptor, bytes, size, 0);
    if (got === size && fstatSync(descriptor).size === size) return bytes;
    throw new FileError(
      `${call}: expected a file that stays as it is, got one that changed its size while it was read: ${path}; read it again when nothing writes to it any more`,
      { path },
    );
  } catch (error) {
    throw systemError(call, path, error);
  } finally {
    closeSync(descriptor);
  }
}

/** Reads until `length` bytes have come or the file ends; returns how many came. */
export function readFully(descriptor: number, target: Uint8Array, length: number, position: number): number {
  let done = 0;
  while (done < length) {
    const got = readSync(descriptor, target, done, length - done, position + done);
    if (got === 0) break;
    done += got;
  }
  return done;
}

/** Files that operating systems leave beside data: macOS's `._*` and `.DS_Store`, Windows' `Thumbs.db` and `desktop.ini`. */
export function isClutter(name: string): boolean {
  return /^(\._.*|\.DS_Store|Thumbs\.db|desktop\.ini)$/i.test(name);
}

/**
 * Where something that is written under a path comes to lie: links are followed, so that they stay.
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

/** A file that is written under a temporary name beside its target and takes the target's name when it is whole. */
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
 * Lets a library that opens files by name write one: under a temporary name, which becomes the file's when `write` returns.
 *
 * @param needed bytes that will be written, for a disk that is full
 * @throws FileError when the disk refuses; what `write` throws comes through, and the temporary file is gone then
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
