// Dose-response curves: level, smooth, or with an onset. Each is a level plus a few columns with coefficients
// from linear least squares. At most two parameters per curve are nonlinear.

/** A curve without an onset ("smooth", including the constant), or with one. */
export type Part = "smooth" | "onset";

/** A curve: y = level + sum of coefficient times column. Doses u are scaled to 0..1. */
export interface Curve {
  readonly part: Part;
  /** Name in a sentence. */
  readonly description: string;
  /** Names of the linear coefficients, and then of the nonlinear parameters: first `outer`, then `inner`. */
  readonly parameters: readonly string[];
  readonly columns: number;
  /** Starting values of positions or rates; those of onsets and steps come from the doses. */
  readonly outer?: readonly number[];
  /** Starting values of logarithms of widths or exponents. */
  readonly inner?: readonly number[];
  /** Value of a column at u. */
  at(u: number, column: number, outer: number, inner: number): number;
  /** Nonlinear parameters in the units of the doses, from positions and logarithms; x0 is the lowest dose. */
  natural?(outer: number, inner: number, x0: number, range: number): Record<string, number>;
}

const logs = (from: number, to: number, n: number): number[] =>
  Array.from({ length: n }, (_, i) => Math.log(from) + (i / (n - 1)) * Math.log(to / from));
const steps = (from: number, to: number, n: number): number[] =>
  Array.from({ length: n }, (_, i) => from + (i / (n - 1)) * (to - from));

/** Legendre polynomials on the range of doses: nearly orthogonal columns. */
function legendre(u: number, degree: number): number {
  const t = 2 * u - 1;
  let [a, b] = [1, t];
  for (let k = 1; k < degree; k++) [a, b] = [b, ((2 * k + 1) * t * b - k * a) / (k + 1)];
  return b;
}

const polynomial = (degree: number, description: string): Curve => ({
  part: "smooth",
  description,
  parameters: Array.from({ length: degree }, (_, k) => `c${k + 1}`),
  columns: degree,
  at: (u, column) => legendre(u, column + 1),
});

/** A step or bump. Its center and width are nonlinear, both relative to the range of doses. */
const placed = (
  description: string,
  outer: readonly number[],
  inner: readonly number[],
  shape: (v: number) => number,
): Curve => ({
  part: "smooth",
  description,
  parameters: ["change", "middle", "width"],
  columns: 1,
  outer,
  inner,
  at: (u, _, middle, width) => shape((u - middle) / Math.exp(width)),
  natural: (middle, width, x0, range) => ({ middle: x0 + middle * range, width: Math.exp(width) * range }),
});

/** A curve that depends on the ratio of the dose above the lowest one to a scale. */
const scaled = (description: string, shape: (v: number) => number): Curve => ({
  part: "smooth",
  description,
  parameters: ["change", "scale", "exponent"],
  columns: 1,
  outer: logs(0.05, 2.5, 12),
  inner: logs(0.6, 12, 7),
  at: (u, _, scale, exponent) => shape(u <= 0 ? 0 : (u / Math.exp(scale)) ** Math.exp(exponent)),
  natural: (scale, exponent, _, range) => ({ scale: Math.exp(scale) * range, exponent: Math.exp(exponent) }),
});

/** A level up to the onset; `shape` is 0 at and below it. */
const onset = (description: string, shape: (v: number) => number): Curve => ({
  part: "onset",
  description,
  parameters: ["change", "break"],
  columns: 1,
  at: (u, _, at) => (u > at ? shape(u - at) : 0),
  natural: (at, _, x0, range) => ({ break: x0 + at * range }),
});

/** The same with a nonlinear width. */
const wide = (description: string, widths: readonly number[], shape: (v: number) => number): Curve => ({
  part: "onset",
  description,
  parameters: ["change", "break", "width"],
  columns: 1,
  inner: widths,
  at: (u, _, at, width) => (u > at ? shape((u - at) / Math.exp(width)) : 0),
  natural: (at, width, x0, range) => ({ break: x0 + at * range, width: Math.exp(width) * range }),
});

/** All curves that are compared, by name. An additional curve is one more entry here. */
export const CURVES = {
  constant: { ...polynomial(0, "a constant"), parameters: [] },
  line: { ...polynomial(1, "a straight line"), parameters: ["slope"] },
  parabola: polynomial(2, "a parabola"),
  cubic: polynomial(3, "a polynomial of degree 3"),
  quartic: polynomial(4, "a polynomial of degree 4"),
  quintic: polynomial(5, "a polynomial of degree 5"),
  sextic: polynomial(6, "a polynomial of degree 6"),
  curve: {
    part: "smooth",
    description: "an exponential curve",
    parameters: ["change", "rate"],
    columns: 1,
    outer: steps(-1, 1, 25),
    at: (u, _, outer) => {
      const bend = bendOf(outer);
      return Math.abs(bend) < 1e-6 ? u * (1 + (bend * u) / 2) : Math.expm1(bend * u) / bend;
    },
    natural: (outer, _, __, range) => ({ rate: bendOf(outer) / range }),
  },
  power: {
    part: "smooth",
    description: "a power of the dose",
    parameters: ["change", "exponent"],
    columns: 1,
    outer: logs(0.15, 12, 14),
    at: (u, _, exponent) => (u <= 0 ? 0 : u ** Math.exp(exponent)),
    natural: (exponent) => ({ exponent: Math.exp(exponent) }),
  },
  sigmoid: placed("a smooth step", steps(-0.1, 1.1, 15), logs(0.01, 0.5, 7), (v) => 1 / (1 + Math.exp(-v))),
  gaussian: placed("a Gaussian", steps(-0.4, 1.4, 13), logs(0.05, 0.9, 7), (v) => Math.exp((-v * v) / 2)),
  hill: scaled("a Hill function", (v) => v / (1 + v)),
  weibull: scaled("a stretched exponential", (v) => -Math.expm1(-v)),
  step: onset("a level and a step", () => 1),
  broken: { ...onset("a level and a line", (v) => v), parameters: ["slope", "break"] },
  dropped: {
    part: "onset",
    description: "a level, a step and a parabola",
    parameters: ["change", "slope", "second", "break"],
    columns: 3,
    at: (u, column, at) => (u > at ? (u - at) ** column : 0),
    natural: (at, _, x0, range) => ({ break: x0 + at * range }),
  },
  powered: {
    ...onset("a level and a power", (v) => v),
    parameters: ["change", "break", "exponent"],
    inner: logs(0.4, 4, 9),
    at: (u, _, at, exponent) => (u > at ? (u - at) ** Math.exp(exponent) : 0),
    natural: (at, exponent, x0, range) => ({ break: x0 + at * range, exponent: Math.exp(exponent) }),
  },
  ramp: wide("a level, a line and a level", logs(0.02, 1, 12), (v) => Math.min(v, 1)),
  approach: wide("a level and an exponential approach", logs(0.02, 1.5, 9), (v) => -Math.expm1(-v)),
  delayed: wide("a level and a delayed approach", logs(0.03, 2, 9), (v) => -Math.expm1(-v * v)),
  bend: wide("a level that bends into a line", logs(0.05, 1, 9), (v) => (v < 1 ? (v * v) / 2 : v - 0.5)),
  smoothRamp: wide("a level and a smooth step that begins there", logs(0.03, 2, 9), (v) =>
    v < 1 ? v * v * (3 - 2 * v) : 1,
  ),
  curved: {
    part: "onset",
    description: "a level and a polynomial of degree 3",
    parameters: ["slope", "second", "third", "break"],
    columns: 3,
    at: (u, column, at) => (u > at ? (u - at) ** (column + 1) : 0),
    natural: (at, _, x0, range) => ({ break: x0 + at * range }),
  },
  bent: {
    part: "onset",
    description: "a level that bends into a polynomial of degree 5",
    parameters: ["second", "third", "fourth", "fifth", "break"],
    columns: 4,
    at: (u, column, at) => (u > at ? (u - at) ** (column + 2) : 0),
    natural: (at, _, x0, range) => ({ break: x0 + at * range }),
  },
} as const satisfies Record<string, Curve>;

/** Names of the curves. */
export type CurveName = ListedCurve | "twoSteps";

/** Curves with starting values of their own. */
export type ListedCurve = keyof typeof CURVES;

/** Two smooth steps, one of them known: `otherMiddle` and the logarithm of its width. */
export function twoStepsBeside(otherMiddle: number, otherWidth: number): Curve {
  const { at, outer, inner, natural } = CURVES.sigmoid;
  return {
    part: "smooth",
    description: "two smooth steps",
    parameters: ["change", "otherChange", "middle", "width", "otherMiddle", "otherWidth"],
    columns: 2,
    outer,
    inner,
    at: (u, column, middle, width) =>
      column === 0 ? at(u, 0, middle, width) : at(u, 0, otherMiddle, otherWidth),
    natural: (middle, width, x0, range) => ({
      ...natural?.(middle, width, x0, range),
      otherMiddle: x0 + otherMiddle * range,
      otherWidth: Math.exp(otherWidth) * range,
    }),
  };
}

/** Rates of an exponential relative to the range of doses: dense near the straight line, up to 30. */
function bendOf(t: number): number {
  return 30 * t * Math.abs(t);
}
