// Counts of a camera to absorbance in bins: one logarithm for each bin instead of one for each pixel.
//
// The mean of ln I over the k pixels of a bin is (ln product I) / k. That is exact, as long as the product of the counts fits into a
// number. Logarithms count from 256, the middle of what 16 bits hold: the product of 16 counts over 256 each lies between
// 2^-128 and 2^128, the range of float32, and what is stored in float32 is a small number, good to 2e-7. A bin in which a pixel is
// not above its dark or is saturated has no such product; it is left to the caller, who looks at each of its pixels.

/** ln 256. */
const ORIGIN: f64 = 8 * Math.LN2;
/** Products in float64 are folded into logarithms beyond this. */
const LARGE: f64 = 1e280;
const SMALL: f64 = 1e-280;
/** First count of 16 bits that no count reaches. */
export const BEYOND: i32 = 65536;

/** First count of 16 bits that is saturated. */
export function ceilingOf(saturation: f32): i32 {
  return saturation < <f32>BEYOND ? <i32>Mathf.ceil(saturation) : BEYOND;
}

/** Four neighboring counts of 16 bits as float32. They are below 2^31, so that the quicker signed conversion is exact. */
export function lowCounts(eight: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(eight));
}

export function highCounts(eight: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(eight));
}

// Vectors of one constant each. The inner loops read them from memory: as literals they would take the registers.
const constants = memory.data(10 * 16);
const SHARE: usize = 0;
const LEAST: usize = 16;
const RANGE: usize = 32;
const ROOT: usize = 48;
const ONE: usize = 64;
const SEVENTH: usize = 80;
const FIFTH: usize = 96;
const THIRD: usize = 112;
const FIRST: usize = 128;
const LN2: usize = 144;
// 256^-8, for each half of a product: eight counts of 16 bits make 2^128 less a little, which float32 just holds.
v128.store(constants + SHARE, f32x4.splat(<f32>5.421010862427522e-20));
// Bits of the least normal number, and how many numbers follow until infinity.
v128.store(constants + LEAST, i32x4.splat(0x00800000));
v128.store(constants + RANGE, i32x4.splat(0x7f000000));
// Bits of 1 / sqrt 2.
v128.store(constants + ROOT, i32x4.splat(0x3f3504f3));
v128.store(constants + ONE, f32x4.splat(1));
v128.store(constants + SEVENTH, f32x4.splat(2.0 / 16 / 7));
v128.store(constants + FIFTH, f32x4.splat(2.0 / 16 / 5));
v128.store(constants + THIRD, f32x4.splat(2.0 / 16 / 3));
v128.store(constants + FIRST, f32x4.splat(2.0 / 16));
v128.store(constants + LN2, f32x4.splat(<f32>(Math.LN2 / 16)));

function constant(which: usize): v128 {
  return v128.load(constants + which);
}

/**
 * ln x / 16 of positive normal numbers, good to 1e-8 of one plus rounding: the exponent as it is, and ln m = 2 artanh((m - 1) /
 * (m + 1)) of the mantissa between 1 / sqrt 2 and sqrt 2, in powers up to the seventh (the next adds 2 0.172^9 / 9 / 16 < 2e-9).
 */
function sixteenthOfLogarithm(x: v128): v128 {
  // Taking off the bits of 1 / sqrt 2 first makes the exponent round where the mantissa passes sqrt 2.
  const exponent = i32x4.shr_s(i32x4.sub(x, constant(ROOT)), 23);
  const m = i32x4.sub(x, i32x4.shl(exponent, 23));
  const one = constant(ONE);
  const s = f32x4.div(f32x4.sub(m, one), f32x4.add(m, one));
  const z = f32x4.mul(s, s);
  let p = f32x4.add(f32x4.mul(constant(SEVENTH), z), constant(FIFTH));
  p = f32x4.add(f32x4.mul(p, z), constant(THIRD));
  p = f32x4.add(f32x4.mul(p, z), constant(FIRST));
  return f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(exponent), constant(LN2)), f32x4.mul(p, s));
}

/** Mean of ln((counts - dark) / 256) over one bin; NaN where a count is not above its dark, or is saturated. */
function binOf<T>(counts: usize, dark: usize, saturation: f32, width: i32, factor: i32): f32 {
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
  return <f32>((folded + Math.log(product)) / <f64>(factor * factor) - ORIGIN);
}

/**
 * Means of ln((counts - dark) / 256) over bins of factor x factor pixels, [rows, floor(width / factor)] in float32: less `offset`,
 * or, where there is a flat, the flat's means less them and less `offset`. A bin in which a pixel has no value is NaN, and its
 * number goes to `slow`.
 *
 * Bins of 4 x 4 pixels go in two short loops, products of the columns to a scratch row, then logarithms: one long loop would not
 * keep its vectors in registers.
 *
 * @typeParam T counts: u16 or f32, [rows * factor, width]
 * @typeParam D f32 where there is a dark, of the same shape; bool where there is none
 * @param limits of the dark, see `darkLimits`
 * @param scratch of `width` numbers
 * @returns length of the list `slow`
 */
function meanLogs<T, D>(
  counts: usize,
  dark: usize,
  limits: usize,
  saturation: f32,
  width: i32,
  factor: i32,
  rows: i32,
  flat: usize,
  offset: f32,
  scratch: usize,
  out: usize,
  slow: usize,
): i32 {
  const columns = width / factor;
  const groups = factor === 4 ? columns & ~3 : 0;
  // Zero needs no limit: it has no logarithm anyway.
  const highest = max(1, ceilingOf(saturation)) - 1;
  let listed = 0;
  for (let r = 0; r < rows; r++) {
    const line = <usize>(r * factor * width);
    const p = counts + line * sizeof<T>();
    const q: usize = isFloat<D>() ? dark + (line << 2) : 0;
    const first = (<usize>(r * columns)) << 2;
    const i0 = flat ? flat + first : 0;
    const to = out + first;
    let known = 0;
    if (groups) {
      products<T, D>(p, q, limits + ((<usize>(r * width)) << 1), highest, width, groups << 2, scratch);
      known = flat
        ? logarithms<f32>(scratch, groups, i0, offset, to)
        : logarithms<bool>(scratch, groups, 0, offset, to);
      if (known === groups && groups === columns) continue;
    }
    for (let c = known === groups ? groups : 0; c < columns; c++) {
      const at = (<usize>c) << 2;
      if (c < groups) {
        const value = load<f32>(to + at);
        if (value <= 0 || value > 0) continue;
      }
      const x = <usize>(c * factor);
      const log = binOf<T>(p + x * sizeof<T>(), isFloat<D>() ? q + (x << 2) : 0, saturation, width, factor);
      const value = (flat ? load<f32>(i0 + at) - log : log) - offset;
      store<f32>(to + at, value);
      if (value <= 0 || value > 0) continue;
      store<i32>(slow + ((<usize>listed) << 2), r * columns + c);
      listed++;
    }
  }
  return listed;
}

/**
 * Products of four pixels above each other, above their dark, of n columns, to `out`; NaN where one may have no value: neighbors of
 * such a pixel may be NaN, too.
 */
function products<T, D>(
  counts: usize,
  dark: usize,
  limits: usize,
  highest: i32,
  width: i32,
  n: i32,
  out: usize,
): void {
  const countsPitch = <usize>width * sizeof<T>();
  const darkPitch = (<usize>width) << 2;
  const end = out + ((<usize>n) << 2);
  const p1 = countsPitch;
  const p2 = p1 + countsPitch;
  const p3 = p2 + countsPitch;
  if (sizeof<T>() === 4) {
    for (let p = counts; out < end; p += 16, out += 16) {
      const a = v128.load(p);
      const b = v128.load(p + p1);
      const c = v128.load(p + p2);
      const d = v128.load(p + p3);
      // Two negative numbers would make a positive product. NaN shows in the product.
      const signs = i32x4.shr_s(v128.or(v128.or(a, b), v128.or(c, d)), 31);
      v128.store(out, v128.or(f32x4.mul(f32x4.mul(a, b), f32x4.mul(c, d)), signs));
    }
    return;
  }
  const top = i16x8.splat(<i16>highest);
  const q1 = darkPitch;
  const q2 = q1 + darkPitch;
  const q3 = q2 + darkPitch;
  for (let p = counts, q = dark, m = limits; out < end; p += 16, q += 32, m += 16, out += 32) {
    const a = v128.load(p);
    const b = v128.load(p + p1);
    const c = v128.load(p + p2);
    const d = v128.load(p + p3);
    let bad = i16x8.gt_u(i16x8.max_u(i16x8.max_u(a, b), i16x8.max_u(c, d)), top);
    if (isFloat<D>()) {
      bad = v128.or(bad, i16x8.le_u(i16x8.min_u(i16x8.min_u(a, b), i16x8.min_u(c, d)), v128.load(m)));
    }
    if (v128.any_true(bad)) {
      v128.store(out, i32x4.splat(-1));
      v128.store(out, i32x4.splat(-1), 16);
      continue;
    }
    const low = f32x4.mul(above<D>(lowCounts(a), q), above<D>(lowCounts(b), q + q1));
    const low2 = f32x4.mul(above<D>(lowCounts(c), q + q2), above<D>(lowCounts(d), q + q3));
    v128.store(out, f32x4.mul(low, low2));
    const high = f32x4.mul(above<D>(highCounts(a), q + 16), above<D>(highCounts(b), q + q1 + 16));
    const high2 = f32x4.mul(above<D>(highCounts(c), q + q2 + 16), above<D>(highCounts(d), q + q3 + 16));
    v128.store(out, f32x4.mul(high, high2), 16);
  }
}

/** Four counts, above their dark where there is one. */
function above<D>(four: v128, dark: usize): v128 {
  return isFloat<D>() ? f32x4.sub(four, v128.load(dark)) : four;
}

/**
 * Logarithms of bins of 4 x 4 pixels from the products of their columns, as `meanLogs` puts them out; NaN where a product is none, or
 * leaves the range of float32. Returns how many bins of the row, from the first on, are known to have a value: all or none.
 *
 * @typeParam F f32 where there is a flat, bool where there is none
 */
function logarithms<F>(columns: usize, bins: i32, flat: usize, offset: f32, out: usize): i32 {
  const less = f32x4.splat(offset);
  const end = out + ((<usize>bins) << 2);
  let odd = i32x4.splat(0);
  for (let p = columns; out < end; p += 64, out += 16) {
    const a = v128.load(p);
    const b = v128.load(p, 16);
    const c = v128.load(p, 32);
    const d = v128.load(p, 48);
    // Turned, so that each lane holds what belongs to one bin.
    const t0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const t1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const t2 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    const t3 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    const u0 = v128.shuffle<f32>(t0, t2, 0, 1, 4, 5);
    const u1 = v128.shuffle<f32>(t0, t2, 2, 3, 6, 7);
    const u2 = v128.shuffle<f32>(t1, t3, 0, 1, 4, 5);
    const u3 = v128.shuffle<f32>(t1, t3, 2, 3, 6, 7);
    const share = constant(SHARE);
    const product = f32x4.mul(f32x4.mul(f32x4.mul(u0, u1), share), f32x4.mul(f32x4.mul(u2, u3), share));
    // Zero, too small for float32, negative, infinite or NaN: one comparison without a sign.
    const bad = i32x4.ge_u(i32x4.sub(product, constant(LEAST)), constant(RANGE));
    const log = sixteenthOfLogarithm(product);
    const value = f32x4.sub(isFloat<F>() ? f32x4.sub(v128.load(flat), log) : log, less);
    if (isFloat<F>()) flat += 16;
    const known = v128.or(value, bad);
    v128.store(out, known);
    odd = v128.or(odd, f32x4.ne(known, known));
  }
  return v128.any_true(odd) ? 0 : bins;
}

/**
 * For each column of four pixels above each other the largest whole number that is not above all four darks: counts of 16 bits
 * above it are above their dark. To `out` [rows, width], 16 bits each.
 */
export function darkLimits(dark: usize, width: i32, rows: i32, out: usize): void {
  const pitch = (<usize>width) << 2;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < width; c++) {
      let limit: f32 = 0;
      for (let y = 0; y < 4; y++) {
        const d = load<f32>(dark + <usize>(4 * r + y) * pitch + ((<usize>c) << 2));
        // Not above zero and not NaN: such a dark decides nothing here, and all goes number by number.
        limit = d < <f32>BEYOND ? max(limit, Mathf.floor(d)) : <f32>(BEYOND - 1);
        if (!(d < <f32>BEYOND)) break;
      }
      store<u16>(out, <u16>limit);
      out += 2;
    }
  }
}

export function meanLogs16(
  counts: usize,
  dark: usize,
  limits: usize,
  saturation: f32,
  width: i32,
  factor: i32,
  rows: i32,
  flat: usize,
  offset: f32,
  scratch: usize,
  out: usize,
  slow: usize,
): i32 {
  return dark
    ? meanLogs<u16, f32>(
        counts,
        dark,
        limits,
        saturation,
        width,
        factor,
        rows,
        flat,
        offset,
        scratch,
        out,
        slow,
      )
    : meanLogs<u16, bool>(counts, 0, 0, saturation, width, factor, rows, flat, offset, scratch, out, slow);
}

/** The same of counts that are corrected already. */
export function meanLogs32(
  counts: usize,
  width: i32,
  factor: i32,
  rows: i32,
  flat: usize,
  offset: f32,
  scratch: usize,
  out: usize,
  slow: usize,
): i32 {
  return meanLogs<f32, bool>(counts, 0, 0, Infinity, width, factor, rows, flat, offset, scratch, out, slow);
}

/**
 * sum += weight counts, float32. Where a count is saturated its weights go to `missing` (weight) and `missingSweeps` instead.
 *
 * @returns how many counts were saturated
 */
export function accumulate16(
  counts: usize,
  n: i32,
  saturation: f32,
  weight: f32,
  sweeps: f32,
  sum: usize,
  missing: usize,
  missingSweeps: usize,
): i32 {
  const ceiling = ceilingOf(saturation);
  const most = i16x8.splat(<i16>ceiling);
  const w = f32x4.splat(weight);
  let saturated = 0;
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    const eight = v128.load(counts + ((<usize>i) << 1));
    if (ceiling < BEYOND && v128.any_true(i16x8.ge_u(eight, most))) {
      for (let k = i; k < i + 8; k++) {
        saturated += addOne(counts, k, ceiling, weight, sweeps, sum, missing, missingSweeps);
      }
      continue;
    }
    const at = sum + ((<usize>i) << 2);
    v128.store(at, f32x4.add(v128.load(at), f32x4.mul(w, lowCounts(eight))));
    v128.store(at, f32x4.add(v128.load(at, 16), f32x4.mul(w, highCounts(eight))), 16);
  }
  for (; i < n; i++) saturated += addOne(counts, i, ceiling, weight, sweeps, sum, missing, missingSweeps);
  return saturated;
}

function addOne(
  counts: usize,
  i: i32,
  ceiling: i32,
  weight: f32,
  sweeps: f32,
  sum: usize,
  missing: usize,
  missingSweeps: usize,
): i32 {
  const count = <i32>load<u16>(counts + ((<usize>i) << 1));
  const at = (<usize>i) << 2;
  if (count < ceiling) {
    store<f32>(sum + at, load<f32>(sum + at) + weight * <f32>count);
    return 0;
  }
  store<f32>(missing + at, load<f32>(missing + at) + weight);
  store<f32>(missingSweeps + at, load<f32>(missingSweeps + at) + sweeps);
  return 1;
}

/** total = sum in float64, or total + sum, and sum = 0: float32 sums stay short. */
export function foldSums(sum: usize, n: i32, total: usize, add: bool): void {
  const zero = f32x4.splat(0);
  if (!add) memory.fill(total, 0, (<usize>n) << 3);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const from = sum + ((<usize>i) << 2);
    const to = total + ((<usize>i) << 3);
    const v = v128.load(from);
    v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(v)));
    const upper = f64x2.promote_low_f32x4(v128.shuffle<i32>(v, v, 2, 3, 2, 3));
    v128.store(to, f64x2.add(v128.load(to, 16), upper), 16);
    v128.store(from, zero);
  }
  for (; i < n; i++) {
    const from = sum + ((<usize>i) << 2);
    const to = total + ((<usize>i) << 3);
    store<f64>(to, load<f64>(to) + <f64>load<f32>(from));
    store<f32>(from, 0);
  }
}

/**
 * Mean counts above the dark of a few images, (sum - dark weight) / sweeps, all in float32, and sum = 0. A pixel of which some are
 * missing goes by itself, in float64: what is beside it changes nothing.
 *
 * @param dark float32; 0: none
 * @param missing, missingSweeps float32; 0: none
 */
export function meanOfFew(
  sum: usize,
  dark: usize,
  missing: usize,
  missingSweeps: usize,
  n: i32,
  weight: f32,
  sweeps: f32,
  out: usize,
): void {
  const w = f32x4.splat(weight);
  const share = f32x4.splat(1 / sweeps);
  const zero = f32x4.splat(0);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const at = (<usize>i) << 2;
    if (missing && v128.any_true(v128.load(missing + at))) {
      for (let k = i; k < i + 4; k++) meanOfOne(sum, dark, missing, missingSweeps, k, weight, sweeps, out);
      continue;
    }
    let v = v128.load(sum + at);
    if (dark) v = f32x4.sub(v, f32x4.mul(w, v128.load(dark + at)));
    v128.store(out + at, f32x4.mul(v, share));
    v128.store(sum + at, zero);
  }
  for (; i < n; i++) meanOfOne(sum, dark, missing, missingSweeps, i, weight, sweeps, out);
}

function meanOfOne(
  sum: usize,
  dark: usize,
  missing: usize,
  missingSweeps: usize,
  i: i32,
  weight: f32,
  sweeps: f32,
  out: usize,
): void {
  const at = (<usize>i) << 2;
  const own = load<f32>(sum + at);
  const below: f32 = dark ? load<f32>(dark + at) : 0;
  store<f32>(sum + at, 0);
  const m: f32 = missing ? load<f32>(missing + at) : 0;
  if (m === 0) {
    store<f32>(out + at, (own - weight * below) * (1 / sweeps));
    return;
  }
  const s = <f64>sweeps - <f64>load<f32>(missingSweeps + at);
  const mean = (<f64>own - <f64>below * (<f64>weight - <f64>m)) / s;
  store<f32>(out + at, s > 0 ? <f32>mean : NaN);
}

/**
 * Mean counts above the dark, (total - dark (weight - missing)) / (sweeps - missingSweeps), in float32; NaN where nothing is left.
 *
 * @param dark float32; 0: none
 * @param missing, missingSweeps float32; 0: none
 */
export function meanCounts(
  total: usize,
  dark: usize,
  missing: usize,
  missingSweeps: usize,
  n: i32,
  weight: f64,
  sweeps: f64,
  out: usize,
): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const at = i << 2;
    const w = missing ? weight - <f64>load<f32>(missing + at) : weight;
    const s = missing ? sweeps - <f64>load<f32>(missingSweeps + at) : sweeps;
    const d = dark ? <f64>load<f32>(dark + at) : 0;
    store<f32>(out + at, s > 0 ? <f32>((load<f64>(total + (i << 3)) - d * w) / s) : NaN);
  }
}
