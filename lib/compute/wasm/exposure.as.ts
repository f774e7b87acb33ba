// One frame of the simulated camera: light through what is in the beam, photon and read noise, whole counts. Eight pixels at a
// time; the plain twins (lib/beamline/transmit.ts and devices/exposure.ts, where everything is described) give the same bits: each
// operation here is one of theirs in float32, in the same order.

/** Places in the block of numbers that a frame's noise is made of, bytes: see `Exposure.block`. */
const SLOPE: usize = 0;
const FLOOR: usize = 4;
const FEW: usize = 8;
const SKEW: usize = 12;
const FULL_WELL: usize = 16;
const PER_ELECTRON: usize = 20;
const OFFSET: usize = 24;
const READ_NOISE: usize = 28;
const LANES: usize = 32;
const COUNTED: usize = 96;
const SCRATCH: usize = 112;

/** x to the nearest whole number: added, all that is left of the fraction is rounded away. */
const NEAREST: f32 = 12582912;
/** Its bits: what is more in those of a sum is the whole number. */
const NEAREST_BITS: i32 = 0x4b400000;

/** exp(-x) of four numbers: 2^n times a polynomial of what is left. */
function falling(x: v128): v128 {
  const y = f32x4.pmax(f32x4.mul(x, f32x4.splat(<f32>-Math.LOG2E)), f32x4.splat(-125));
  const n = f32x4.add(y, f32x4.splat(NEAREST));
  const f = f32x4.sub(y, f32x4.sub(n, f32x4.splat(NEAREST)));
  let p = f32x4.splat(<f32>1.54035304e-4);
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(<f32>1.33335581e-3));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(<f32>9.61812911e-3));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(<f32>5.55041087e-2));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(<f32>0.240226507));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(<f32>Math.LN2));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1));
  return i32x4.add(p, i32x4.shl(n, 23));
}

/** Transmission of four pixels that all see the same mixture: value and slope from the table, two numbers a shift. */
function uniform(shift: usize, table: usize): v128 {
  const s = v128.load(shift);
  const n = f32x4.add(f32x4.sub(s, f32x4.splat(0.5)), f32x4.splat(NEAREST));
  const g = i32x4.sub(n, i32x4.splat(NEAREST_BITS));
  const f = f32x4.sub(s, f32x4.sub(n, f32x4.splat(NEAREST)));
  const r0 = v128.load64_zero(table + ((<usize>i32x4.extract_lane(g, 0)) << 3));
  const r1 = v128.load64_zero(table + ((<usize>i32x4.extract_lane(g, 1)) << 3));
  const r2 = v128.load64_zero(table + ((<usize>i32x4.extract_lane(g, 2)) << 3));
  const r3 = v128.load64_zero(table + ((<usize>i32x4.extract_lane(g, 3)) << 3));
  const low = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5);
  const high = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
  const value = v128.shuffle<i32>(low, high, 0, 1, 4, 5);
  const slope = v128.shuffle<i32>(low, high, 2, 3, 6, 7);
  return f32x4.add(value, f32x4.mul(f, slope));
}

/** Optical depths of the components at one pixel: a row of the table, moved on by a fraction of its slopes. */
function row(table: usize, g: i32, f: v128): v128 {
  const at = table + ((<usize>g) << 5);
  return f32x4.add(v128.load(at), f32x4.mul(f, v128.load(at, 16)));
}

/** Transmission of four pixels with mixtures of their own: eight numbers a shift. */
function mixed(shift: usize, table: usize, c1: usize, c2: usize): v128 {
  const s = v128.load(shift);
  const n = f32x4.add(f32x4.sub(s, f32x4.splat(0.5)), f32x4.splat(NEAREST));
  const g = i32x4.sub(n, i32x4.splat(NEAREST_BITS));
  const f = f32x4.sub(s, f32x4.sub(n, f32x4.splat(NEAREST)));
  const r0 = row(table, i32x4.extract_lane(g, 0), v128.shuffle<i32>(f, f, 0, 0, 0, 0));
  const r1 = row(table, i32x4.extract_lane(g, 1), v128.shuffle<i32>(f, f, 1, 1, 1, 1));
  const r2 = row(table, i32x4.extract_lane(g, 2), v128.shuffle<i32>(f, f, 2, 2, 2, 2));
  const r3 = row(table, i32x4.extract_lane(g, 3), v128.shuffle<i32>(f, f, 3, 3, 3, 3));
  const a = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5);
  const b = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
  const third = v128.shuffle<i32>(a, b, 0, 1, 4, 5);
  const first = v128.shuffle<i32>(a, b, 2, 3, 6, 7);
  const c = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
  const d = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
  const second = v128.shuffle<i32>(c, d, 0, 1, 4, 5);
  const depth = f32x4.add(
    f32x4.add(third, f32x4.mul(v128.load(c1), first)),
    f32x4.mul(v128.load(c2), second),
  );
  return falling(depth);
}

/** sqrt(-2 ln u) of four uniform numbers, one from each 32 bits. */
function radius(bits: v128): v128 {
  const half = f32x4.convert_i32x4_s(i32x4.shr_u(bits, 1));
  const u = f32x4.mul(f32x4.add(half, f32x4.splat(0.5)), f32x4.splat(<f32>(1.0 / 2147483648.0)));
  const exponent = i32x4.shr_s(i32x4.sub(u, i32x4.splat(0x3f3504f3)), 23);
  const m = i32x4.sub(u, i32x4.shl(exponent, 23));
  const s = f32x4.div(f32x4.sub(m, f32x4.splat(1)), f32x4.add(m, f32x4.splat(1)));
  const z = f32x4.mul(s, s);
  let p = f32x4.splat(<f32>(-4.0 / 7));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(<f32>(-4.0 / 5)));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(<f32>(-4.0 / 3)));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-4));
  const e = f32x4.mul(f32x4.convert_i32x4_s(exponent), f32x4.splat(<f32>(-2 * Math.LN2)));
  return f32x4.sqrt(f32x4.pmax(f32x4.add(e, f32x4.mul(p, s)), f32x4.splat(0)));
}

/** Angle within an eighth of a turn to either side, from the lower 30 bits. */
function angle(bits: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.shl(bits, 2)), f32x4.splat(<f32>(Math.PI / 8589934592.0)));
}

function sine(t: v128, square: v128): v128 {
  let p = f32x4.splat(<f32>(-1.0 / 5040));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(<f32>(1.0 / 120)));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(<f32>(-1.0 / 6)));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(1));
  return f32x4.mul(p, t);
}

function cosine(square: v128): v128 {
  let p = f32x4.splat(<f32>(1.0 / 40320));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(<f32>(-1.0 / 720)));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(<f32>(1.0 / 24)));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-0.5));
  return f32x4.add(f32x4.mul(p, square), f32x4.splat(1));
}

/** Electrons of four pixels with many quanta. @param z standard normal */
function many(e: v128, z: v128, slope: v128, floor: v128, skew: v128): v128 {
  const variance = f32x4.add(f32x4.mul(e, slope), floor);
  const w = f32x4.div(f32x4.mul(e, skew), variance);
  const sigma = f32x4.sqrt(f32x4.sub(variance, f32x4.mul(f32x4.add(w, w), w)));
  const linear = f32x4.add(f32x4.sub(e, w), f32x4.mul(sigma, z));
  return f32x4.add(linear, f32x4.mul(f32x4.mul(w, z), z));
}

/** A number of quanta for a small mean. */
function counted(mean: f64, noise: usize): i32 {
  if (!(mean > 0)) return 0;
  const b = load<u32>(noise, COUNTED + 4);
  const c = load<u32>(noise, COUNTED + 8);
  const bits = load<u32>(noise, COUNTED) + b + load<u32>(noise, COUNTED + 12);
  store<u32>(noise, load<u32>(noise, COUNTED + 12) + 1, COUNTED + 12);
  store<u32>(noise, b ^ (b >> 9), COUNTED);
  store<u32>(noise, c + (c << 3), COUNTED + 4);
  store<u32>(noise, ((c << 21) | (c >> 11)) + bits, COUNTED + 8);
  const uniform = <f64>bits / 4294967296.0;
  let probability = <f64>f32x4.extract_lane(falling(f32x4.splat(<f32>mean)), 0);
  let cumulative = probability;
  let n = 0;
  while (uniform > cumulative && n < 120) {
    n++;
    probability *= mean / <f64>n;
    cumulative += probability;
  }
  return n;
}

/** Puts quanta that were counted one by one where there are few of them. */
function countFew(e: v128, z: v128, x: v128, noise: usize): v128 {
  v128.store(noise, e, SCRATCH);
  v128.store(noise, z, SCRATCH + 16);
  v128.store(noise, x, SCRATCH + 32);
  const slope = load<f32>(noise, SLOPE);
  const few = load<f32>(noise, FEW);
  for (let i: usize = 0; i < 16; i += 4) {
    const mean = load<f32>(noise + i, SCRATCH);
    if (mean >= few) continue;
    const quanta = <f32>counted(<f64>mean / <f64>slope, noise);
    const read = load<f32>(noise, READ_NOISE) * load<f32>(noise + i, SCRATCH + 16);
    store<f32>(noise + i, slope * quanta + read, SCRATCH + 32);
  }
  return v128.load(noise, SCRATCH + 32);
}

/** Whole counts of four numbers of electrons. */
function digits(x: v128, fullWell: v128, perElectron: v128, offset: v128): v128 {
  const counts = f32x4.add(f32x4.mul(f32x4.pmin(x, fullWell), perElectron), offset);
  return i32x4.sub(f32x4.add(counts, f32x4.splat(NEAREST)), i32x4.splat(NEAREST_BITS));
}

/**
 * Counts of the first n pixels, n a multiple of 8.
 *
 * @param light float32, electrons of the open beam at brightness 1
 * @param shift float32, place of each pixel in the table; 0: nothing is in the beam
 * @param table float32: transmission and its slope for each shift, or where there are concentrations four optical depths and
 *   their four slopes
 * @param c1 float32, concentrations; 0: the same mixture everywhere
 * @param noise its block of 160 bytes
 * @param out uint16
 */
export function expose(
  light: usize,
  n: i32,
  brightness: f32,
  shift: usize,
  table: usize,
  c1: usize,
  c2: usize,
  noise: usize,
  out: usize,
): void {
  const bright = f32x4.splat(brightness);
  const slope = f32x4.splat(load<f32>(noise, SLOPE));
  const floor = f32x4.splat(load<f32>(noise, FLOOR));
  const few = f32x4.splat(load<f32>(noise, FEW));
  const skew = f32x4.splat(load<f32>(noise, SKEW));
  const fullWell = f32x4.splat(load<f32>(noise, FULL_WELL));
  const perElectron = f32x4.splat(load<f32>(noise, PER_ELECTRON));
  const offset = f32x4.splat(load<f32>(noise, OFFSET));
  const one = i32x4.splat(1);
  const sign = i32x4.splat(0x80000000);
  let a = v128.load(noise, LANES);
  let b = v128.load(noise, LANES + 16);
  let c = v128.load(noise, LANES + 32);
  let counter = v128.load(noise, LANES + 48);
  const end = light + ((<usize>n) << 2);
  while (light < end) {
    let e0 = f32x4.mul(v128.load(light), bright);
    let e1 = f32x4.mul(v128.load(light, 16), bright);
    if (c1) {
      e0 = f32x4.mul(e0, mixed(shift, table, c1, c2));
      e1 = f32x4.mul(e1, mixed(shift + 16, table, c1 + 16, c2 + 16));
      c1 += 32;
      c2 += 32;
      shift += 32;
    } else if (shift) {
      e0 = f32x4.mul(e0, uniform(shift, table));
      e1 = f32x4.mul(e1, uniform(shift + 16, table));
      shift += 32;
    }
    // sfc32, four of them side by side: the first numbers are radii, the second angles.
    const forRadius = i32x4.add(i32x4.add(a, b), counter);
    counter = i32x4.add(counter, one);
    a = v128.xor(b, i32x4.shr_u(b, 9));
    b = i32x4.add(c, i32x4.shl(c, 3));
    c = i32x4.add(v128.or(i32x4.shl(c, 21), i32x4.shr_u(c, 11)), forRadius);
    const forAngle = i32x4.add(i32x4.add(a, b), counter);
    counter = i32x4.add(counter, one);
    a = v128.xor(b, i32x4.shr_u(b, 9));
    b = i32x4.add(c, i32x4.shl(c, 3));
    c = i32x4.add(v128.or(i32x4.shl(c, 21), i32x4.shr_u(c, 11)), forAngle);

    const r = radius(forRadius);
    const t = angle(forAngle);
    const square = f32x4.mul(t, t);
    const sin = sine(t, square);
    const cos = v128.xor(cosine(square), v128.and(forAngle, sign));
    const turned = i32x4.shr_s(i32x4.shl(forAngle, 1), 31);
    const z0 = f32x4.mul(r, v128.bitselect(sin, cos, turned));
    const z1 = f32x4.mul(r, v128.bitselect(cos, sin, turned));

    let x0 = many(e0, z0, slope, floor, skew);
    let x1 = many(e1, z1, slope, floor, skew);
    const few0 = f32x4.lt(e0, few);
    const few1 = f32x4.lt(e1, few);
    if (v128.any_true(v128.or(few0, few1))) {
      x0 = countFew(e0, z0, x0, noise);
      x1 = countFew(e1, z1, x1, noise);
    }
    v128.store(
      out,
      i16x8.narrow_i32x4_u(
        digits(x0, fullWell, perElectron, offset),
        digits(x1, fullWell, perElectron, offset),
      ),
    );
    light += 32;
    out += 16;
  }
}
