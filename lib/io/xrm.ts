// Files of Xradia and Zeiss microscopes (.xrm, .txrm): whole files here, rows of large files in xrm-file.ts.
import { FileError } from "../errors.js";
import { isCompound } from "./cfb.js";
import { decompress } from "./compression.js";
import { describeImages } from "./describe-content.js";
import { memoryBytes, readBytes } from "./disk.js";
import { inBytes } from "./disk-errors.js";
import { numbersIn, typeName } from "./edf-types.js";
import type { Format, FrameFormat } from "./format.js";
import { XrmFile } from "./xrm-file.js";

/** One image of a microscope's file in memory. */
export interface XrmFrame {
  /** `energy` (eV) and `exposure_time` (s), where the file has them; the energy also from the file's name. */
  header: Record<string, string>;
  /** [rows, columns]. */
  shape: [rows: number, columns: number];
  /** rows x columns numbers, row-major. */
  data: Uint16Array | Float32Array;
}

/** What `readXrm` returns. */
export interface XrmContent {
  frames: XrmFrame[];
  /** um; undefined where the file has none. */
  pixelSize: number | undefined;
}

/**
 * All images of a .xrm or .txrm file of an Xradia or Zeiss X-ray microscope.
 *
 * @returns images in the order of the file, and the size of a pixel in um
 * @throws FileError naming the path when the file is missing, damaged, truncated, larger than the memory, or another
 *   compound file
 * @see Microsoft, Compound File Binary File Format [MS-CFB]
 * @example
 * // Compiled only: this is your file.
 * const { frames, pixelSize } = await readXrm("rep01_08324.0_eV_001of003.xrm");
 * frames[0].header.energy; // "8324"
 */
export async function readXrm(path: string): Promise<XrmContent> {
  const call = "readXrm";
  const content = await decompress(call, path, await readBytes(call, path));
  const read = (target: Uint8Array, position: number) => content.copy(target, 0, position);
  const file = XrmFile.of(call, { path, size: content.length, read });
  const needed = file.frames.reduce((sum, { shape }) => sum + shape[0] * shape[1] * file.type.width, 0);
  if (needed > memoryBytes()) {
    throw new FileError(
      `${call}: expected images that fit into ${inBytes(memoryBytes())} of memory, got ${inBytes(needed)} in ${path}; load it with Cube.load, which reads bands of rows`,
      { path, size: needed },
    );
  }
  const frames = file.frames.map(({ header, shape: [rows, columns] }, k): XrmFrame => {
    const numbers = new Float32Array(rows * columns);
    file.readRows(k, 0, rows, numbers);
    const n = numbers.length;
    const data = numbersIn(new ArrayBuffer(n * file.type.width), file.type, n) as Uint16Array | Float32Array;
    data.set(numbers);
    return { header: { ...header }, shape: [rows, columns], data };
  });
  return { frames, pixelSize: file.frames[0].pixelSize };
}

const frames = { open: (place: Parameters<FrameFormat["open"]>[0]) => XrmFile.openSync(place) };

/** Compound files of microscopes as a format. */
export const xrmFormat = {
  name: "xrm" as const,
  detect: ({ bytes }) => isCompound(bytes(0, 8)),
  options: {},
  read: readXrm,
  describe: (path) =>
    describeImages(path, { name: "XRM", reader: "readXrm", frames, typeOf: ({ type }) => typeName(type) }),
  frames,
} satisfies Format<XrmContent>;
