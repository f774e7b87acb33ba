// Frames to normalised spectra, a tile of pixels at a time: the turn, the shift of the energy axis, the normalisation. The fast
// twin of ShiftInterpolator and Normalizer (lib/xas/), where the formulas are described.
import { rowProducts } from "./products.as";

/** Two pre-edge coefficients, then up to six post-edge ones, and what rowProducts needs beside them. */
const coefficients = memory.data(24 * 8);
const POST: usize = 16;

function at(array: usize, i: i32): f64 {
  return load<f64>(array + ((<usize>i) << 3));
}

function two(array: usize, i: i32): v128 {
  return v128.load(array + ((<usize>i) << 3));
}

/** Pixels [0, count) of frames [n, pitch] as rows of float64 [count, n]; backwards where the axis falls. */
export function turnFrames(frames: usize, pitch: i32, count: i32, n: i32, backwards: bool, out: usize): void {
  for (let k = 0; k < n; k++) {
    let from = frames + ((<usize>(k * pitch)) << 2);
    let to = out + ((<usize>(backwards ? n - 1 - k : k)) << 3);
    for (let j = 0; j < count; j++) {
      store<f64>(to, <f64>load<f32>(from));
      from += 4;
      to += (<usize>n) << 3;
    }
  }
}

/**
 * One spectrum, measured at axis + shift, on the axis: cubic through the four nearest energies, ends held.
 *
 * Two neighbouring energies are done at once where their stencils are neighbours, too, as they are nearly everywhere. Every number is
 * made by the same operations in the same order, one at a time or two at a time.
 *
 * @param denominators for the four places of a stencil, [4, n - 3]
 */
export function shiftSpectrum(
  a: usize,
  axis: usize,
  denominators: usize,
  n: i32,
  shift: f64,
  out: usize,
): void {
  const first = at(axis, 0);
  const last = at(axis, n - 1);
  const w0 = denominators;
  const w1 = w0 + ((<usize>(n - 3)) << 3);
  const w2 = w1 + ((<usize>(n - 3)) << 3);
  const w3 = w2 + ((<usize>(n - 3)) << 3);
  let stencil = 0;
  for (let i = 0; i < n; i++) {
    const q = at(axis, i) - shift;
    const to = out + ((<usize>i) << 3);
    if (!(q > first)) {
      store<f64>(to, at(a, 0));
      continue;
    }
    if (q >= last) {
      store<f64>(to, at(a, n - 1));
      continue;
    }
    while (stencil < n - 4 && at(axis, stencil + 2) <= q) stencil++;
    const s = stencil;
    if (i + 1 < n) {
      const next = at(axis, i + 1) - shift;
      while (stencil < n - 4 && at(axis, stencil + 2) <= next) stencil++;
      if (stencil === s + 1 && next < last) {
        const both = f64x2.sub(two(axis, i), f64x2.splat(shift));
        const d0 = f64x2.sub(both, two(axis, s));
        const d1 = f64x2.sub(both, two(axis, s + 1));
        const d2 = f64x2.sub(both, two(axis, s + 2));
        const d3 = f64x2.sub(both, two(axis, s + 3));
        const d01 = f64x2.mul(d0, d1);
        const d23 = f64x2.mul(d2, d3);
        let value = f64x2.mul(two(a, s), f64x2.mul(f64x2.mul(two(w0, s), d1), d23));
        value = f64x2.add(value, f64x2.mul(two(a, s + 1), f64x2.mul(f64x2.mul(two(w1, s), d0), d23)));
        value = f64x2.add(value, f64x2.mul(two(a, s + 2), f64x2.mul(f64x2.mul(two(w2, s), d01), d3)));
        value = f64x2.add(value, f64x2.mul(two(a, s + 3), f64x2.mul(f64x2.mul(two(w3, s), d01), d2)));
        v128.store(to, value);
        i++;
        continue;
      }
    }
    const d0 = q - at(axis, s);
    const d1 = q - at(axis, s + 1);
    const d2 = q - at(axis, s + 2);
    const d3 = q - at(axis, s + 3);
    const d01 = d0 * d1;
    const d23 = d2 * d3;
    store<f64>(
      to,
      at(a, s) * (at(w0, s) * d1 * d23) +
        at(a, s + 1) * (at(w1, s) * d0 * d23) +
        at(a, s + 2) * (at(w2, s) * d01 * d3) +
        at(a, s + 3) * (at(w3, s) * d01 * d2),
    );
  }
}

/**
 * One spectrum less its pre-edge line over its edge step, and where asked flat above the edge; in place.
 *
 * @param x energies from the edge, [n]
 * @param pre, post rows whose products with the window are the coefficients, [2, preCount] and [degree + 1, postCount]
 * @param flatFrom, flatTo indices [from, to) that are made flat
 * @returns edge step; NaN, as the whole spectrum, where it is not positive
 */
export function normalizeSpectrum(
  mu: usize,
  x: usize,
  n: i32,
  pre: usize,
  preFrom: i32,
  preCount: i32,
  post: usize,
  postFrom: i32,
  postCount: i32,
  degree: i32,
  flatFrom: i32,
  flatTo: i32,
  tiny: f64,
): f64 {
  const spare = coefficients + 18 * 8;
  memory.fill(coefficients, 0, 24 * 8);
  rowProducts<f64>(mu + ((<usize>preFrom) << 3), 1, pre, 2, preCount, coefficients, 0, spare, 0);
  rowProducts<f64>(
    mu + ((<usize>postFrom) << 3),
    1,
    post,
    degree + 1,
    postCount,
    coefficients + POST,
    0,
    spare,
    0,
  );
  const base = at(coefficients, 0);
  const slope = at(coefficients, 1);
  const edge = at(coefficients, 2);
  const step = edge - base;
  if (!(step > tiny * (abs(edge) + abs(base))) || step === Infinity) {
    for (let i = 0; i < n; i++) store<f64>(mu + ((<usize>i) << 3), NaN);
    return NaN;
  }
  const scale = 1 / step;
  subtractLine(mu, x, 0, flatFrom, base, slope, scale);
  subtractLine(mu, x, flatTo, n, base, slope, scale);
  const factor = f64x2.splat(scale);
  let i = flatFrom;
  for (; i + 2 <= flatTo; i += 2) {
    const t = two(x, i);
    let curve = f64x2.splat(at(coefficients, 2 + degree));
    for (let d = degree - 1; d >= 0; d--)
      curve = f64x2.add(f64x2.mul(curve, t), f64x2.splat(at(coefficients, 2 + d)));
    const value = f64x2.add(f64x2.mul(f64x2.sub(two(mu, i), curve), factor), f64x2.splat(1));
    v128.store(mu + ((<usize>i) << 3), value);
  }
  if (i < flatTo) {
    let curve = at(coefficients, 2 + degree);
    for (let d = degree - 1; d >= 0; d--) curve = curve * at(x, i) + at(coefficients, 2 + d);
    store<f64>(mu + ((<usize>i) << 3), (at(mu, i) - curve) * scale + 1);
  }
  return step;
}

/** (mu - base - slope x) scale, for indices [from, to). */
function subtractLine(mu: usize, x: usize, from: i32, to: i32, base: f64, slope: f64, scale: f64): void {
  const b = f64x2.splat(base);
  const s = f64x2.splat(slope);
  const f = f64x2.splat(scale);
  let i = from;
  for (; i + 2 <= to; i += 2) {
    const value = f64x2.mul(f64x2.sub(f64x2.sub(two(mu, i), b), f64x2.mul(s, two(x, i))), f);
    v128.store(mu + ((<usize>i) << 3), value);
  }
  if (i < to) store<f64>(mu + ((<usize>i) << 3), (at(mu, i) - base - slope * at(x, i)) * scale);
}
