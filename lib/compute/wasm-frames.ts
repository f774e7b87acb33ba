// Counts to absorbance in bins through the compiled kernels: the fast twins of the plain loops in frame-bins.ts.
import type { FrameRows } from "./frame-bins.js";
import type { Kernels } from "./wasm.js";

/** Sums of logarithms over bins; see frame-bins.ts. */
export function sumLogs(
  kernels: Kernels,
  frame: FrameRows,
  factor: number,
  rows: number,
  out: Float64Array,
): void {
  const columns = Math.floor(frame.width / factor);
  const [sums] = sumInPlace(kernels, frame, factor, rows, []);
  out.set(kernels.f64(sums, rows * columns));
}

/** Absorbance in bins, and the list of those that were left out; see frame-bins.ts. */
export function absorbFrame(
  kernels: Kernels,
  frame: FrameRows,
  scale: number,
  flat: Float64Array,
  factor: number,
  rows: number,
  out: Float32Array,
  slow: Int32Array,
): number {
  const n = rows * Math.floor(frame.width / factor);
  const [sums, logs, absorbance, list] = sumInPlace(kernels, frame, factor, rows, [8 * n, 4 * n, 4 * n]);
  kernels.put(logs, flat, 0, n);
  const count = kernels.run.differences(sums, logs, n, factor * factor, Math.log(scale), absorbance, list);
  out.set(kernels.f32(absorbance, n));
  if (count > 0) slow.set(kernels.i32(list, count));
  return count;
}

/** Places counts, dark and sums, and what else is asked for, and sums; returns where sums and the rest lie. */
function sumInPlace(
  kernels: Kernels,
  { counts, dark, saturation, width }: FrameRows,
  factor: number,
  rows: number,
  more: readonly number[],
): number[] {
  const pixels = rows * factor * width;
  const bytes = counts.BYTES_PER_ELEMENT * pixels;
  const [sums, raw, below, ...rest] = kernels.place(
    8 * rows * Math.floor(width / factor),
    bytes,
    dark ? 4 * pixels : 0,
    ...more,
  );
  kernels.bytes(raw, bytes).set(new Uint8Array(counts.buffer, counts.byteOffset, bytes));
  if (dark) kernels.put(below, dark, 0, pixels);
  const run = counts instanceof Uint16Array ? kernels.run.sumLogs16 : kernels.run.sumLogs32;
  run(raw, dark ? below : 0, saturation, width, factor, rows, sums);
  return [sums, ...rest];
}
