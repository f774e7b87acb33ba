// EDF, the ESRF data format: whole files here, rows of large files in edf-file.ts, streaming output in
// edf-writer.ts.
import { closeSync, fstatSync } from "node:fs";
import { ArgumentError, FileError, quote } from "../errors.js";
import { compressionOf, decompress } from "./compression.js";
import { describeImages } from "./describe-content.js";
import { memoryBytes, openRegular, readBytes, readFully } from "./disk.js";
import { inBytes, systemError } from "./disk-errors.js";
import { checkIncomplete, EdfFile, type EdfReadOptions } from "./edf-file.js";
import { type ByteSource, type EdfEntry, edfError, extentOf, indexEdf } from "./edf-index.js";
import { convertNumbers, type NumericArray, numbersIn, swapBytes, typeName } from "./edf-types.js";
import { type EdfInput, EdfWriter, type EdfWriterOptions } from "./edf-writer.js";
import type { Format, FrameFormat } from "./format.js";
import type { Incomplete } from "./incomplete.js";

export { EdfFile, type EdfReadOptions } from "./edf-file.js";
export { headerNumber, headerValue } from "./edf-header.js";
export type { EdfData, NumericArray } from "./edf-types.js";
export { type EdfInput, EdfWriter, type EdfWriterOptions } from "./edf-writer.js";

/** One frame of an EDF file in memory. */
export interface EdfFrame {
  /**
   * Keys as written in the file, values as text; see headerValue() and headerNumber() for keys of any case.
   */
  header: Record<string, string>;
  /** [rows, columns]. */
  shape: [rows: number, columns: number];
  /** rows x columns numbers, row-major, in the type of the file; 64-bit integers as Float64Array. */
  data: NumericArray;
}

/**
 * All frames of an EDF file; gzip and bzip2 are recognized by content.
 *
 * @param options.incomplete "keep": of a file that ends too early (a scan that was stopped) the frames that
 *   are whole
 * @returns one entry per frame, in the order of the file; images under one header (Num_Images, Dim_3) all
 *   have that header; of a list of energies, exposures or currents in it, each image has its number
 * @throws FileError naming path, frame and byte offset when the file is missing, empty, truncated,
 *   inconsistent or not completely decompressible, and when a 64-bit integer does not fit a double; nothing
 *   is ever filled up with zeros
 * @example
 * await writeEdf("flat.edf", [
 *   { header: { energy: 8390 }, shape: [1, 2], data: Uint16Array.of(100, 200) },
 * ]);
 * const { frames } = await readEdf("flat.edf");
 * frames[0].data; // [100, 200] counts
 * frames[0].header.energy; // "8390"
 */
export async function readEdf(path: string, options?: EdfReadOptions): Promise<{ frames: EdfFrame[] }> {
  const call = "readEdf";
  const incomplete = checkIncomplete(call, options);
  let descriptor = -1;
  try {
    descriptor = openRegular(call, path);
    const { size } = fstatSync(descriptor);
    const read = (target: Uint8Array, position: number) =>
      readFully(descriptor, target, target.length, position);
    const magic = Buffer.alloc(4);
    if (compressionOf(magic.subarray(0, read(magic, 0)))) return await readCompressed(call, path, incomplete);
    return readFrom(call, { path, size, read }, incomplete);
  } catch (error) {
    throw systemError(call, path, error);
  } finally {
    if (descriptor >= 0) closeSync(descriptor);
  }
}

const frames = {
  open: ({ path, incomplete }: Parameters<FrameFormat["open"]>[0]) =>
    EdfFile.openSync(path, { incomplete: incomplete ?? "refuse" }),
};

/**
 * EDF as a format: a brace and entries `key = value`; JSON, which also begins with a brace, has quotes behind
 * it.
 */
export const edfFormat = {
  name: "edf" as const,
  detect: ({ text }) => /^\{(?!\s*["}])/.test(text),
  options: { incomplete: true },
  read: readEdf,
  describe: (path) =>
    describeImages(path, {
      name: "EDF",
      reader: "readEdf",
      frames,
      typeOf: (file) => typeName(file.frames[0].type),
    }),
  frames,
} satisfies Format<{ frames: EdfFrame[] }, EdfReadOptions>;

async function readCompressed(
  call: string,
  path: string,
  incomplete: Incomplete,
): Promise<{ frames: EdfFrame[] }> {
  const content = await decompress(call, path, await readBytes(call, path), extentOf());
  const read = (target: Uint8Array, position: number) => content.copy(target, 0, position);
  return readFrom(call, { path, size: content.length, read }, incomplete);
}

function readFrom(call: string, source: ByteSource, incomplete: Incomplete): { frames: EdfFrame[] } {
  const { path } = source;
  const entries = indexEdf(source, call, incomplete);
  const needed = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  if (needed > memoryBytes()) {
    throw new FileError(
      `${call}: expected a file that fits into ${inBytes(memoryBytes())} of memory, got ${inBytes(needed)} in ${path}; load it with Cube.load, which reads bands of rows`,
      { path, size: needed },
    );
  }
  const frames = entries.map((entry, frame) => {
    // A copy of its own: the numbers must be aligned, and one frame must not keep the others in memory.
    const bytes = new Uint8Array(entry.bytes);
    const got = source.read(bytes, entry.offset);
    if (got === bytes.length) return toFrame(call, path, frame, entry, bytes);
    const remedy = "read it again when nothing writes to it any more";
    throw edfError(
      call,
      { path, frame, offset: entry.offset },
      `${bytes.length} bytes of data`,
      `${got}`,
      remedy,
    );
  });
  return { frames };
}

function toFrame(call: string, path: string, frame: number, entry: EdfEntry, bytes: Uint8Array): EdfFrame {
  if (entry.byteOrder === "HighByteFirst") swapBytes(bytes, entry.type.width);
  const [rows, columns] = entry.shape;
  const data = toNumbers(call, path, frame, entry, bytes.buffer as ArrayBuffer);
  return { header: entry.header, shape: [rows, columns], data };
}

function toNumbers(
  call: string,
  path: string,
  frame: number,
  entry: EdfEntry,
  memory: ArrayBuffer,
): NumericArray {
  const { type, bytes, offset } = entry;
  const numbers = numbersIn(memory, type, bytes / type.width);
  if (type.kind !== "int64" && type.kind !== "uint64") return numbers;
  const out = new Float64Array(bytes / 8);
  const bad = convertNumbers(numbers, type, out);
  if (bad < 0) return out;
  const at = { path, frame, offset: offset + 8 * bad };
  throw edfError(
    call,
    at,
    "whole numbers within 2^53",
    `a larger one (${type.name})`,
    "convert the file to doubles",
  );
}

/**
 * Writes frames as one EDF file, which appears under its name only when it is whole.
 *
 * @throws ArgumentError when there is no frame or a header cannot be written; ShapeError when data and shape
 *   disagree; FileError when the disk refuses
 * @example
 * const frame = {
 *   header: { energy: 8390, exposure_time: 0.01 },
 *   shape: [1, 2] as const,
 *   data: Uint16Array.of(100, 200),
 * };
 * await writeEdf("flat.edf", [frame]);
 */
export async function writeEdf(
  path: string,
  frames: readonly EdfInput[],
  options?: EdfWriterOptions,
): Promise<void> {
  const call = "writeEdf";
  if (!Array.isArray(frames) || frames.length === 0) {
    throw new ArgumentError(`${call}: expected a list of frames, got ${quote(frames)}; pass at least one`);
  }
  const writer = EdfWriter.create(path, options, call);
  try {
    for (const frame of frames) writer.append(frame);
    writer.finish();
  } catch (error) {
    writer.abort();
    throw error;
  }
}
