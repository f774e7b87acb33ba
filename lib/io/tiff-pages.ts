// The structure of a TIFF file: its pages, and where the numbers of each lie. Classic TIFF (revision 6.0) and
// BigTIFF, both byte orders. Packages for TIFF read a file asynchronously or as a whole; rows are needed
// synchronously here, from files that are larger than memory.
import { FileError } from "../errors.js";
import type { ByteSource } from "./edf-index.js";
import type { NumberType } from "./edf-types.js";
import { numberTypeOfPage } from "./tiff-types.js";

/** One page of a TIFF file. */
export interface TiffPage {
  /** [rows, columns]. */
  readonly shape: readonly [rows: number, columns: number];
  readonly type: NumberType;
  readonly bigEndian: boolean;
  /** Number of a TIFF compression, 1 for none. */
  readonly compression: number;
  /** 1 none, 2 differences of integers, 3 differences of bytes of floating-point numbers. */
  readonly predictor: number;
  /** In tiles, which are all of one size; strips end with the image. */
  readonly tiled: boolean;
  /** Rows and columns of a strip or tile. */
  readonly block: readonly [rows: number, columns: number];
  /** First byte and length of each strip or tile, row by row. */
  readonly blocks: readonly (readonly [offset: number, bytes: number])[];
  /** ImageDescription, Software, DateTime. */
  readonly texts: Readonly<Record<string, string>>;
  /** The labels of ImageJ's slices, on the first page. */
  readonly labels: readonly string[];
}

/** Tags that are used. */
const TAG = {
  newSubfileType: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  description: 270,
  stripOffsets: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  software: 305,
  date: 306,
  predictor: 317,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  sampleFormat: 339,
  imageJCounts: 50838,
  imageJ: 50839,
} as const;

/** Bytes of the values of each type of entries; 0: unknown. */
const WIDTHS = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

/** A stack has fewer pages, and an entry fewer values. */
const MOST_PAGES = 2 ** 22;
const MOST_VALUES = 2 ** 24;

interface Entry {
  readonly type: number;
  readonly count: number;
  readonly at: number;
}

/** True for the first bytes of a TIFF file. */
export function isTiff(head: Uint8Array): boolean {
  const text = String.fromCharCode(...head.subarray(0, 4));
  return ["II*\0", "MM\0*", "II+\0", "MM\0+"].includes(text);
}

/** Reads the pages of a TIFF file. */
export class TiffReader {
  readonly #bigEndian: boolean;
  readonly #big: boolean;
  readonly #buffer = Buffer.alloc(4096);

  constructor(
    private readonly source: ByteSource,
    private readonly call: string,
  ) {
    const head = this.bytes(0, 16, 8);
    if (!isTiff(head)) {
      throw this.damaged(
        "a TIFF file (II or MM, then 42 or 43)",
        JSON.stringify(head.toString("latin1", 0, 4)),
      );
    }
    this.#bigEndian = head[0] === 0x4d;
    this.#big = this.#uint(head, 2, 2) === 43;
    if (this.#big && this.#uint(head, 4, 2) !== 8) throw this.damaged("BigTIFF offsets of 8 bytes", "others");
  }

  /**
   * The pages, in the order of the file, without thumbnails.
   *
   * @returns the pages, and what ended the list too early where something did
   * @throws FileError where the first page cannot be read
   */
  pages(): { pages: TiffPage[]; cut?: FileError } {
    const pages: TiffPage[] = [];
    const seen = new Set<number>();
    const head = this.bytes(0, 16, 8);
    let at = this.#big ? this.#uint(head, 8, 8) : this.#uint(head, 4, 4);
    try {
      while (at !== 0) {
        if (seen.has(at) || seen.size > MOST_PAGES) throw this.damaged("pages that end", `byte ${at} again`);
        seen.add(at);
        const { entries, next } = this.#directory(at);
        const kind = this.#number(entries, TAG.newSubfileType, 0);
        // Reduced images of a pyramid, and masks.
        if ((kind & 5) === 0) pages.push(this.#page(entries, pages.length));
        at = next;
      }
      if (pages.length === 0) throw this.damaged("pages", "none");
    } catch (error) {
      if (!(error instanceof FileError) || pages.length === 0) throw error;
      return { pages, cut: error };
    }
    return { pages };
  }

  damaged(expected: string, got: string, remedy = "copy or record the file again"): FileError {
    const { path } = this.source;
    return new FileError(`${this.call}: expected ${expected}, got ${got} in ${path}; ${remedy}`, {
      path,
      expected,
    });
  }

  #directory(at: number): { entries: Map<number, Entry>; next: number } {
    const [countBytes, size, inline] = this.#big ? [8, 20, 8] : [2, 12, 4];
    const count = this.#uint(this.bytes(at, countBytes), 0, countBytes);
    if (count === 0 || count > 4096)
      throw this.damaged("a page with entries", `${count} entries at byte ${at}`);
    const bytes = Buffer.from(this.bytes(at + countBytes, count * size + inline));
    const entries = new Map<number, Entry>();
    for (let k = 0; k < count; k++) {
      const from = k * size;
      const type = this.#uint(bytes, from + 2, 2);
      const n = this.#uint(bytes, from + 4, inline);
      const width = WIDTHS[type] ?? 0;
      const isInline = n * width <= inline;
      const place = isInline
        ? at + countBytes + from + 4 + inline
        : this.#uint(bytes, from + 4 + inline, inline);
      const tag = this.#uint(bytes, from, 2);
      if (width > 0 && !entries.has(tag)) entries.set(tag, { type, count: n, at: place });
    }
    return { entries, next: this.#uint(bytes, count * size, inline) };
  }

  #page(entries: Map<number, Entry>, index: number): TiffPage {
    const [width, height] = [this.#number(entries, TAG.width), this.#number(entries, TAG.height)];
    if (!(width > 0 && height > 0 && width * height <= 2 ** 31)) {
      throw this.damaged(`an image in page ${index}`, `${width} x ${height} pixels`);
    }
    const samples = this.#number(entries, TAG.samples, 1);
    const photometric = this.#number(entries, TAG.photometric, 1);
    if (samples !== 1 || photometric !== 1) {
      const what =
        photometric === 0
          ? "an image in which zero is white: its numbers may be inverted"
          : `${samples} numbers per pixel (photometric interpretation ${photometric})`;
      throw this.damaged(
        `one count per pixel in page ${index}`,
        what,
        "save it as a gray image in which zero is black",
      );
    }
    if (this.#number(entries, TAG.fillOrder, 1) !== 1) {
      throw this.damaged(`bits in their usual order in page ${index}`, "FillOrder 2", "save the file anew");
    }
    const bits = this.#number(entries, TAG.bits, 1);
    const type = numberTypeOfPage(bits, this.#number(entries, TAG.sampleFormat, 1));
    if (!type) {
      throw this.damaged(
        `integers of 8, 16 or 32 bits, or floating-point numbers of 32 or 64 bits in page ${index}`,
        `${bits} bits, sample format ${this.#number(entries, TAG.sampleFormat, 1)}`,
        "save the file with one of them",
      );
    }
    const compression = this.#number(entries, TAG.compression, 1);
    const isTiled = entries.has(TAG.tileOffsets);
    const block = isTiled
      ? ([this.#number(entries, TAG.tileHeight), this.#number(entries, TAG.tileWidth)] as const)
      : ([Math.min(this.#number(entries, TAG.rowsPerStrip, height), height), width] as const);
    if (!block.every((n) => n > 0 && n <= 2 ** 31)) throw this.damaged("strips or tiles", block.join(" x "));
    const whole = block[0] * block[1] * type.width;
    const down = Math.ceil(height / block[0]);
    const n = down * Math.ceil(width / block[1]);
    const offsets = this.#list(entries, isTiled ? TAG.tileOffsets : TAG.stripOffsets, n, index);
    const last = (height - (down - 1) * block[0]) * width * type.width;
    const plain = (k: number): number => (isTiled || k < n - 1 ? whole : last);
    const lengthTag = isTiled ? TAG.tileBytes : TAG.stripBytes;
    // Old writers leave out the lengths of what is not compressed.
    const lengths =
      entries.has(lengthTag) || compression !== 1
        ? this.#list(entries, lengthTag, n, index)
        : offsets.map((_, k) => plain(k));
    const blocks = offsets.map((offset, k): readonly [number, number] => {
      if (offset === 0 || lengths[k] === 0) {
        throw this.damaged(`all strips or tiles of page ${index}`, `none for number ${k} of ${n}`);
      }
      if (compression === 1 && lengths[k] < plain(k)) {
        throw this.damaged(`${plain(k)} bytes in strip or tile ${k} of page ${index}`, `${lengths[k]}`);
      }
      if (offset + lengths[k] > this.source.size) {
        throw this.damaged(
          `${lengths[k]} bytes at byte ${offset} (page ${index})`,
          `a file of ${this.source.size} bytes: it is truncated`,
        );
      }
      return [offset, compression === 1 ? plain(k) : lengths[k]];
    });
    const texts = (
      [
        ["ImageDescription", TAG.description],
        ["Software", TAG.software],
        ["DateTime", TAG.date],
      ] as const
    )
      .map(([name, tag]) => [name, this.#text(entries, tag)] as const)
      .filter(([, text]) => text !== "");
    return {
      shape: [height, width],
      type,
      bigEndian: this.#bigEndian,
      compression,
      predictor: this.#number(entries, TAG.predictor, 1),
      tiled: isTiled,
      block,
      blocks,
      texts: Object.fromEntries(texts),
      labels: index === 0 ? this.#labels(entries) : [],
    };
  }

  /** Labels of slices in ImageJ's own entry: sizes, then letters of 16 bits. */
  #labels(entries: Map<number, Entry>): string[] {
    const [sizes, data] = [entries.get(TAG.imageJCounts), entries.get(TAG.imageJ)];
    if (!sizes || !data || sizes.count > MOST_VALUES || data.count > MOST_VALUES) return [];
    const lengths = this.#values(sizes);
    const bytes = Buffer.from(this.bytes(data.at, data.count));
    const word = this.#bigEndian ? bytes.readUInt32BE.bind(bytes) : bytes.readUInt32LE.bind(bytes);
    const header = lengths[0];
    if (!(header >= 12 && header <= bytes.length && (header - 4) % 8 === 0)) return [];
    const labels: string[] = [];
    let [at, part] = [header, 1];
    for (let k = 4; k < header; k += 8) {
      const [kind, count] = [word(k), word(k + 4)];
      for (let i = 0; i < count && part < lengths.length; i++, part++) {
        const text = Buffer.from(bytes.subarray(at, at + lengths[part]));
        at += lengths[part];
        // "labl"
        if (kind !== 0x6c61626c || text.length % 2 === 1) continue;
        labels.push((this.#bigEndian ? text.swap16() : text).toString("utf16le"));
      }
    }
    return labels;
  }

  #text(entries: Map<number, Entry>, tag: number): string {
    const entry = entries.get(tag);
    if (entry?.type !== 2 || entry.count > MOST_VALUES) return "";
    return Buffer.from(this.bytes(entry.at, entry.count)).toString("utf8").replace(/\0+$/, "").trim();
  }

  #list(entries: Map<number, Entry>, tag: number, n: number, page: number): number[] {
    const entry = entries.get(tag);
    if (!entry || entry.count < n || n > MOST_VALUES) {
      throw this.damaged(`${n} strips or tiles in page ${page}`, `${entry?.count ?? "none"}`);
    }
    return this.#values({ ...entry, count: n });
  }

  #number(entries: Map<number, Entry>, tag: number, otherwise = Number.NaN): number {
    const entry = entries.get(tag);
    return entry && entry.count > 0 ? this.#values({ ...entry, count: 1 })[0] : otherwise;
  }

  #values({ type, count, at }: Entry): number[] {
    const width = WIDTHS[type];
    const bytes = Buffer.from(this.bytes(at, count * width));
    if ([5, 10, 11, 12].includes(type)) throw this.damaged("whole numbers in an entry", `type ${type}`);
    return Array.from({ length: count }, (_, k) => this.#uint(bytes, k * width, width));
  }

  #uint(bytes: Buffer, at: number, width: number): number {
    if (width === 1) return bytes[at];
    if (width <= 4) return this.#bigEndian ? bytes.readUIntBE(at, width) : bytes.readUIntLE(at, width);
    return Number(this.#bigEndian ? bytes.readBigUInt64BE(at) : bytes.readBigUInt64LE(at));
  }

  /** Bytes of the file, until the next call. @throws FileError where the file ends before */
  bytes(at: number, length: number, least = length): Buffer {
    const target = length <= this.#buffer.length ? this.#buffer.subarray(0, length) : Buffer.alloc(length);
    const got = at >= 0 && at <= this.source.size ? this.source.read(target, at) : 0;
    if (got >= least) return target;
    throw this.damaged(
      `${length} bytes at byte ${at}`,
      `a file of ${this.source.size} bytes: it is truncated`,
    );
  }
}
