// The flat of a window, reduced to the means of its logarithms over bins: computed once, then used for every
// time step and, where it is shared, by every later job on the same flat. Its counts are read again only for
// bins in which a pixel has no value.
import { type BinGrid, CORRECTED, type CountsOf, type FrameBuffer } from "../../compute/frame-buffer.js";
import type { CountsLoader } from "./counts.js";
import type { SharedFlatLogs } from "./job.js";
import type { Recording } from "./recording.js";
import { areaOf, type Window } from "./window.js";

/** Up to this number of bins per frame are read one by one; for more of them the whole window is read. */
const FEW = 48;

/** Rows of bins of one frame, as all jobs on the same flat share them. */
export class SharedRows {
  readonly logs: Float32Array;
  readonly #ready: Uint8Array;
  readonly #saturated: Uint32Array;

  private constructor({ logs, ready, saturated, window }: SharedFlatLogs, k: number, own: Window) {
    const columns = window.right - window.left;
    const height = window.bottom - window.top;
    const [first, end] = [k * height + own.top - window.top, k * height + own.bottom - window.top];
    this.logs = logs.subarray(first * columns, end * columns);
    this.#ready = ready.subarray(first, end);
    this.#saturated = saturated.subarray(first, end);
  }

  /** The whole rows that a window of bins lies in; undefined where they are not shared. */
  static of(shared: SharedFlatLogs | undefined, k: number, own: Window): SharedRows | undefined {
    const window = shared?.window;
    if (!window || own.left < window.left || own.right > window.right) return undefined;
    if (own.top < window.top || own.bottom > window.bottom) return undefined;
    return new SharedRows(shared, k, own);
  }

  /** Whether all of them are there. */
  get ready(): boolean {
    for (let r = 0; r < this.#ready.length; r++) if (Atomics.load(this.#ready, r) === 0) return false;
    return true;
  }

  /** How many of their samples were saturated. */
  get saturated(): number {
    return this.#saturated.reduce((sum, n) => sum + n, 0);
  }

  /** Says that they are there; `saturated` for each row. */
  finish(saturated: Uint32Array): void {
    this.#saturated.set(saturated);
    for (let r = 0; r < this.#ready.length; r++) Atomics.store(this.#ready, r, 1);
  }
}

export class FlatLogs {
  readonly #logs = new Map<number, Float32Array>();
  readonly #counts = new Map<number, Map<number, Float32Array>>();

  /**
   * @param recordedOf the recorded window that a window of bins is made of, where only crops lie between;
   *   otherwise null
   * @param evaluate the flat's corrected counts of frame k in the window of bins times the factor
   * @param shared where logarithms are kept for others
   */
  constructor(
    private readonly flat: Recording,
    private readonly loader: CountsLoader,
    private readonly factor: number,
    private readonly recordedOf: ((inner: Window) => Window) | null,
    private readonly evaluate: (k: number, inner: Window) => Float32Array,
    private readonly shared: SharedFlatLogs | undefined,
  ) {}

  /** Begins another window. */
  newWindow(): void {
    this.#logs.clear();
    this.#counts.clear();
  }

  /** Puts the flat of frame k in a window of bins into `buffer.flat`; may use the buffer for counts. */
  load(k: number, bins: Window): void {
    const { buffer } = this.loader;
    let logs = this.#logs.get(k);
    if (!logs) {
      logs = this.#make(k, bins);
      this.#logs.set(k, logs);
    }
    buffer.flat.set(logs);
  }

  #make(k: number, bins: Window): Float32Array {
    const { flat, shared } = this;
    const rows = SharedRows.of(shared, k, bins);
    if (!shared || !rows) return this.#collapse(k, bins, new Float32Array(areaOf(bins))).logs;
    const { left, right } = shared.window;
    const { total, saturated, bytes } = flat;
    if (!rows.ready) {
      rows.finish(this.#collapse(k, { ...bins, left, right }, rows.logs).saturated);
      // Samples count below.
      flat.total = total;
      flat.saturated = saturated;
    }
    const isWhole = bins.left === left && bins.right === right;
    // Which columns the saturated ones are in is not kept.
    if (!isWhole && rows.saturated > 0) {
      flat.bytes = bytes;
      return this.#collapse(k, bins, new Float32Array(areaOf(bins))).logs;
    }
    flat.total += areaOf(bins) * this.factor ** 2 * flat.files.length;
    flat.saturated += rows.saturated;
    if (isWhole) return rows.logs;
    const columns = bins.right - bins.left;
    const out = new Float32Array(areaOf(bins));
    for (let to = 0, from = bins.left - left; to < out.length; to += columns, from += right - left) {
      out.set(rows.logs.subarray(from, from + columns), to);
    }
    return out;
  }

  /** Reads a window of bins; with the number of saturated samples in each of its rows. */
  #collapse(k: number, bins: Window, logs: Float32Array): { logs: Float32Array; saturated: Uint32Array } {
    const { flat } = this;
    const columns = bins.right - bins.left;
    const saturated = new Uint32Array(bins.bottom - bins.top);
    // The mean of several files does not tell in which row a sample was saturated: row by row it does.
    const atOnce = flat.files.length > 1 && flat.isPlain(0) ? 1 : saturated.length;
    for (let r = 0; r < saturated.length; r += atOnce) {
      const part = { ...bins, top: bins.top + r, bottom: bins.top + r + atOnce };
      const before = flat.saturated;
      const counts = this.#load(k, part);
      const grid = { width: columns * this.factor, factor: this.factor, rows: atOnce };
      const own = logs.subarray(r * columns, (r + atOnce) * columns);
      saturated[r] += flat.saturated - before;
      if (counts.kind === 16) flat.saturated += collapse(this.loader.buffer, counts, grid, own, saturated);
      else this.loader.buffer.logs(counts, grid, own);
    }
    return { logs, saturated };
  }

  /** Corrected counts of some bins, [nSlow, factor, factor]. */
  counts(k: number, bins: Window, slow: Int32Array, nSlow: number): Float32Array {
    const inner = scaled(bins, this.factor);
    const area = this.factor ** 2;
    const out = new Float32Array(nSlow * area);
    const own = this.#counts.get(k) ?? new Map<number, Float32Array>();
    this.#counts.set(k, own);
    const { total, saturated, bytes } = this.flat;
    const missing = slow.subarray(0, nSlow).filter((bin) => !own.has(bin));
    const all = missing.length > FEW || !this.recordedOf ? this.evaluate(k, inner) : null;
    for (let s = 0; s < nSlow; s++) {
      let found = own.get(slow[s]);
      if (!found) {
        found = all ? this.#cut(all, slow[s], inner) : this.#read(k, slow[s], inner);
        // Many of them are read again instead: keeping them would take the memory of a frame.
        if (missing.length <= FEW) own.set(slow[s], found);
      }
      out.set(found, s * area);
    }
    // Samples that are read twice count once.
    this.flat.total = total;
    this.flat.saturated = saturated;
    this.flat.bytes = bytes;
    return out;
  }

  /** Puts the flat's counts of a window of bins into the buffer. */
  #load(k: number, bins: Window): CountsOf {
    const { flat, loader } = this;
    const inner = scaled(bins, this.factor);
    const taken = this.recordedOf && loader.load(flat, 0, flat.files.length, k, this.recordedOf(inner));
    if (taken) return taken;
    loader.buffer.counts32.set(this.evaluate(k, inner));
    return CORRECTED;
  }

  #cut(all: Float32Array, bin: number, inner: Window): Float32Array {
    const out = new Float32Array(this.factor ** 2);
    let i = 0;
    eachPixel(bin, inner.right - inner.left, this.factor, (at) => {
      out[i++] = all[at];
    });
    return out;
  }

  #read(k: number, bin: number, inner: Window): Float32Array {
    const { factor } = this;
    const columns = Math.floor((inner.right - inner.left) / factor);
    const top = inner.top + Math.floor(bin / columns) * factor;
    const left = inner.left + (bin % columns) * factor;
    const out = new Float32Array(factor ** 2);
    const window = { top, bottom: top + factor, left, right: left + factor };
    this.flat.readMean(k, this.recordedOf?.(window) ?? window, out);
    return out;
  }
}

/**
 * Means of logarithms of counts of 16 bits in a buffer.
 *
 * @param saturated receives += the number of saturated counts of each row of bins
 * @returns their sum
 */
export function collapse(
  buffer: FrameBuffer,
  counts: CountsOf,
  grid: BinGrid,
  out: Float32Array,
  saturated: Uint32Array,
): number {
  const { width, factor } = grid;
  const nSlow = buffer.logs(counts, grid, out);
  let sum = 0;
  for (const bin of buffer.slow.subarray(0, nSlow)) {
    let n = 0;
    eachPixel(bin, width, factor, (at) => {
      if (buffer.counts16[at] >= counts.saturation) n++;
    });
    saturated[Math.floor(bin / Math.floor(width / factor))] += n;
    sum += n;
  }
  return sum;
}

/** A window of bins in pixels. */
function scaled({ top, bottom, left, right }: Window, factor: number): Window {
  return { top: top * factor, bottom: bottom * factor, left: left * factor, right: right * factor };
}

/** Places of a bin's pixels in an image of `width` pixels, row by row. */
function eachPixel(bin: number, width: number, factor: number, visit: (at: number) => void): void {
  const columns = Math.floor(width / factor);
  const corner = Math.floor(bin / columns) * factor * width + (bin % columns) * factor;
  for (let j = 0; j < factor ** 2; j++) visit(corner + Math.floor(j / factor) * width + (j % factor));
}
