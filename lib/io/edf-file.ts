// Random access to the rows of an EDF file that is too large for memory.
import { closeSync, fstatSync } from "node:fs";
import { ArgumentError, FileError, quote, ShapeError } from "../errors.js";
import { checkOptions, oneOf } from "../options.js";
import { compressionOf } from "./compression.js";
import { openRegular, readFully } from "./disk.js";
import { systemError } from "./disk-errors.js";
import { type EdfEntry, edfError, indexEdf } from "./edf-index.js";
import { convertNumbers, type NumberType, type NumericArray, numbersIn, swapBytes } from "./edf-types.js";
import type { FrameFile } from "./frames.js";
import { fullScaleOf } from "./full-scale.js";
import { INCOMPLETE, type Incomplete } from "./incomplete.js";

/** Options of the readers of EDF. */
export interface EdfReadOptions {
  /**
   * What to do with a file that ends too early, as after a scan that was stopped: "refuse" it (default), or
   * "keep" the frames that are whole.
   */
  readonly incomplete?: Incomplete;
}

/** @throws ArgumentError for an unknown option or value */
export function checkIncomplete(call: string, options: EdfReadOptions | undefined): Incomplete {
  const { incomplete = "refuse" } = checkOptions(call, options, { incomplete: true });
  return oneOf(call, "incomplete", incomplete, INCOMPLETE);
}

/**
 * An open EDF file: an index of its frames, and rows on demand.
 *
 *     const file = EdfFile.openSync("charge-0001.edf");
 *     const rows = new Float32Array(68 * 2048);
 *     file.readRows(0, 0, 68, rows);
 *     file.close();
 */
export class EdfFile implements FrameFile {
  readonly #call = "EdfFile.readRows";
  readonly #size: number;
  #descriptor: number;
  // One buffer for all calls, with a view of its bytes as numbers: most calls read as many numbers as the one
  // before.
  #bytes = new Uint8Array(0);
  #numbers: NumericArray = this.#bytes;
  #kind = "";
  #n = 0;

  private constructor(
    readonly path: string,
    descriptor: number,
    size: number,
    /** All frames in the order of the file; all lie completely in it. */
    readonly frames: readonly EdfEntry[],
  ) {
    this.#descriptor = descriptor;
    this.#size = size;
  }

  /**
   * Opens a file and indexes its frames; reads headers only.
   *
   * @throws FileError naming path, frame and byte offset when the file is missing, compressed, truncated or
   *   inconsistent
   */
  static openSync(path: string, options?: EdfReadOptions): EdfFile {
    const call = "EdfFile.openSync";
    const incomplete = checkIncomplete(call, options);
    let descriptor = -1;
    try {
      descriptor = openRegular(call, path);
      const { size } = fstatSync(descriptor);
      const read = (target: Uint8Array, position: number) =>
        readFully(descriptor, target, target.length, position);
      const magic = Buffer.alloc(4);
      const compression = compressionOf(magic.subarray(0, read(magic, 0)));
      if (compression) {
        throw new FileError(
          `${call}: expected a plain EDF file, got one compressed with ${compression}: ${path}; unpack it first, or use readEdf`,
          { path, frame: 0, offset: 0 },
        );
      }
      return new EdfFile(path, descriptor, size, indexEdf({ path, size, read }, call, incomplete));
    } catch (error) {
      if (descriptor >= 0) closeSync(descriptor);
      throw systemError(call, path, error);
    }
  }

  /**
   * Reads rows of one frame as numbers, at any place and in any order, into the caller's array.
   *
   * @param frame index of the frame
   * @param firstRow first row
   * @param nRows number of rows
   * @param out receives nRows x columns numbers, row-major, from its beginning
   * @throws FileError when the file has changed its size or ends too early; ArgumentError, ShapeError for
   *   what is not there
   */
  readRows(frame: number, firstRow: number, nRows: number, out: Float32Array | Float64Array): void {
    const entry = this.#entry(frame, firstRow, nRows);
    const columns = entry.shape[1];
    const n = nRows * columns;
    if (out.length < n) {
      throw new ShapeError(
        `${this.#call}: expected room for ${nRows} x ${columns} numbers, got an array of ${out.length}; pass a longer one`,
        { expected: n, got: out.length },
      );
    }
    const { width } = entry.type;
    const bytes = n * width;
    const position = entry.offset + firstRow * columns * width;
    const source = this.#bufferFor(entry.type, n);

    this.#read(frame, this.#bytes, bytes, position);
    if (entry.byteOrder === "HighByteFirst") swapBytes(this.#bytes.subarray(0, bytes), width);
    const bad = convertNumbers(source, entry.type, out);
    if (bad >= 0) {
      throw edfError(
        this.#call,
        { path: this.path, frame, offset: position + 8 * bad },
        "whole numbers within 2^53",
        `a larger one (${entry.dataType})`,
        "convert the file to doubles",
      );
    }
  }

  /**
   * Highest number of the type of its frames; Infinity where they differ in type, or where no count reaches
   * it.
   */
  get fullScale(): number {
    const kinds = new Set(this.frames.map(({ type }) => type.kind));
    if (kinds.size !== 1) return Number.POSITIVE_INFINITY;
    const { kind, width } = this.frames[0].type;
    return fullScaleOf(width, kind.includes("int"), !kind.startsWith("u"));
  }

  /** See {@link FrameFile.plainCounts}. */
  get plainCounts(): readonly number[] | undefined {
    const isPlain = this.frames.every(
      ({ type, byteOrder }) => type.kind === "uint16" && byteOrder === "LowByteFirst",
    );
    return isPlain ? this.frames.map(({ offset }) => offset) : undefined;
  }

  /** Closes the file; readRows fails afterwards. */
  close(): void {
    if (this.#descriptor >= 0) closeSync(this.#descriptor);
    this.#descriptor = -1;
  }

  #entry(frame: number, firstRow: number, nRows: number): EdfEntry {
    const entry = this.frames[frame];
    if (!entry) {
      throw new ArgumentError(
        `${this.#call}: expected a frame from 0 to ${this.frames.length - 1}, got ${quote(frame)} (${this.path})`,
        { path: this.path, frame },
      );
    }
    const rows = entry.shape[0];
    if (
      !(
        Number.isInteger(firstRow) &&
        Number.isInteger(nRows) &&
        firstRow >= 0 &&
        nRows > 0 &&
        firstRow + nRows <= rows
      )
    ) {
      throw new ArgumentError(
        `${this.#call}: expected rows within 0 to ${rows} of frame ${frame}, got ${quote(nRows)} from row ${quote(firstRow)} (${this.path})`,
        { path: this.path, frame, firstRow, nRows },
      );
    }
    return entry;
  }

  #bufferFor(type: NumberType, n: number): NumericArray {
    if (this.#kind === type.kind && this.#n === n) return this.#numbers;
    if (n * type.width > this.#bytes.length) this.#bytes = new Uint8Array(n * type.width);
    this.#numbers = numbersIn(this.#bytes.buffer, type, n);
    this.#kind = type.kind;
    this.#n = n;
    return this.#numbers;
  }

  #read(frame: number, target: Uint8Array, length: number, position: number): void {
    const at = { path: this.path, frame, offset: position };
    if (this.#descriptor < 0) {
      throw new FileError(
        `${this.#call}: expected an open file, got ${this.path} after close(); open it again`,
        at,
      );
    }
    let got: number;
    let size: number;
    try {
      got = readFully(this.#descriptor, target, length, position);
      size = fstatSync(this.#descriptor).size;
    } catch (error) {
      throw systemError(this.#call, this.path, error, at);
    }
    // A file that is written to while it is read has an index that is no longer true, even where the read
    // succeeded.
    if (got === length && size === this.#size) return;
    const found =
      size === this.#size
        ? `${got} bytes`
        : `a file whose size has changed from ${this.#size} to ${size} bytes`;
    throw edfError(
      this.#call,
      at,
      `${length} bytes of data`,
      found,
      "open it again when nothing writes to it any more",
    );
  }
}
