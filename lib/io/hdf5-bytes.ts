// The bytes of an HDF5 file, for what the library does not report: whether the file is complete, which
// numbers were written, and where they lie. See the HDF5 File Format Specification, version 3.0.
import { closeSync, fstatSync } from "node:fs";
import { FileError, quote } from "../errors.js";
import { type Compression, compressionOf } from "./compression.js";
import { openRegular, readFully } from "./disk.js";
import { systemError } from "./disk-errors.js";
import type { Hdf5Extents } from "./hdf5-extents.js";

/** The first bytes of every HDF5 file, at 0 or after a user block of 512, 1024, 2048 ... bytes. */
const SIGNATURE: Buffer = Buffer.from("\x89HDF\r\n\x1a\n", "latin1");

/** Byte at which the signature begins; undefined where there is none. `bytes` reads bytes of the file. */
export function signatureAt(
  size: number,
  bytes: (from: number, length: number) => Buffer,
): number | undefined {
  for (let at = 0; at + SIGNATURE.length <= size; at = at === 0 ? 512 : 2 * at) {
    if (bytes(at, SIGNATURE.length).equals(SIGNATURE)) return at;
  }
  return undefined;
}

/** The superblock of a file. */
export interface Superblock {
  /** Byte at which it begins: the length of the user block. */
  readonly at: number;
  readonly version: number;
  /** Bytes of an address, and of a length. */
  readonly addressSize: number;
  readonly lengthSize: number;
  /** Byte to which addresses are relative. */
  readonly base: number;
  /** Bytes of the complete file; NaN for a superblock of a newer version. */
  readonly end: number;
  /** Bytes of the superblock itself. */
  readonly length: number;
  /**
   * Half the entries of a full node: in the tables and the trees of groups, and in the trees of chunks.
   * Undefined where the superblock does not have them.
   */
  readonly half?: { readonly table: number; readonly groups: number; readonly chunks: number };
  /**
   * A program has the file open for writing, or ended without closing it; with single writer, multiple
   * readers (SWMR).
   */
  readonly openForWriting: boolean;
  readonly swmr: boolean;
}

/** An HDF5 file opened for its bytes. */
export class Hdf5Bytes {
  readonly #descriptor: number;
  readonly size: number;
  /** How a file that is no HDF5 is compressed as a whole. */
  readonly compression: Compression | undefined;
  /** Undefined where the file is no HDF5. */
  readonly superblock: Superblock | undefined;

  /**
   * @param extents receives all places that are read, as structure
   * @throws FileError when the file cannot be opened
   */
  constructor(
    readonly call: string,
    readonly path: string,
    readonly extents?: Hdf5Extents,
  ) {
    this.#descriptor = openRegular(call, path);
    try {
      this.size = fstatSync(this.#descriptor).size;
      const at = signatureAt(this.size, (from, length) => this.#read(from, length).bytes);
      this.superblock = at === undefined ? undefined : this.#superblock(at);
      this.compression = this.superblock
        ? undefined
        : compressionOf(this.#read(0, Math.min(4, this.size)).bytes);
      if (this.superblock) extents?.structure(0, this.superblock.length);
    } catch (error) {
      this.close();
      throw error instanceof FileError ? error : systemError(call, path, error);
    }
  }

  /** Bytes from an address of the file. @throws FileError where the file ends before */
  at(address: number, length: number): Cursor {
    const cursor = this.#read((this.superblock?.base ?? 0) + address, length);
    this.extents?.structure(address, length);
    return cursor;
  }

  /**
   * Notes where numbers of a dataset lie, without reading them.
   *
   * @throws FileError where that is not within the file
   */
  data(dataset: string, address: number, length: number): void {
    const { base = 0, end = Number.NaN } = this.superblock ?? {};
    const size = (Number.isNaN(end) ? this.size : Math.min(end, this.size)) - base;
    if (!(address >= 0 && address + length <= size)) {
      throw this.damaged(`the ${length} bytes of ${quote(dataset)} at ${address} within ${size} bytes`);
    }
    this.extents?.data(dataset, address, length);
  }

  /** Bytes of an address. */
  get addressSize(): number {
    return this.superblock?.addressSize ?? 8;
  }

  /** Bytes of a length. */
  get lengthSize(): number {
    return this.superblock?.lengthSize ?? 8;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** The error of a file whose bytes contradict the format or each other. */
  damaged(what: string): FileError {
    return new FileError(
      `${this.call}: expected ${what} in ${this.path}, got other bytes: the file is damaged; copy or record the file again`,
      { path: this.path, what },
    );
  }

  #read(from: number, length: number): Cursor {
    if (!(from >= 0) || !(length >= 0) || from + length > this.size) {
      throw this.damaged(`${length} bytes at ${from}`);
    }
    const bytes = Buffer.alloc(length);
    if (readFully(this.#descriptor, bytes, length, from) < length) {
      throw this.damaged(`${length} bytes at ${from}`);
    }
    return new Cursor(this, bytes, this.addressSize, this.lengthSize);
  }

  #superblock(at: number): Superblock {
    const cursor = this.#read(at, Math.min(96, this.size - at));
    cursor.skip(8);
    const version = cursor.uint(1);
    const plain = { at, version, base: at, openForWriting: false, swmr: false };
    if (version > 3) return { ...plain, addressSize: 8, lengthSize: 8, end: Number.NaN, length: 9 };
    if (version < 2) cursor.skip(4);
    const [addressSize, lengthSize] = [cursor.uint(1), cursor.uint(1)];
    if (![2, 4, 8].includes(addressSize) || ![2, 4, 8].includes(lengthSize)) {
      throw this.damaged("addresses of 8 bytes");
    }
    let flags = 0;
    let half: Superblock["half"];
    if (version < 2) {
      cursor.skip(1);
      const [table, groups] = [cursor.uint(2), cursor.uint(2)];
      cursor.skip(4);
      half = { table, groups, chunks: version === 1 ? cursor.uint(2) : 32 };
      if (version === 1) cursor.skip(2);
    } else flags = cursor.uint(1);
    // The base as it was written: the library takes the place of the signature, and moves the end with it.
    const base = cursor.uint(addressSize);
    const extension = cursor.uint(addressSize);
    // Where a newer superblock has no extension, the numbers are those that the format has by itself.
    if (version >= 2 && Number.isNaN(extension)) half = { table: 4, groups: 16, chunks: 32 };
    const end = cursor.uint(addressSize) - base + at;
    const read = cursor.bytes.length - cursor.left;
    return {
      ...plain,
      addressSize,
      lengthSize,
      end,
      length: read + (version < 2 ? 3 * addressSize + 24 : addressSize + 4),
      ...(half && { half }),
      openForWriting: version === 3 && (flags & 1) !== 0,
      swmr: version === 3 && (flags & 4) !== 0,
    };
  }
}

/** Numbers one after the other, low byte first. */
export class Cursor {
  #at = 0;

  constructor(
    private readonly file: Hdf5Bytes,
    readonly bytes: Buffer,
    private readonly addressSize: number,
    private readonly lengthSize: number,
  ) {}

  get left(): number {
    return this.bytes.length - this.#at;
  }

  /** An unsigned integer; NaN where all its bits are set, as in an undefined address of HDF5. */
  uint(size: number): number {
    const from = this.skip(size);
    if (size > 4 && this.bytes.subarray(from, from + size).every((byte) => byte === 255)) return Number.NaN;
    if (size <= 6) return size === 0 ? 0 : this.bytes.readUIntLE(from, size);
    let value = 0;
    for (let i = size - 1; i >= 0; i--) value = 256 * value + this.bytes[from + i];
    return value;
  }

  address(): number {
    return this.uint(this.addressSize);
  }

  length(): number {
    return this.uint(this.lengthSize);
  }

  damaged(what: string): FileError {
    return this.file.damaged(what);
  }

  /** Text up to a zero byte. */
  text(): string {
    const end = this.bytes.indexOf(0, this.#at);
    if (end < 0) throw this.file.damaged("the end of a text");
    const text = this.bytes.toString("utf8", this.#at, end);
    this.#at = end + 1;
    return text;
  }

  /** The next bytes as a cursor of their own. */
  part(size: number): Cursor {
    const from = this.skip(size);
    return new Cursor(this.file, this.bytes.subarray(from, from + size), this.addressSize, this.lengthSize);
  }

  /** Goes on; returns the place before. */
  skip(size: number): number {
    if (!(size >= 0) || size > this.left) throw this.file.damaged("a whole record");
    this.#at += size;
    return this.#at - size;
  }

  /** Goes on over four letters. @throws FileError where there are others */
  signature(letters: string): void {
    const from = this.skip(4);
    if (this.bytes.toString("latin1", from, from + 4) !== letters) throw this.file.damaged(`"${letters}"`);
  }
}
