// The buffer in which recorded counts become absorbance in bins: what its plain form and its compiled form
// have in common.

/** Type of the counts: uint16 as recorded, or float32 with NaN where a pixel has no value. */
export type CountKind = 16 | 32;

/** Buffers for the rows of one image and their results, reused for each image. */
export interface FrameBuffer {
  /** Counts as bytes of a file; `counts16` and `counts32` are the same memory. */
  readonly bytes: Uint8Array;
  /** Row-major, [rows * factor, width]. */
  readonly counts16: Uint16Array;
  readonly counts32: Float32Array;
  /** Dark that is subtracted from the counts; the caller fills it. */
  readonly dark: Float32Array;
  /**
   * Means of logarithms over bins, of the image that `meanLogs` was requested, [rows, floor(width / factor)].
   */
  readonly logs: Float32Array;
  /** The same of the flat field; the caller fills it. */
  readonly flat: Float32Array;
  /** Indices of the bins without a value after `absorb`, ascending. */
  readonly slow: Int32Array;

  /**
   * Mean of ln((counts - dark) / 256) over each bin of factor x factor pixels, to `logs`; NaN where one of
   * them is not above its dark or is saturated.
   *
   * @param dark whether the dark is subtracted
   * @param saturation counts (before the dark is subtracted) at and above which a pixel has no value
   * @param rows number of rows of bins
   */
  meanLogs(
    kind: CountKind,
    dark: boolean,
    saturation: number,
    width: number,
    factor: number,
    rows: number,
  ): void;

  /**
   * Absorbance of the first n bins, from `logs` and `flat`: the mean over each bin of ln(I0 / (scale (counts
   * - dark))).
   *
   * @param scale factor to the exposure and ring current of the flat field
   * @param out receives n numbers; NaN where a pixel of the bin has no value
   * @returns number of entries in `slow`
   */
  absorb(n: number, scale: number, out: Float32Array): number;

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
}
