// The registry of file formats: a new format is one file, and one line here. Contract tests run over all of it.
import { closeSync } from "node:fs";
import { FileError, quote } from "../errors.js";
import { readColumns } from "./columns.js";
import { compressionOf } from "./compression.js";
import { openRegular, readFully, systemError } from "./disk.js";
import { readEdf } from "./edf.js";
import { readHdf5 } from "./hdf5.js";
import { HDF5_SIGNATURE } from "./hdf5-bytes.js";
import { readMpt } from "./mpt.js";
import { readXdi } from "./xdi.js";

/** One file format. */
export interface Format {
  readonly name: string;
  /** Whether a file begins like this format; `head` is its first bytes as Latin-1 text. */
  readonly detect: (head: string) => boolean;
  /** Reads a whole file; refuses with a FileError that names the path. */
  readonly read: (path: string) => Promise<unknown>;
}

/** All formats, the ones with an unmistakable beginning first: the first that matches is taken. */
export const formats: readonly Format[] = [
  { name: "edf", detect: isEdf, read: (path) => readEdf(path) },
  {
    name: "hdf5",
    detect: (head) => head.startsWith(HDF5_SIGNATURE.toString("latin1")),
    read: (path) => readHdf5(path),
  },
  { name: "mpt", detect: (head) => /^(EC|BT)-Lab ASCII FILE/.test(head), read: readMpt },
  { name: "xdi", detect: (head) => /^[#;*%!$]*\s*XDI\/\d/.test(head), read: readXdi },
  { name: "columns", detect: isText, read: readColumns },
];

/**
 * The format of a file by its content, whatever its name.
 *
 * @throws FileError when the file is missing, empty, or of no known format
 */
export async function formatOf(path: string): Promise<Format> {
  const call = "formatOf";
  let head: string;
  try {
    const descriptor = openRegular(call, path);
    try {
      const buffer = Buffer.alloc(512);
      const bytesRead = readFully(descriptor, buffer, buffer.length, 0);
      // The mark of UTF-8, which editors put before a text, is no part of it.
      head = buffer.toString("latin1", 0, bytesRead).replace(/^\xef\xbb\xbf/, "");
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw systemError(call, path, error);
  }
  const format = head === "" ? undefined : formats.find((one) => one.detect(head));
  if (format) return format;
  throw new FileError(
    `${call}: expected one of ${formats.map((one) => one.name).join(", ")}, got ${head === "" ? "an empty file" : quote(head.slice(0, 16))} in ${path}; convert it first`,
    { path },
  );
}

function isEdf(head: string): boolean {
  return head.startsWith("{") || compressionOf(Buffer.from(head.slice(0, 4), "latin1")) !== undefined;
}

function isText(head: string): boolean {
  if (/^(\xff\xfe|\xfe\xff)/.test(head)) return true;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells binary files apart
  return !/[\0-\x08\x0e-\x1f]/.test(head);
}
