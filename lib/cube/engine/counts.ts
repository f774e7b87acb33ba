// Loads counts from files into the buffer in which they become absorbance.
import { CORRECTED, type CountsOf, type FrameBuffer } from "../../compute/frame-buffer.js";
import type { Recording } from "./recording.js";
import { areaOf, sameWindow, type Window } from "./window.js";

/** Loads counts of recordings into a buffer. */
export class CountsLoader {
  #numbers = new Float64Array(0);
  #dark: Float64Array | null = null;
  #window: Window | null = null;
  /** What `#numbers` are multiplied by. */
  #scale = 1;

  constructor(readonly buffer: FrameBuffer) {}

  /**
   * A window of frame k: of one file, or the mean of the files [from, to), weighted by their sweeps, into the
   * buffer. A mean reads the same window of one file after the other; nothing but their sum is held.
   *
   * @returns null where a mean has to be taken number by number, because files hold other numbers than counts
   *   of 16 bits
   */
  load(recording: Recording, from: number, to: number, k: number, window: Window): CountsOf | null {
    if (to - from === 1) {
      this.#loadDark(recording, window);
      const scale = this.#read(recording, from, k, window);
      if (scale !== null) {
        const dark = recording.dark !== null;
        return { kind: 16, scale, dark, saturation: recording.saturationOf(from, k) };
      }
      recording.correct(from, k, this.#numbers, window, this.#scale, this.buffer.counts32);
      return CORRECTED;
    }
    return this.mean(recording, from, to, k, window) ? CORRECTED : null;
  }

  /**
   * The mean of the files [from, to), corrected, to `buffer.counts32`; false where files hold other numbers
   * than counts of 16 bits.
   */
  mean(recording: Recording, from: number, to: number, k: number, window: Window): boolean {
    const { buffer } = this;
    const dark = recording.dark !== null;
    this.#loadDark(recording, window);
    const n = areaOf(window);
    const { total, saturated } = recording;
    buffer.clear(n);
    for (let index = from; index < to; index++) {
      const scale = this.#read(recording, index, k, window);
      if (scale === null) {
        // All of them are read again: they count once.
        recording.total = total;
        recording.saturated = saturated;
        buffer.mean(n, dark);
        return false;
      }
      recording.saturated += buffer.add(n, recording.saturationOf(index, k), scale, recording.weight(index));
    }
    buffer.mean(n, dark);
    return true;
  }

  /**
   * Counts of one file as they were recorded, to `buffer.counts16`, if every value fits into uint16.
   *
   * @returns the factor to the reference exposure; null where a value does not fit: the values are then in
   *   `#numbers`
   */
  #read(recording: Recording, index: number, k: number, window: Window): number | null {
    const { buffer } = this;
    if (recording.isPlain(index)) return recording.readCounts(index, k, window, buffer.bytes);
    const n = areaOf(window);
    if (this.#numbers.length < n) this.#numbers = new Float64Array(n);
    this.#scale = recording.readNumbers(index, k, window, this.#numbers);
    const numbers = this.#numbers.subarray(0, n);
    buffer.counts16.set(numbers);
    for (let i = 0; i < n; i++) if (buffer.counts16[i] !== numbers[i]) return null;
    return this.#scale;
  }

  #loadDark({ dark, width }: Recording, window: Window): void {
    if (dark === null || (dark === this.#dark && this.#window && sameWindow(window, this.#window))) return;
    const columns = window.right - window.left;
    this.buffer.setDark((out) => {
      for (let r = window.top, at = 0; r < window.bottom; r++, at += columns) {
        out.set(dark.subarray(r * width + window.left, r * width + window.right), at);
      }
    });
    this.#dark = dark;
    this.#window = window;
  }
}
