// The beginning of a file, unpacked where the file is compressed as a whole. It identifies the format.
import { closeSync, fstatSync } from "node:fs";
import { type Compression, compressionOf, unpackHead } from "./compression.js";
import { openRegular, readFully } from "./disk.js";
import { systemError } from "./disk-errors.js";

/** Bytes of a file, or of its unpacked beginning, that are looked at as text. */
const TEXT = 512;

/** The beginning of a file. */
export interface FileHead {
  readonly path: string;
  /** How the file is compressed as a whole. */
  readonly compression: Compression | undefined;
  /** Bytes of the file, or of what was unpacked of it. */
  readonly size: number;
  /** Bytes of the file as it lies on the disk. */
  readonly packed: number;
  /**
   * Its first bytes as text, without a byte order mark: Latin-1, or UTF-16 where the mark is that of UTF-16.
   */
  readonly text: string;
  /** Bytes from a place; fewer where the file, or what was unpacked of it, ends. */
  bytes(from: number, length: number): Buffer;
}

/**
 * Runs something that looks at the beginning of a file.
 *
 * @throws FileError when the file is missing, not readable, or no file, or when its compressed data are
 *   damaged
 */
export function withHead<T>(call: string, path: string, look: (head: FileHead) => T): T {
  const descriptor = openRegular(call, path);
  try {
    const read = (from: number, length: number): Buffer => {
      const target = Buffer.alloc(length);
      return target.subarray(0, readFully(descriptor, target, length, from));
    };
    const compression = compressionOf(read(0, 4));
    const packed = fstatSync(descriptor).size;
    if (!compression) return look(headOf(path, undefined, packed, packed, read));
    const content = unpackHead(call, path, compression, (length) => read(0, length));
    const bytes = (from: number, length: number) => content.subarray(from, from + length);
    return look(headOf(path, compression, content.length, packed, bytes));
  } catch (error) {
    throw systemError(call, path, error);
  } finally {
    closeSync(descriptor);
  }
}

function headOf(
  path: string,
  compression: Compression | undefined,
  size: number,
  packed: number,
  bytes: FileHead["bytes"],
): FileHead {
  return { path, compression, size, packed, text: textOf(bytes(0, TEXT)), bytes };
}

function textOf(bytes: Buffer): string {
  const mark = bytes.toString("latin1", 0, 2);
  if (mark === "\xff\xfe") return bytes.toString("utf16le", 2);
  if (mark === "\xfe\xff" && bytes.length % 2 === 0)
    return Buffer.from(bytes).swap16().toString("utf16le", 2);
  return bytes.toString("latin1").replace(/^\xef\xbb\xbf/, "");
}
