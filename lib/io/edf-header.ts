// The text block of an EDF frame: `{`, `key = value ;` lines, padding, `}` and a line end on a multiple of 512 bytes.
import { quote } from "../errors.js";
import { type NumberType, numberType, numberTypeNames } from "./edf-types.js";

/** Order of the bytes of one number in the file. */
export type ByteOrder = "LowByteFirst" | "HighByteFirst";

/** Header blocks are multiples of this many bytes. */
export const BLOCK = 512;

/** No header of a real file comes near this; beyond it the closing brace is taken as missing. */
export const MAX_HEADER = 1 << 20;

/** What the header says about the numbers that follow it. */
export interface Layout {
  /** [rows, columns], that is [Dim_2, Dim_1]. */
  readonly shape: readonly [rows: number, columns: number];
  readonly type: NumberType;
  readonly byteOrder: ByteOrder;
  /** Bytes of the numbers. */
  readonly bytes: number;
  /** Bytes from the first number to the next block; more than `bytes` where the writer padded. */
  readonly stride: number;
}

/** What is wrong with a header; the reader adds path, frame and offset. */
export class HeaderProblem extends Error {
  constructor(
    readonly expected: string,
    readonly got: string,
  ) {
    super(`expected ${expected}, got ${got}`);
  }
}

/**
 * Length of the header that starts at the beginning of `bytes`; 0 when it does not end within them.
 *
 * A value may contain braces, so only a brace and line end that finish on a multiple of 512 bytes close the header;
 * `EDF_HeaderSize`, where given, says which.
 *
 * @throws HeaderProblem when there is no opening brace, or `EDF_HeaderSize` is wrong
 */
export function headerLength(bytes: Buffer): number {
  if (bytes[0] !== 0x7b) {
    throw new HeaderProblem('"{" at the start of a header', quote(bytes.toString("latin1", 0, 16)));
  }
  const declared = /(?:^\{|;)\s*EDF_HeaderSize\s*=\s*([^;]*?)\s*;/i.exec(bytes.toString("latin1", 0, BLOCK));
  if (declared) {
    const length = Number(declared[1]);
    if (!Number.isInteger(length) || length <= 0 || length % BLOCK !== 0) {
      throw new HeaderProblem(`EDF_HeaderSize as a multiple of ${BLOCK}`, quote(declared[1]));
    }
    if (length > bytes.length) return 0;
    if (closes(bytes, length)) return length;
    throw new HeaderProblem(
      `a header that closes with "}" after its EDF_HeaderSize = ${length} bytes`,
      "none",
    );
  }
  for (let end = BLOCK; end <= bytes.length; end += BLOCK) if (closes(bytes, end)) return end;
  return 0;
}

function closes(bytes: Buffer, end: number): boolean {
  if (bytes[end - 1] !== 0x0a) return false;
  return bytes[end - 2] === 0x7d || (bytes[end - 2] === 0x0d && bytes[end - 3] === 0x7d);
}

/**
 * Keys and values of a header as text, keys as written; of a repeated key the last value.
 *
 * @throws HeaderProblem when a key that describes the data is repeated with another value
 */
export function parseHeader(bytes: Buffer): Record<string, string> {
  const text = bytes.toString("latin1");
  const body = text.slice(1, text.lastIndexOf("}"));
  const entries = new Map<string, string>();
  const described = new Map<string, string>();
  for (const line of body.split(";")) {
    const equals = line.indexOf("=");
    if (equals < 0) continue;
    const key = trim(line.slice(0, equals));
    const value = trim(line.slice(equals + 1));
    if (key === "") continue;
    const lower = key.toLowerCase();
    if (isStructural(lower)) {
      const before = described.get(lower);
      if (before !== undefined && before !== value) {
        throw new HeaderProblem(`one value of ${key}`, `${quote(before)} and ${quote(value)}`);
      }
      described.set(lower, value);
    }
    entries.set(key, value);
  }
  // fromEntries defines own properties, so that even a key named __proto__ stays what it is: text.
  return Object.fromEntries(entries);
}

// Some writers pad with NUL, which no trim() takes away.
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  return text.slice(start, end);
}

/** True for the (lower-case) keys that describe the block itself; the writer sets them, the reader checks them. */
export function isStructural(lowerKey: string): boolean {
  return /^(dim_\d+|datatype|byteorder|size|image|headerid|compression|edf_\w+)$/.test(lowerKey);
}

/** The value of a header key, whatever its case; undefined when there is none. */
export function headerValue(header: Readonly<Record<string, string>>, key: string): string | undefined {
  if (Object.hasOwn(header, key)) return header[key];
  const lower = key.toLowerCase();
  for (const name in header) if (name.toLowerCase() === lower) return header[name];
  return undefined;
}

/** The value of a header key as a number; NaN when it is missing or no number. */
export function headerNumber(header: Readonly<Record<string, string>>, key: string): number {
  const text = headerValue(header, key);
  return text === undefined || text === "" ? Number.NaN : Number(text);
}

/**
 * Shape, type and length of the data that a header announces.
 *
 * @throws HeaderProblem when a key is missing or unknown, or the keys contradict each other
 */
export function layoutOf(header: Readonly<Record<string, string>>): Layout {
  const known = new Map<string, string>();
  for (const key in header) known.set(key.toLowerCase(), header[key]);

  const columns = dimension(known, 1);
  const rows = dimension(known, 2);
  for (const [key, value] of known) {
    const higher = /^dim_(\d+)$/.exec(key);
    if (higher && Number(higher[1]) > 2 && value !== "1") {
      throw new HeaderProblem(`images, that is Dim_${higher[1]} = 1`, `Dim_${higher[1]} = ${value}`);
    }
  }

  const typeName = known.get("datatype");
  const type = typeName === undefined ? undefined : numberType(typeName);
  if (!type) throw new HeaderProblem(`a DataType of ${numberTypeNames.join(", ")}`, quote(typeName));

  const orderName = known.get("byteorder");
  const byteOrder = byteOrderOf(orderName, type);
  if (!byteOrder) throw new HeaderProblem("a ByteOrder of LowByteFirst or HighByteFirst", quote(orderName));

  const compression = known.get("compression");
  if (compression && !/^no/i.test(compression)) {
    throw new HeaderProblem(
      "data without compression inside the block",
      `Compression = ${quote(compression)}`,
    );
  }
  if (known.has("edf_binaryfilename")) {
    throw new HeaderProblem(
      "data in the same file",
      `EDF_BinaryFileName = ${quote(known.get("edf_binaryfilename"))}`,
    );
  }

  const bytes = rows * columns * type.width;
  if (!Number.isSafeInteger(bytes))
    throw new HeaderProblem("an image that fits a file", `${columns} x ${rows} numbers`);
  const size = known.get("size");
  if (size !== undefined && Number(size) !== bytes) {
    throw new HeaderProblem(
      `Size = ${bytes} (Dim_1 ${columns} x Dim_2 ${rows} x ${type.width} bytes)`,
      quote(size),
    );
  }
  const binary = known.get("edf_binarysize");
  const stride = binary === undefined ? bytes : Number(binary);
  // Some writers fill up the block, but then Size tells how much of it is data.
  const padded = size !== undefined && stride > bytes && stride < bytes + BLOCK;
  if (stride !== bytes && !padded) throw new HeaderProblem(`EDF_BinarySize = ${bytes}`, quote(binary));
  return { shape: [rows, columns], type, byteOrder, bytes, stride };
}

function dimension(known: ReadonlyMap<string, string>, index: number): number {
  const text = known.get(`dim_${index}`);
  if (text === undefined || !/^\d+$/.test(text) || Number(text) === 0) {
    throw new HeaderProblem(
      `Dim_${index} as a positive whole number`,
      text === undefined ? "none" : quote(text),
    );
  }
  return Number(text);
}

function byteOrderOf(name: string | undefined, type: NumberType): ByteOrder | undefined {
  if (name === undefined) return type.width === 1 ? "LowByteFirst" : undefined;
  const lower = name.toLowerCase();
  if (lower === "lowbytefirst") return "LowByteFirst";
  return lower === "highbytefirst" ? "HighByteFirst" : undefined;
}
