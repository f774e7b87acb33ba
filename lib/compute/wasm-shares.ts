// Frames added up by their shares through the compiled kernels: the fast twin of plainAddShares
// (lib/dose/dose-rate-kernels.ts).
import type { Kernels } from "./wasm.js";
import type { Floats } from "./wasm-products.js";

/** Numbers that are copied and summed at a time: they stay in a core's own cache in between. */
const TILE = 1 << 17;

/** Frames of float32 that are added in float32 before their sum goes to float64. */
const FOLD = 32;

/**
 * Adds whole[i] / (sum of frame i) times frame i to the total, for all frames, or for none where one is refused.
 *
 * One frame at a time: it and the sum in float32 then fit into a core's own cache, so that the second look at each count, and
 * the sum itself, cost little beside the first look.
 *
 * @param frames of one length and one precision
 * @param sums receives the sums of the frames
 * @param check looks at the sum of frame i, may change it, and throws where it is not to be added
 */
export function addShares(
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
      if (i % FOLD === FOLD - 1 || i === frames.length - 1) run.foldShares(added, part, unit, length);
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
