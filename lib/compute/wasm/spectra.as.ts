// Frames to normalized spectra, four pixels beside each other as they lie in the frames: the shift of the energy axis, the
// normalization, and then the turn. The fast twin of ShiftInterpolator and Normalizer (lib/xas/), where formulas are described.
//
// The axis ascends here; frames of a descending one are walked backwards. Every pixel's number is made by the same operations in the
// same order, whichever pixels are its neighbors.

/** Coefficients of four pixels: two of the pre-edge line and a zero, then three or six of the post-edge polynomial. */
const coefficients = memory.data(9 * 32);
const POST: usize = 3 * 32;
/** One over the edge step of four pixels; times that, the line's base and slope and the polynomial, less one. */
const scaled = memory.data(9 * 32);

let n: i32 = 0;
let axis: usize = 0;
let steps: usize = 0;

/**
 * Takes the axis [length], in eV, and 1 / (axis[k + j] - axis[k]) for j = 1, 2, 3, [3, length] in float32. They must stay where they are.
 */
export function useAxis(length: i32, ascending: usize, reciprocals: usize): void {
  n = length;
  axis = ascending;
  steps = reciprocals;
}

let x: usize = 0;
let x32: usize = 0;
let pre: usize = 0;
let preFrom: i32 = 0;
let preCount: i32 = 0;
let post: usize = 0;
let postFrom: i32 = 0;
let postCount: i32 = 0;
let degree: i32 = -1;
let flatFrom: i32 = 0;
let tiny: f64 = 0;
/** Of a constant above the pre-edge line: mean distance of the post-edge points from the edge, eV. */
let center: f64 = 0;

/**
 * Takes a normalization.
 *
 * @param fromEdge energies from the edge, [length] in float64 and once more in float32
 * @param preRows, postRows rows whose products with the windows are coefficients, three beside each other: [1, preWindow, 3] and
 *   [1 or 2, postWindow, 3], filled up with zeros
 * @param postDegree 0 to 5, where 0 is a constant above the pre-edge line; -1: nothing is normalized
 * @param flat index from which on the post-edge curve is made flat; length: none
 * @param least edge steps below this fraction of what they are the difference of count as none
 */
export function useNormalization(
  fromEdge: usize,
  preRows: usize,
  preStart: i32,
  preWindow: i32,
  postRows: usize,
  postStart: i32,
  postWindow: i32,
  postDegree: i32,
  flat: i32,
  least: f64,
): void {
  x = fromEdge;
  x32 = fromEdge + ((<usize>n) << 3);
  pre = preRows;
  preFrom = preStart;
  preCount = preWindow;
  post = postRows;
  postFrom = postStart;
  postCount = postWindow;
  degree = postDegree;
  flatFrom = flat;
  tiny = least;
  center = 0;
  if (postDegree !== 0) return;
  for (let i = 0; i < postWindow; i++) center += at(post, 3 * i) * at(x, postStart + i);
}

function at(array: usize, i: i32): f64 {
  return load<f64>(array + ((<usize>i) << 3));
}

/** One number of an array of float32, four times. */
function all(array: usize, i: i32): v128 {
  return v128.load32_splat(array + ((<usize>i) << 2));
}

/** One number of an array of float64, twice. */
function both(array: usize, i: i32): v128 {
  return v128.load64_splat(array + ((<usize>i) << 3));
}

/** The first two of four neighboring pixels. */
function left(four: v128): v128 {
  return f64x2.promote_low_f32x4(four);
}

function right(four: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i32>(four, four, 2, 3, 2, 3));
}

/** Four numbers of float64 as float32. */
function narrow(array: usize): v128 {
  const low = f32x4.demote_f64x2_zero(v128.load(array));
  return v128.shuffle<i32>(low, f32x4.demote_f64x2_zero(v128.load(array, 16)), 0, 1, 4, 5);
}

/**
 * Spectra of `count` pixels, in groups of four.
 *
 * @param frames first pixel in the first frame; float32, padded to whole groups of four
 * @param pitch bytes from frame to frame
 * @param shifts eV, one per pixel, padded to whole groups; 0: no shift
 * @param groups buffer of [count / 4, length, 4], whole groups
 * @param work buffer of 8 length numbers
 * @param out receives [count, length] in the order of the frames, whole groups of rows
 * @param edgeSteps receives one number per pixel, float64, whole groups
 */
export function spectraOf(
  frames: usize,
  pitch: i32,
  backwards: bool,
  count: i32,
  shifts: usize,
  groups: usize,
  work: usize,
  out: usize,
  edgeSteps: usize,
): void {
  const groupBytes = (<usize>n) << 4;
  gather(backwards ? frames + <usize>(pitch * (n - 1)) : frames, backwards ? -pitch : pitch, count, groups);
  for (let j = 0; j < count; j += 8) {
    const group = groups + <usize>(j >> 2) * groupBytes;
    const two = j + 4 < count;
    if (shifts) {
      const s = shifts + ((<usize>j) << 3);
      // Where there is only one group it is done twice.
      shiftEight(group, two ? group + groupBytes : group, s, two ? s + 32 : s, work);
    }
    const row = out + ((<usize>j * <usize>n) << 2);
    finish(shifts ? work : group, backwards, row, edgeSteps + ((<usize>j) << 3));
    if (two) {
      const second = (shifts ? work : group) + groupBytes;
      finish(second, backwards, row + groupBytes, edgeSteps + ((<usize>j) << 3) + 32);
    }
  }
}

/** Normalizes and turns a group. */
function finish(four: usize, backwards: bool, out: usize, edgeSteps: usize): void {
  if (degree >= 0) {
    findLine(four, edgeSteps);
    normalize(four);
  }
  turnFour(four, backwards, out);
}

/**
 * Groups of four pixels with all their energies one after the other: frames lie pages apart, and each page is better visited once
 * for all pixels of a tile.
 */
function gather(frames: usize, step: i32, count: i32, groups: usize): void {
  const groupBytes = (<usize>n) << 4;
  const bytes = (<usize>count) << 2;
  for (let k = 0; k < n; k++) {
    let to = groups + ((<usize>k) << 4);
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(to, v128.load(frames + at));
      to += groupBytes;
    }
    frames += step;
  }
}

/**
 * Spectra of two groups, measured at axis + shift, on the axis, to `work` [2, length, 4]: cubic through the four nearest energies.
 * What concerns the axis serves all eight pixels.
 */
function shiftEight(groupA: usize, groupB: usize, shiftsA: usize, shiftsB: usize, work: usize): void {
  const groupBytes = (<usize>n) << 4;
  let least = at(shiftsA, 0);
  let most = least;
  let plain = true;
  for (let lane = 0; lane < 8; lane++) {
    const s = shiftOf(shiftsA, shiftsB, lane);
    // A shift of zero changes nothing, to the bit; one that is no number leaves nothing.
    plain = plain && s !== 0 && abs(s) < Infinity;
    least = min(least, s);
    most = max(most, s);
  }
  if (!plain) {
    for (let lane = 0; lane < 8; lane++) {
      const own = (<usize>(lane & 3)) << 2;
      const s = shiftOf(shiftsA, shiftsB, lane);
      if (lane < 4) shiftOne(groupA + own, s, work + own);
      else shiftOne(groupB + own, s, work + groupBytes + own);
    }
    return;
  }
  let i = 0;
  while (i < n) {
    i = shiftTogether(i, groupA, groupB, narrow(shiftsA), narrow(shiftsB), least, most, work);
    if (i === n) return;
    // The eight do not share their energies here.
    const e = at(axis, i);
    for (let lane = 0; lane < 8; lane++) {
      const own = (<usize>(lane & 3)) << 2;
      const shift = shiftOf(shiftsA, shiftsB, lane);
      const value = valueAt((lane < 4 ? groupA : groupB) + own, stencilOf(e - shift, stencil), e, shift);
      store<f32>(work + ((<usize>i) << 4) + (lane < 4 ? 0 : groupBytes) + own, value);
    }
    i++;
  }
}

/** First energy of the last stencil that `shiftTogether` looked at. */
let stencil: i32 = 0;

/**
 * Energies from `i` on, as long as the stencil is the same for all eight pixels; returns the first for which it is not. Without a
 * call: one would cost the loop its registers.
 */
function shiftTogether(
  i: i32,
  groupA: usize,
  groupB: usize,
  sA: v128,
  sB: v128,
  least: f64,
  most: f64,
  work: usize,
): i32 {
  const groupBytes = (<usize>n) << 4;
  const r1 = steps;
  const r2 = r1 + ((<usize>n) << 2);
  const r3 = r2 + ((<usize>n) << 2);
  const first = at(axis, 0);
  const last = at(axis, n - 1);
  let low = i === 0 ? 0 : stencil;
  let v = f32x4.splat(0);
  let w = v;
  let f = v;
  let fB = v;
  let g = v;
  let gB = v;
  let h = v;
  let hB = v;
  // Divided differences end at `place`; nothing is known before.
  let place = -1;
  let to = work + ((<usize>i) << 4);
  for (; i < n; i++, to += 16) {
    const e = at(axis, i);
    const lowest = e - most;
    const highest = e - least;
    while (low < n - 4 && at(axis, low + 2) <= lowest) low++;
    if ((low < n - 4 && at(axis, low + 2) <= highest) || lowest <= first || highest >= last) break;
    place = max(place, low - 1);
    while (place < low + 3) {
      // The first four make what is not yet known; what they are made from before that is of no use.
      place++;
      const own = (<usize>place) << 4;
      let a = all(r1, max(place - 1, 0));
      const nextA = v128.load(groupA + own);
      const nextB = v128.load(groupB + own);
      const newF = f32x4.mul(f32x4.sub(nextA, v), a);
      const newFB = f32x4.mul(f32x4.sub(nextB, w), a);
      v = nextA;
      w = nextB;
      a = all(r2, max(place - 2, 0));
      const newG = f32x4.mul(f32x4.sub(newF, f), a);
      const newGB = f32x4.mul(f32x4.sub(newFB, fB), a);
      f = newF;
      fB = newFB;
      a = all(r3, max(place - 3, 0));
      h = f32x4.mul(f32x4.sub(newG, g), a);
      hB = f32x4.mul(f32x4.sub(newGB, gB), a);
      g = newG;
      gB = newGB;
    }
    let a = from(e, low + 1);
    let y = f32x4.add(g, f32x4.mul(f32x4.sub(a, sA), h));
    let z = f32x4.add(gB, f32x4.mul(f32x4.sub(a, sB), hB));
    a = from(e, low + 2);
    y = f32x4.add(f, f32x4.mul(f32x4.sub(a, sA), y));
    z = f32x4.add(fB, f32x4.mul(f32x4.sub(a, sB), z));
    a = from(e, low + 3);
    v128.store(to, f32x4.add(v, f32x4.mul(f32x4.sub(a, sA), y)));
    v128.store(to + groupBytes, f32x4.add(w, f32x4.mul(f32x4.sub(a, sB), z)));
  }
  stencil = low;
  return i;
}

function shiftOf(shiftsA: usize, shiftsB: usize, lane: i32): f64 {
  return at(lane < 4 ? shiftsA : shiftsB, lane & 3);
}

/** How far e lies above energy k of the axis: a small number, good in float32. */
function from(e: f64, k: i32): v128 {
  return f32x4.splat(<f32>(e - at(axis, k)));
}

/** The same for one pixel, to every fourth number of `work`. */
function shiftOne(lane: usize, shift: f64, work: usize): void {
  const finite = abs(shift) < Infinity;
  let stencil = 0;
  for (let i = 0; i < n; i++) {
    const to = work + ((<usize>i) << 4);
    if (shift === 0) store<f32>(to, pixel(lane, i));
    else if (!finite) store<f32>(to, NaN);
    else {
      const e = at(axis, i);
      stencil = stencilOf(e - shift, stencil);
      store<f32>(to, valueAt(lane, stencil, e, shift));
    }
  }
}

/** First of the four energies around q: its middle interval holds q, except at the ends of the axis. */
function stencilOf(q: f64, from: i32): i32 {
  while (from < n - 4 && at(axis, from + 2) <= q) from++;
  return from;
}

function pixel(lane: usize, k: i32): f32 {
  return load<f32>(lane + ((<usize>k) << 4));
}

/** One pixel's spectrum at e - shift, from four energies; ends are held. */
function valueAt(lane: usize, stencil: i32, e: f64, shift: f64): f32 {
  const q = e - shift;
  if (q <= at(axis, 0)) return pixel(lane, 0);
  if (q >= at(axis, n - 1)) return pixel(lane, n - 1);
  const r1 = steps + ((<usize>stencil) << 2);
  const r2 = r1 + ((<usize>n) << 2);
  const r3 = r2 + ((<usize>n) << 2);
  const v0 = pixel(lane, stencil);
  const v1 = pixel(lane, stencil + 1);
  const v2 = pixel(lane, stencil + 2);
  const v3 = pixel(lane, stencil + 3);
  const f1 = (v1 - v0) * load<f32>(r1);
  const f2 = (v2 - v1) * load<f32>(r1, 4);
  const f3 = (v3 - v2) * load<f32>(r1, 8);
  const g2 = (f2 - f1) * load<f32>(r2);
  const g3 = (f3 - f2) * load<f32>(r2, 4);
  const h3 = (g3 - g2) * load<f32>(r3);
  const s = <f32>shift;
  let y = g3 + (<f32>(e - at(axis, stencil + 1)) - s) * h3;
  y = f3 + (<f32>(e - at(axis, stencil + 2)) - s) * y;
  return v3 + (<f32>(e - at(axis, stencil + 3)) - s) * y;
}

/** Three coefficients of four pixels, in float64: products of their spectra with three rows that lie beside each other. */
function project(four: usize, from: i32, count: i32, rows: usize, out: usize): void {
  const zero = f64x2.splat(0);
  let a0 = zero;
  let a1 = zero;
  let b0 = zero;
  let b1 = zero;
  let c0 = zero;
  let c1 = zero;
  let p = four + ((<usize>from) << 4);
  const end = p + ((<usize>count) << 4);
  while (p < end) {
    // Zero for an energy that is left out, where the spectrum may hold a NaN.
    if ((load<u64>(rows) | load<u64>(rows, 8) | load<u64>(rows, 16)) === 0) {
      rows += 24;
      p += 16;
      continue;
    }
    const y = v128.load(p);
    const y0 = left(y);
    const y1 = right(y);
    const a = v128.load64_splat(rows);
    a0 = f64x2.add(a0, f64x2.mul(y0, a));
    a1 = f64x2.add(a1, f64x2.mul(y1, a));
    const b = v128.load64_splat(rows, 8);
    b0 = f64x2.add(b0, f64x2.mul(y0, b));
    b1 = f64x2.add(b1, f64x2.mul(y1, b));
    const c = v128.load64_splat(rows, 16);
    c0 = f64x2.add(c0, f64x2.mul(y0, c));
    c1 = f64x2.add(c1, f64x2.mul(y1, c));
    rows += 24;
    p += 16;
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out, b0, 32);
  v128.store(out, b1, 48);
  v128.store(out, c0, 64);
  v128.store(out, c1, 80);
}

/** Coefficients of four pixels, their edge steps, and what `normalize` needs of both. */
function findLine(four: usize, edgeSteps: usize): void {
  project(four, preFrom, preCount, pre, coefficients);
  project(four, postFrom, postCount, post, coefficients + POST);
  if (degree > 2) project(four, postFrom, postCount, post + <usize>postCount * 24, coefficients + POST + 96);
  const one = f64x2.splat(1);
  for (let half: usize = 0; half < 32; half += 16) {
    const base = v128.load(coefficients + half);
    if (degree === 0) {
      const slope = v128.load(coefficients + 32 + half);
      const mean = v128.load(coefficients + POST + half);
      v128.store(coefficients + POST + 32 + half, slope);
      v128.store(coefficients + POST + half, f64x2.sub(mean, f64x2.mul(slope, f64x2.splat(center))));
    }
    const edge = v128.load(coefficients + POST + half);
    const step = f64x2.sub(edge, base);
    const size = f64x2.mul(f64x2.splat(tiny), f64x2.add(f64x2.abs(edge), f64x2.abs(base)));
    const good = v128.and(f64x2.gt(step, size), f64x2.lt(step, f64x2.splat(Infinity)));
    const known = v128.bitselect(step, f64x2.splat(NaN), good);
    v128.store(edgeSteps + half, known);
    const scale = f64x2.div(one, known);
    v128.store(scaled + half, scale);
    for (let at: usize = 0; at < 2 * 32; at += 32) {
      v128.store(scaled + 32 + at + half, f64x2.mul(scale, v128.load(coefficients + at + half)));
    }
    for (let at: usize = 0; at < 6 * 32; at += 32) {
      v128.store(scaled + 96 + at + half, f64x2.mul(scale, v128.load(coefficients + POST + at + half)));
    }
    v128.store(scaled + 96 + half, f64x2.sub(v128.load(scaled + 96 + half), one));
  }
}

/**
 * Four spectra less the pre-edge line over the edge step, and from the edge on flat; in place. What is taken off is about as large as
 * what is left: float32 is enough, but for polynomials whose powers nearly cancel.
 */
function normalize(four: usize): void {
  const scale = narrow(scaled);
  const base = narrow(scaled + 32);
  const slope = narrow(scaled + 64);
  let p = four;
  for (let k = 0; k < flatFrom; k++, p += 16) {
    const below = f32x4.add(base, f32x4.mul(slope, all(x32, k)));
    v128.store(p, f32x4.sub(f32x4.mul(v128.load(p), scale), below));
  }
  if (degree <= 2) {
    const c0 = narrow(scaled + 96);
    const c1 = narrow(scaled + 128);
    const c2 = narrow(scaled + 160);
    for (let k = flatFrom; k < n; k++, p += 16) {
      const t = all(x32, k);
      const curve = f32x4.add(c0, f32x4.mul(t, f32x4.add(c1, f32x4.mul(t, c2))));
      v128.store(p, f32x4.sub(f32x4.mul(v128.load(p), scale), curve));
    }
    return;
  }
  for (let k = flatFrom; k < n; k++, p += 16) {
    const t = both(x, k);
    const highest = scaled + 96 + ((<usize>degree) << 5);
    let curve0 = v128.load(highest);
    let curve1 = v128.load(highest, 16);
    for (let d = degree - 1; d >= 0; d--) {
      const own = scaled + 96 + ((<usize>d) << 5);
      curve0 = f64x2.add(f64x2.mul(curve0, t), v128.load(own));
      curve1 = f64x2.add(f64x2.mul(curve1, t), v128.load(own, 16));
    }
    const y = v128.load(p);
    const y0 = f64x2.sub(f64x2.mul(left(y), v128.load(scaled)), curve0);
    const y1 = f64x2.sub(f64x2.mul(right(y), v128.load(scaled, 16)), curve1);
    v128.store(p, v128.shuffle<i32>(f32x4.demote_f64x2_zero(y0), f32x4.demote_f64x2_zero(y1), 0, 1, 4, 5));
  }
}

/** Four spectra as rows, in the order of the frames. */
function turnFour(four: usize, backwards: bool, out: usize): void {
  const rowBytes = (<usize>n) << 2;
  const whole = n & ~3;
  let p = four;
  let to = backwards ? out + rowBytes - 16 : out;
  for (let k = 0; k < whole; k += 4, p += 64) {
    let a = v128.load(p);
    let b = v128.load(p, 16);
    let c = v128.load(p, 32);
    let d = v128.load(p, 48);
    if (backwards) {
      const e = a;
      a = d;
      d = e;
      const f = b;
      b = c;
      c = f;
    }
    const t0 = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
    const t1 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
    const t2 = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    const t3 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<i32>(t0, t2, 0, 1, 4, 5));
    v128.store(to + rowBytes, v128.shuffle<i32>(t0, t2, 2, 3, 6, 7));
    v128.store(to + 2 * rowBytes, v128.shuffle<i32>(t1, t3, 0, 1, 4, 5));
    v128.store(to + 3 * rowBytes, v128.shuffle<i32>(t1, t3, 2, 3, 6, 7));
    if (backwards) to -= 16;
    else to += 16;
  }
  for (let k = whole; k < n; k++, p += 16) {
    const own = out + ((<usize>(backwards ? n - 1 - k : k)) << 2);
    for (let lane: usize = 0; lane < 4; lane++) store<f32>(own + lane * rowBytes, load<f32>(p + (lane << 2)));
  }
}

/**
 * sums [length] += each of the chosen rows that has all its numbers.
 *
 * @param rows float32 [count, length]
 * @param chosen one byte a row; set to 2 where a chosen row has a number that is not finite or NaN: it is left out
 * @param sums float64
 * @returns how many rows were left out
 */
export function addRows(rows: usize, chosen: usize, count: i32, length: i32, sums: usize): i32 {
  let leftOut = 0;
  for (let j = 0; j < count; j++, rows += (<usize>length) << 2) {
    if (load<u8>(chosen + <usize>j) === 0) continue;
    if (!isWhole(rows, length)) {
      store<u8>(chosen + <usize>j, 2);
      leftOut++;
      continue;
    }
    const even = length & ~3;
    let p = rows;
    let to = sums;
    for (let k = 0; k < even; k += 4, p += 16, to += 32) {
      const four = v128.load(p);
      v128.store(to, f64x2.add(v128.load(to), left(four)));
      v128.store(to, f64x2.add(v128.load(to, 16), right(four)), 16);
    }
    for (let k = even; k < length; k++, p += 4, to += 8) store<f64>(to, load<f64>(to) + <f64>load<f32>(p));
  }
  return leftOut;
}

/** Whether all numbers of a row are finite. */
function isWhole(row: usize, length: i32): bool {
  const end = row + ((<usize>(length & ~3)) << 2);
  let wrong = i32x4.splat(0);
  let p = row;
  const zero = f32x4.splat(0);
  // A number less itself is zero, unless it is infinite or none.
  for (; p < end; p += 16) {
    const four = v128.load(p);
    wrong = v128.or(wrong, f32x4.ne(f32x4.sub(four, four), zero));
  }
  if (v128.any_true(wrong)) return false;
  for (let k = length & ~3; k < length; k++, p += 4) {
    const v = load<f32>(p);
    if (v - v !== 0) return false;
  }
  return true;
}
