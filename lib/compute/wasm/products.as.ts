// Products of tall data with a few vectors. Data are float32 or float64, sums float64 throughout.
//
// Every sum runs over its terms in an order that depends on nothing but its own length: how rows are grouped or cut into
// blocks changes no bit of a result.
import { addProduct, one, pair, total } from "./pairs.as";

/**
 * out [rows, n] += A B^T, with A [rows, length] and B [n, length] in float64. `spare` is a buffer of 5 numbers.
 *
 * @param power receives += the sum of squares of each row; 0: not wanted
 */
export function rowProducts<T>(
  A: usize,
  rows: i32,
  B: usize,
  n: i32,
  length: i32,
  out: usize,
  outPitch: usize,
  spare: usize,
  power: usize,
): void {
  const rowBytes = <usize>length * sizeof<T>();
  const vectorBytes = (<usize>length) << 3;
  for (let i = 0; i < rows; i += 2) {
    const a = A + <usize>i * rowBytes;
    const to = out + <usize>i * outPitch;
    // A last row without a partner is its own, and the second result is thrown away.
    const alone = i + 1 === rows;
    const a2 = alone ? a : a + rowBytes;
    let j = 0;
    while (j < n) {
      const b = B + <usize>j * vectorBytes;
      const at = to + ((<usize>j) << 3);
      const at2 = alone ? spare : at + outPitch;
      const left = n - j;
      if (power && j === 0) {
        const own = power + ((<usize>i) << 3);
        const own2 = alone ? spare + 32 : own + 8;
        if (left >= 3) {
          twoByThreeAndPower<T>(a, a2, b, vectorBytes, length, at, at2, own, own2);
          j += 3;
          continue;
        }
        store<f64>(own, load<f64>(own) + rowPower<T>(a, length));
        store<f64>(own2, load<f64>(own2) + rowPower<T>(a2, length));
      }
      if (left >= 4) {
        twoByFour<T>(a, a2, b, vectorBytes, length, at, at2);
        j += 4;
      } else if (left === 3) {
        twoByThree<T>(a, a2, b, vectorBytes, length, at, at2);
        j += 3;
      } else if (left === 2) {
        twoByTwo<T>(a, a2, b, vectorBytes, length, at, at2);
        j += 2;
      } else {
        twoByOne<T>(a, a2, b, length, at, at2);
        j += 1;
      }
    }
  }
}

/** Adds to a sum in memory what two lanes and the term of an odd length have. */
function addTo<T>(sum: usize, lanes: v128, odd: bool, a: usize, b: usize): void {
  let s = total(lanes);
  if (odd) s += one<T>(a) * load<f64>(b);
  store<f64>(sum, load<f64>(sum) + s);
}

// Two rows with one to four vectors: each number that is read serves several products, with all sums in registers.

function twoByFour<T>(
  a: usize,
  a2: usize,
  b: usize,
  pitch: usize,
  length: i32,
  out: usize,
  out2: usize,
): void {
  const c = b + pitch;
  const d = c + pitch;
  const e = d + pitch;
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  let t0 = f64x2.splat(0);
  let t1 = f64x2.splat(0);
  let t2 = f64x2.splat(0);
  let t3 = f64x2.splat(0);
  const even = <usize>(length & ~1);
  let k: usize = 0;
  for (; k < even; k += 2) {
    const x = pair<T>(a + k * sizeof<T>());
    const y = pair<T>(a2 + k * sizeof<T>());
    const u0 = v128.load(b + (k << 3));
    s0 = addProduct(s0, x, u0);
    t0 = addProduct(t0, y, u0);
    const u1 = v128.load(c + (k << 3));
    s1 = addProduct(s1, x, u1);
    t1 = addProduct(t1, y, u1);
    const u2 = v128.load(d + (k << 3));
    s2 = addProduct(s2, x, u2);
    t2 = addProduct(t2, y, u2);
    const u3 = v128.load(e + (k << 3));
    s3 = addProduct(s3, x, u3);
    t3 = addProduct(t3, y, u3);
  }
  const odd = (length & 1) === 1;
  const p = a + k * sizeof<T>();
  const q = a2 + k * sizeof<T>();
  addTo<T>(out, s0, odd, p, b + (k << 3));
  addTo<T>(out + 8, s1, odd, p, c + (k << 3));
  addTo<T>(out + 16, s2, odd, p, d + (k << 3));
  addTo<T>(out + 24, s3, odd, p, e + (k << 3));
  addTo<T>(out2, t0, odd, q, b + (k << 3));
  addTo<T>(out2 + 8, t1, odd, q, c + (k << 3));
  addTo<T>(out2 + 16, t2, odd, q, d + (k << 3));
  addTo<T>(out2 + 24, t3, odd, q, e + (k << 3));
}

function twoByThree<T>(
  a: usize,
  a2: usize,
  b: usize,
  pitch: usize,
  length: i32,
  out: usize,
  out2: usize,
): void {
  const c = b + pitch;
  const d = c + pitch;
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let t0 = f64x2.splat(0);
  let t1 = f64x2.splat(0);
  let t2 = f64x2.splat(0);
  const even = <usize>(length & ~1);
  let k: usize = 0;
  for (; k < even; k += 2) {
    const x = pair<T>(a + k * sizeof<T>());
    const y = pair<T>(a2 + k * sizeof<T>());
    const u0 = v128.load(b + (k << 3));
    s0 = addProduct(s0, x, u0);
    t0 = addProduct(t0, y, u0);
    const u1 = v128.load(c + (k << 3));
    s1 = addProduct(s1, x, u1);
    t1 = addProduct(t1, y, u1);
    const u2 = v128.load(d + (k << 3));
    s2 = addProduct(s2, x, u2);
    t2 = addProduct(t2, y, u2);
  }
  const odd = (length & 1) === 1;
  const p = a + k * sizeof<T>();
  const q = a2 + k * sizeof<T>();
  addTo<T>(out, s0, odd, p, b + (k << 3));
  addTo<T>(out + 8, s1, odd, p, c + (k << 3));
  addTo<T>(out + 16, s2, odd, p, d + (k << 3));
  addTo<T>(out2, t0, odd, q, b + (k << 3));
  addTo<T>(out2 + 8, t1, odd, q, c + (k << 3));
  addTo<T>(out2 + 16, t2, odd, q, d + (k << 3));
}

/** The same, and the sums of squares of the two rows, whose numbers are at hand. */
function twoByThreeAndPower<T>(
  a: usize,
  a2: usize,
  b: usize,
  pitch: usize,
  length: i32,
  out: usize,
  out2: usize,
  power: usize,
  power2: usize,
): void {
  const c = b + pitch;
  const d = c + pitch;
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let t0 = f64x2.splat(0);
  let t1 = f64x2.splat(0);
  let t2 = f64x2.splat(0);
  let sPower = f64x2.splat(0);
  let tPower = f64x2.splat(0);
  const even = <usize>(length & ~1);
  let k: usize = 0;
  for (; k < even; k += 2) {
    const x = pair<T>(a + k * sizeof<T>());
    const y = pair<T>(a2 + k * sizeof<T>());
    const u0 = v128.load(b + (k << 3));
    s0 = addProduct(s0, x, u0);
    t0 = addProduct(t0, y, u0);
    const u1 = v128.load(c + (k << 3));
    s1 = addProduct(s1, x, u1);
    t1 = addProduct(t1, y, u1);
    const u2 = v128.load(d + (k << 3));
    s2 = addProduct(s2, x, u2);
    t2 = addProduct(t2, y, u2);
    sPower = addProduct(sPower, x, x);
    tPower = addProduct(tPower, y, y);
  }
  const odd = (length & 1) === 1;
  const p = a + k * sizeof<T>();
  const q = a2 + k * sizeof<T>();
  addTo<T>(out, s0, odd, p, b + (k << 3));
  addTo<T>(out + 8, s1, odd, p, c + (k << 3));
  addTo<T>(out + 16, s2, odd, p, d + (k << 3));
  addTo<T>(out2, t0, odd, q, b + (k << 3));
  addTo<T>(out2 + 8, t1, odd, q, c + (k << 3));
  addTo<T>(out2 + 16, t2, odd, q, d + (k << 3));
  const x = odd ? one<T>(p) : 0;
  const y = odd ? one<T>(q) : 0;
  store<f64>(power, load<f64>(power) + (total(sPower) + x * x));
  store<f64>(power2, load<f64>(power2) + (total(tPower) + y * y));
}

function twoByTwo<T>(
  a: usize,
  a2: usize,
  b: usize,
  pitch: usize,
  length: i32,
  out: usize,
  out2: usize,
): void {
  const c = b + pitch;
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let t0 = f64x2.splat(0);
  let t1 = f64x2.splat(0);
  const even = <usize>(length & ~1);
  let k: usize = 0;
  for (; k < even; k += 2) {
    const x = pair<T>(a + k * sizeof<T>());
    const y = pair<T>(a2 + k * sizeof<T>());
    const u0 = v128.load(b + (k << 3));
    s0 = addProduct(s0, x, u0);
    t0 = addProduct(t0, y, u0);
    const u1 = v128.load(c + (k << 3));
    s1 = addProduct(s1, x, u1);
    t1 = addProduct(t1, y, u1);
  }
  const odd = (length & 1) === 1;
  const p = a + k * sizeof<T>();
  const q = a2 + k * sizeof<T>();
  addTo<T>(out, s0, odd, p, b + (k << 3));
  addTo<T>(out + 8, s1, odd, p, c + (k << 3));
  addTo<T>(out2, t0, odd, q, b + (k << 3));
  addTo<T>(out2 + 8, t1, odd, q, c + (k << 3));
}

function twoByOne<T>(a: usize, a2: usize, b: usize, length: i32, out: usize, out2: usize): void {
  let s = f64x2.splat(0);
  let t = f64x2.splat(0);
  const even = <usize>(length & ~1);
  let k: usize = 0;
  for (; k < even; k += 2) {
    const u = v128.load(b + (k << 3));
    s = addProduct(s, pair<T>(a + k * sizeof<T>()), u);
    t = addProduct(t, pair<T>(a2 + k * sizeof<T>()), u);
  }
  const odd = (length & 1) === 1;
  addTo<T>(out, s, odd, a + k * sizeof<T>(), b + (k << 3));
  addTo<T>(out2, t, odd, a2 + k * sizeof<T>(), b + (k << 3));
}

/**
 * out [n, columns] += A^T B, with A [rows, n] in float64 and B [rows, columns].
 *
 * Walks down a few columns of B at a time with the sums in registers; B is a block of rows that lies in the cache.
 */
export function columnProducts<T>(A: usize, n: i32, B: usize, columns: i32, rows: i32, out: usize): void {
  const pitch = <usize>columns * sizeof<T>();
  const outPitch = (<usize>columns) << 3;
  const aPitch = (<usize>n) << 3;
  const fours = columns & ~3;
  for (let j = 0; j < n; ) {
    const a = A + ((<usize>j) << 3);
    const to = out + <usize>j * outPitch;
    // Five would be three and two, six twice three; nothing is left alone but one.
    const group = n - j === 4 || n - j > 6 ? 4 : min(n - j, 3);
    for (let k = 0; k < fours; k += 4) {
      const b = B + <usize>k * sizeof<T>();
      const at = to + ((<usize>k) << 3);
      if (group === 4) fourByFour<T>(a, aPitch, b, pitch, rows, at, outPitch);
      else if (group === 3) threeByFour<T>(a, aPitch, b, pitch, rows, at, outPitch);
      else if (group === 2) twoByFourColumns<T>(a, aPitch, b, pitch, rows, at, outPitch);
      else oneByFour<T>(a, aPitch, b, pitch, rows, at);
    }
    for (let k = fours; k < columns; k++) {
      for (let g = 0; g < group; g++) {
        const at = to + <usize>g * outPitch + ((<usize>k) << 3);
        let s = load<f64>(at);
        let p = a + ((<usize>g) << 3);
        let q = B + <usize>k * sizeof<T>();
        for (let i = 0; i < rows; i++) {
          s += load<f64>(p) * one<T>(q);
          p += aPitch;
          q += pitch;
        }
        store<f64>(at, s);
      }
    }
    j += group;
  }
}

function fourByFour<T>(
  a: usize,
  aPitch: usize,
  b: usize,
  pitch: usize,
  rows: i32,
  out: usize,
  outPitch: usize,
): void {
  const out1 = out + outPitch;
  const out2 = out1 + outPitch;
  const out3 = out2 + outPitch;
  let s0 = v128.load(out);
  let t0 = v128.load(out, 16);
  let s1 = v128.load(out1);
  let t1 = v128.load(out1, 16);
  let s2 = v128.load(out2);
  let t2 = v128.load(out2, 16);
  let s3 = v128.load(out3);
  let t3 = v128.load(out3, 16);
  for (let i = 0; i < rows; i++) {
    const x = pair<T>(b);
    const y = pair<T>(b + 2 * sizeof<T>());
    const a0 = v128.load64_splat(a);
    s0 = addProduct(s0, a0, x);
    t0 = addProduct(t0, a0, y);
    const a1 = v128.load64_splat(a, 8);
    s1 = addProduct(s1, a1, x);
    t1 = addProduct(t1, a1, y);
    const a2 = v128.load64_splat(a, 16);
    s2 = addProduct(s2, a2, x);
    t2 = addProduct(t2, a2, y);
    const a3 = v128.load64_splat(a, 24);
    s3 = addProduct(s3, a3, x);
    t3 = addProduct(t3, a3, y);
    a += aPitch;
    b += pitch;
  }
  v128.store(out, s0);
  v128.store(out, t0, 16);
  v128.store(out1, s1);
  v128.store(out1, t1, 16);
  v128.store(out2, s2);
  v128.store(out2, t2, 16);
  v128.store(out3, s3);
  v128.store(out3, t3, 16);
}

function threeByFour<T>(
  a: usize,
  aPitch: usize,
  b: usize,
  pitch: usize,
  rows: i32,
  out: usize,
  outPitch: usize,
): void {
  const out1 = out + outPitch;
  const out2 = out1 + outPitch;
  let s0 = v128.load(out);
  let t0 = v128.load(out, 16);
  let s1 = v128.load(out1);
  let t1 = v128.load(out1, 16);
  let s2 = v128.load(out2);
  let t2 = v128.load(out2, 16);
  for (let i = 0; i < rows; i++) {
    const x = pair<T>(b);
    const y = pair<T>(b + 2 * sizeof<T>());
    const a0 = v128.load64_splat(a);
    s0 = addProduct(s0, a0, x);
    t0 = addProduct(t0, a0, y);
    const a1 = v128.load64_splat(a, 8);
    s1 = addProduct(s1, a1, x);
    t1 = addProduct(t1, a1, y);
    const a2 = v128.load64_splat(a, 16);
    s2 = addProduct(s2, a2, x);
    t2 = addProduct(t2, a2, y);
    a += aPitch;
    b += pitch;
  }
  v128.store(out, s0);
  v128.store(out, t0, 16);
  v128.store(out1, s1);
  v128.store(out1, t1, 16);
  v128.store(out2, s2);
  v128.store(out2, t2, 16);
}

function twoByFourColumns<T>(
  a: usize,
  aPitch: usize,
  b: usize,
  pitch: usize,
  rows: i32,
  out: usize,
  outPitch: usize,
): void {
  const out1 = out + outPitch;
  let s0 = v128.load(out);
  let t0 = v128.load(out, 16);
  let s1 = v128.load(out1);
  let t1 = v128.load(out1, 16);
  for (let i = 0; i < rows; i++) {
    const x = pair<T>(b);
    const y = pair<T>(b + 2 * sizeof<T>());
    const a0 = v128.load64_splat(a);
    s0 = addProduct(s0, a0, x);
    t0 = addProduct(t0, a0, y);
    const a1 = v128.load64_splat(a, 8);
    s1 = addProduct(s1, a1, x);
    t1 = addProduct(t1, a1, y);
    a += aPitch;
    b += pitch;
  }
  v128.store(out, s0);
  v128.store(out, t0, 16);
  v128.store(out1, s1);
  v128.store(out1, t1, 16);
}

function oneByFour<T>(a: usize, aPitch: usize, b: usize, pitch: usize, rows: i32, out: usize): void {
  let s = v128.load(out);
  let t = v128.load(out, 16);
  for (let i = 0; i < rows; i++) {
    const a0 = v128.load64_splat(a);
    s = addProduct(s, a0, pair<T>(b));
    t = addProduct(t, a0, pair<T>(b + 2 * sizeof<T>()));
    a += aPitch;
    b += pitch;
  }
  v128.store(out, s);
  v128.store(out, t, 16);
}

/** Sum of squares of one row. Four sums at a time, because one would wait for itself. */
export function rowPower<T>(a: usize, length: i32): f64 {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  const eights = a + <usize>(length & ~7) * sizeof<T>();
  const end = a + <usize>length * sizeof<T>();
  while (a < eights) {
    const x0 = pair<T>(a);
    const x1 = pair<T>(a + 2 * sizeof<T>());
    const x2 = pair<T>(a + 4 * sizeof<T>());
    const x3 = pair<T>(a + 6 * sizeof<T>());
    s0 = addProduct(s0, x0, x0);
    s1 = addProduct(s1, x1, x1);
    s2 = addProduct(s2, x2, x2);
    s3 = addProduct(s3, x3, x3);
    a += 8 * sizeof<T>();
  }
  let s = total(f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3)));
  while (a < end) {
    const x = one<T>(a);
    s += x * x;
    a += sizeof<T>();
  }
  return s;
}

/**
 * Sum over one row of (d - m - sum_j c_j s_j)^2, formed number by number.
 *
 * @param m spectrum taken off first; 0: none
 * @param weights one for each number; 0: all one
 * @param weighted receives the sum with the weights, where there are any
 */
export function rowResidual<T>(
  d: usize,
  c: usize,
  S: usize,
  n: i32,
  length: i32,
  m: usize,
  weights: usize,
  weighted: usize,
): f64 {
  const pitch = (<usize>length) << 3;
  // The first three concentrations stay in registers.
  const c0 = n > 0 ? v128.load64_splat(c) : f64x2.splat(0);
  const c1 = n > 1 ? v128.load64_splat(c, 8) : f64x2.splat(0);
  const c2 = n > 2 ? v128.load64_splat(c, 16) : f64x2.splat(0);
  let sum = f64x2.splat(0);
  let weightedSum = f64x2.splat(0);
  for (let k = 0; k < length; k += 2) {
    const at = (<usize>k) << 3;
    // The last of an odd number stands alone; its partner counts as zero throughout.
    const both = k + 1 < length;
    let e = both
      ? pair<T>(d + <usize>k * sizeof<T>())
      : f64x2.replace_lane(f64x2.splat(0), 0, one<T>(d + <usize>k * sizeof<T>()));
    if (m) e = f64x2.sub(e, numbers(m + at, both));
    if (n > 0) e = f64x2.sub(e, f64x2.mul(c0, numbers(S + at, both)));
    if (n > 1) e = f64x2.sub(e, f64x2.mul(c1, numbers(S + pitch + at, both)));
    if (n > 2) e = f64x2.sub(e, f64x2.mul(c2, numbers(S + 2 * pitch + at, both)));
    for (let j: usize = 3; j < <usize>n; j++) {
      e = f64x2.sub(e, f64x2.mul(v128.load64_splat(c + (j << 3)), numbers(S + j * pitch + at, both)));
    }
    const square = f64x2.mul(e, e);
    sum = f64x2.add(sum, square);
    if (weights) weightedSum = addProduct(weightedSum, square, numbers(weights + at, both));
  }
  if (weights) store<f64>(weighted, total(weightedSum));
  return total(sum);
}

/** `rowResidual` for three components without more, the usual case: no question is requested each number. */
export function rowResidualOfThree<T>(d: usize, c: usize, S: usize, length: i32): f64 {
  const pitch = (<usize>length) << 3;
  const c0 = v128.load64_splat(c);
  const c1 = v128.load64_splat(c, 8);
  const c2 = v128.load64_splat(c, 16);
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  const fours = S + ((<usize>(length & ~3)) << 3);
  let s = S;
  for (; s < fours; s += 32) {
    let e = f64x2.sub(pair<T>(d), f64x2.mul(c0, v128.load(s)));
    let f = f64x2.sub(pair<T>(d + 2 * sizeof<T>()), f64x2.mul(c0, v128.load(s, 16)));
    const t = s + pitch;
    e = f64x2.sub(e, f64x2.mul(c1, v128.load(t)));
    f = f64x2.sub(f, f64x2.mul(c1, v128.load(t, 16)));
    const u = t + pitch;
    e = f64x2.sub(e, f64x2.mul(c2, v128.load(u)));
    f = f64x2.sub(f, f64x2.mul(c2, v128.load(u, 16)));
    s0 = addProduct(s0, e, e);
    s1 = addProduct(s1, f, f);
    d += 4 * sizeof<T>();
  }
  let sum = total(f64x2.add(s0, s1));
  for (const end = S + pitch; s < end; s += 8) {
    let e = one<T>(d) - load<f64>(c) * load<f64>(s);
    e -= load<f64>(c, 8) * load<f64>(s + pitch);
    e -= load<f64>(c, 16) * load<f64>(s + 2 * pitch);
    sum += e * e;
    d += sizeof<T>();
  }
  return sum;
}

/** Two numbers, or one and zero. */
function numbers(at: usize, both: bool): v128 {
  return both ? v128.load(at) : v128.load64_zero(at);
}

/** Transposes a block of rows: out [columns, capacity] in float64, padded with zeros if rows < capacity. */
export function transpose<T>(D: usize, rows: i32, columns: i32, out: usize, capacity: i32): void {
  const pitch = (<usize>capacity) << 3;
  for (let k = 0; k < columns; k++) {
    let to = out + <usize>k * pitch;
    let from = D + <usize>k * sizeof<T>();
    for (let i = 0; i < rows; i++) {
      store<f64>(to, one<T>(from));
      to += 8;
      from += <usize>columns * sizeof<T>();
    }
    for (let i = rows; i < capacity; i++) {
      store<f64>(to, 0);
      to += 8;
    }
  }
}

/** Lower triangle of out [n, n] += A A^T, two rows at a time: the entry right of the diagonal may be touched, too. */
export function lowerGram(A: usize, n: i32, length: i32, out: usize, spare: usize): void {
  const pitch = (<usize>length) << 3;
  for (let i = 0; i < n; i += 2) {
    const rows = min(2, n - i);
    rowProducts<f64>(
      A + <usize>i * pitch,
      rows,
      A,
      i + rows,
      length,
      out + <usize>i * ((<usize>n) << 3),
      (<usize>n) << 3,
      spare,
      0,
    );
  }
}
