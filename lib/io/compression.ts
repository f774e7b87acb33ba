// Files compressed as a whole with gzip or bzip2, known by their content, whatever their name.
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import Bunzip from "seek-bzip";
import { FileError, reason } from "../errors.js";

const inflate = promisify(gunzip) as unknown as (
  bytes: Uint8Array,
  options: { info: true },
) => Promise<{ buffer: Buffer; engine: { bytesWritten: number } }>;

/** How a file is compressed, from its first bytes; undefined for a plain one. */
export function compressionOf(head: Uint8Array): "gzip" | "bzip2" | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  return head[0] === 0x42 && head[1] === 0x5a && head[2] === 0x68 ? "bzip2" : undefined;
}

/**
 * The content of a compressed file.
 *
 * @throws FileError when it is damaged, cut short, or followed by something else
 */
export async function decompress(call: string, path: string, bytes: Buffer): Promise<Buffer> {
  const kind = compressionOf(bytes);
  try {
    if (kind === "gzip") {
      const { buffer, engine } = await inflate(bytes, { info: true });
      // zlib stops in silence at whatever follows the last member.
      if (engine.bytesWritten < bytes.length)
        throw new Error(`${bytes.length - engine.bytesWritten} bytes after its end`);
      return buffer;
    }
    return kind === "bzip2" ? bunzip(bytes) : bytes;
  } catch (error) {
    throw new FileError(
      `${call}: expected whole ${kind} data, got ${reason(error)} in ${path}; the compressed file is damaged or was not copied completely`,
      { path, compression: kind, frame: 0, offset: 0 },
      { cause: error },
    );
  }
}

function bunzip(bytes: Uint8Array): Buffer {
  let position = 0;
  let out = Buffer.allocUnsafe(Math.max(1 << 16, 4 * bytes.length));
  let length = 0;
  const input = {
    readByte() {
      // The decoder itself would go on with undefined bytes.
      if (position >= bytes.length) throw new Error("an unexpected end");
      return bytes[position++];
    },
    read(target: Uint8Array, offset: number, count: number) {
      const part = bytes.subarray(position, position + count);
      target.set(part, offset);
      position += part.length;
      return part.length;
    },
  };
  const output = {
    writeByte(byte: number) {
      if (length === out.length) out = Buffer.concat([out], 2 * out.length);
      out[length++] = byte;
    },
  };
  // One stream after the other: with `multistream` the decoder takes the end of the input between two blocks for the end
  // of the file, and a cut there would pass unnoticed.
  while (position < bytes.length) Bunzip.decode(input, output);
  return out.subarray(0, length);
}
