// Files compressed as a whole with gzip or bzip2, known by their content, whatever their name. A few bytes can stand for
// gigabytes: unpacking stops where the content says that it should have ended.
import { constants } from "node:buffer";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import Bunzip from "seek-bzip";
import { FileError, OperandoseError, reason } from "../errors.js";
import { inBytes, memoryBytes } from "./disk.js";

/** How a file is compressed, from its first bytes; undefined for a plain one. */
export function compressionOf(head: Uint8Array): "gzip" | "bzip2" | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  return head[0] === 0x42 && head[1] === 0x5a && head[2] === 0x68 ? "bzip2" : undefined;
}

/**
 * The content of a compressed file.
 *
 * @param extent bytes that the content may have, by what is known of it so far; default what one text can have
 * @throws FileError when it is damaged, cut short, followed by something else, larger than it says itself, or larger than half
 *   of the memory
 */
export async function decompress(
  call: string,
  path: string,
  bytes: Buffer,
  extent: (known: Buffer) => number = () => constants.MAX_STRING_LENGTH,
): Promise<Buffer> {
  const kind = compressionOf(bytes);
  const content = new Content(call, path, extent);
  try {
    if (kind === "gzip") await gunzip(bytes, content);
    else if (kind === "bzip2") bunzip(bytes, content);
    else return bytes;
  } catch (error) {
    if (error instanceof OperandoseError) throw error;
    throw new FileError(
      `${call}: expected whole ${kind} data, got ${reason(error)} in ${path}; the compressed file is damaged or was not copied completely`,
      { path, compression: kind, frame: 0, offset: 0 },
      { cause: error },
    );
  }
  return content.known;
}

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

function bunzip(bytes: Uint8Array, content: Content): void {
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
  // One stream after the other: with `multistream` the decoder takes the end of the input between two blocks for the end
  // of the file, and a cut there would pass unnoticed.
  while (position < bytes.length) Bunzip.decode(input, output);
  content.add(part.subarray(0, length));
}
