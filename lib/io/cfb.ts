// Compound files (OLE, CFB): a file system in a file, with folders and streams. Streams are read at any place, so that
// large ones are never in memory as a whole; packages read the whole file.
import { FileError } from "../errors.js";
import type { ByteSource } from "./edf-index.js";

const SIGNATURE = Buffer.from("d0cf11e0a1b11ae1", "hex");
/** Numbers of sectors from here on are marks: end of a chain, free, part of the table. */
const LAST = 0xfffffffa;
const HEADER = 512;
/** Folders and streams that a file may have. */
const MOST_ENTRIES = 2 ** 22;

/** True for the first bytes of a compound file. */
export function isCompound(head: Uint8Array): boolean {
  return SIGNATURE.equals(head.subarray(0, 8));
}

interface Stream {
  readonly start: number;
  readonly size: number;
}

/**
 * An opened compound file.
 *
 * @see Microsoft, Compound File Binary File Format [MS-CFB]
 */
export class CompoundFile {
  readonly #sector: number;
  readonly #miniSector: number;
  readonly #cutoff: number;
  readonly #table: Uint32Array;
  readonly #miniTable: Uint32Array;
  readonly #streams = new Map<string, Stream>();
  /** Sectors of the streams whose chain was followed. */
  readonly #chains = new Map<number, Uint32Array>();
  #mini: Stream = { start: LAST, size: 0 };

  /** @throws FileError where the file is no compound file, damaged or truncated */
  constructor(
    private readonly source: ByteSource,
    private readonly call: string,
  ) {
    const head = this.#at(0, HEADER);
    if (!isCompound(head)) throw this.#damaged("a compound file", "other first bytes");
    const [version, shift, miniShift] = [head.readUInt16LE(26), head.readUInt16LE(30), head.readUInt16LE(32)];
    if (!((version === 3 && shift === 9) || (version === 4 && shift === 12)) || miniShift !== 6) {
      throw this.#damaged(
        "a compound file of version 3 or 4",
        `version ${version}, sectors of 2^${shift} bytes`,
      );
    }
    this.#sector = 2 ** shift;
    this.#miniSector = 2 ** miniShift;
    this.#cutoff = head.readUInt32LE(56);
    this.#table = this.#readTable(head);
    this.#miniTable = this.#words(this.#chain(head.readUInt32LE(60), this.#table));
    this.#readFolders(head.readUInt32LE(48), version);
  }

  /** Paths of all streams, as in "ImageInfo/Energy". */
  get paths(): string[] {
    return [...this.#streams.keys()];
  }

  /** Bytes of a stream; undefined where there is none of this name. */
  size(path: string): number | undefined {
    return this.#streams.get(path)?.size;
  }

  /** Bytes of a stream from a place. @throws FileError where they are not there */
  read(path: string, from: number, target: Uint8Array): void {
    const stream = this.#streams.get(path);
    if (!stream || from + target.length > stream.size) {
      throw this.#damaged(
        `${target.length} bytes at ${from} of the stream ${path}`,
        `${stream?.size ?? "none"}`,
      );
    }
    const isMini = stream.size < this.#cutoff;
    const size = isMini ? this.#miniSector : this.#sector;
    const chain = this.#known(stream, isMini);
    for (let done = 0; done < target.length; ) {
      const at = from + done;
      const k = Math.floor(at / size);
      // Sectors that follow each other in the file are read together.
      let run = 1;
      while (chain[k + run] === chain[k] + run && (k + run) * size < from + target.length) run++;
      const n = Math.min(target.length - done, run * size - (at % size));
      if (!(k < chain.length))
        throw this.#damaged(`sector ${k} of the stream ${path}`, `${chain.length} sectors`);
      const part = target.subarray(done, done + n);
      if (isMini) this.#readMini(chain[k] * size + (at % size), part);
      else this.#fill(part, (chain[k] + 1) * size + (at % size));
      done += n;
    }
  }

  #readMini(from: number, target: Uint8Array): void {
    const chain = this.#known(this.#mini, false);
    for (let done = 0; done < target.length; ) {
      const at = from + done;
      const k = Math.floor(at / this.#sector);
      const n = Math.min(target.length - done, this.#sector - (at % this.#sector));
      if (!(k < chain.length)) throw this.#damaged("the container of short streams", "a shorter one");
      this.#fill(target.subarray(done, done + n), (chain[k] + 1) * this.#sector + (at % this.#sector));
      done += n;
    }
  }

  #known({ start, size }: Stream, isMini: boolean): Uint32Array {
    const key = isMini ? -1 - start : start;
    const chain = this.#chains.get(key) ?? this.#chain(start, isMini ? this.#miniTable : this.#table, size);
    this.#chains.set(key, chain);
    return chain;
  }

  /** The sectors of a chain, in order. @throws FileError where it is a circle or leaves the file */
  #chain(start: number, table: Uint32Array, bytes = Number.POSITIVE_INFINITY): Uint32Array {
    const chain: number[] = [];
    if (bytes === 0) return new Uint32Array(0);
    for (let at = start; at < LAST; at = table[at]) {
      if (!(at < table.length) || chain.length > table.length)
        throw this.#damaged("chains that end", `sector ${at}`);
      chain.push(at);
    }
    return Uint32Array.from(chain);
  }

  /** The table that has the sector behind each sector; its own sectors are listed in the header and behind it. */
  #readTable(head: Buffer): Uint32Array {
    const count = head.readUInt32LE(44);
    const sectors: number[] = [];
    const take = (list: Buffer, n: number): void => {
      for (let k = 0; k < n && sectors.length < count; k++) {
        const sector = list.readUInt32LE(4 * k);
        if (sector < LAST) sectors.push(sector);
      }
    };
    take(head.subarray(76), 109);
    const perSector = this.#sector / 4 - 1;
    let next = head.readUInt32LE(68);
    for (let k = 0; next < LAST && sectors.length < count; k++) {
      if (k > head.readUInt32LE(72)) throw this.#damaged("the list of the table's sectors", "a longer one");
      const list = this.#at((next + 1) * this.#sector, this.#sector);
      take(list, perSector);
      next = list.readUInt32LE(4 * perSector);
    }
    if (sectors.length !== count || count * this.#sector > this.source.size) {
      throw this.#damaged(`${count} sectors of the table`, `${sectors.length}`);
    }
    return this.#words(Uint32Array.from(sectors));
  }

  #words(sectors: Uint32Array): Uint32Array {
    const words = new Uint32Array((sectors.length * this.#sector) / 4);
    for (const [k, sector] of sectors.entries()) {
      this.#fill(new Uint8Array(words.buffer, k * this.#sector, this.#sector), (sector + 1) * this.#sector);
    }
    return words;
  }

  #readFolders(first: number, version: number): void {
    const sectors = this.#chain(first, this.#table);
    const bytes = Buffer.from(this.#words(sectors).buffer);
    const n = bytes.length / 128;
    if (n === 0 || n > MOST_ENTRIES) throw this.#damaged("folders", `${n} entries`);
    const seen = new Set<number>();
    const sizeOf = (at: number): number =>
      bytes.readUInt32LE(at + 120) + (version === 4 ? 2 ** 32 * bytes.readUInt32LE(at + 124) : 0);
    // Entries are a tree within each folder.
    const todo: [entry: number, folder: string][] = [[0, ""]];
    for (let item = todo.pop(); item; item = todo.pop()) {
      const [entry, folder] = item;
      if (entry >= LAST || entry === 0xffffffff) continue;
      if (!(entry < n) || seen.has(entry)) throw this.#damaged("folders without a circle", `entry ${entry}`);
      seen.add(entry);
      const at = 128 * entry;
      const kind = bytes[at + 66];
      const length = Math.max(0, Math.min(64, bytes.readUInt16LE(at + 64)) - 2);
      const name = bytes.toString("utf16le", at, at + length);
      const stream = { start: bytes.readUInt32LE(at + 116), size: sizeOf(at) };
      if (kind === 5) this.#mini = stream;
      if (kind === 2) this.#streams.set(folder + name, stream);
      const inside = kind === 5 ? "" : `${folder}${name}/`;
      if (kind === 1 || kind === 5) todo.push([bytes.readUInt32LE(at + 76), inside]);
      if (kind !== 5) todo.push([bytes.readUInt32LE(at + 68), folder], [bytes.readUInt32LE(at + 72), folder]);
    }
  }

  #at(position: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    this.#fill(bytes, position);
    return bytes;
  }

  #fill(target: Uint8Array, position: number): void {
    const got = position <= this.source.size ? this.source.read(target, position) : 0;
    // The last sector of a file may be cut off behind its content; what is read is never that.
    if (got < target.length) {
      throw this.#damaged(
        `${target.length} bytes at byte ${position}`,
        `a file of ${this.source.size} bytes: it is truncated`,
      );
    }
  }

  #damaged(expected: string, got: string): FileError {
    const { path } = this.source;
    return new FileError(
      `${this.call}: expected ${expected}, got ${got} in ${path}; copy or record the file again`,
      { path, expected },
    );
  }
}
