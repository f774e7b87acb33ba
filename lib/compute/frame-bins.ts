// Counts of a camera, as they were recorded, to absorbance in bins: dark, exposure and binning in one step, with one logarithm
// for each bin. Compiled where that is possible; the plain loops beside it say what is meant.
//
// The flat collapses once to its sums of logarithms, `sumLogs(flat)`, and is needed again only for bins in which a pixel of
// either image has no value: for those `absorbFrame` gives a list, and `absorbSlowly` looks at each of their pixels.
import { kernels } from "./wasm.js";
import * as compiled from "./wasm-frames.js";

/** Counts as recorded (uint16), or averaged (float32). */
export type Counts = Uint16Array | Float32Array;

/** Rows of one recorded image, whole bins high. */
export interface FrameRows {
  /** Row-major, [rows * factor, width]; NaN where a pixel has no value. */
  readonly counts: Counts;
  /** What is subtracted, same shape; null: nothing. */
  readonly dark: Float32Array | null;
  /** Counts (before the dark is taken off) at and above which a pixel has no value. */
  readonly saturation: number;
  readonly width: number;
}

/**
 * Sum of ln(counts - dark) over each bin of factor x factor pixels; NaN where one of them is not above its dark or is saturated.
 *
 * @param rows number of rows of bins
 * @param out receives [rows, floor(width / factor)]
 */
export function sumLogs(frame: FrameRows, factor: number, rows: number, out: Float64Array): void {
  const fast = kernels();
  if (fast) compiled.sumLogs(fast, frame, factor, rows, out);
  else plainSumLogs(frame, factor, rows, out);
}

/** The same in plain loops: the reference of the compiled kernel. */
export function plainSumLogs(frame: FrameRows, factor: number, rows: number, out: Float64Array): void {
  const { counts, width, saturation } = frame;
  const columns = Math.floor(width / factor);
  for (let bin = 0; bin < rows * columns; bin++) {
    const corner = Math.floor(bin / columns) * factor * width + (bin % columns) * factor;
    let sum = 0;
    for (let y = 0; y < factor; y++) {
      for (let i = corner + y * width; i < corner + y * width + factor; i++) {
        const v = counts[i] - (frame.dark ? frame.dark[i] : 0);
        sum += v > 0 && counts[i] < saturation ? Math.log(v) : Number.NaN;
      }
    }
    out[bin] = sum;
  }
}

/**
 * Mean over each bin of ln(I0 / (scale (counts - dark))).
 *
 * @param scale what brings the counts to the exposure and ring current of the flat
 * @param flat sums of ln I0 over the bins, as `sumLogs` gives them
 * @param out receives [rows, floor(width / factor)]; NaN where a pixel of the bin has no value
 * @param slow receives the numbers of those bins
 * @returns how many those are
 */
export function absorbFrame(
  frame: FrameRows,
  scale: number,
  flat: Float64Array,
  factor: number,
  rows: number,
  out: Float32Array,
  slow: Int32Array,
): number {
  const fast = kernels();
  if (fast) return compiled.absorbFrame(fast, frame, scale, flat, factor, rows, out, slow);
  return plainAbsorbFrame(frame, scale, flat, factor, rows, out, slow);
}

/** The same in plain loops: the reference of the compiled kernel. */
export function plainAbsorbFrame(
  frame: FrameRows,
  scale: number,
  flat: Float64Array,
  factor: number,
  rows: number,
  out: Float32Array,
  slow: Int32Array,
): number {
  const n = rows * Math.floor(frame.width / factor);
  const logs = new Float64Array(n);
  plainSumLogs(frame, factor, rows, logs);
  let count = 0;
  for (let bin = 0; bin < n; bin++) {
    const value = (flat[bin] - logs[bin]) / (factor * factor) - Math.log(scale);
    out[bin] = value;
    if (Number.isNaN(value)) slow[count++] = bin;
  }
  return count;
}

/** Samples without a value. */
export interface LeftOut {
  /** At or above saturation. */
  saturated: number;
  /** Not above the dark, in the sample or in the flat. */
  nonPositive: number;
}

/**
 * The bins in which a pixel has no value: the mean over those that have one, or NaN.
 *
 * @param i0 corrected counts of the flat, [rows * factor, width]; NaN where a pixel has none
 * @param slow, count the list that `absorbFrame` gave
 * @param leftOut is added to
 */
export function absorbSlowly(
  { counts, dark, saturation, width }: FrameRows,
  scale: number,
  i0: Float32Array,
  factor: number,
  out: Float32Array,
  slow: Int32Array,
  count: number,
  leftOut: LeftOut,
): void {
  const columns = Math.floor(width / factor);
  for (let s = 0; s < count; s++) {
    const bin = slow[s];
    const corner = Math.floor(bin / columns) * factor * width + (bin % columns) * factor;
    let sum = 0;
    let n = 0;
    for (let y = 0; y < factor; y++) {
      for (let i = corner + y * width; i < corner + y * width + factor; i++) {
        if (counts[i] >= saturation) {
          leftOut.saturated++;
          continue;
        }
        const v = (counts[i] - (dark ? dark[i] : 0)) * scale;
        if (v > 0 && i0[i] > 0) {
          sum += Math.log(i0[i] / v);
          n++;
        } else if (v <= 0 || i0[i] <= 0) leftOut.nonPositive++;
      }
    }
    out[bin] = n === 0 ? Number.NaN : sum / n;
  }
}
