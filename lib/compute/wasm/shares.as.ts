// Frames added up, each with a weight of its own: the fast twin of the plain loops in lib/dose/dose-rate-kernels.ts.
//
// Frames of float64 are summed in float64 throughout. Frames of float32 are summed in float32 over eight pixels, or four
// frames, and in float64 from there on: a relative error of at most 4e-7 in each term, as large as that of the numbers
// themselves, and no more after however many frames.
import { addProduct, one, pair, total } from "./pairs.as";

/** The two upper numbers of four as float64. */
function upper(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
}

/** Sum of n numbers. Several sums at a time, because one would wait for itself. */
export function frameSum32(frame: usize, n: i32): f64 {
  let s = f64x2.splat(0);
  let t = f64x2.splat(0);
  const blocks = frame + ((<usize>(n & ~31)) << 2);
  const end = frame + ((<usize>n) << 2);
  let p = frame;
  for (; p < blocks; p += 128) {
    const a = f32x4.add(v128.load(p), v128.load(p, 16));
    const b = f32x4.add(v128.load(p, 32), v128.load(p, 48));
    const c = f32x4.add(v128.load(p, 64), v128.load(p, 80));
    const d = f32x4.add(v128.load(p, 96), v128.load(p, 112));
    const all = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
    s = f64x2.add(s, f64x2.promote_low_f32x4(all));
    t = f64x2.add(t, upper(all));
  }
  let sum = total(f64x2.add(s, t));
  for (; p < end; p += 4) sum += one<f32>(p);
  return sum;
}

export function frameSum64(frame: usize, n: i32): f64 {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  const eights = frame + ((<usize>(n & ~7)) << 3);
  const end = frame + ((<usize>n) << 3);
  let p = frame;
  for (; p < eights; p += 64) {
    s0 = f64x2.add(s0, v128.load(p));
    s1 = f64x2.add(s1, v128.load(p, 16));
    s2 = f64x2.add(s2, v128.load(p, 32));
    s3 = f64x2.add(s3, v128.load(p, 48));
  }
  let sum = total(f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3)));
  for (; p < end; p += 8) sum += load<f64>(p);
  return sum;
}

/**
 * sums [n] += weights[0] frame 0 + weights[1] frame 1 + ...; of float32 four frames at a time, so that each sum is read and
 * written once for four.
 *
 * @param frames the first number of the first frame; frames lie `pitch` bytes apart
 * @param weights of one size, within a factor of 1e30
 */
export function addFrames32(
  sums: usize,
  frames: usize,
  pitch: usize,
  count: i32,
  weights: usize,
  n: i32,
): void {
  let g = 0;
  for (; g + 4 <= count; g += 4)
    addFour(sums, frames + <usize>g * pitch, pitch, weights + ((<usize>g) << 3), n);
  for (; g < count; g++)
    addOne<f32>(sums, frames + <usize>g * pitch, load<f64>(weights + ((<usize>g) << 3)), n);
}

export function addFrames64(
  sums: usize,
  frames: usize,
  pitch: usize,
  count: i32,
  weights: usize,
  n: i32,
): void {
  for (let g = 0; g < count; g++) {
    addOne<f64>(sums, frames + <usize>g * pitch, load<f64>(weights + ((<usize>g) << 3)), n);
  }
}

function addFour(sums: usize, frames: usize, pitch: usize, weights: usize, n: i32): void {
  // Shares of the first weight: of the order of one, whatever the units.
  const first = load<f64>(weights);
  const w = f64x2.splat(first);
  const w1 = f32x4.splat(<f32>(load<f64>(weights, 8) / first));
  const w2 = f32x4.splat(<f32>(load<f64>(weights, 16) / first));
  const w3 = f32x4.splat(<f32>(load<f64>(weights, 24) / first));
  let a = frames;
  const b = pitch;
  const c = b + pitch;
  const d = c + pitch;
  const fours = sums + ((<usize>(n & ~3)) << 3);
  const end = sums + ((<usize>n) << 3);
  let s = sums;
  for (; s < fours; s += 32) {
    const x = f32x4.add(v128.load(a), f32x4.mul(v128.load(a + b), w1));
    const y = f32x4.add(f32x4.mul(v128.load(a + c), w2), f32x4.mul(v128.load(a + d), w3));
    const all = f32x4.add(x, y);
    v128.store(s, addProduct(v128.load(s), f64x2.promote_low_f32x4(all), w));
    v128.store(s, addProduct(v128.load(s, 16), upper(all), w), 16);
    a += 16;
  }
  for (; s < end; s += 8) {
    let x = one<f32>(a) * first + one<f32>(a + b) * load<f64>(weights, 8);
    x += one<f32>(a + c) * load<f64>(weights, 16);
    x += one<f32>(a + d) * load<f64>(weights, 24);
    store<f64>(s, load<f64>(s) + x);
    a += 4;
  }
}

function addOne<T>(sums: usize, frame: usize, weight: f64, n: i32): void {
  const w = f64x2.splat(weight);
  const twos = sums + ((<usize>(n & ~1)) << 3);
  let a = frame;
  let s = sums;
  for (; s < twos; s += 16) {
    v128.store(s, addProduct(v128.load(s), pair<T>(a), w));
    a += 2 * sizeof<T>();
  }
  if (n & 1) store<f64>(s, load<f64>(s) + one<T>(a) * weight);
}
