// The loops over flat-field frames in Eqs. 1-3: the sum of a frame, and its weighted addition to the map.
import { kernels } from "../compute/wasm.js";
import { addFrames as compiledSum } from "../compute/wasm-frame-sums.js";
import type { Floats } from "../compute/wasm-products.js";

/**
 * total += sum over i of frame i * whole[i] / (sum of frame i); no frame is added if one is refused. The compiled kernels sum
 * frames of float32 in float32 over at most 32 frames and then in float64, which differs from float64 throughout by less than
 * 2e-6 of each pixel (usually 2e-8).
 *
 * @param frames of one length, that of the total; values that are not finite are left out of the sum and are not finite in the total
 * @param check gets the index of each frame and the sum of its finite numbers; throws to refuse the frame
 */
export function addFrames(
  total: Float64Array,
  frames: readonly ArrayLike<number>[],
  whole: ArrayLike<number>,
  check: (i: number, sum: number) => void,
): void {
  const sums = new Float64Array(frames.length);
  const finite = (i: number): void => {
    // The sum is not finite if one number is not.
    if (!Number.isFinite(sums[i])) sums[i] = finiteSum(frames[i]);
    check(i, sums[i]);
  };
  const typed = alike(frames);
  const fast = typed ? kernels() : null;
  if (fast && typed) compiledSum(fast, total, typed, whole, sums, finite);
  else plainAddFrames(total, frames, whole, sums, finite);
}

/** Reference of the compiled kernels. */
export function plainAddFrames(
  total: Float64Array,
  frames: readonly ArrayLike<number>[],
  whole: ArrayLike<number>,
  sums: Float64Array,
  check: (i: number) => void,
): void {
  // All frames are checked before the first is added, so that a refusal leaves the total unchanged.
  frames.forEach((frame, i) => {
    sums[i] = sum(frame);
    check(i);
  });
  frames.forEach((frame, i) => {
    const weight = whole[i] / sums[i];
    for (let p = 0; p < total.length; p++) total[p] += weight * frame[p];
  });
}

/** The frames, where all are of one precision; null otherwise. */
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
