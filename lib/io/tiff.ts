// TIFF: whole files here, rows of large files in tiff-file.ts.
import { FileError } from "../errors.js";
import { checkOptions, oneOf } from "../options.js";
import { decompress } from "./compression.js";
import { describeImages } from "./describe-content.js";
import { memoryBytes, readBytes } from "./disk.js";
import { inBytes } from "./disk-errors.js";
import { type NumericArray, numbersIn, typeName } from "./edf-types.js";
import type { Format, FrameFormat } from "./format.js";
import { INCOMPLETE, type Incomplete } from "./incomplete.js";
import { TiffFile } from "./tiff-file.js";
import { isTiff } from "./tiff-pages.js";

/** One image of a TIFF file in memory. */
export interface TiffFrame {
  /**
   * What the file tells of the image: entries `key = value` or JSON of its ImageDescription, Software, DateTime, the
   * label of an ImageJ slice, exposures of OME.
   */
  header: Record<string, string>;
  /** [rows, columns]. */
  shape: [rows: number, columns: number];
  /** rows x columns numbers, row-major, in the type of the file. */
  data: NumericArray;
}

/** Options of `readTiff`. */
export interface TiffReadOptions {
  /** What to do with a file that ends too early: "refuse" it (default), or "keep" the pages that are whole. */
  readonly incomplete?: Incomplete;
}

/**
 * All images of a TIFF file: one page after the other, 8, 16 or 32 bits or floating point, both byte orders, in
 * strips or tiles, plain or compressed with LZW, deflate or PackBits, also BigTIFF and ImageJ's stacks above 4 GB.
 *
 * @param options.incomplete "keep": of a file that ends too early the pages that are whole
 * @returns one entry per image, in the order of the file, without thumbnails
 * @throws FileError naming the path when the file is missing, empty, truncated, damaged, larger than the memory, or
 *   holds anything but one count per pixel in one of these compressions; nothing is ever filled up with zeros
 * @see TIFF 6.0 Specification (Adobe, 1992); BigTIFF
 * @example
 * // Compiled only: this is your file.
 * const { frames } = await readTiff("stack.tif");
 * frames[0].data; // counts of the first page
 */
export async function readTiff(path: string, options?: TiffReadOptions): Promise<{ frames: TiffFrame[] }> {
  const call = "readTiff";
  const given = checkOptions(call, options, { incomplete: true });
  const incomplete = oneOf(call, "incomplete", given.incomplete ?? "refuse", INCOMPLETE);
  const content = await decompress(call, path, await readBytes(call, path));
  const read = (target: Uint8Array, position: number) => content.copy(target, 0, position);
  const file = TiffFile.inMemory(call, { path, size: content.length, read }, { incomplete });
  const needed = file.frames.reduce((sum, { shape, page }) => sum + shape[0] * shape[1] * page.type.width, 0);
  if (needed > memoryBytes()) {
    throw new FileError(
      `${call}: expected images that fit into ${inBytes(memoryBytes())} of memory, got ${inBytes(needed)} in ${path}; load it with Cube.load, which reads bands of rows`,
      { path, size: needed },
    );
  }
  const frames = file.frames.map(({ header, shape: [rows, columns], page }, k): TiffFrame => {
    const numbers = new Float64Array(rows * columns);
    file.readRows(k, 0, rows, numbers);
    const data = numbersIn(new ArrayBuffer(numbers.length * page.type.width), page.type, numbers.length);
    data.set(numbers);
    return { header: { ...header }, shape: [rows, columns], data };
  });
  return { frames };
}

const frames = { open: (place: Parameters<FrameFormat["open"]>[0]) => TiffFile.openSync(place) };

/** TIFF as a format. */
export const tiffFormat = {
  name: "tiff" as const,
  detect: ({ bytes }) => isTiff(bytes(0, 4)),
  options: { incomplete: true },
  read: readTiff,
  describe: (path) =>
    describeImages(path, {
      name: "TIFF",
      reader: "readTiff",
      frames,
      typeOf: ({ frames: [{ page }] }) => typeName(page.type),
    }),
  frames,
} satisfies Format<{ frames: TiffFrame[] }, TiffReadOptions>;
