// Frames to normalised spectra, four pixels at a time, beside each other as they lie in the frames: the shift of the energy axis, the
// normalisation, and then the turn. The fast twin of ShiftInterpolator and Normalizer (lib/xas/), where formulas are described.
//
// The axis ascends here; frames of a descending one are walked backwards. Every pixel's number is made by the same operations in the
// same order, whichever pixels are its neighbours.

/** Coefficients of four pixels: two of the pre-edge line and a zero, then three or six of the post-edge polynomial. */
const coefficients = memory.data(9 * 32);
const POST: usize = 3 * 32;
/** Base, slope, scale and edge step of four pixels. */
const line = memory.data(4 * 32);

let n: i32 = 0;
let axis: usize = 0;
let steps: usize = 0;

/**
 * Takes the axis [length], in eV, and 1 / (axis[k + j] - axis[k]) for j = 1, 2, 3, [3, length]. They must stay where they are.
 */
export function useAxis(length: i32, ascending: usize, reciprocals: usize): void {
  n = length;
  axis = ascending;
  steps = reciprocals;
}

let x: usize = 0;
let pre: usize = 0;
let preFrom: i32 = 0;
let preCount: i32 = 0;
let post: usize = 0;
let postFrom: i32 = 0;
let postCount: i32 = 0;
let degree: i32 = -1;
let flatFrom: i32 = 0;
let tiny: f64 = 0;

/**
 * Takes a normalisation.
 *
 * @param fromEdge energies from the edge, [length]
 * @param preRows, postRows rows whose products with the windows are coefficients, three beside each other: [1, preWindow, 3] and
 *   [1 or 2, postWindow, 3], filled up with zeros
 * @param postDegree 0 to 5; -1: nothing is normalised
 * @param flat index from which on the post-edge curve is made flat; length: none
 * @param least edge steps below this share of what they are the difference of count as none
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
  pre = preRows;
  preFrom = preStart;
  preCount = preWindow;
  post = postRows;
  postFrom = postStart;
  postCount = postWindow;
  degree = postDegree;
  flatFrom = flat;
  tiny = least;
}

function at(array: usize, i: i32): f64 {
  return load<f64>(array + ((<usize>i) << 3));
}

function same(array: usize, i: i32): v128 {
  return v128.load64_splat(array + ((<usize>i) << 3));
}

/** The first two of four neighbouring pixels. */
function left(four: v128): v128 {
  return f64x2.promote_low_f32x4(four);
}

function right(four: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i32>(four, four, 2, 3, 2, 3));
}

/**
 * Spectra of `count` pixels, four at a time.
 *
 * @param frames first pixel in the first frame; float32, with room for whole groups of four
 * @param pitch bytes from frame to frame
 * @param shifts eV, one a pixel, with room for whole groups; 0: nothing is shifted
 * @param groups room for [count / 4, length, 4] float32, whole groups
 * @param work room for 4 length numbers
 * @param out receives [count, length] in the order of the frames, whole groups of rows
 * @param edgeSteps receives one number a pixel, whole groups
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
  for (let j = 0; j < count; j += 4) {
    const four = groups + <usize>(j >> 2) * groupBytes;
    if (shifts) shiftFour(four, shifts + ((<usize>j) << 3), work);
    else {
      for (let at: usize = 0; at < groupBytes; at += 16) {
        const v = v128.load(four + at);
        v128.store(work + 2 * at, left(v));
        v128.store(work + 2 * at, right(v), 16);
      }
    }
    const rows = out + ((<usize>j * <usize>n) << 3);
    if (degree >= 0) {
      findLine(work, edgeSteps + ((<usize>j) << 3));
      normalize(work);
    }
    turnFour(work, backwards, rows);
  }
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

/** Spectra of four pixels, measured at axis + shift, on the axis, to `work` [length, 4]: cubic through the four nearest energies. */
function shiftFour(group: usize, shifts: usize, work: usize): void {
  let least = at(shifts, 0);
  let most = least;
  let plain = true;
  for (let lane = 0; lane < 4; lane++) {
    const s = at(shifts, lane);
    // A shift of zero changes nothing, to the bit; one that is no number leaves nothing.
    plain = plain && s !== 0 && abs(s) < Infinity;
    least = min(least, s);
    most = max(most, s);
  }
  if (!plain) {
    for (let lane = 0; lane < 4; lane++) {
      shiftOne(group + ((<usize>lane) << 2), at(shifts, lane), work + ((<usize>lane) << 3));
    }
    return;
  }
  const r1 = steps;
  const r2 = r1 + ((<usize>n) << 3);
  const r3 = r2 + ((<usize>n) << 3);
  const s0 = v128.load(shifts);
  const s1 = v128.load(shifts, 16);
  const first = at(axis, 0);
  const last = at(axis, n - 1);
  // Divided differences that end at the stencil's last place, of the two left and the two right pixels.
  let v0 = f64x2.splat(0);
  let v1 = v0;
  let f0 = v0;
  let f1 = v0;
  let g0 = v0;
  let g1 = v0;
  let h0 = v0;
  let h1 = v0;
  let place = -1;
  let low = 0;
  let high = 0;
  let to = work;
  for (let i = 0; i < n; i++, to += 32) {
    const e = at(axis, i);
    const lowest = e - most;
    const highest = e - least;
    while (low < n - 4 && at(axis, low + 2) <= lowest) low++;
    while (high < n - 4 && at(axis, high + 2) <= highest) high++;
    if (low !== high || lowest <= first || highest >= last) {
      // The four do not share their energies here.
      for (let lane = 0; lane < 4; lane++) {
        const own = (<usize>lane) << 3;
        const q = e - at(shifts, lane);
        store<f64>(to + own, valueAt(group + ((<usize>lane) << 2), stencilOf(q, low), q));
      }
      continue;
    }
    while (place < low + 3) {
      place++;
      const v = v128.load(group + ((<usize>place) << 4));
      const newV0 = left(v);
      const newV1 = right(v);
      if (place > 0) {
        const a = same(r1, place - 1);
        const newF0 = f64x2.mul(f64x2.sub(newV0, v0), a);
        const newF1 = f64x2.mul(f64x2.sub(newV1, v1), a);
        if (place > 1) {
          const b = same(r2, place - 2);
          const newG0 = f64x2.mul(f64x2.sub(newF0, f0), b);
          const newG1 = f64x2.mul(f64x2.sub(newF1, f1), b);
          if (place > 2) {
            const c = same(r3, place - 3);
            h0 = f64x2.mul(f64x2.sub(newG0, g0), c);
            h1 = f64x2.mul(f64x2.sub(newG1, g1), c);
          }
          g0 = newG0;
          g1 = newG1;
        }
        f0 = newF0;
        f1 = newF1;
      }
      v0 = newV0;
      v1 = newV1;
    }
    const q0 = f64x2.sub(f64x2.splat(e), s0);
    const q1 = f64x2.sub(f64x2.splat(e), s1);
    const a3 = same(axis, low + 3);
    const a2 = same(axis, low + 2);
    const a1 = same(axis, low + 1);
    let y0 = f64x2.add(g0, f64x2.mul(f64x2.sub(q0, a1), h0));
    let y1 = f64x2.add(g1, f64x2.mul(f64x2.sub(q1, a1), h1));
    y0 = f64x2.add(f0, f64x2.mul(f64x2.sub(q0, a2), y0));
    y1 = f64x2.add(f1, f64x2.mul(f64x2.sub(q1, a2), y1));
    y0 = f64x2.add(v0, f64x2.mul(f64x2.sub(q0, a3), y0));
    y1 = f64x2.add(v1, f64x2.mul(f64x2.sub(q1, a3), y1));
    v128.store(to, y0);
    v128.store(to, y1, 16);
  }
}

/** The same for one pixel, to every fourth number of `work`. */
function shiftOne(lane: usize, shift: f64, work: usize): void {
  const finite = abs(shift) < Infinity;
  let stencil = 0;
  for (let i = 0; i < n; i++) {
    const to = work + ((<usize>i) << 5);
    if (shift === 0) store<f64>(to, pixel(lane, i));
    else if (!finite) store<f64>(to, NaN);
    else {
      const q = at(axis, i) - shift;
      stencil = stencilOf(q, stencil);
      store<f64>(to, valueAt(lane, stencil, q));
    }
  }
}

/** First of the four energies around q: its middle interval holds q, except at the ends of the axis. */
function stencilOf(q: f64, from: i32): i32 {
  while (from < n - 4 && at(axis, from + 2) <= q) from++;
  return from;
}

function pixel(lane: usize, k: i32): f64 {
  return <f64>load<f32>(lane + ((<usize>k) << 4));
}

/** One pixel's spectrum at q, from four energies; ends are held. */
function valueAt(lane: usize, stencil: i32, q: f64): f64 {
  if (q <= at(axis, 0)) return pixel(lane, 0);
  if (q >= at(axis, n - 1)) return pixel(lane, n - 1);
  const r2 = steps + ((<usize>n) << 3);
  const r3 = r2 + ((<usize>n) << 3);
  const v0 = pixel(lane, stencil);
  const v1 = pixel(lane, stencil + 1);
  const v2 = pixel(lane, stencil + 2);
  const v3 = pixel(lane, stencil + 3);
  const f1 = (v1 - v0) * at(steps, stencil);
  const f2 = (v2 - v1) * at(steps, stencil + 1);
  const f3 = (v3 - v2) * at(steps, stencil + 2);
  const g2 = (f2 - f1) * at(r2, stencil);
  const g3 = (f3 - f2) * at(r2, stencil + 1);
  const h3 = (g3 - g2) * at(r3, stencil);
  let y = g3 + (q - at(axis, stencil + 1)) * h3;
  y = f3 + (q - at(axis, stencil + 2)) * y;
  return v3 + (q - at(axis, stencil + 3)) * y;
}

/** Three coefficients of four pixels: products of their spectra with three rows that lie beside each other. */
function project(work: usize, from: i32, count: i32, rows: usize, out: usize): void {
  const zero = f64x2.splat(0);
  let a0 = zero;
  let a1 = zero;
  let b0 = zero;
  let b1 = zero;
  let c0 = zero;
  let c1 = zero;
  let p = work + ((<usize>from) << 5);
  const end = p + ((<usize>count) << 5);
  while (p < end) {
    const y0 = v128.load(p);
    const y1 = v128.load(p, 16);
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
    p += 32;
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out, b0, 32);
  v128.store(out, b1, 48);
  v128.store(out, c0, 64);
  v128.store(out, c1, 80);
}

/** Coefficients, edge step and its inverse of four pixels. */
function findLine(work: usize, edgeSteps: usize): void {
  project(work, preFrom, preCount, pre, coefficients);
  project(work, postFrom, postCount, post, coefficients + POST);
  if (degree > 2) project(work, postFrom, postCount, post + <usize>postCount * 24, coefficients + POST + 96);
  for (let half: usize = 0; half < 32; half += 16) {
    const base = v128.load(coefficients + half);
    const edge = v128.load(coefficients + POST + half);
    const step = f64x2.sub(edge, base);
    const size = f64x2.mul(f64x2.splat(tiny), f64x2.add(f64x2.abs(edge), f64x2.abs(base)));
    const good = v128.and(f64x2.gt(step, size), f64x2.lt(step, f64x2.splat(Infinity)));
    const known = v128.bitselect(step, f64x2.splat(NaN), good);
    v128.store(edgeSteps + half, known);
    v128.store(line + half, f64x2.div(f64x2.splat(1), known));
  }
}

/** Four spectra less the pre-edge line over the edge step, and from the edge on flat; in place. */
function normalize(work: usize): void {
  for (let half: usize = 0; half < 32; half += 16) {
    const scale = v128.load(line + half);
    const base = v128.load(coefficients + half);
    const slope = v128.load(coefficients + 32 + half);
    let p = work + half;
    for (let k = 0; k < flatFrom; k++) {
      const y = f64x2.sub(f64x2.sub(v128.load(p), base), f64x2.mul(slope, same(x, k)));
      v128.store(p, f64x2.mul(y, scale));
      p += 32;
    }
    const from = coefficients + POST + half;
    const one = f64x2.splat(1);
    if (degree === 2) {
      // As below, with all coefficients in registers.
      const c0 = v128.load(from);
      const c1 = v128.load(from, 32);
      const c2 = v128.load(from, 64);
      for (let k = flatFrom; k < n; k++) {
        const t = same(x, k);
        const curve = f64x2.add(f64x2.mul(f64x2.add(f64x2.mul(c2, t), c1), t), c0);
        v128.store(p, f64x2.add(f64x2.mul(f64x2.sub(v128.load(p), curve), scale), one));
        p += 32;
      }
      continue;
    }
    for (let k = flatFrom; k < n; k++) {
      const t = same(x, k);
      let curve = v128.load(from + ((<usize>degree) << 5));
      for (let d = degree - 1; d >= 0; d--) {
        curve = f64x2.add(f64x2.mul(curve, t), v128.load(from + ((<usize>d) << 5)));
      }
      v128.store(p, f64x2.add(f64x2.mul(f64x2.sub(v128.load(p), curve), scale), one));
      p += 32;
    }
  }
}

/** Four spectra as rows, in the order of the frames. */
function turnFour(work: usize, backwards: bool, out: usize): void {
  const rowBytes = (<usize>n) << 3;
  const even = n & ~1;
  for (let half: usize = 0; half < 2; half++) {
    let p = work + (half << 4);
    const row = out + half * 2 * rowBytes;
    const next = row + rowBytes;
    if (backwards) {
      let at = rowBytes - 16;
      for (let k = 0; k < even; k += 2) {
        const v = v128.load(p);
        const w = v128.load(p, 32);
        v128.store(row + at, v128.shuffle<i64>(w, v, 0, 2));
        v128.store(next + at, v128.shuffle<i64>(w, v, 1, 3));
        at -= 16;
        p += 64;
      }
    } else {
      for (let at: usize = 0; at < (<usize>even) << 3; at += 16) {
        const v = v128.load(p);
        const w = v128.load(p, 32);
        v128.store(row + at, v128.shuffle<i64>(v, w, 0, 2));
        v128.store(next + at, v128.shuffle<i64>(v, w, 1, 3));
        p += 64;
      }
    }
    if (even === n) continue;
    const last: usize = backwards ? 0 : rowBytes - 8;
    store<f64>(row + last, load<f64>(p));
    store<f64>(next + last, load<f64>(p, 8));
  }
}
