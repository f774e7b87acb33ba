// TIFF files made byte by byte, so that the reader is tested on bytes that no program wrote for it.
import { deflateSync } from "node:zlib";

export interface TiffOptions {
  readonly big?: boolean;
  readonly bigEndian?: boolean;
  /** 1 none, 5 LZW, 8 deflate, 32773 PackBits. */
  readonly compression?: 1 | 5 | 8 | 32773;
  readonly rowsPerStrip?: number;
  readonly tile?: readonly [rows: number, columns: number];
  readonly predictor?: 1 | 2;
  readonly description?: (page: number) => string | undefined;
  /** Further entries, or other values of those that there are: [tag, type, values]. */
  readonly entries?: readonly (readonly [tag: number, type: 3 | 4, values: readonly number[]])[];
}

type Pixels = Uint8Array | Uint16Array | Uint32Array | Int16Array | Float32Array;

/** A TIFF file with one page per image. */
export function buildTiff(
  images: readonly Pixels[],
  [rows, columns]: readonly [number, number],
  options: TiffOptions = {},
): Buffer {
  const { big = false, bigEndian = false, compression = 1, tile, predictor = 1 } = options;
  const offsetSize = big ? 8 : 4;
  const parts: Buffer[] = [];
  let size = 0;
  const put = (bytes: Buffer): number => {
    parts.push(bytes);
    size += bytes.length;
    return size - bytes.length;
  };
  const uint = (value: number, width: number): Buffer => {
    const bytes = Buffer.alloc(width);
    if (width === 8)
      bigEndian ? bytes.writeBigUInt64BE(BigInt(value)) : bytes.writeBigUInt64LE(BigInt(value));
    else bigEndian ? bytes.writeUIntBE(value, 0, width) : bytes.writeUIntLE(value, 0, width);
    return bytes;
  };
  put(
    Buffer.concat([
      Buffer.from(bigEndian ? "MM" : "II"),
      uint(big ? 43 : 42, 2),
      ...(big ? [uint(8, 2), uint(0, 2)] : []),
    ]),
  );
  let link = put(uint(0, offsetSize));
  const links: [number, number][] = [];
  for (const [page, data] of images.entries()) {
    const width = data.BYTES_PER_ELEMENT;
    const block = tile ?? [options.rowsPerStrip ?? rows, columns];
    const offsets: number[] = [];
    const lengths: number[] = [];
    for (let top = 0; top < rows; top += block[0]) {
      for (let left = 0; left < columns; left += block[1]) {
        const own = tile ? block[0] : Math.min(block[0], rows - top);
        const bytes = Buffer.alloc(own * block[1] * width);
        for (let r = 0; r < own && top + r < rows; r++) {
          const n = Math.min(block[1], columns - left);
          const from = (top + r) * columns + left;
          const row = Buffer.from(data.slice(from, from + n).buffer);
          row.copy(bytes, r * block[1] * width);
        }
        if (bigEndian && width === 2) bytes.swap16();
        if (bigEndian && width === 4) bytes.swap32();
        if (predictor === 2) difference(bytes, block[1], width, bigEndian);
        const packed = pack(bytes, compression);
        offsets.push(put(packed));
        lengths.push(packed.length);
        if (size % 2) put(Buffer.alloc(1));
      }
    }
    const format = data instanceof Float32Array ? 3 : data instanceof Int16Array ? 2 : 1;
    const text = options.description?.(page);
    const all: [number, number, Buffer, number][] = (
      [
        [256, 4, [columns]],
        [257, 4, [rows]],
        [258, 3, [8 * width]],
        [259, 3, [compression]],
        [262, 3, [1]],
        [tile ? 324 : 273, 4, offsets],
        [277, 3, [1]],
        ...(tile ? [] : [[278, 4, [block[0]]]]),
        [tile ? 325 : 279, 4, lengths],
        [317, 3, [predictor]],
        ...(tile
          ? [
              [322, 4, [block[1]]],
              [323, 4, [block[0]]],
            ]
          : []),
        [339, 3, [format]],
        ...(options.entries ?? []),
      ] as [number, number, number[]][]
    ).map(([tag, type, values]) => [
      tag,
      type,
      Buffer.concat(values.map((value) => uint(value, type === 3 ? 2 : 4))),
      values.length,
    ]);
    if (text !== undefined) all.push([270, 2, Buffer.from(`${text}\0`), Buffer.byteLength(text) + 1]);
    // The last of two entries with one tag counts.
    const entries = [...new Map(all.map((one) => [one[0], one])).values()].sort((a, b) => a[0] - b[0]);
    const bodies = entries.map(([tag, type, bytes, count]) => {
      const value =
        bytes.length <= offsetSize
          ? Buffer.concat([bytes, Buffer.alloc(offsetSize - bytes.length)])
          : uint(put(bytes.length % 2 ? Buffer.concat([bytes, Buffer.alloc(1)]) : bytes), offsetSize);
      return Buffer.concat([uint(tag, 2), uint(type, 2), uint(count, offsetSize), value]);
    });
    const at = put(Buffer.concat([uint(entries.length, big ? 8 : 2), ...bodies]));
    links.push([link, at]);
    link = put(uint(0, offsetSize));
  }
  const file = Buffer.concat(parts);
  for (const [from, to] of links) uint(to, offsetSize).copy(file, from);
  return file;
}

function pack(bytes: Buffer, compression: number): Buffer {
  if (compression === 8) return deflateSync(bytes);
  if (compression === 5) return lzw(bytes);
  if (compression !== 32773) return bytes;
  const out: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    let run = 1;
    while (run < 128 && bytes[at + run] === bytes[at]) run++;
    if (run > 1) out.push(257 - run, bytes[at]);
    else {
      while (run < 128 && at + run < bytes.length && bytes[at + run] !== bytes[at + run - 1]) run++;
      out.push(run - 1, ...bytes.subarray(at, at + run));
    }
    at += run;
  }
  return Buffer.from(out);
}

/** LZW by the book: a table of texts, cleared when it is full. */
function lzw(bytes: Buffer): Buffer {
  const out: number[] = [];
  let [bits, held] = [0, 0];
  let table = new Map<string, number>();
  let width = 9;
  const write = (code: number): void => {
    bits = (bits << width) | code;
    held += width;
    while (held >= 8) {
      out.push((bits >> (held - 8)) & 255);
      held -= 8;
    }
    bits &= (1 << held) - 1;
  };
  const code = (text: string): number =>
    text.length === 1 ? text.charCodeAt(0) : (table.get(text) as number);
  write(256);
  let word = "";
  for (const byte of bytes) {
    const longer = word + String.fromCharCode(byte);
    if (longer.length === 1 || table.has(longer)) {
      word = longer;
      continue;
    }
    write(code(word));
    table.set(longer, 258 + table.size);
    word = String.fromCharCode(byte);
    const next = 258 + table.size;
    if (next === 4095) {
      write(256);
      table = new Map();
      width = 9;
    } else if (next === 1 << width) width++;
  }
  if (word) write(code(word));
  write(257);
  if (held > 0) out.push((bits << (8 - held)) & 255);
  return Buffer.from(out);
}

function difference(bytes: Buffer, columns: number, width: number, bigEndian: boolean): void {
  for (let row = 0; row < bytes.length; row += columns * width) {
    for (let c = columns - 1; c > 0; c--) {
      const [at, before] = [row + c * width, row + (c - 1) * width];
      const read = bigEndian ? bytes.readUIntBE.bind(bytes) : bytes.readUIntLE.bind(bytes);
      const value = (read(at, width) - read(before, width) + 2 ** (8 * width)) % 2 ** (8 * width);
      if (bigEndian) bytes.writeUIntBE(value, at, width);
      else bytes.writeUIntLE(value, at, width);
    }
  }
}
