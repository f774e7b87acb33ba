// Arithmetic in float32 with the same steps as the compiled kernel, for identical bits.

const f = Math.fround;

/** Adding it rounds to the nearest whole number. */
const NEAREST = 12582912;

/** The nearest whole number, for numbers below 4e6; half-way cases go to the even one. */
export function nearest(x: number): number {
  return f(f(x + NEAREST) - NEAREST);
}

/** ln(2)^k / k! */
const C6 = f(1.54035304e-4);
const C5 = f(1.33335581e-3);
const C4 = f(9.61812911e-3);
const C3 = f(5.55041087e-2);
const C2 = f(0.240226507);
const C1 = f(Math.LN2);
const PER_LN2 = f(-Math.LOG2E);

/** 2^-n, n from 0 to 126. */
const HALVES: Float32Array = Float32Array.from({ length: 127 }, (_, n) => 2 ** -n);

/** exp(-x) for a float32 x of at least 0, to 3e-7; constant beyond 86. */
export function falling(x: number): number {
  const y = Math.max(f(x * PER_LN2), -125);
  const n = nearest(y);
  const r = f(y - n);
  let p = f(f(C6 * r) + C5);
  p = f(f(p * r) + C4);
  p = f(f(p * r) + C3);
  p = f(f(p * r) + C2);
  p = f(f(p * r) + C1);
  p = f(f(p * r) + 1);
  return f(p * HALVES[-n]);
}

const PER_31_BITS = f(2 ** -31);
const L7 = f(-4 / 7);
const L5 = f(-4 / 5);
const L3 = f(-4 / 3);
const TWO_LN2 = f(-2 * Math.LN2);
const word = new Int32Array(1);
const number = new Float32Array(word.buffer);

/** sqrt(-2 ln u) of a uniform number u from 32 bits, for the Box-Muller transform. */
export function radius(bits: number): number {
  const u = f(f(f(bits >>> 1) + 0.5) * PER_31_BITS);
  number[0] = u;
  const exponent = (word[0] - 0x3f3504f3) >> 23;
  word[0] = (word[0] - (exponent << 23)) | 0;
  const m = number[0];
  const s = f(f(m - 1) / f(m + 1));
  const z = f(s * s);
  let p = f(f(L7 * z) + L5);
  p = f(f(p * z) + L3);
  p = f(f(p * z) - 4);
  return f(Math.sqrt(Math.max(f(f(f(exponent) * TWO_LN2) + f(p * s)), 0)));
}

const EIGHTH = f(Math.PI / 2 ** 33);

/** An angle within an eighth of a turn to either side, from the lower 30 bits. */
export function angle(bits: number): number {
  return f(f(bits << 2) * EIGHTH);
}

const S7 = f(-1 / 5040);
const S5 = f(1 / 120);
const S3 = f(-1 / 6);

/** sin t of an {@link angle}. @param square t t */
export function sine(t: number, square: number): number {
  let p = f(f(S7 * square) + S5);
  p = f(f(p * square) + S3);
  p = f(f(p * square) + 1);
  return f(p * t);
}

const C8 = f(1 / 40320);
const COS6 = f(-1 / 720);
const COS4 = f(1 / 24);

/** cos t of an {@link angle}. @param square t t */
export function cosine(square: number): number {
  let p = f(f(C8 * square) + COS6);
  p = f(f(p * square) + COS4);
  p = f(f(p * square) - 0.5);
  return f(f(p * square) + 1);
}
