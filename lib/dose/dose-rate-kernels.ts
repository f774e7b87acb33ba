// Loops over flat-field frames in Eqs. 1-3: the sum of a frame, and its weighted addition to the map.
import { kernels } from "../compute/wasm.js";
import { addFrames as compiledSum } from "../compute/wasm-frame-sums.js";
import type { Floats } from "../compute/wasm-products.js";

/**
 * total += sum over i of frame i * whole[i] / (sum of frame i). If one frame is refused, none is added. The
 * compiled kernels add at most 32 frames of float32 in float32 and then continue in float64. The difference
 * from float64 throughout is below 2e-6 per pixel (usually 2e-8).
 *
 * @param frames frames of the length of the total; a value that is not finite is left out of the sum and is
 *   NaN or infinite in the total
 * @param check gets the index of each frame and the sum of its finite values; throws to refuse the frame
 */
export function addFrames(
  total: Float64Array,
  frames: readonly ArrayLike<number>[],
  whole: ArrayLike<number>,
  check: (i: number, sum: number) => void,
): void {
  const sums = new Float64Array(frames.length);
  const finite = (i: number): void => {
    // The sum is not finite if one value is not.
    if (!Number.isFinite(sums[i])) sums[i] = finiteSum(frames[i]);
    check(i, sums[i]);
  };
  const typed = alike(frames);
  const fast = typed ? kernels() : null;
  if (fast && typed) compiledSum(fast, total, typed, whole, sums, finite);
  else plainAddFrames(total, frames, whole, sums, finite);
}

/** Reference for the compiled kernels. */
export function plainAddFrames(
  total: Float64Array,
  frames: readonly ArrayLike<number>[],
  whole: ArrayLike<number>,
  sums: Float64Array,
  check: (i: number) => void,
): void {
  // All frames are checked before the first is added, so that the total is unchanged after a refusal.
  frames.forEach((frame, i) => {
    sums[i] = sum(frame);
    check(i);
  });
  frames.forEach((frame, i) => {
    const weight = whole[i] / sums[i];
    for (let p = 0; p < total.length; p++) total[p] += weight * frame[p];
  });
}

/** The frames if all have one precision; null otherwise. */
function alike(frames: readonly ArrayLike<number>[]): readonly Floats[] | null {
  const all = (kind: typeof Float32Array | typeof Float64Array): boolean =>
    frames.length > 0 && frames.every((frame) => frame instanceof kind);
  return all(Float32Array) || all(Float64Array) ? (frames as readonly Floats[]) : null;
}

function finiteSum(frame: ArrayLike<number>): number {
  let finite = 0;
  for (let p = 0; p < frame.length; p++) if (Number.isFinite(frame[p])) finite += frame[p];
  return finite;
}

function sum(frame: ArrayLike<number>): number {
  let all = 0;
  for (let p = 0; p < frame.length; p++) all += frame[p];
  return all;
}
