// Recorded files as frames: counts as they were recorded, or corrected: dark subtracted, saturated pixels
// NaN, scaled to one exposure and ring current. Only a few files are open at a time, however long the series.
import { closeSync, fstatSync } from "node:fs";
import { accumulate } from "../../compute/image-rows.js";
import { FileError } from "../../errors.js";
import { openRegular, readFully } from "../../io/disk.js";
import { systemError } from "../../io/disk-errors.js";
import { MOST_OPEN as MOST_OPEN_OF_SEQUENCE } from "../../io/file-sequence.js";
import { openFrames } from "../../io/frame-file.js";
import type { FrameFile } from "../../io/frames.js";
import { CAMERA_16_BITS } from "../../io/full-scale.js";
import type { RecordedFile } from "../recorded.js";
import { openFilesPerReader } from "./cores.js";
import { FileState, FrameEnd, type FrameTable, lookThrough } from "./frame-table.js";
import type { Reference } from "./reference.js";
import { areaOf, type Window } from "./window.js";

/** Where the frame steps get their pixels from. */
export interface FrameReader {
  /** Samples read so far, and how many of them were saturated. */
  total: number;
  saturated: number;
  /** Bytes read so far. */
  bytes: number;
  /** Sweeps in one file. */
  weight(index: number): number;
  /** A window of frame k of one file into `out`, row by row; NaN where a pixel has no value. */
  read(index: number, k: number, window: Window, out: Float32Array): void;
  close(): void;
}

/** The largest number of float32. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/** Files of one recording that are open at the same time in one thread, where the system allows so many. */
export const MOST_OPEN = 128;

/** An open file: its descriptor where counts are read as they lie, otherwise what converts them. */
type Open = { readonly descriptor: number } | { readonly file: FrameFile };

/** Files of one recording. */
export class Recording implements FrameReader {
  readonly #open = new Map<number, Open>();
  #bytes = new Uint8Array(0);
  #staging = new Uint8Array(0);
  #rows = new Float64Array(0);
  #numbers = new Float64Array(0);
  /** Samples read so far, and how many of them were saturated. */
  total = 0;
  saturated = 0;
  bytes = 0;

  /**
   * @param table what is known of the files; filled in as they are needed
   * @param saturation counts at and above which a pixel has no value; undefined: the full scale of each
   *   file's counts
   * @param dark mean dark image, [height, width]; null where none was recorded
   * @param reference what all frames are compared with and scaled to
   */
  constructor(
    readonly files: readonly RecordedFile[],
    private readonly table: FrameTable,
    private readonly saturation: number | undefined,
    readonly dark: Float64Array | null,
    private readonly reference: Reference,
  ) {}

  /** Columns of a recorded image. */
  get width(): number {
    return this.table.shape[2];
  }

  /** Sweeps in one file. */
  weight(index: number): number {
    return this.files[index].cubes;
  }

  /**
   * Counts of a frame, from which numbers have been read, at and above which a pixel has no value: as given,
   * or the full scale of the file's numbers, or of 16 bits where the largest number of the frame is that.
   */
  saturationOf(index: number, k: number): number {
    this.prepare(index);
    const { ends, fullScale, shape } = this.table;
    const ofType = ends[index * shape[0] + k] === FrameEnd.bits16 ? CAMERA_16_BITS : fullScale[index];
    return this.saturation ?? ofType;
  }

  /** Indexes a file on first use. */
  prepare(index: number): void {
    if (Atomics.load(this.table.state, index) !== FileState.unknown) return;
    lookThrough(this.table, index, this.files[index], this.reference);
  }

  /** Whether a file has counts of 16 bits that can be read as they lie. */
  isPlain(index: number): boolean {
    this.prepare(index);
    return this.table.state[index] === FileState.plain;
  }

  /**
   * A window of one frame of a plain file as it was recorded: counts with their dark.
   *
   * Whole rows are read in one call: one call for each row takes several times longer than reading the
   * columns that are not needed.
   *
   * @param out receives 2 bytes per pixel
   * @returns what the counts must be multiplied by, once the dark is subtracted, to be comparable
   */
  readCounts(index: number, k: number, window: Window, out: Uint8Array): number {
    const { table } = this;
    const [nFrames, , width] = table.shape;
    const opened = this.#file(index);
    if (!("descriptor" in opened)) throw new TypeError("not a plain file");
    const rowBytes = 2 * width;
    const length = (window.bottom - window.top) * rowBytes;
    const whole = window.right - window.left === width;
    if (!whole && this.#staging.length < length) this.#staging = new Uint8Array(length);
    const target = whole ? out : this.#staging;
    const position = table.offsets[index * nFrames + k] + window.top * rowBytes;
    const got = this.#fill(opened.descriptor, target, length, position, index, k);
    if (got !== length) this.#changed(index, k, window, `${length} bytes at byte ${position}`, `${got}`);
    this.bytes += length;
    if (!whole) {
      const own = 2 * (window.right - window.left);
      for (let from = 2 * window.left, to = 0; from < length; from += rowBytes, to += own) {
        out.set(target.subarray(from, from + own), to);
      }
    }
    this.total += areaOf(window);
    return table.scales[index * nFrames + k];
  }

  /** A window of frame k of one file, corrected, into `out`. */
  read(index: number, k: number, window: Window, out: Float32Array): void {
    const n = areaOf(window);
    if (this.#numbers.length < n) this.#numbers = new Float64Array(n);
    const scale = this.readNumbers(index, k, window, this.#numbers);
    this.correct(index, k, this.#numbers, window, scale, out);
  }

  /** The same as it was recorded, whatever the kind of the file; returns what `readCounts` returns. */
  readNumbers(index: number, k: number, window: Window, out: Float64Array): number {
    const n = areaOf(window);
    if (this.isPlain(index)) {
      if (this.#bytes.length < 2 * n) this.#bytes = new Uint8Array(2 * n);
      const scale = this.readCounts(index, k, window, this.#bytes);
      out.set(new Uint16Array(this.#bytes.buffer, 0, n));
      return scale;
    }
    const opened = this.#file(index);
    if (!("file" in opened)) throw new TypeError("not a file that converts");
    const [nFrames, , width] = this.table.shape;
    const { top, left, right } = window;
    const rows = window.bottom - top;
    if (right - left === width) opened.file.readRows(k, top, rows, out);
    else {
      if (this.#rows.length < rows * width) this.#rows = new Float64Array(rows * width);
      opened.file.readRows(k, top, rows, this.#rows);
      for (let r = 0; r < rows; r++) {
        out.set(this.#rows.subarray(r * width + left, r * width + right), r * (right - left));
      }
    }
    this.#findEnd(opened.file, index, k, out.subarray(0, n));
    this.total += n;
    this.bytes += 2 * rows * width;
    return this.table.scales[index * nFrames + k];
  }

  /**
   * Finds whether the counts of a frame end at 16 bits, once one of them is there. The whole frame decides: a
   * window of it would decide otherwise than its neighbor.
   */
  #findEnd(file: FrameFile, index: number, k: number, numbers: Float64Array): void {
    const [nFrames, height, width] = this.table.shape;
    const { ends, fullScale } = this.table;
    const at = index * nFrames + k;
    if (this.saturation !== undefined || fullScale[index] <= CAMERA_16_BITS) return;
    if (ends[at] !== FrameEnd.unknown || !numbers.includes(CAMERA_16_BITS)) return;
    const block = new Float64Array(Math.min(height, 256) * width);
    let end: number = FrameEnd.bits16;
    for (let row = 0; row < height && end === FrameEnd.bits16; row += 256) {
      const rows = Math.min(256, height - row);
      file.readRows(k, row, rows, block);
      if (block.subarray(0, rows * width).some((count) => count > CAMERA_16_BITS)) end = FrameEnd.open;
    }
    ends[at] = end;
  }

  /** Mean over all files, weighted by the sweeps in them, of a window of frame k. */
  readMean(k: number, window: Window, out: Float32Array): void {
    if (this.files.length === 1) {
      this.read(0, k, window, out);
      return;
    }
    const n = areaOf(window);
    const sum = new Float64Array(n);
    const weight = new Float64Array(n);
    for (let index = 0; index < this.files.length; index++) {
      this.read(index, k, window, out);
      accumulate(out, this.files[index].cubes, sum, weight);
    }
    for (let i = 0; i < n; i++) out[i] = sum[i] / weight[i];
  }

  /**
   * Closes all files; they are opened again where they are needed.
   *
   * @throws FileError where a file has changed its size since it was indexed
   */
  close(): void {
    for (const index of [...this.#open.keys()]) this.#shut(index);
  }

  #fill(
    descriptor: number,
    target: Uint8Array,
    length: number,
    position: number,
    index: number,
    frame: number,
  ): number {
    try {
      return readFully(descriptor, target, length, position);
    } catch (error) {
      throw systemError("read", this.files[index].path, error, { frame, offset: position });
    }
  }

  #file(index: number): Open {
    const known = this.#open.get(index);
    if (known) return known;
    const recorded = this.files[index];
    const most = openFilesPerReader(MOST_OPEN);
    // A cube of one file per image has several of them open.
    const atOnce = recorded.members ? Math.max(1, Math.floor(most / MOST_OPEN_OF_SEQUENCE)) : most;
    while (this.#open.size >= atOnce) this.#shut(this.#open.keys().next().value as number);
    const opened = this.isPlain(index)
      ? { descriptor: openRegular("read", recorded.path) }
      : { file: openFrames(recorded) };
    this.#open.set(index, opened);
    return opened;
  }

  #shut(index: number): void {
    const opened = this.#open.get(index) as Open;
    this.#open.delete(index);
    if ("file" in opened) {
      opened.file.close();
      return;
    }
    const { size } = fstatSync(opened.descriptor);
    closeSync(opened.descriptor);
    // The index of a file that was written to meanwhile is invalid, even if all reads succeeded.
    if (size !== this.table.bytes[index]) {
      this.#changed(index, 0, null, `${this.table.bytes[index]} bytes`, `a file of ${size}`);
    }
  }

  #changed(index: number, frame: number, window: Window | null, expected: string, got: string): never {
    const { path } = this.files[index];
    const where = window ? ` in rows ${window.top} to ${window.bottom} of frame ${frame}` : "";
    throw new FileError(
      `${path}: expected ${expected}${where}, got ${got}; start again when nothing writes to it any more`,
      { path, frame, ...(window && { firstRow: window.top, nRows: window.bottom - window.top }) },
    );
  }

  /**
   * Recorded counts of a window, less the dark and scaled, into `out`. The difference is taken in float64:
   * counts of 2^31 in float32 are known to 128 only, and a small signal on a large dark would be lost. `out`
   * is then good to 6e-8 of the signal. What float32 cannot hold counts as saturated: it would become an
   * infinite absorbance.
   */
  correct(
    index: number,
    k: number,
    counts: Float64Array,
    window: Window,
    scale: number,
    out: Float32Array,
  ): void {
    const { top, bottom, left, right } = window;
    const { dark } = this;
    const saturation = this.saturationOf(index, k);
    const width = this.table.shape[2];
    let i = 0;
    for (let r = top; r < bottom; r++) {
      for (let at = r * width + left; at < r * width + right; at++, i++) {
        const raw = counts[i];
        const value = (raw - (dark ? dark[at] : 0)) * scale;
        if (raw >= saturation || Math.abs(value) > LARGEST) {
          out[i] = Number.NaN;
          this.saturated++;
        } else out[i] = value;
      }
    }
  }
}
