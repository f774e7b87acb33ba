// Files compressed as a whole with gzip or bzip2, known by their content, whatever their name. A few bytes
// may unpack to gigabytes: unpacking stops at the size that the headers of the content give.
import { constants } from "node:buffer";
import { pipeline } from "node:stream/promises";
import { createGunzip, gunzipSync, constants as zlib } from "node:zlib";
import Bunzip from "seek-bzip";
import { FileError, OperandoseError, reason } from "../errors.js";
import { memoryBytes } from "./disk.js";
import { inBytes } from "./disk-errors.js";

/** Ways to compress a whole file. */
export type Compression = "gzip" | "bzip2";

/** How a file is compressed, from its first bytes; undefined for a plain one. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  return head[0] === 0x42 && head[1] === 0x5a && head[2] === 0x68 ? "bzip2" : undefined;
}

/**
 * The content of a compressed file.
 *
 * @param extent bytes that the content may have, by what is known of it so far; default what one text can
 *   have
 * @throws FileError when it is damaged, cut short, followed by other bytes, larger than its headers give, or
 *   larger than half of the memory
 */
export async function decompress(
  call: string,
  path: string,
  bytes: Buffer,
  extent: (known: Buffer) => number = () => constants.MAX_STRING_LENGTH,
): Promise<Buffer> {
  const kind = compressionOf(bytes);
  if (!kind) return bytes;
  const content = new Content(call, path, extent);
  try {
    if (kind === "gzip") await gunzip(bytes, content);
    else bunzip(bytes, content);
  } catch (error) {
    if (error instanceof OperandoseError) throw error;
    throw damaged(call, path, kind, error);
  }
  return content.known;
}

function damaged(call: string, path: string, compression: Compression, error: unknown): FileError {
  return new FileError(
    `${call}: expected whole ${compression} data, got ${reason(error)} in ${path}; the compressed file is damaged or was not copied completely`,
    { path, compression, frame: 0, offset: 0 },
    { cause: error },
  );
}

/**
 * Bytes of a compressed file from which its head is unpacked: gzip begins at once, a block of bzip2 has up to
 * 900 kB.
 */
const PACKED: Readonly<Record<Compression, number>> = { gzip: 1 << 12, bzip2: 1 << 20 };
/** Bytes that are unpacked. */
const HEAD = 1 << 16;

/**
 * The first bytes of the content of a compressed file.
 *
 * @param read gives as many of the file's first bytes
 * @throws FileError where they are damaged
 */
export function unpackHead(
  call: string,
  path: string,
  compression: Compression,
  read: (length: number) => Buffer,
): Buffer {
  const packed = read(PACKED[compression]);
  if (compression === "gzip") {
    try {
      return gunzipSync(packed, { finishFlush: zlib.Z_SYNC_FLUSH }).subarray(0, HEAD);
    } catch (error) {
      throw damaged(call, path, compression, error);
    }
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    bunzip(packed, {
      add(part) {
        parts.push(part.slice());
        length += part.length;
        if (length >= HEAD) throw ENOUGH;
      },
    });
  } catch (error) {
    if (error !== ENOUGH && (length === 0 || packed.length < PACKED.bzip2)) {
      throw damaged(call, path, compression, error);
    }
  }
  return Buffer.concat(parts);
}

const ENOUGH = new Error("enough");

/** What came out so far, and how much more may. */
class Content {
  #buffer = Buffer.allocUnsafe(1 << 16);
  #length = 0;
  #allowed = 0;

  constructor(
    private readonly call: string,
    private readonly path: string,
    private readonly extent: (known: Buffer) => number,
  ) {}

  get known(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  add(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#buffer.length) this.#buffer = Buffer.concat([this.known], 2 * length);
    this.#buffer.set(bytes, this.#length);
    this.#length = length;
    if (length > this.#allowed) this.#check();
  }

  #check(): void {
    const { call, path } = this;
    this.#allowed = Math.min(this.extent(this.known), memoryBytes() / 2);
    if (this.#length <= this.#allowed) return;
    throw new FileError(
      `${call}: expected at most ${inBytes(this.#allowed)} of content, by its headers and the memory, got more in ${path}; the file is damaged, or has to be unpacked first`,
      { path, frame: 0, offset: this.#allowed },
    );
  }
}

async function gunzip(bytes: Buffer, content: Content): Promise<void> {
  const engine = createGunzip();
  await pipeline([bytes], engine, async (parts: AsyncIterable<Buffer>) => {
    for await (const part of parts) content.add(part);
  });
  // zlib stops in silence at whatever follows the last member.
  const rest = bytes.length - engine.bytesWritten;
  if (rest > 0) throw new Error(`${rest} bytes after its end`);
}

/** Bytes that are handed on together. */
const PART = 1 << 16;

function bunzip(bytes: Uint8Array, content: Pick<Content, "add">): void {
  let position = 0;
  const part = new Uint8Array(PART);
  let length = 0;
  const input = {
    readByte() {
      // The decoder itself would go on with undefined bytes.
      if (position >= bytes.length) throw new Error("an unexpected end");
      return bytes[position++];
    },
    read(target: Uint8Array, offset: number, count: number) {
      const some = bytes.subarray(position, position + count);
      target.set(some, offset);
      position += some.length;
      return some.length;
    },
  };
  const output = {
    writeByte(byte: number) {
      part[length++] = byte;
      if (length < PART) return;
      content.add(part);
      length = 0;
    },
  };
  // One stream after the other: with `multistream` the decoder takes the end of the input between two blocks
  // for the end of the file, and a cut there would pass unnoticed.
  while (position < bytes.length) Bunzip.decode(input, output);
  content.add(part.subarray(0, length));
}
