// Files that hold one image each, in the order of the images of one cube.
import { closeSync } from "node:fs";
import { FileError } from "../errors.js";
import { openRegular, readFully } from "./disk.js";
import { systemError } from "./disk-errors.js";
import { frameQuantity } from "./frame-quantities.js";
import type { FrameEntry, FrameFile, Member } from "./frames.js";
import { requestedEntry } from "./row-request.js";

/** Files that are open at the same time, where their numbers have to be converted. */
export const MOST_OPEN = 32;

type Open = (path: string) => FrameFile;

/** What is known of one file. */
interface Known {
  readonly entry: FrameEntry;
  readonly fullScale: number;
  /** Byte at which its counts begin, where they may be read as they lie. */
  readonly counts: number | undefined;
}

/** Files with one image each as one file of images. */
export class FileSequence implements FrameFile {
  readonly path: string;
  readonly #members: readonly Member[];
  readonly #open: Open;
  /** What is known of each file; filled in as they are needed. */
  readonly #known: Known[] = [];
  readonly #files = new Map<number, FrameFile>();
  #counts = new Uint16Array(0);
  #closed = false;

  /** @param open how one file is opened */
  constructor(members: readonly Member[], open: Open) {
    this.path = members[0].path;
    this.#members = members;
    this.#open = open;
  }

  /** @throws FileError where a file cannot be read, or holds more images than one */
  get frames(): readonly FrameEntry[] {
    return this.#members.map((_, k) => this.#look(k).entry);
  }

  get fullScale(): number {
    const [first, ...others] = this.#members.map((_, k) => this.#look(k).fullScale);
    return others.every((scale) => scale === first) ? first : Number.POSITIVE_INFINITY;
  }

  readRows(frame: number, firstRow: number, nRows: number, out: Float32Array | Float64Array): void {
    const call = "FileSequence.readRows";
    const request = { frame, firstRow, nRows, out };
    const n = this.#members.length;
    const entry = requestedEntry(call, this, !this.#closed, n, request, (k) => this.#look(k).entry);
    const columns = entry.shape[1];
    const { counts } = this.#look(frame);
    if (counts === undefined) this.#file(frame).readRows(0, firstRow, nRows, out);
    else this.#readCounts(call, frame, counts + 2 * firstRow * columns, nRows * columns, out);
  }

  close(): void {
    this.#closed = true;
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
  }

  /** Counts of 16 bits as they lie in a file. */
  #readCounts(
    call: string,
    frame: number,
    offset: number,
    n: number,
    out: Float32Array | Float64Array,
  ): void {
    const { path } = this.#members[frame];
    if (this.#counts.length < n) this.#counts = new Uint16Array(n);
    const bytes = new Uint8Array(this.#counts.buffer, 0, 2 * n);
    const descriptor = openRegular(call, path);
    let got: number;
    try {
      got = readFully(descriptor, bytes, bytes.length, offset);
    } catch (error) {
      throw systemError(call, path, error, { frame, offset });
    } finally {
      closeSync(descriptor);
    }
    if (got < bytes.length) {
      throw new FileError(
        `${call}: expected ${bytes.length} bytes at byte ${offset} of ${path}, got ${got}; start again when nothing writes to it any more`,
        { path, frame, offset },
      );
    }
    out.set(this.#counts.subarray(0, n));
  }

  /** What is known of a file; it is opened once for that. */
  #look(frame: number): Known {
    const known = this.#known[frame];
    if (known) return known;
    const member = this.#members[frame];
    const file = this.#open(member.path);
    try {
      const entry = entryOf(member, file.frames);
      this.#known[frame] = { entry, fullScale: file.fullScale, counts: file.plainCounts?.[0] };
      return this.#known[frame];
    } finally {
      file.close();
    }
  }

  /** A file that is open, or opened in place of the one that was used least recently. */
  #file(frame: number): FrameFile {
    const file = this.#files.get(frame) ?? this.#open(this.#members[frame].path);
    this.#files.delete(frame);
    this.#files.set(frame, file);
    if (this.#files.size > MOST_OPEN) {
      const [oldest, other] = this.#files.entries().next().value as [number, FrameFile];
      this.#files.delete(oldest);
      other.close();
    }
    return file;
  }
}

/** The only image of a file, with the energy that is known from elsewhere. */
function entryOf({ path, energy }: Member, frames: readonly FrameEntry[]): FrameEntry {
  const [entry, ...others] = frames;
  if (!entry || others.length > 0) {
    throw new FileError(
      `Cube.load: expected one image in each file, got ${frames.length} in ${path}; leave out { frames: "files" }, or give files with one image each`,
      { path, frames: frames.length },
    );
  }
  if (energy === undefined) return entry;
  const own = frameQuantity(entry.header, "energy");
  if (typeof own === "string" || own > 0) return entry;
  return { ...entry, header: { ...entry.header, energy: String(energy) } };
}
