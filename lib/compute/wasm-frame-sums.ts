// Weighted sums of frames through the compiled kernels; plainAddFrames (lib/dose/dose-rate-kernels.ts) is the
// reference.
import type { Kernels } from "./wasm.js";
import type { Floats } from "./wasm-products.js";

/** Numbers that are copied and summed at a time: they stay in the cache of the core. */
const TILE = 1 << 17;

/** Frames of float32 that are added in float32 before their sum goes to float64. */
const FOLD = 32;

/**
 * total += sum over i of frame i * whole[i] / (sum of frame i); no frame is added if one is refused.
 *
 * Frames are processed one by one, so that a frame and the float32 sum fit into the cache for the second pass
 * over the frame.
 *
 * @param frames of one length and one precision
 * @param sums receives the sums of the frames
 * @param check reads sums[i], may replace it, and throws to refuse frame i
 */
export function addFrames(
  kernels: Kernels,
  total: Float64Array,
  frames: readonly Floats[],
  whole: ArrayLike<number>,
  sums: Float64Array,
  check: (i: number) => void,
): void {
  const { run } = kernels;
  const { length } = total;
  const single = frames[0] instanceof Float32Array;
  const bytes = frames[0].BYTES_PER_ELEMENT;
  const [added, part, staged] = kernels.place(8 * length, single ? 4 * length : 0, bytes * length);
  kernels.put(added, total);
  if (single) kernels.f32(part, length).fill(0);
  const sum = single ? run.frameSum32 : run.frameSum64;
  let unit = 0;
  for (let i = 0; i < frames.length; i++) {
    sums[i] = 0;
    for (let first = 0; first < length; first += TILE) {
      const end = Math.min(first + TILE, length);
      kernels.put(staged + first * bytes, frames[i], first, end);
      sums[i] += sum(staged + first * bytes, end - first);
    }
    check(i);
    // Weights in float32 are relative to one of them, so that no unit can overflow.
    if (i === 0) unit = largest(whole, frames.length) / sums[0];
    const weight = whole[i] / sums[i];
    if (!single) run.addFrame64(added, staged, weight, length);
    else {
      run.addFrame32(part, staged, weight / unit, length);
      if (i % FOLD === FOLD - 1 || i === frames.length - 1) run.foldWeighted(added, part, unit, length);
    }
  }
  total.set(kernels.f64(added, length));
}

/** The largest of the first n numbers, or one where all are zero. */
function largest(values: ArrayLike<number>, n: number): number {
  let most = 0;
  for (let i = 0; i < n; i++) most = Math.max(most, values[i]);
  return most || 1;
}
