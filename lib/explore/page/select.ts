// Which pixels are chosen, and the mean of their spectra.
import { MISSING } from "./unpack.js";

/** Pixels [x0, x1) and [y0, y1). */
export interface Region {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Values in [low, high), in the display unit; one display unit is `scale` of the values' units. */
export interface Interval {
  readonly values: Float64Array;
  readonly scale: number;
  readonly low: number;
  readonly high: number;
}

/** Pixels in a region and in an interval, where they are given: 1 where chosen. */
export function choose(
  width: number,
  height: number,
  region: Region | null,
  interval: Interval | null,
): Uint8Array {
  const chosen = new Uint8Array(width * height);
  const { x0, y0, x1, y1 } = region ?? { x0: 0, y0: 0, x1: width, y1: height };
  for (let y = y0; y < y1; y++) chosen.fill(1, y * width + x0, y * width + x1);
  if (!interval) return chosen;
  // The same arithmetic as the library's mask: ends that meet share no pixel there, nor here.
  const [low, high] = [interval.low * interval.scale, interval.high * interval.scale];
  for (let p = 0; p < chosen.length; p++) {
    const v = interval.values[p];
    if (!(v >= low && v < high)) chosen[p] = 0;
  }
  return chosen;
}

/** A mean spectrum and the pixels behind it. */
export interface Mean {
  /** NaN at energies where no chosen pixel has a value. */
  readonly values: Float64Array;
  /** Pixels that have a value at one energy or more. */
  readonly nPixels: number;
}

/**
 * Mean spectrum of the chosen pixels of one time step: at each energy of those that have a value there.
 *
 * The sums are of whole numbers and exact, so that pixels that come and go are added and taken away: a drag
 * changes few of them, and the panels follow at once.
 */
export class RunningMean {
  readonly #sums: Float64Array;
  /** At each energy, pixels that have values but not there. */
  readonly #gaps: Int32Array;
  readonly #chosen: Uint8Array;
  #n = 0;

  /**
   * @param spectra [nPixels, nEnergies], in steps
   * @param step of the spectra
   */
  constructor(
    readonly spectra: Int32Array,
    readonly nEnergies: number,
    readonly step: number,
  ) {
    this.#sums = new Float64Array(nEnergies);
    this.#gaps = new Int32Array(nEnergies);
    this.#chosen = new Uint8Array(spectra.length / nEnergies);
  }

  /** The mean over other pixels. */
  of(chosen: Uint8Array): Mean {
    for (let p = 0; p < chosen.length; p++) {
      if (chosen[p] === this.#chosen[p]) continue;
      this.#add(p, chosen[p] - this.#chosen[p]);
      this.#chosen[p] = chosen[p];
    }
    const values = this.#sums.map((sum, k) => (this.step * sum) / (this.#n - this.#gaps[k]));
    return { values, nPixels: this.#n };
  }

  #add(pixel: number, sign: number): void {
    const { nEnergies, spectra } = this;
    const from = pixel * nEnergies;
    let missing = 0;
    for (let k = 0; k < nEnergies; k++) {
      const q = spectra[from + k];
      if (q === MISSING) {
        this.#gaps[k] += sign;
        missing++;
      } else this.#sums[k] += sign * q;
    }
    if (missing < nEnergies) this.#n += sign;
    else for (let k = 0; k < nEnergies; k++) this.#gaps[k] -= sign;
  }
}
