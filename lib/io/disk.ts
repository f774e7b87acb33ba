// What all formats need to read files: opening, whole files as bytes, and the memory that they may take.
import { constants as memory } from "node:buffer";
import {
  closeSync,
  constants,
  type Dirent,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  type Stats,
  statSync,
} from "node:fs";
import { totalmem } from "node:os";
import { dirname, resolve } from "node:path";
import { FileError } from "../errors.js";
import { inBytes, systemError } from "./disk-errors.js";

/** Bytes of memory that this process may have: of the machine, or of the container. */
export function memoryBytes(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/**
 * Opens a file for reading. A pipe, a device or a folder is refused: a pipe would never end, and none of them
 * can be read at any place.
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

/** @throws FileError for what is no file */
export function checkRegular(call: string, path: string, stats: Stats): void {
  if (stats.isFile()) return;
  const got = stats.isDirectory() ? "a folder" : stats.isFIFO() ? "a pipe" : "a socket or a device";
  throw new FileError(`${call}: expected a file at ${path}, got ${got}; give the path of a file`, { path });
}

/**
 * Makes a folder, and those above it that are missing, one after the other: Node's way of making all of them
 * at once never returns where the system reports the parent of a new folder as missing, as below /proc.
 *
 * @throws FileError where the system refuses, or something that is no folder has the name
 */
export function makeFolder(call: string, path: string): void {
  try {
    const missing: string[] = [];
    for (let at = resolve(path); !existsSync(at); at = dirname(at)) missing.unshift(at);
    for (const folder of missing) makeOne(folder);
    if (statSync(path).isDirectory()) return;
  } catch (error) {
    throw systemError(call, path, error);
  }
  throw new FileError(`${call}: expected a folder at ${path}, got a file; choose another name`, { path });
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have made it meanwhile.
    const isThere = statSync(folder, { throwIfNoEntry: false })?.isDirectory();
    if (!isThere) throw error;
  }
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

/**
 * What lies in a folder.
 *
 * @throws FileError for a folder that cannot be read, or a file in its place
 */
export function entriesOf(call: string, folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw systemError(call, folder, error);
  }
}

/**
 * Files that operating systems leave beside data: macOS's `._*` and `.DS_Store`, Windows' `Thumbs.db` and
 * `desktop.ini`.
 */
export function isClutter(name: string): boolean {
  return /^(\._.*|\.DS_Store|Thumbs\.db|desktop\.ini)$/i.test(name);
}
