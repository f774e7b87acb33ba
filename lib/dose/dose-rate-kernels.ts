// The two loops over flat-field frames in Eqs. 1-3: the sum of a frame, and its share in the map.
import { kernels } from "../compute/wasm.js";
import type { Floats } from "../compute/wasm-products.js";
import { addShares as compiledShares } from "../compute/wasm-shares.js";

/**
 * Adds whole[i] / (sum of frame i) times frame i to the total, which the caller owns, for all frames, or for none where one is
 * refused. Compiled where that is possible; frames of float32 are then summed in float32 over at most 32 frames and in float64
 * from there on, which differs from float64 throughout by less than 2e-6 of each pixel (usually 2e-8).
 *
 * @param frames of one length, that of the total; what is not finite is left out of a sum and stays so in the total
 * @param check gets the index of each frame and the sum of its finite numbers; throws where it is not to be added
 */
export function addShares(
  total: Float64Array,
  frames: readonly ArrayLike<number>[],
  whole: ArrayLike<number>,
  check: (i: number, sum: number) => void,
): void {
  const sums = new Float64Array(frames.length);
  const finite = (i: number): void => {
    // One number that is not finite would have spoilt the sum.
    if (!Number.isFinite(sums[i])) sums[i] = finiteSum(frames[i]);
    check(i, sums[i]);
  };
  const typed = alike(frames);
  const fast = typed ? kernels() : null;
  if (fast && typed) compiledShares(fast, total, typed, whole, sums, finite);
  else plainAddShares(total, frames, whole, sums, finite);
}

/** What the compiled kernels are held to. */
export function plainAddShares(
  total: Float64Array,
  frames: readonly ArrayLike<number>[],
  whole: ArrayLike<number>,
  sums: Float64Array,
  check: (i: number) => void,
): void {
  // All are looked at before the first is added: what is refused leaves no trace.
  frames.forEach((frame, i) => {
    sums[i] = sum(frame);
    check(i);
  });
  frames.forEach((frame, i) => {
    addScaled(total, frame, whole[i] / sums[i]);
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

// Four and eight pixels a turn, since one after the other each addition would wait for the one before it.

function addScaled(total: Float64Array, frame: ArrayLike<number>, scale: number): void {
  const whole = total.length - (total.length % 4);
  for (let p = 0; p < whole; p += 4) {
    total[p] += frame[p] * scale;
    total[p + 1] += frame[p + 1] * scale;
    total[p + 2] += frame[p + 2] * scale;
    total[p + 3] += frame[p + 3] * scale;
  }
  for (let p = whole; p < total.length; p++) total[p] += frame[p] * scale;
}

function sum(f: ArrayLike<number>): number {
  let [a, b, c, d, e, g, h, i] = [0, 0, 0, 0, 0, 0, 0, 0];
  const whole = f.length - (f.length % 8);
  for (let p = 0; p < whole; p += 8) {
    a += f[p];
    b += f[p + 1];
    c += f[p + 2];
    d += f[p + 3];
    e += f[p + 4];
    g += f[p + 5];
    h += f[p + 6];
    i += f[p + 7];
  }
  for (let p = whole; p < f.length; p++) a += f[p];
  return a + b + (c + d) + (e + g + (h + i));
}
