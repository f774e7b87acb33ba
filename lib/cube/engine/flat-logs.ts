// The flat of a window, reduced to the means of its logarithms over bins: computed once, then used for every
// time step and, where it is shared, by every later job on the same flat. Its counts are read again only for
// bins in which a pixel has no value.
import type { CountKind } from "../../compute/frame-buffer.js";
import { CORRECTED, type CountsLoader } from "./counts.js";
import type { Recording } from "./recording.js";
import type { Window } from "./window.js";

/** Where the logarithms of one band's window are kept for others. */
export interface SharedFlat {
  /** [nFrames, nBins], frames from the first recorded one that is used. */
  readonly logs: Float32Array;
  readonly firstFrame: number;
  /** 1 in `ready[index]` when all of them are there. */
  readonly ready: Int32Array;
  readonly index: number;
  /** Samples that were read for them, and how many of those were saturated, from `2 * index`. */
  readonly tally: Float64Array;
}

/** Up to this number of bins per frame are read one by one; for more of them the whole window is read. */
const FEW = 48;

export class FlatLogs {
  #shared: SharedFlat | undefined;
  #complete = false;
  #tally: readonly [number, number] = [0, 0];
  readonly #logs = new Map<number, Float32Array>();
  readonly #counts = new Map<number, Map<number, Float32Array>>();

  /**
   * @param recordedOf the recorded window that a window of bins is made of, where only crops lie between;
   *   otherwise null
   * @param evaluate the flat's corrected counts of frame k in the window of bins times the factor
   */
  constructor(
    private readonly flat: Recording,
    private readonly loader: CountsLoader,
    private readonly factor: number,
    private readonly recordedOf: ((inner: Window) => Window) | null,
    private readonly evaluate: (k: number, inner: Window) => Float32Array,
  ) {}

  /** Begins another window. */
  newWindow(shared?: SharedFlat): void {
    this.#logs.clear();
    this.#counts.clear();
    this.#shared = shared;
    this.#complete = shared !== undefined && Atomics.load(shared.ready, shared.index) === 1;
    if (!shared || !this.#complete) {
      this.#tally = [this.flat.total, this.flat.saturated];
      return;
    }
    this.flat.total += shared.tally[2 * shared.index];
    this.flat.saturated += shared.tally[2 * shared.index + 1];
  }

  /** Says that the window's frames have all been loaded: others may use them. */
  finishWindow(): void {
    const shared = this.#shared;
    if (!shared || this.#complete) return;
    shared.tally[2 * shared.index] = this.flat.total - this.#tally[0];
    shared.tally[2 * shared.index + 1] = this.flat.saturated - this.#tally[1];
    Atomics.store(shared.ready, shared.index, 1);
    this.#complete = true;
  }

  /**
   * Puts the flat of frame k into `buffer.flat`; may use the buffer for counts.
   *
   * @param inner the window of bins, times the factor
   */
  load(k: number, nBins: number, inner: Window): void {
    const { buffer } = this.loader;
    const shared = this.#shared;
    const place = shared?.logs.subarray((k - shared.firstFrame) * nBins, (k - shared.firstFrame + 1) * nBins);
    const known = this.#complete ? place : this.#logs.get(k);
    if (known) {
      buffer.flat.set(known);
      return;
    }
    const out = place ?? new Float32Array(nBins);
    this.#collapse(k, inner, out);
    this.#logs.set(k, out);
    buffer.flat.set(out);
  }

  /** Corrected counts of some bins, [nSlow, factor, factor]. */
  counts(k: number, inner: Window, slow: Int32Array, nSlow: number): Float32Array {
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

  #collapse(k: number, inner: Window, out: Float32Array): void {
    const { flat, factor } = this;
    const { buffer } = this.loader;
    const width = inner.right - inner.left;
    const rows = (inner.bottom - inner.top) / factor;
    let taken = this.recordedOf && this.loader.load(flat, 0, flat.files.length, k, this.recordedOf(inner));
    if (!taken) {
      buffer.counts32.set(this.evaluate(k, inner));
      taken = CORRECTED;
    }
    const { kind, scale, dark, saturation } = taken;
    buffer.meanLogs(kind, dark, saturation, width, factor, rows);
    const logScale = Math.log(scale);
    const { logs } = buffer;
    for (let bin = 0; bin < out.length; bin++) {
      out[bin] = logs[bin] + logScale;
      if (Number.isNaN(out[bin])) flat.saturated += this.#saturated(kind, bin, width, saturation);
    }
  }

  #saturated(kind: CountKind, bin: number, width: number, saturation: number): number {
    const { buffer } = this.loader;
    const counts = kind === 16 ? buffer.counts16 : buffer.counts32;
    let n = 0;
    this.#eachPixel(bin, width, (at) => {
      if (counts[at] >= saturation) n++;
    });
    return n;
  }

  #cut(all: Float32Array, bin: number, inner: Window): Float32Array {
    const out = new Float32Array(this.factor ** 2);
    let i = 0;
    this.#eachPixel(bin, inner.right - inner.left, (at) => {
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

  /** Places of a bin's pixels in the window, row by row. */
  #eachPixel(bin: number, width: number, visit: (at: number) => void): void {
    const { factor } = this;
    const columns = Math.floor(width / factor);
    const corner = Math.floor(bin / columns) * factor * width + (bin % columns) * factor;
    for (let j = 0; j < factor ** 2; j++) visit(corner + Math.floor(j / factor) * width + (j % factor));
  }
}
