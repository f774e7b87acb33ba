// Weighted sums of frames. The plain loops in lib/dose/dose-rate-kernels.ts are the reference.
//
// Frames of float64 are summed in float64 throughout. Frames of float32 are summed in float32 over eight pixels, or
// over the frames that the caller adds before `foldWeighted`. Counts of 16 bits are summed in integers: exactly.
import { BEYOND, ceilingOf, highCounts, lowCounts } from "./frames.as";
import { addProduct, one, total } from "./pairs.as";

/** The two upper numbers of four as float64. */
function upper(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
}

/** A vector with zeros for what is infinite or no number: only there a number less itself is not zero. */
function finite(p: usize): v128 {
  const v = v128.load(p);
  return v128.and(v, f32x4.eq(f32x4.sub(v, v), f32x4.splat(0)));
}

/** Sum of the finite ones of n numbers. Several independent sums avoid the latency of one chain of additions. */
export function frameSum32(frame: usize, n: i32): f64 {
  let s = f64x2.splat(0);
  let t = f64x2.splat(0);
  const blocks = frame + ((<usize>(n & ~31)) << 2);
  const end = frame + ((<usize>n) << 2);
  let p = frame;
  for (; p < blocks; p += 128) {
    const a = f32x4.add(finite(p), finite(p + 16));
    const b = f32x4.add(finite(p + 32), finite(p + 48));
    const c = f32x4.add(finite(p + 64), finite(p + 80));
    const d = f32x4.add(finite(p + 96), finite(p + 112));
    const all = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
    s = f64x2.add(s, f64x2.promote_low_f32x4(all));
    t = f64x2.add(t, upper(all));
  }
  let sum = total(f64x2.add(s, t));
  for (; p < end; p += 4) {
    const v = one<f32>(p);
    if (v - v === 0) sum += v;
  }
  return sum;
}

/** Vectors of 16 counts whose sums of pairs fit into the lanes of 32 bits. */
const MOST_VECTORS: usize = 16 * 8192;

/**
 * Sum of n counts of 16 bits, exact; a saturated one counts as its dark (0: none), so that it adds nothing above the
 * dark.
 */
export function frameSum16(counts: usize, dark: usize, saturation: f32, n: i32): f64 {
  const ceiling = ceilingOf(saturation);
  const most = i16x8.splat(<i16>ceiling);
  const eights = counts + ((<usize>(n & ~7)) << 1);
  const end = counts + ((<usize>n) << 1);
  let whole: u64 = 0;
  let replaced: f64 = 0;
  let p = counts;
  while (p < eights) {
    let s = i32x4.splat(0);
    const stop = min(eights, p + MOST_VECTORS);
    for (; p < stop; p += 16) {
      const eight = v128.load(p);
      if (ceiling < BEYOND && v128.any_true(i16x8.ge_u(eight, most))) {
        for (let i: usize = 0; i < 16; i += 2) replaced += countOr(p + i, counts, dark, ceiling);
      } else s = i32x4.add(s, i32x4.extadd_pairwise_i16x8_u(eight));
    }
    whole += <u64>(<u32>i32x4.extract_lane(s, 0)) + <u64>(<u32>i32x4.extract_lane(s, 1));
    whole += <u64>(<u32>i32x4.extract_lane(s, 2)) + <u64>(<u32>i32x4.extract_lane(s, 3));
  }
  for (; p < end; p += 2) replaced += countOr(p, counts, dark, ceiling);
  return <f64>whole + replaced;
}

/** One count, or its dark where it is saturated. */
function countOr(p: usize, counts: usize, dark: usize, ceiling: i32): f64 {
  const count = <i32>load<u16>(p);
  if (count < ceiling) return <f64>count;
  return dark ? <f64>load<f32>(dark + ((p - counts) << 1)) : 0;
}

/** sums [n] float32 += weight times counts of 16 bits; NaN where a count is saturated. */
export function addFrame16(sums: usize, counts: usize, saturation: f32, weight: f32, n: i32): void {
  const ceiling = ceilingOf(saturation);
  const most = i16x8.splat(<i16>ceiling);
  const w = f32x4.splat(weight);
  const eights = counts + ((<usize>(n & ~7)) << 1);
  const end = counts + ((<usize>n) << 1);
  let s = sums;
  let p = counts;
  for (; p < eights; p += 16, s += 32) {
    const eight = v128.load(p);
    v128.store(s, f32x4.add(v128.load(s), f32x4.mul(w, lowCounts(eight))));
    v128.store(s, f32x4.add(v128.load(s, 16), f32x4.mul(w, highCounts(eight))), 16);
    if (ceiling === BEYOND || !v128.any_true(i16x8.ge_u(eight, most))) continue;
    for (let i: usize = 0; i < 8; i++) {
      if (<i32>load<u16>(p + (i << 1)) >= ceiling) store<f32>(s + (i << 2), NaN);
    }
  }
  for (; p < end; p += 2, s += 4) {
    const count = <i32>load<u16>(p);
    store<f32>(s, count < ceiling ? load<f32>(s) + weight * <f32>count : <f32>NaN);
  }
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

/** sums [n] += weight times the frame, both in float32. */
export function addFrame32(sums: usize, frame: usize, weight: f32, n: i32): void {
  const w = f32x4.splat(weight);
  const eights = sums + ((<usize>(n & ~7)) << 2);
  const end = sums + ((<usize>n) << 2);
  let a = frame;
  let s = sums;
  for (; s < eights; s += 32) {
    v128.store(s, f32x4.add(v128.load(s), f32x4.mul(v128.load(a), w)));
    v128.store(s, f32x4.add(v128.load(s, 16), f32x4.mul(v128.load(a, 16), w)), 16);
    a += 32;
  }
  for (; s < end; s += 4) {
    store<f32>(s, load<f32>(s) + load<f32>(a) * weight);
    a += 4;
  }
}

/** The same in float64. */
export function addFrame64(sums: usize, frame: usize, weight: f64, n: i32): void {
  const w = f64x2.splat(weight);
  const twos = sums + ((<usize>(n & ~1)) << 3);
  let a = frame;
  let s = sums;
  for (; s < twos; s += 16) {
    v128.store(s, addProduct(v128.load(s), v128.load(a), w));
    a += 16;
  }
  if (n & 1) store<f64>(s, load<f64>(s) + load<f64>(a) * weight);
}

/** total [n] float64 += weight times the sums in float32, and sums = 0. */
export function foldWeighted(total: usize, sums: usize, weight: f64, n: i32): void {
  const w = f64x2.splat(weight);
  const zero = f32x4.splat(0);
  const fours = sums + ((<usize>(n & ~3)) << 2);
  const end = sums + ((<usize>n) << 2);
  let t = total;
  let s = sums;
  for (; s < fours; s += 16) {
    const v = v128.load(s);
    v128.store(t, addProduct(v128.load(t), f64x2.promote_low_f32x4(v), w));
    v128.store(t, addProduct(v128.load(t, 16), upper(v), w), 16);
    v128.store(s, zero);
    t += 32;
  }
  for (; s < end; s += 4) {
    store<f64>(t, load<f64>(t) + one<f32>(s) * weight);
    store<f32>(s, 0);
    t += 8;
  }
}
