// The buffer in which recorded counts become absorbance in bins, or are added up: what its plain form and its
// compiled form have in common.

/** Type of the counts: uint16 as recorded, or float32 with NaN where a pixel has no value. */
export type CountKind = 16 | 32;

/** How the counts in a buffer are to be read. */
export interface CountsOf {
  readonly kind: CountKind;
  /** Factor to the exposure and ring current of the flat field. */
  readonly scale: number;
  /** Whether the buffer's dark is to be subtracted. */
  readonly dark: boolean;
  /** Counts (before the dark is subtracted) at and above which a pixel has no value. */
  readonly saturation: number;
}

/** Counts that are corrected already: less their dark, scaled, NaN where they have no value. */
export const CORRECTED: CountsOf = { kind: 32, scale: 1, dark: false, saturation: Number.POSITIVE_INFINITY };

/** Bins of factor x factor pixels: rows of them, in an image of `width` pixels. */
export interface BinGrid {
  readonly width: number;
  readonly factor: number;
  readonly rows: number;
}

/** What a buffer is made for. */
export interface BufferUse {
  readonly pixels: number;
  readonly bins: number;
  /** Means of images will be requested. */
  readonly means?: boolean;
  /** Weighted sums of images will be requested. */
  readonly sums?: boolean;
}

/** Buffers for the rows of one image and their results, reused for each image. */
export interface FrameBuffer {
  /** Counts as bytes of a file; `counts16` and `counts32` are the same memory. */
  readonly bytes: Uint8Array;
  /** Row-major, [rows * factor, width]. */
  readonly counts16: Uint16Array;
  readonly counts32: Float32Array;
  /** Dark that is subtracted from the counts; filled in by `setDark`. */
  readonly dark: Float32Array;
  /** Means of logarithms of the flat field over bins, [rows, floor(width / factor)]; the caller fills it. */
  readonly flat: Float32Array;
  /** Indices of the bins without a value after `logs` or `absorb`, ascending. */
  readonly slow: Int32Array;

  /** @param fill writes the dark of the counts that will follow */
  setDark(fill: (dark: Float32Array) => void): void;

  /**
   * Mean of ln(scale (counts - dark) / 256) over each bin.
   *
   * @param out receives a number for each bin; NaN where a pixel is not above its dark or is saturated
   * @returns number of entries in `slow`
   */
  logs(counts: CountsOf, grid: BinGrid, out: Float32Array): number;

  /** Absorbance, likewise: `flat` less what `logs` gives; NaN also where the flat has no value. */
  absorb(counts: CountsOf, grid: BinGrid, out: Float32Array): number;

  /** Starts a mean of images. */
  clear(n: number): void;

  /**
   * Adds the first n of `counts16`.
   *
   * @param scale factor to the common exposure and ring current
   * @param sweeps their weight in the mean
   * @returns number of saturated counts
   */
  add(n: number, saturation: number, scale: number, sweeps: number): number;

  /** Mean over the added images in which the pixel is not saturated, minus the dark, to `counts32`. */
  mean(n: number, dark: boolean): void;

  /**
   * Sum of the first n counts above their dark that have a value; not scaled.
   *
   * @param darkSum sum of the n darks
   */
  total(counts: CountsOf, n: number, darkSum: number): number;

  /** Adds weight (counts - dark) of the first n, not scaled; NaN where a pixel has no value. */
  addWeighted(counts: CountsOf, n: number, weight: number): void;

  /**
   * Adds to `out` what `addWeighted` has added to each of its pixels, rounded to multiples of `quantum`. Sums
   * of such multiples are exact, and the same in any order, below 2^53 of them. The next sum begins at zero.
   */
  takeWeighted(out: Float64Array, quantum: number): void;
}
