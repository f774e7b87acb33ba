// Frames added up by their shares through the compiled kernels: the fast twin of plainAddShares
// (lib/dose/dose-rate-kernels.ts).
import type { Kernels } from "./wasm.js";
import type { Floats } from "./wasm-products.js";

/** Frames that are held at a time, so that they stay in a cache between their sum and their addition. */
const AT_ONCE = 4;
/** Numbers that are copied and summed, or added, at a time. */
const TILE = 1 << 14;

/**
 * Adds whole[i] / (sum of frame i) times frame i to the total, for all frames.
 *
 * @param frames of one length and one precision
 * @param sums receives the sums of the frames
 * @param check looks at the sums [from, to), may change them, and throws where nothing is to be added
 */
export function addShares(
  kernels: Kernels,
  total: Float64Array,
  frames: readonly Floats[],
  whole: ArrayLike<number>,
  sums: Float64Array,
  check: (from: number, to: number) => void,
): void {
  const { length } = total;
  const single = frames[0] instanceof Float32Array;
  const bytes = frames[0].BYTES_PER_ELEMENT;
  const pitch = Math.ceil((length * bytes) / 16) * 16;
  const [added, weights, staged] = kernels.place(8 * length, 8 * AT_ONCE, pitch * AT_ONCE);
  const factors = kernels.f64(weights, AT_ONCE);
  const sum = single ? kernels.run.frameSum32 : kernels.run.frameSum64;
  const add = single ? kernels.run.addFrames32 : kernels.run.addFrames64;
  kernels.put(added, total);
  for (let from = 0; from < frames.length; from += AT_ONCE) {
    const to = Math.min(from + AT_ONCE, frames.length);
    for (let i = from; i < to; i++) {
      sums[i] = 0;
      for (let first = 0; first < length; first += TILE) {
        const end = Math.min(first + TILE, length);
        const at = staged + (i - from) * pitch + first * bytes;
        kernels.put(at, frames[i], first, end);
        sums[i] += sum(at, end - first);
      }
    }
    check(from, to);
    for (let i = from; i < to; i++) factors[i - from] = whole[i] / sums[i];
    for (let first = 0; first < length; first += TILE) {
      const n = Math.min(TILE, length - first);
      add(added + 8 * first, staged + first * bytes, pitch, to - from, weights, n);
    }
  }
  total.set(kernels.f64(added, length));
}
