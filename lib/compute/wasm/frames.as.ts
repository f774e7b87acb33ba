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
const BEYOND: i32 = 65536;

/** Four neighbouring counts of 16 bits as float32. They are below 2^31, so that the quicker signed conversion is exact. */
function lowCounts(eight: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(eight));
}

function highCounts(eight: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(eight));
}

/**
 * ln x / 16 of positive normal numbers, good to 1e-8 of one plus rounding: the exponent as it is, and ln m = 2 artanh((m - 1) /
 * (m + 1)) of the mantissa between 1 / sqrt 2 and sqrt 2, in powers up to the seventh (the next adds 2 0.172^9 / 9 / 16 < 2e-9).
 */
function sixteenthOfLogarithm(x: v128): v128 {
  // Taking off the bits of 1 / sqrt 2 first makes the exponent round where the mantissa passes sqrt 2.
  const exponent = i32x4.shr_s(i32x4.sub(x, i32x4.splat(0x3f3504f3)), 23);
  const m = i32x4.sub(x, i32x4.shl(exponent, 23));
  const s = f32x4.div(f32x4.sub(m, f32x4.splat(1)), f32x4.add(m, f32x4.splat(1)));
  const z = f32x4.mul(s, s);
  let p = f32x4.splat(2.0 / 16 / 7);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.0 / 16 / 5));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.0 / 16 / 3));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.0 / 16));
  const e = f32x4.mul(f32x4.convert_i32x4_s(exponent), f32x4.splat(<f32>(Math.LN2 / 16)));
  return f32x4.add(e, f32x4.mul(p, s));
}

/** Mean of ln((counts - dark) / 256) over one bin; NaN where a count is not above its dark, or is saturated. */
function binOf<T>(counts: usize, dark: usize, width: i32, factor: i32, saturation: f32): f32 {
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
 * Means of ln((counts - dark) / 256) over bins of factor x factor pixels, [rows, floor(width / factor)] in float32; NaN where a
 * pixel has none.
 *
 * @typeParam T counts: u16 or f32, [rows * factor, width]
 * @typeParam D f32 where there is a dark, of the same shape; bool where there is none
 */
function meanLogs<T, D>(
  counts: usize,
  dark: usize,
  saturation: f32,
  width: i32,
  factor: i32,
  rows: i32,
  out: usize,
): void {
  const columns = width / factor;
  const groups = factor === 4 ? columns & ~3 : 0;
  // Zero needs no limit: it has no logarithm anyway.
  const highest = max(1, saturation < <f32>BEYOND ? <i32>Mathf.ceil(saturation) : BEYOND) - 1;
  for (let r = 0; r < rows; r++) {
    const line = <usize>(r * factor * width);
    let p = counts + line * sizeof<T>();
    let q: usize = isFloat<D>() ? dark + (line << 2) : 0;
    const left = groupsOfRow<T, D>(p, q, saturation, highest, width, groups, out);
    p += <usize>groups * 4 * sizeof<T>();
    if (isFloat<D>()) q += (<usize>groups) << 4;
    out += (<usize>groups) << 2;
    if (left) oneByOne<T, D>(counts + line * sizeof<T>(), dark + (line << 2), saturation, width, groups, out);
    for (let c = groups; c < columns; c++) {
      store<f32>(out, binOf<T>(p, q, width, factor, saturation));
      p += <usize>factor * sizeof<T>();
      if (isFloat<D>()) q += (<usize>factor) << 2;
      out += 4;
    }
  }
}

/** Those bins of a row of 4 x 4 pixels that `groupsOfRow` marked by NaN; `end` is where they end. */
function oneByOne<T, D>(
  counts: usize,
  dark: usize,
  saturation: f32,
  width: i32,
  bins: i32,
  end: usize,
): void {
  const out = end - ((<usize>bins) << 2);
  for (let c: usize = 0; c < <usize>bins; c++) {
    const known = load<f32>(out + (c << 2));
    if (known <= 0 || known > 0) continue;
    const own: usize = isFloat<D>() ? dark + (c << 4) : 0;
    store<f32>(out + (c << 2), binOf<T>(counts + (c << 2) * sizeof<T>(), own, width, 4, saturation));
  }
}

/** Four counts, above their dark where there is one. */
function above<D>(four: v128, dark: usize): v128 {
  return isFloat<D>() ? f32x4.sub(four, v128.load(dark)) : four;
}

/**
 * Bins of a row of 4 x 4 pixels, four of them at a time; returns how many fours have to go number by number, and are NaN.
 *
 * Two counts below their dark would make a positive product: signs are collected beside it. Zero, NaN and what leaves the range of
 * float32 show in the product. All in one loop without a large call: one would cost it its registers.
 *
 * @param highest count that is not yet saturated, of 16 bits; saturation is the same for others
 */
function groupsOfRow<T, D>(
  counts: usize,
  dark: usize,
  saturation: f32,
  highest: i32,
  width: i32,
  bins: i32,
  row: usize,
): i32 {
  const countsPitch = <usize>width * sizeof<T>();
  const darkPitch = (<usize>width) << 2;
  let leftOut = 0;
  for (let bin = 0; bin < bins; bin += 4) {
    const out = row + ((<usize>bin) << 2);
    const p0 = counts + ((<usize>bin) << 2) * sizeof<T>();
    const q0: usize = isFloat<D>() ? dark + ((<usize>bin) << 4) : 0;
    const p1 = p0 + countsPitch;
    const p2 = p1 + countsPitch;
    const p3 = p2 + countsPitch;
    const q1 = q0 + darkPitch;
    const q2 = q1 + darkPitch;
    const q3 = q2 + darkPitch;
    // Each vector is loaded once, and kept: sixteen pixels of four rows.
    let bad: v128;
    let a0: v128, a1: v128, a2: v128, a3: v128, b0: v128, b1: v128, b2: v128, b3: v128;
    let c0: v128, c1: v128, c2: v128, c3: v128, d0: v128, d1: v128, d2: v128, d3: v128;
    if (sizeof<T>() === 2) {
      const e0 = v128.load(p0);
      const f0 = v128.load(p0, 16);
      const e1 = v128.load(p1);
      const f1 = v128.load(p1, 16);
      const e2 = v128.load(p2);
      const f2 = v128.load(p2, 16);
      const e3 = v128.load(p3);
      const f3 = v128.load(p3, 16);
      const first = i16x8.max_u(i16x8.max_u(e0, e1), i16x8.max_u(e2, e3));
      const second = i16x8.max_u(i16x8.max_u(f0, f1), i16x8.max_u(f2, f3));
      bad = i16x8.gt_u(i16x8.max_u(first, second), i16x8.splat(<i16>highest));
      a0 = above<D>(lowCounts(e0), q0);
      b0 = above<D>(highCounts(e0), q0 + 16);
      c0 = above<D>(lowCounts(f0), q0 + 32);
      d0 = above<D>(highCounts(f0), q0 + 48);
      a1 = above<D>(lowCounts(e1), q1);
      b1 = above<D>(highCounts(e1), q1 + 16);
      c1 = above<D>(lowCounts(f1), q1 + 32);
      d1 = above<D>(highCounts(f1), q1 + 48);
      a2 = above<D>(lowCounts(e2), q2);
      b2 = above<D>(highCounts(e2), q2 + 16);
      c2 = above<D>(lowCounts(f2), q2 + 32);
      d2 = above<D>(highCounts(f2), q2 + 48);
      a3 = above<D>(lowCounts(e3), q3);
      b3 = above<D>(highCounts(e3), q3 + 16);
      c3 = above<D>(lowCounts(f3), q3 + 32);
      d3 = above<D>(highCounts(f3), q3 + 48);
    } else {
      const limit = f32x4.splat(saturation);
      const a00 = v128.load(p0, 0);
      const a10 = v128.load(p1, 0);
      const a20 = v128.load(p2, 0);
      const a30 = v128.load(p3, 0);
      const b00 = v128.load(p0, 16);
      const b10 = v128.load(p1, 16);
      const b20 = v128.load(p2, 16);
      const b30 = v128.load(p3, 16);
      const c00 = v128.load(p0, 32);
      const c10 = v128.load(p1, 32);
      const c20 = v128.load(p2, 32);
      const c30 = v128.load(p3, 32);
      const d00 = v128.load(p0, 48);
      const d10 = v128.load(p1, 48);
      const d20 = v128.load(p2, 48);
      const d30 = v128.load(p3, 48);
      bad = v128.or(
        v128.or(
          v128.or(
            v128.or(f32x4.ge(a00, limit), f32x4.ge(a10, limit)),
            v128.or(f32x4.ge(a20, limit), f32x4.ge(a30, limit)),
          ),
          v128.or(
            v128.or(f32x4.ge(b00, limit), f32x4.ge(b10, limit)),
            v128.or(f32x4.ge(b20, limit), f32x4.ge(b30, limit)),
          ),
        ),
        v128.or(
          v128.or(
            v128.or(f32x4.ge(c00, limit), f32x4.ge(c10, limit)),
            v128.or(f32x4.ge(c20, limit), f32x4.ge(c30, limit)),
          ),
          v128.or(
            v128.or(f32x4.ge(d00, limit), f32x4.ge(d10, limit)),
            v128.or(f32x4.ge(d20, limit), f32x4.ge(d30, limit)),
          ),
        ),
      );
      a0 = above<D>(a00, q0);
      a1 = above<D>(a10, q1);
      a2 = above<D>(a20, q2);
      a3 = above<D>(a30, q3);
      b0 = above<D>(b00, q0 + 16);
      b1 = above<D>(b10, q1 + 16);
      b2 = above<D>(b20, q2 + 16);
      b3 = above<D>(b30, q3 + 16);
      c0 = above<D>(c00, q0 + 32);
      c1 = above<D>(c10, q1 + 32);
      c2 = above<D>(c20, q2 + 32);
      c3 = above<D>(c30, q3 + 32);
      d0 = above<D>(d00, q0 + 48);
      d1 = above<D>(d10, q1 + 48);
      d2 = above<D>(d20, q2 + 48);
      d3 = above<D>(d30, q3 + 48);
    }
    const a = f32x4.mul(f32x4.mul(a0, a1), f32x4.mul(a2, a3));
    const b = f32x4.mul(f32x4.mul(b0, b1), f32x4.mul(b2, b3));
    const c = f32x4.mul(f32x4.mul(c0, c1), f32x4.mul(c2, c3));
    const d = f32x4.mul(f32x4.mul(d0, d1), f32x4.mul(d2, d3));
    // Turned, so that each lane holds what belongs to one bin.
    const t0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const t1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const t2 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    const t3 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    const u0 = v128.shuffle<f32>(t0, t2, 0, 1, 4, 5);
    const u1 = v128.shuffle<f32>(t0, t2, 2, 3, 6, 7);
    const u2 = v128.shuffle<f32>(t1, t3, 0, 1, 4, 5);
    const u3 = v128.shuffle<f32>(t1, t3, 2, 3, 6, 7);
    // 256^-8 for each half: eight counts of 16 bits make 2^128 less a little, which float32 just holds.
    const share = f32x4.splat(<f32>5.421010862427522e-20);
    const product = f32x4.mul(f32x4.mul(f32x4.mul(u0, u1), share), f32x4.mul(f32x4.mul(u2, u3), share));
    // Below what float32 holds well, infinite, or none.
    bad = v128.or(bad, f32x4.lt(product, f32x4.splat(<f32>1.1754943508222875e-38)));
    bad = v128.or(bad, f32x4.ne(f32x4.sub(product, product), f32x4.splat(0)));
    if (sizeof<T>() === 4 || isFloat<D>()) {
      const left = v128.or(
        v128.or(v128.or(a0, a1), v128.or(a2, a3)),
        v128.or(v128.or(b0, b1), v128.or(b2, b3)),
      );
      const right = v128.or(
        v128.or(v128.or(c0, c1), v128.or(c2, c3)),
        v128.or(v128.or(d0, d1), v128.or(d2, d3)),
      );
      bad = v128.or(bad, i32x4.shr_s(v128.or(left, right), 31));
    }
    if (v128.any_true(bad)) {
      v128.store(out, i32x4.splat(-1));
      leftOut++;
      continue;
    }
    v128.store(out, sixteenthOfLogarithm(product));
  }
  return leftOut;
}

export function meanLogs16(
  counts: usize,
  dark: usize,
  saturation: f32,
  width: i32,
  factor: i32,
  rows: i32,
  out: usize,
): void {
  if (dark) meanLogs<u16, f32>(counts, dark, saturation, width, factor, rows, out);
  else meanLogs<u16, bool>(counts, dark, saturation, width, factor, rows, out);
}

export function meanLogs32(
  counts: usize,
  dark: usize,
  saturation: f32,
  width: i32,
  factor: i32,
  rows: i32,
  out: usize,
): void {
  if (dark) meanLogs<f32, f32>(counts, dark, saturation, width, factor, rows, out);
  else meanLogs<f32, bool>(counts, dark, saturation, width, factor, rows, out);
}

/**
 * out = flat - sample - logScale: absorbance from means of logarithms, all float32. Where a value is NaN the bin's number goes to
 * `slow`.
 *
 * @returns how many there are
 */
export function differences(sample: usize, flat: usize, n: i32, logScale: f32, out: usize, slow: usize): i32 {
  const offset = f32x4.splat(logScale);
  let count = 0;
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const at = (<usize>i) << 2;
    const value = f32x4.sub(f32x4.sub(v128.load(flat + at), v128.load(sample + at)), offset);
    v128.store(out + at, value);
    if (!v128.any_true(f32x4.ne(value, value))) continue;
    for (let k = i; k < i + 4; k++) count = list(out, k, slow, count);
  }
  for (; i < n; i++) {
    const at = (<usize>i) << 2;
    store<f32>(out + at, load<f32>(flat + at) - load<f32>(sample + at) - logScale);
    count = list(out, i, slow, count);
  }
  return count;
}

/** Puts a bin without a value on the list; returns the list's new length. */
function list(out: usize, bin: i32, slow: usize, count: i32): i32 {
  const value = load<f32>(out + ((<usize>bin) << 2));
  if (value >= 0 || value < 0) return count;
  store<i32>(slow + ((<usize>count) << 2), bin);
  return count + 1;
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
  const ceiling = saturation < <f32>BEYOND ? <i32>Mathf.ceil(saturation) : BEYOND;
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
 * Mean counts above the dark of a few images, (sum - dark weight) / sweeps, all in float32, and sum = 0.
 *
 * @param dark float32; 0: none
 */
export function meanOfFew(sum: usize, dark: usize, n: i32, weight: f32, sweeps: f32, out: usize): void {
  const w = f32x4.splat(weight);
  const share = f32x4.splat(1 / sweeps);
  const zero = f32x4.splat(0);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const at = (<usize>i) << 2;
    let v = v128.load(sum + at);
    if (dark) v = f32x4.sub(v, f32x4.mul(w, v128.load(dark + at)));
    v128.store(out + at, f32x4.mul(v, share));
    v128.store(sum + at, zero);
  }
  for (; i < n; i++) {
    const at = (<usize>i) << 2;
    const d: f32 = dark ? weight * load<f32>(dark + at) : 0;
    store<f32>(out + at, (load<f32>(sum + at) - d) * (1 / sweeps));
    store<f32>(sum + at, 0);
  }
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
