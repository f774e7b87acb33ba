// Counts on their way from files into the room where they become absorbance.
import type { CountKind, FrameRoom } from "../../compute/frame-bins.js";
import type { Recording } from "./recording.js";
import { areaOf, sameWindow, type Window } from "./window.js";

/** How the counts in a room are to be taken; see FrameRoom. */
export interface CountsOf {
  readonly kind: CountKind;
  readonly scale: number;
  /** Whether `room.dark` is to be subtracted. */
  readonly dark: boolean;
  readonly saturation: number;
}

/** For counts that are corrected already. */
export const CORRECTED: CountsOf = { kind: 32, scale: 1, dark: false, saturation: Number.POSITIVE_INFINITY };

/** Loads counts of recordings into a room. */
export class CountsLoader {
  #numbers = new Float32Array(0);
  #dark: Float32Array | null = null;
  #window: Window | null = null;

  constructor(readonly room: FrameRoom) {}

  /**
   * A window of frame k: of one file, or the mean of the files [from, to), weighted by their sweeps, into the room. A mean reads
   * the same window of one file after the other; nothing but their sum is held.
   *
   * @returns null where a mean has to be taken number by number, because files hold other numbers than counts of 16 bits
   */
  load(recording: Recording, from: number, to: number, k: number, window: Window): CountsOf | null {
    const { saturation } = recording;
    const dark = recording.dark !== null;
    this.#loadDark(recording, window);
    if (to - from === 1) {
      const { kind, scale } = this.#read(recording, from, k, window);
      return { kind, scale, dark, saturation };
    }
    return this.mean(recording, from, to, k, window) ? CORRECTED : null;
  }

  /** The mean of the files [from, to), corrected, to `room.counts32`; false where files hold other numbers than counts of 16 bits. */
  mean(recording: Recording, from: number, to: number, k: number, window: Window): boolean {
    const { room } = this;
    const { saturation } = recording;
    const dark = recording.dark !== null;
    this.#loadDark(recording, window);
    const n = areaOf(window);
    const { total, saturated } = recording;
    room.clear(n);
    for (let index = from; index < to; index++) {
      const { kind, scale } = this.#read(recording, index, k, window);
      if (kind === 32) {
        // All of them are read again: they count once.
        recording.total = total;
        recording.saturated = saturated;
        room.mean(n, dark);
        return false;
      }
      recording.saturated += room.add(n, saturation, scale, recording.weight(index));
    }
    room.mean(n, dark);
    return true;
  }

  /** Counts of one file as they were recorded: of 16 bits wherever they are, whatever the file holds them as. */
  #read(recording: Recording, index: number, k: number, window: Window): Pick<CountsOf, "kind" | "scale"> {
    const { room } = this;
    if (recording.isPlain(index)) {
      return { kind: 16, scale: recording.readCounts(index, k, window, room.bytes) };
    }
    const n = areaOf(window);
    if (this.#numbers.length < n) this.#numbers = new Float32Array(n);
    const numbers = this.#numbers.subarray(0, n);
    const scale = recording.readNumbers(index, k, window, numbers);
    room.counts16.set(numbers);
    for (let i = 0; i < n; i++) {
      if (room.counts16[i] === numbers[i]) continue;
      room.counts32.set(numbers);
      return { kind: 32, scale };
    }
    return { kind: 16, scale };
  }

  #loadDark({ dark, width }: Recording, window: Window): void {
    if (dark === null || (dark === this.#dark && this.#window && sameWindow(window, this.#window))) return;
    const columns = window.right - window.left;
    for (let r = window.top, at = 0; r < window.bottom; r++, at += columns) {
      this.room.dark.set(dark.subarray(r * width + window.left, r * width + window.right), at);
    }
    this.#dark = dark;
    this.#window = window;
  }
}
