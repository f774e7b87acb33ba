// The text block of an EDF frame: `{`, `key = value ;` lines, padding, `}` and a line end.
import { quote } from "../errors.js";
import { isQuantityKey } from "./frame-quantities.js";

/** Header blocks are multiples of this many bytes; those of some programs are not. */
export const BLOCK = 512;

/** No header of a real file comes near this; beyond it the closing brace is taken as missing. */
export const MAX_HEADER = 1 << 20;

/** What is wrong with a header; the reader adds path, frame and offset. */
export class HeaderProblem extends Error {
  constructor(
    readonly expected: string,
    readonly got: string,
    readonly remedy?: string,
  ) {
    super(`expected ${expected}, got ${got}`);
  }
}

/**
 * Length of the header that starts at the beginning of `bytes`; 0 when it does not end within them.
 *
 * A value may contain braces. So a header ends where `EDF_HeaderSize` says; without that, at the first brace
 * and line end that finish on a multiple of 512 bytes or follow the semicolon of the last entry.
 *
 * @throws HeaderProblem when there is no opening brace, or `EDF_HeaderSize` is wrong
 */
export function headerLength(bytes: Buffer): number {
  if (bytes[0] !== 0x7b) {
    throw new HeaderProblem('"{" at the start of a header', quote(bytes.toString("latin1", 0, 16)));
  }
  const declared = /(?:^\{|;)\s*EDF_HeaderSize\s*=\s*(\d+)\s*;/i.exec(bytes.toString("latin1", 0, BLOCK));
  // A beamline wrote `EDF_HeaderSize = header_length`: a value that is no number is ignored.
  if (declared) {
    const length = Number(declared[1]);
    if (length > bytes.length) return 0;
    if (length > 0 && braceAt(bytes, length) > 0) return length;
    throw new HeaderProblem(
      `a header that closes with "}" after its EDF_HeaderSize = ${length} bytes`,
      "none",
    );
  }
  for (let feed = bytes.indexOf(0x0a); feed >= 0; feed = bytes.indexOf(0x0a, feed + 1)) {
    const brace = braceAt(bytes, feed + 1);
    if (brace > 0 && ((feed + 1) % BLOCK === 0 || isAfterEntry(bytes, brace))) return feed + 1;
  }
  return 0;
}

/** Where the brace is that closes a header of `end` bytes; -1 when none does. */
function braceAt(bytes: Buffer, end: number): number {
  if (bytes[end - 1] !== 0x0a) return -1;
  if (bytes[end - 2] === 0x7d) return end - 2;
  return bytes[end - 2] === 0x0d && bytes[end - 3] === 0x7d ? end - 3 : -1;
}

function isAfterEntry(bytes: Buffer, brace: number): boolean {
  let at = brace - 1;
  while (at > 0 && bytes[at] <= 0x20) at--;
  return bytes[at] === 0x3b;
}

/**
 * Keys and values of a header as text: UTF-8 where it is valid, else Latin-1. A value ends at the semicolon
 * before a line end, so that it may hold semicolons, equals signs and line ends. Values of a repeated key (in
 * any case) stand under its first spelling, one per line.
 *
 * @throws HeaderProblem when a key that describes the data or is computed with is repeated with another
 *   value, or stands in the value of another because its semicolon is missing
 */
export function parseHeader(bytes: Buffer): Record<string, string> {
  const text = decode(bytes);
  const body = text.slice(1, text.lastIndexOf("}"));
  const spelling = new Map<string, string>();
  const header = new Map<string, string>();
  for (const [key, value] of entriesOf(body)) {
    const lower = key.toLowerCase();
    const known = spelling.get(lower);
    if (known === undefined) {
      spelling.set(lower, key);
      header.set(key, value);
      continue;
    }
    const before = header.get(known) ?? "";
    if (before.split("\n").includes(value)) continue;
    if (isSingle(lower)) {
      if (Number(before) === Number(value)) continue;
      throw new HeaderProblem(
        `one value of ${key}`,
        `${quote(before)} and ${quote(value)}`,
        "remove the wrong one from the header",
      );
    }
    header.set(known, `${before}\n${value}`);
  }
  // fromEntries defines own properties, so that even a key named __proto__ stays what it is: text.
  return Object.fromEntries(header);
}

/**
 * The header of one image of several under the same header: of a quantity that has a list with one number for
 * each image, that image's number.
 */
export function headerOfImage(
  header: Readonly<Record<string, string>>,
  image: number,
  images: number,
): Record<string, string> {
  const own = { ...header };
  if (!(images > 1 && Number.isFinite(images))) return own;
  for (const key in header) {
    const lower = key.toLowerCase();
    const name = lower === "energies" ? "energy" : lower;
    if (!isQuantityKey(name)) continue;
    const list = header[key]
      .replace(/^\[|\]$/g, "")
      .split(/[\s,]+/)
      .filter((cell) => cell !== "");
    if (list.length === images) own[lower === "energies" ? name : key] = list[image];
  }
  return own;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return bytes.toString("latin1");
  }
}

const REQUIRED = ["dim_1", "dim_2", "datatype", "byteorder", "size"];

function entriesOf(body: string): [key: string, value: string][] {
  const lines = [...split(body, /;[ \t\0]*(?:\r?\n|\r|$)/)];
  const lacks = (entries: typeof lines) => {
    const names = new Set(entries.map(([key]) => key.toLowerCase()));
    return REQUIRED.filter((name) => !names.has(name));
  };
  const missing = lacks(lines);
  if (missing.length > 0) {
    // Some programs write several entries per line. Then a key that describes the data would hide in a text.
    const cells = [...split(body, /;/)];
    if (lacks(cells).length < missing.length) return cells;
  }
  for (const [key, value] of lines) {
    if (!/[\r\n]/.test(value)) continue;
    const hidden = /[\r\n][ \t]*(\w+)[ \t]*=/g;
    for (let found = hidden.exec(value); found; found = hidden.exec(value)) {
      if (!isSingle(found[1].toLowerCase())) continue;
      throw new HeaderProblem(
        `";" at the end of ${key}`,
        `another line with ${found[1]} =`,
        "write the semicolon into the header",
      );
    }
  }
  return lines;
}

function* split(body: string, end: RegExp): Generator<[key: string, value: string]> {
  for (const part of body.split(end)) {
    for (let rest = withoutRemarks(part); rest !== ""; ) {
      const equals = rest.indexOf("=");
      if (equals < 0) break;
      const key = trim(rest.slice(0, equals));
      const value = rest.slice(equals + 1);
      const semicolon = value.indexOf(";");
      const ends = semicolon >= 0 && endsThere(key.toLowerCase(), trim(value.slice(0, semicolon)));
      if (key !== "") yield [key, trim(ends ? value.slice(0, semicolon) : value)];
      rest = ends ? withoutRemarks(value.slice(semicolon + 1)) : "";
    }
  }
}

/** Keys that describe the data, and numbers, hold no text: they end at the first semicolon. */
function endsThere(lowerKey: string, value: string): boolean {
  return isStructural(lowerKey) || (isQuantityKey(lowerKey) && value !== "" && !Number.isNaN(Number(value)));
}

/** Without the lines before a key that begin with # or hold no equals sign. */
function withoutRemarks(text: string): string {
  let rest = trim(text);
  for (;;) {
    const feed = rest.search(/[\r\n]/);
    const first = feed < 0 ? rest : rest.slice(0, feed);
    if (!first.startsWith("#") && (feed < 0 || first.includes("="))) return rest;
    rest = feed < 0 ? "" : trim(rest.slice(feed));
  }
}

// Some writers pad with NUL, which no trim() takes away.
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  return text.slice(start, end);
}

/**
 * True for the (lower-case) keys that describe the block itself; the writer sets them, the reader checks
 * them.
 */
export function isStructural(lowerKey: string): boolean {
  return /^(dim_\d+|datatype|byteorder|size|image|num_images|headerid|compression|edf_\w+)$/.test(lowerKey);
}

function isSingle(lowerKey: string): boolean {
  return isStructural(lowerKey) || isQuantityKey(lowerKey);
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
