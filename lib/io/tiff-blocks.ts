// Strips and tiles of TIFF pages: what their bytes are unpacked to. A compression is one line in `codecs`.
import { inflateSync } from "node:zlib";
import { unpackLzw } from "./lzw.js";
import type { TiffPage } from "./tiff-pages.js";

type Unpack = (bytes: Uint8Array, size: number) => Uint8Array;

const deflate: Unpack = (bytes, size) => {
  const { buffer, byteOffset, length } = inflateSync(bytes, { maxOutputLength: size });
  return new Uint8Array(buffer, byteOffset, length);
};

/** By the number of the compression. */
const codecs = new Map<number, Unpack>([
  [1, (bytes) => bytes],
  [5, unpackLzw],
  [8, deflate],
  [32946, deflate],
  [32773, unpackBits],
]);

/** Names of compressions that are not undone. */
const OTHERS: Readonly<Record<number, string>> = {
  2: "CCITT",
  3: "CCITT T.4",
  4: "CCITT T.6",
  6: "JPEG",
  7: "JPEG",
  34712: "JPEG 2000",
  34887: "LERC",
  34925: "LZMA",
  50000: "Zstandard",
  50001: "WebP",
  50002: "JPEG XL",
};

/** Why the numbers of a page cannot be read; undefined where they can. */
export function whyPacked({ compression, predictor, type }: TiffPage): string | undefined {
  if (!codecs.has(compression)) {
    return `compression with ${OTHERS[compression] ?? `number ${compression}`}`;
  }
  const isFloat = type.kind.startsWith("float");
  if (predictor === 1 || (predictor === 2 && !isFloat) || (predictor === 3 && isFloat)) return undefined;
  return `predictor ${predictor} for ${type.name}`;
}

/**
 * The numbers of a strip or tile as they would lie in it without compression.
 *
 * @param size bytes that there have to be
 * @returns undefined where there are fewer
 */
export function unpackBlock(page: TiffPage, packed: Uint8Array, rows: number): Uint8Array | undefined {
  const columns = page.block[1];
  const { width } = page.type;
  const size = rows * columns * width;
  const unpacked = (codecs.get(page.compression) as Unpack)(packed, size);
  if (unpacked.length < size) return undefined;
  const bytes = unpacked.subarray(0, size);
  if (page.predictor === 2) addDifferences(bytes, columns, width, page.bigEndian);
  if (page.predictor === 3) return joinFloats(bytes, columns, width, page.bigEndian);
  return bytes;
}

/** Predictor 2: each number is stored as the difference from its left neighbor. */
function addDifferences(bytes: Uint8Array, columns: number, width: number, bigEndian: boolean): void {
  const rowBytes = columns * width;
  for (let row = 0; row < bytes.length; row += rowBytes) {
    for (let at = row + width; at < row + rowBytes; at += width) {
      let carry = 0;
      for (let k = 0; k < width; k++) {
        const i = at + (bigEndian ? width - 1 - k : k);
        carry += bytes[i] + bytes[i - width];
        bytes[i] = carry;
        carry >>= 8;
      }
    }
  }
}

/** Predictor 3: the bytes of a row by their significance, highest first, each as the difference from the last. */
function joinFloats(bytes: Uint8Array, columns: number, width: number, bigEndian: boolean): Uint8Array {
  const rowBytes = columns * width;
  const out = new Uint8Array(bytes.length);
  for (let row = 0; row < bytes.length; row += rowBytes) {
    for (let i = 1; i < rowBytes; i++) bytes[row + i] += bytes[row + i - 1];
    for (let c = 0; c < columns; c++) {
      for (let k = 0; k < width; k++) {
        out[row + c * width + (bigEndian ? k : width - 1 - k)] = bytes[row + k * columns + c];
      }
    }
  }
  return out;
}

/** PackBits: runs of one byte, and of bytes as they are. */
function unpackBits(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let [at, to] = [0, 0];
  while (at < bytes.length && to < size) {
    const head = (bytes[at++] << 24) >> 24;
    if (head >= 0) {
      const part = bytes.subarray(at, at + head + 1).subarray(0, size - to);
      out.set(part, to);
      at += head + 1;
      to += part.length;
    } else if (head > -128) {
      if (at >= bytes.length) break;
      out.fill(bytes[at++], to, Math.min(size, to + 1 - head));
      to = Math.min(size, to + 1 - head);
    }
  }
  return out.subarray(0, to);
}
