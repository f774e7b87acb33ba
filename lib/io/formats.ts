// The registry of file formats: a new format is one file, and one line here. Contract tests run over all of
// it.
import { basename } from "node:path";
import { FileError, quote } from "../errors.js";
import { athenaFormat } from "./athena.js";
import { columnsFormat } from "./columns.js";
import { cyclerFormat } from "./cycler.js";
import { isClutter } from "./disk.js";
import { edfFormat } from "./edf.js";
import type { Format, FrameFormat } from "./format.js";
import { hdf5Format } from "./hdf5.js";
import { withHead } from "./head.js";
import { mptFormat } from "./mpt.js";
import { tiffFormat } from "./tiff.js";
import { xdiFormat } from "./xdi.js";
import { xrmFormat } from "./xrm.js";

/**
 * All formats: the first that recognizes a file is taken. Plain columns are all text that no other format
 * takes.
 */
export const formats = [
  edfFormat,
  hdf5Format,
  tiffFormat,
  xrmFormat,
  mptFormat,
  cyclerFormat,
  xdiFormat,
  athenaFormat,
  columnsFormat,
] as const satisfies readonly Format[];

/** One of {@link formats}. */
export type KnownFormat = (typeof formats)[number];

/**
 * The format of a file by its content, whatever its name; of a compressed file, by what is in it.
 *
 * @throws FileError when the file is missing, no file, not readable, empty, or of no known format
 */
export function formatOf(path: string, call = "formatOf"): KnownFormat {
  return withHead(call, path, (head) => {
    const isOfMac = head.bytes(0, 4).equals(APPLE_DOUBLE);
    const isOther = isOfMac || isClutter(basename(path));
    const format = head.size > 0 && !isOther ? formats.find((one) => one.detect(head)) : undefined;
    if (format) return format;
    const got = isOther
      ? `what ${isOfMac ? "macOS" : "an operating system"} leaves beside data`
      : head.size === 0
        ? "an empty file"
        : quote(head.text.slice(0, 16));
    const compressed = head.compression ? ` (compressed with ${head.compression})` : "";
    throw new FileError(
      `${call}: expected one of ${formats.map((one) => one.name).join(", ")}, got ${got}${compressed} in ${path}; ${isOther ? "give the file of the same name without ._" : "convert it first; describe(path) says what is known of it"}`,
      { path },
    );
  });
}

/** The first bytes of the files `._*`, which hold what other file systems cannot hold of macOS's files. */
const APPLE_DOUBLE = Buffer.of(0x00, 0x05, 0x16, 0x07);

/**
 * How the recorded images of a file are opened.
 *
 * @throws FileError as {@link formatOf}, and where the format holds no images
 */
export function frameFormatOf(path: string, call: string): FrameFormat {
  const format: Format = formatOf(path, call);
  if (format.frames) return format.frames;
  const known = formats.filter((one: Format) => one.frames).map((one) => one.name);
  throw new FileError(
    `${call}: expected recorded images in one of ${known.join(", ")}, got ${format.name} in ${path}; describe(path) says what it holds`,
    { path, format: format.name },
  );
}
