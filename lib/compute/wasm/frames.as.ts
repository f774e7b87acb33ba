// Counts of a camera to absorbance in bins: one logarithm for each bin instead of one for each pixel.
//
// The mean of ln(I0 / I) over the k pixels of a bin is (sum ln I0 - ln product I) / k. That is exact, as long as the product of the
// counts fits into a number: float64 holds products up to 2^1023, and a bin of 4 x 4 counts of 16 bits reaches 2^256. Longer
// products are folded into a sum of logarithms before they overflow. A bin in which any pixel is not above its dark or is
// saturated has no such product; it is left to the caller, who looks at each of its pixels.
import { pair } from "./pairs.as";

/** Products are folded into logarithms beyond this. */
const LARGE: f64 = 1e280;
const SMALL: f64 = 1e-280;

/** Four neighbouring counts of 16 bits as float32. They are below 2^31, so that the quicker signed conversion is exact. */
function lowCounts(eight: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(eight));
}

function highCounts(eight: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(eight));
}

/**
 * Natural logarithms of two positive normal numbers, good to 1e-10: the exponent as it is, and ln m = 2 artanh((m - 1) / (m + 1))
 * of the mantissa between 1 / sqrt 2 and sqrt 2, in powers up to the eleventh (the next would add 2 0.172^13 / 13 < 2e-11).
 */
function logarithms(x: v128): v128 {
  // Taking off the bits of 1 / sqrt 2 first makes the exponent round where the mantissa passes sqrt 2.
  const shifted = i64x2.sub(x, i64x2.splat(0x3fe6a09e00000000));
  const exponent = i64x2.shr_s(shifted, 52);
  const m = i64x2.sub(x, i64x2.shl(exponent, 52));
  const s = f64x2.div(f64x2.sub(m, f64x2.splat(1)), f64x2.add(m, f64x2.splat(1)));
  const z = f64x2.mul(s, s);
  let p = f64x2.splat(2.0 / 11);
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(2.0 / 9));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(2.0 / 7));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(2.0 / 5));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(2.0 / 3));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(2));
  let e = f64x2.splat(<f64>(<i32>i64x2.extract_lane(exponent, 0)));
  e = f64x2.replace_lane(e, 1, <f64>(<i32>i64x2.extract_lane(exponent, 1)));
  return f64x2.add(f64x2.mul(e, f64x2.splat(Math.LN2)), f64x2.mul(p, s));
}

/** ln of the product of one bin's counts less their dark; NaN where a count is not above it, or is saturated. */
function logProduct<T>(counts: usize, dark: usize, width: i32, factor: i32, saturation: f32): f64 {
  let product: f64 = 1;
  let folded: f64 = 0;
  for (let y = 0; y < factor; y++) {
    for (let x = 0; x < factor; x++) {
      const i = <usize>(y * width + x);
      const raw = <f32>load<T>(counts + i * sizeof<T>());
      const v = dark ? raw - load<f32>(dark + (i << 2)) : raw;
      // Also false for NaN.
      if (!(v > 0 && raw < saturation)) return NaN;
      product *= <f64>v;
      if (product > LARGE || product < SMALL) {
        folded += Math.log(product);
        product = 1;
      }
    }
  }
  return folded + Math.log(product);
}

/**
 * Sums of ln(counts - dark) over bins of factor x factor pixels, [rows, floor(width / factor)]; NaN where a pixel has none.
 *
 * @param counts uint16 or float32, [rows * factor, width]
 * @param dark float32, same shape; 0: none
 */
function sumLogs<T>(
  counts: usize,
  dark: usize,
  saturation: f32,
  width: i32,
  factor: i32,
  rows: i32,
  out: usize,
): void {
  const columns = width / factor;
  for (let r = 0; r < rows; r++) {
    const line = <usize>(r * factor * width);
    let c = 0;
    if (factor === 4) {
      for (; c + 4 <= columns; c += 4) {
        const i = line + <usize>(c * 4);
        fourBins<T>(counts + i * sizeof<T>(), dark ? dark + (i << 2) : 0, width, saturation, out);
        out += 32;
      }
    }
    for (; c < columns; c++) {
      const i = line + <usize>(c * factor);
      store<f64>(
        out,
        logProduct<T>(counts + i * sizeof<T>(), dark ? dark + (i << 2) : 0, width, factor, saturation),
      );
      out += 8;
    }
  }
}

/**
 * Four bins of 4 x 4 pixels beside each other. Four factors of 16 bits fit into float32, sixteen into float64.
 *
 * pmin and pmax drop a NaN of the second operand, which is why products are looked at, too: they keep it.
 */
function fourBins<T>(counts: usize, dark: usize, width: i32, saturation: f32, out: usize): void {
  const countsPitch = <usize>width * sizeof<T>();
  const darkPitch = (<usize>width) << 2;
  let a = f32x4.splat(1);
  let b = a;
  let c = a;
  let d = a;
  let least = f32x4.splat(Infinity);
  let most = f32x4.splat(0);
  let mostCounts = i16x8.splat(0);
  let p = counts;
  let q = dark;
  for (let y = 0; y < 4; y++) {
    let v0: v128;
    let v1: v128;
    let v2: v128;
    let v3: v128;
    if (sizeof<T>() === 2) {
      const first = v128.load(p);
      const second = v128.load(p, 16);
      mostCounts = i16x8.max_u(mostCounts, i16x8.max_u(first, second));
      v0 = lowCounts(first);
      v1 = highCounts(first);
      v2 = lowCounts(second);
      v3 = highCounts(second);
    } else {
      v0 = v128.load(p);
      v1 = v128.load(p, 16);
      v2 = v128.load(p, 32);
      v3 = v128.load(p, 48);
      most = f32x4.pmax(most, f32x4.pmax(f32x4.pmax(v0, v1), f32x4.pmax(v2, v3)));
    }
    if (dark) {
      v0 = f32x4.sub(v0, v128.load(q));
      v1 = f32x4.sub(v1, v128.load(q, 16));
      v2 = f32x4.sub(v2, v128.load(q, 32));
      v3 = f32x4.sub(v3, v128.load(q, 48));
      q += darkPitch;
    }
    least = f32x4.pmin(least, f32x4.pmin(f32x4.pmin(v0, v1), f32x4.pmin(v2, v3)));
    a = f32x4.mul(a, v0);
    b = f32x4.mul(b, v1);
    c = f32x4.mul(c, v2);
    d = f32x4.mul(d, v3);
    p += countsPitch;
  }
  if (sizeof<T>() === 2) most = f32x4.pmax(lowCounts(mostCounts), highCounts(mostCounts));
  // Counts beyond 16 bits, or below 2^-16 above their dark, could leave the range of float32.
  let good = v128.and(
    v128.and(f32x4.ge(least, f32x4.splat(<f32>1.52587890625e-5)), f32x4.lt(most, f32x4.splat(saturation))),
    f32x4.le(most, f32x4.splat(65535)),
  );
  good = v128.and(good, v128.and(f32x4.eq(a, a), f32x4.eq(b, b)));
  good = v128.and(good, v128.and(f32x4.eq(c, c), f32x4.eq(d, d)));
  if (!i32x4.all_true(good)) {
    for (let k: usize = 0; k < 4; k++) {
      const at = dark ? dark + (k << 4) : 0;
      store<f64>(out + (k << 3), logProduct<T>(counts + (k << 2) * sizeof<T>(), at, width, 4, saturation));
    }
    return;
  }
  // Turned, so that each lane holds what belongs to one bin.
  const t0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const t1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const t2 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const t3 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  const u0 = v128.shuffle<f32>(t0, t2, 0, 1, 4, 5);
  const u1 = v128.shuffle<f32>(t0, t2, 2, 3, 6, 7);
  const u2 = v128.shuffle<f32>(t1, t3, 0, 1, 4, 5);
  const u3 = v128.shuffle<f32>(t1, t3, 2, 3, 6, 7);
  v128.store(out, logarithms(f64x2.mul(f64x2.mul(lower(u0), lower(u1)), f64x2.mul(lower(u2), lower(u3)))));
  v128.store(
    out,
    logarithms(f64x2.mul(f64x2.mul(upper(u0), upper(u1)), f64x2.mul(upper(u2), upper(u3)))),
    16,
  );
}

function lower(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

function upper(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i32>(v, v, 2, 3, 2, 3));
}

export function sumLogs16(
  counts: usize,
  dark: usize,
  saturation: f32,
  width: i32,
  factor: i32,
  rows: i32,
  out: usize,
): void {
  sumLogs<u16>(counts, dark, saturation, width, factor, rows, out);
}

export function sumLogs32(
  counts: usize,
  dark: usize,
  saturation: f32,
  width: i32,
  factor: i32,
  rows: i32,
  out: usize,
): void {
  sumLogs<f32>(counts, dark, saturation, width, factor, rows, out);
}

/**
 * out = (flat - sample) / pixels - logScale in float32: absorbance from sums of logarithms. Where either is NaN the bin's number
 * goes to `slow`.
 *
 * @returns how many there are
 */
export function differences(
  sample: usize,
  flat: usize,
  n: i32,
  pixels: f64,
  logScale: f64,
  out: usize,
  slow: usize,
): i32 {
  const share = f64x2.splat(1 / pixels);
  const offset = f64x2.splat(logScale);
  let count = 0;
  let i = 0;
  for (; i + 2 <= n; i += 2) {
    const at = (<usize>i) << 3;
    const value = f64x2.sub(
      f64x2.mul(f64x2.sub(pair<f64>(flat + at), pair<f64>(sample + at)), share),
      offset,
    );
    v128.store64_lane(out + ((<usize>i) << 2), f32x4.demote_f64x2_zero(value), 0);
    if (!v128.any_true(f64x2.ne(value, value))) continue;
    for (let k = i; k < i + 2; k++) {
      if (hasNumber(load<f32>(out + ((<usize>k) << 2)))) continue;
      store<i32>(slow + ((<usize>count) << 2), k);
      count += 1;
    }
  }
  if (i < n) {
    const at = (<usize>i) << 3;
    const value = (load<f64>(flat + at) - load<f64>(sample + at)) * (1 / pixels) - logScale;
    store<f32>(out + ((<usize>i) << 2), <f32>value);
    if (!hasNumber(<f32>value)) {
      store<i32>(slow + ((<usize>count) << 2), i);
      count += 1;
    }
  }
  return count;
}

/** False for NaN, which is not above or below anything. */
function hasNumber(value: f32): bool {
  return value >= 0 || value < 0;
}
