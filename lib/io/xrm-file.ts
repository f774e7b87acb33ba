// Images of Xradia and Zeiss microscopes (.xrm, .txrm): compound files with one stream for each image.
import { closeSync, fstatSync } from "node:fs";
import { FileError } from "../errors.js";
import { CompoundFile } from "./cfb.js";
import { openRegular, readFully } from "./disk.js";
import { systemError } from "./disk-errors.js";
import type { ByteSource } from "./edf-index.js";
import { convertNumbers, type NumberType, numbersIn, numberType } from "./edf-types.js";
import { energyInName } from "./energy-in-name.js";
import type { FrameEntry, FrameFile, FramePlace } from "./frames.js";
import { fullScaleOf } from "./full-scale.js";
import { requestedEntry } from "./row-request.js";

/** Number types of images, by ImageInfo/DataType. */
const TYPES: Readonly<Record<number, string>> = { 5: "UnsignedShort", 10: "FloatValue" };
/** Images in one folder ImageDataN. */
const PER_FOLDER = 100;

/** An open .xrm or .txrm file: an index of its images, and rows on demand. */
export class XrmFile implements FrameFile {
  readonly path: string;
  #bytes = new Uint8Array(0);
  #isOpen = true;

  private constructor(
    source: ByteSource,
    private readonly file: CompoundFile,
    readonly type: NumberType,
    readonly frames: readonly FrameEntry[],
    private readonly shut: () => void,
  ) {
    this.path = source.path;
  }

  /** @throws FileError naming the path when it is missing, damaged, truncated, or no file of a microscope */
  static openSync({ path }: FramePlace): XrmFile {
    const call = "XrmFile.openSync";
    let descriptor = -1;
    try {
      descriptor = openRegular(call, path);
      const { size } = fstatSync(descriptor);
      const read = (target: Uint8Array, position: number) =>
        readFully(descriptor, target, target.length, position);
      return XrmFile.of(call, { path, size, read }, () => closeSync(descriptor));
    } catch (error) {
      if (descriptor >= 0) closeSync(descriptor);
      throw systemError(call, path, error);
    }
  }

  /** The images in bytes that can be read at any place. @throws FileError as {@link openSync} */
  static of(call: string, source: ByteSource, shut: () => void = () => {}): XrmFile {
    const { path } = source;
    const file = new CompoundFile(source, call);
    const refuse = (expected: string, got: string): FileError =>
      new FileError(`${call}: expected ${expected}, got ${got} in ${path}; record or export the file again`, {
        path,
        expected,
      });
    const numbers = (name: string, kind: "int" | "float"): number[] | undefined => {
      const size = file.size(`ImageInfo/${name}`);
      if (size === undefined || size > 2 ** 26) return undefined;
      const bytes = Buffer.alloc(size);
      file.read(`ImageInfo/${name}`, 0, bytes);
      const view = (k: number) => (kind === "int" ? bytes.readInt32LE(4 * k) : bytes.readFloatLE(4 * k));
      return Array.from({ length: Math.floor(size / 4) }, (_, k) => view(k));
    };
    const whole = (name: string): number => {
      const value = numbers(name, "int")?.[0];
      if (value !== undefined && value > 0) return value;
      throw refuse(`ImageInfo/${name} of a microscope's file`, value === undefined ? "none" : `${value}`);
    };
    const [columns, rows, n] = [whole("ImageWidth"), whole("ImageHeight"), whole("NoOfImages")];
    const code = whole("DataType");
    const type = numberType(TYPES[code] ?? "");
    if (!type)
      throw refuse("counts of 16 bits or floating-point numbers (DataType 5 or 10)", `DataType ${code}`);
    const bytes = rows * columns * type.width;
    const lists = {
      energy: numbers("Energy", "float"),
      exposure_time: numbers("ExpTimes", "float") ?? numbers("ExpTime", "float"),
    };
    const [pixelSize = 0] = numbers("PixelSize", "float") ?? [];
    const frames = Array.from({ length: n }, (_, k): FrameEntry => {
      const size = file.size(streamOf(k));
      if (size !== bytes) {
        throw refuse(
          `${bytes} bytes of image ${k + 1} of ${n} (${rows} x ${columns} pixels)`,
          size === undefined ? "no such image" : `${size}`,
        );
      }
      // Beamlines leave zeros where their programs do not write a value; of 32 bits, 0.3 s are 0.30000001.
      const header = Object.entries(lists).flatMap(([name, list]) => {
        const value = list && (list.length === 1 ? list[0] : list[k]);
        return value !== undefined && value > 0
          ? [[name, String(Number(value.toPrecision(7)))] as const]
          : [];
      });
      return {
        shape: [rows, columns],
        header: Object.fromEntries(header),
        ...(pixelSize > 0 && { pixelSize: Number(pixelSize.toPrecision(6)) }),
      };
    });
    const named = n === 1 ? energyInName(path) : undefined;
    if (named !== undefined)
      Object.assign(frames[0].header, { energy: frames[0].header.energy ?? String(named) });
    return new XrmFile(source, file, type, frames, shut);
  }

  get fullScale(): number {
    return fullScaleOf(this.type.width, this.type.kind === "uint16", false);
  }

  readRows(frame: number, firstRow: number, nRows: number, out: Float32Array | Float64Array): void {
    const call = "XrmFile.readRows";
    const { frames, type } = this;
    const request = { frame, firstRow, nRows, out };
    const entry = requestedEntry(call, this, this.#isOpen, frames.length, request, (k) => frames[k]);
    const rowBytes = entry.shape[1] * type.width;
    const length = nRows * rowBytes;
    if (this.#bytes.length !== length) this.#bytes = new Uint8Array(length);
    this.file.read(streamOf(frame), firstRow * rowBytes, this.#bytes);
    convertNumbers(numbersIn(this.#bytes.buffer, type, length / type.width), type, out);
  }

  close(): void {
    if (this.#isOpen) this.shut();
    this.#isOpen = false;
  }
}

/** The stream of an image: "ImageData1/Image1" is the first, "ImageData2/Image101" the hundred and first. */
function streamOf(k: number): string {
  return `ImageData${Math.floor(k / PER_FOLDER) + 1}/Image${k + 1}`;
}
