// Where the frames of an EDF file are: reads the headers only and checks that every block lies in the file.
import { FileError } from "../errors.js";
import {
  BLOCK,
  type ByteOrder,
  HeaderProblem,
  headerLength,
  type Layout,
  layoutOf,
  MAX_HEADER,
  parseHeader,
} from "./edf-header.js";
import type { NumberType } from "./edf-types.js";

/** One frame of an indexed EDF file. */
export interface EdfEntry {
  /** Keys as written, values as text. */
  readonly header: Record<string, string>;
  /** [rows, columns]. */
  readonly shape: readonly [rows: number, columns: number];
  /** Canonical name of the number type, "UnsignedShort" for example. */
  readonly dataType: string;
  readonly byteOrder: ByteOrder;
  /** Where the numbers start, bytes from the beginning of the file. */
  readonly offset: number;
  /** Length of the numbers, bytes. */
  readonly bytes: number;
  readonly type: NumberType;
}

/** Bytes that can be read at any position: an open file, or what came out of a compressed one. */
export interface ByteSource {
  readonly path: string;
  readonly size: number;
  /** Fills `target` from `position`; returns how many bytes there were. */
  read(target: Uint8Array, position: number): number;
}

/** A FileError that names file, frame and byte offset, in the grammar of the library. */
export function edfError(
  call: string,
  at: { path: string; frame: number; offset: number },
  expected: string,
  got: string,
  remedy = "the file is damaged or was not written completely; copy or record it again",
  cause?: unknown,
): FileError {
  return new FileError(
    `${call}: expected ${expected}, got ${got} in frame ${at.frame} at byte ${at.offset} of ${at.path}; ${remedy}`,
    at,
    cause === undefined ? undefined : { cause },
  );
}

/**
 * Index of all frames of an EDF file.
 *
 * The length of a header is guessed from the one before it, so that a file of hundreds of frames costs one small read a
 * frame.
 *
 * @throws FileError naming path, frame and byte offset when the file is empty, truncated or inconsistent
 */
export function indexEdf(source: ByteSource, call: string): EdfEntry[] {
  const { path, size } = source;
  if (size === 0) {
    throw new FileError(`${call}: expected an EDF file, got an empty file ${path}; record or copy it again`, {
      path,
      frame: 0,
      offset: 0,
    });
  }
  const entries: EdfEntry[] = [];
  let buffer = Buffer.allocUnsafe(8 * BLOCK);
  let guess = 2 * BLOCK;
  let position = 0;
  while (position < size) {
    const at = { path, frame: entries.length, offset: position };
    let length = 0;
    try {
      for (let wanted = guess; length === 0; wanted *= 2) {
        if (wanted > buffer.length) buffer = Buffer.allocUnsafe(wanted);
        const got = source.read(buffer.subarray(0, Math.min(wanted, size - position)), position);
        const head = buffer.subarray(0, got);
        if (entries.length > 0 && position + got === size && got < BLOCK && isBlank(head)) return entries;
        length = headerLength(head);
        if (length === 0 && (got < wanted || wanted >= MAX_HEADER)) {
          throw new HeaderProblem(
            `a header closed by "}" and a line end on a multiple of ${BLOCK} bytes`,
            `none in ${got} bytes`,
          );
        }
      }
      const header = parseHeader(buffer.subarray(0, length));
      const layout = layoutOf(header);
      const offset = position + length;
      checkInside(layout, offset, size);
      const { shape, type, byteOrder, bytes } = layout;
      entries.push({ header, shape, dataType: type.name, byteOrder, offset, bytes, type });
      position = offset + layout.stride;
    } catch (error) {
      if (!(error instanceof HeaderProblem)) throw error;
      if (error instanceof ShortData) at.offset = error.offset;
      throw edfError(call, at, error.expected, error.got, hint(at.frame, error), undefined);
    }
    guess = length;
  }
  return entries;
}

class ShortData extends HeaderProblem {
  constructor(
    expected: string,
    got: string,
    readonly offset: number,
  ) {
    super(expected, got);
  }
}

function checkInside(layout: Layout, offset: number, size: number): void {
  if (offset + layout.stride <= size) return;
  throw new ShortData(`${layout.stride} bytes of data`, `${Math.max(0, size - offset)}`, offset);
}

function hint(frame: number, problem: HeaderProblem): string {
  if (frame === 0 && problem.expected.startsWith('"{"')) return "this is no EDF file";
  if (problem.got.startsWith("Compression") || problem.got.startsWith("EDF_BinaryFileName")) {
    return "rewrite the file with plain data";
  }
  return "the file is damaged or was not written completely; copy or record it again";
}

function isBlank(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0x20 && (byte < 0x09 || byte > 0x0d)) return false;
  return true;
}
