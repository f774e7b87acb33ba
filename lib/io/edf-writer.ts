// Writes EDF files frame by frame, without ever holding more than one.
import { ArgumentError, quote, ShapeError } from "../errors.js";
import { checkOptions, oneOf } from "../options.js";
import { AtomicFile } from "./atomic.js";
import { BLOCK, headerValue, isStructural } from "./edf-header.js";
import type { ByteOrder } from "./edf-layout.js";
import { type EdfData, type NumberType, numberType, numberTypeOf, swapBytes } from "./edf-types.js";

/** A frame as the writer takes it. */
export interface EdfInput {
  /**
   * Keys and values for the header; numbers are written in full precision. Keys that describe the block
   * itself (Dim_1, DataType, Size, EDF_... and the like) are set by the writer and may be left in from a
   * frame that was read.
   */
  readonly header?: Readonly<Record<string, string | number>>;
  /** [rows, columns]. */
  readonly shape: readonly [rows: number, columns: number];
  /** rows x columns numbers, row-major; the array's type is the type in the file. */
  readonly data: EdfData;
}

/** Options of the writer. */
export interface EdfWriterOptions {
  /** Order of the bytes in the file; default "LowByteFirst". */
  readonly byteOrder?: ByteOrder;
}

/**
 * Streaming writer of one EDF file. The file has a temporary name beside its target until finish(), so that a
 * half-written file never looks whole.
 */
export class EdfWriter {
  readonly #file: AtomicFile;
  readonly #byteOrder: ByteOrder;
  readonly #call: string;
  #frames = 0;
  #open = true;

  private constructor(call: string, path: string, byteOrder: ByteOrder) {
    this.#call = call;
    this.#byteOrder = byteOrder;
    this.#file = new AtomicFile(call, path);
  }

  /**
   * Begins a file.
   *
   * @throws FileError when its folder cannot be written to; ArgumentError for an unknown byte order
   */
  static create(path: string, options?: EdfWriterOptions, call = "EdfWriter"): EdfWriter {
    const { byteOrder = "LowByteFirst" } = checkOptions(call, options, { byteOrder: true });
    oneOf(call, "byteOrder", byteOrder, ["LowByteFirst", "HighByteFirst"]);
    return new EdfWriter(call, path, byteOrder);
  }

  /** Name that the file gets at finish(). */
  get path(): string {
    return this.#file.path;
  }

  /**
   * Writes one more frame.
   *
   * @throws ShapeError when data and shape disagree; ArgumentError for a header that EDF cannot hold, or
   *   after finish(); FileError when the disk refuses
   */
  append(frame: EdfInput): void {
    if (!this.#open) {
      throw new ArgumentError(
        `${this.#call}: expected an open file, got one that is finished or aborted (${this.path})`,
      );
    }
    const index = this.#frames;
    const type = checkFrame(this.#call, frame, index);
    const bytes = encode(this.#call, frame.data, type, this.#byteOrder);
    const header = formatHeader(this.#call, frame, type, this.#byteOrder, index);
    this.#file.write(header, { frame: index });
    this.#file.write(bytes, { frame: index });
    this.#frames++;
  }

  /** Brings the file to the disk and gives it its name. @throws ArgumentError when no frame was written */
  finish(): void {
    if (!this.#open) return;
    this.#open = false;
    if (this.#frames === 0) {
      this.#file.abort();
      throw new ArgumentError(
        `${this.#call}: expected at least one frame, got none (${this.path}); append one first`,
      );
    }
    this.#file.finish();
  }

  /** Throws away what was written; harmless after finish(). */
  abort(): void {
    if (this.#open) this.#file.abort();
    this.#open = false;
  }
}

function checkFrame(call: string, frame: EdfInput, index: number): NumberType {
  const { shape, data, header = {} } = frame;
  if (!(Array.isArray(shape) && shape.length === 2 && shape.every((n) => Number.isSafeInteger(n) && n > 0))) {
    throw new ShapeError(`${call}: expected shape [rows, columns], got ${quote(shape)} in frame ${index}`, {
      frame: index,
    });
  }
  const own = numberTypeOf(data);
  if (!own) {
    throw new ArgumentError(
      `${call}: expected data in a typed array, got ${quote(data)} in frame ${index}; wrap it, for example Float32Array.from(data)`,
      { frame: index },
    );
  }
  if (data.length !== shape[0] * shape[1]) {
    throw new ShapeError(
      `${call}: expected ${shape[0]} x ${shape[1]} = ${shape[0] * shape[1]} numbers, got ${data.length} in frame ${index}; pass data and shape that agree`,
      { frame: index, expected: shape[0] * shape[1], got: data.length },
    );
  }
  // Frames read from 64-bit integers carry doubles; their header brings them back to what they were.
  const named = numberType(headerValue(header as Record<string, string>, "DataType") ?? "");
  return data instanceof Float64Array && (named?.kind === "int64" || named?.kind === "uint64") ? named : own;
}

/** The bytes to write: those of the array itself where they are right already. */
function encode(call: string, data: EdfData, type: NumberType, byteOrder: ByteOrder): Uint8Array {
  const numbers = data instanceof Float64Array && type.kind !== "float64" ? toInt64(call, data, type) : data;
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  if (type.width === 1 || byteOrder === "LowByteFirst") return bytes;
  const swapped = bytes.slice();
  swapBytes(swapped, type.width);
  return swapped;
}

function toInt64(call: string, data: Float64Array, type: NumberType): BigInt64Array {
  const out = new BigInt64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (!Number.isSafeInteger(value) || (value < 0 && type.kind === "uint64")) {
      throw new ArgumentError(
        `${call}: expected whole numbers for DataType ${type.name}, got ${value}; remove DataType from the header to write doubles`,
        { value },
      );
    }
    out[i] = BigInt(value);
  }
  return out;
}

function formatHeader(
  call: string,
  frame: EdfInput,
  type: NumberType,
  byteOrder: ByteOrder,
  index: number,
): Buffer {
  const [rows, columns] = frame.shape;
  const size = rows * columns * type.width;
  const before = [`EDF_DataBlockID = ${index}.Image.Psd ;`, `EDF_BinarySize = ${size} ;`];
  const after = [
    `ByteOrder = ${byteOrder} ;`,
    `DataType = ${type.name} ;`,
    `Dim_1 = ${columns} ;`,
    `Dim_2 = ${rows} ;`,
    `Image = ${index} ;`,
    `HeaderID = EH:${String(index).padStart(6, "0")}:000000:000000 ;`,
    `Size = ${size} ;`,
  ];
  for (const [key, value] of Object.entries(frame.header ?? {})) {
    if (isStructural(key.trim().toLowerCase())) continue;
    after.push(`${checkKey(call, key, index)} = ${checkValue(call, key, value, index)} ;`);
  }
  const fixed = `{\n${before.join("\n")}\nEDF_HeaderSize =         ;\n${after.join("\n")}\n}\n`.length;
  const length = Math.ceil(fixed / BLOCK) * BLOCK;
  const lines = [...before, `EDF_HeaderSize = ${String(length).padStart(6)} ;`, ...after].join("\n");
  return Buffer.from(`${`{\n${lines}\n`.padEnd(length - 2)}}\n`, "latin1");
}

function checkKey(call: string, key: string, frame: number): string {
  if (/^[!-~]([ -~]*[!-~])?$/.test(key) && !/[=;{}]/.test(key)) return key;
  throw new ArgumentError(
    `${call}: expected a header key of printable ASCII without "=", ";" and braces, got ${quote(key)} in frame ${frame}`,
    { frame, key },
  );
}

function checkValue(call: string, key: string, value: unknown, frame: number): string {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text === "string" && /^[ -~]*$/.test(text) && !text.includes(";")) return text.trim();
  throw new ArgumentError(
    `${call}: expected ${key} as a number or as printable ASCII without ";", got ${quote(value)} in frame ${frame}; write it in other words`,
    { frame, key, value },
  );
}
