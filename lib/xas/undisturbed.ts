// Removes disturbed points from a spectrum: spikes, short excursions, stretches without beam, constant ends.
import { CUBIC_NOISE, cubicResiduals, despike } from "./smooth.js";

/** This many equal values in a row are a stopped reading. */
const STUCK = 3;
/** A jump is at least this fraction of the whole range ... */
const JUMP = 0.05;
/** ... and at least this many sigma of the noise ... */
const JUMP_SIGMAS = 8;
/** ... and at least this many times the steps beside it. A finely sampled edge rises more gradually. */
const JUMP_RATIO = 4;
/** An excursion, or a disturbed end, has at most this fraction of the points. */
const LONGEST = 0.2;
/** Levels before and after an excursion differ by at most this fraction of the jumps. */
const SAME = 0.6;
/** With coarser steps an edge looks like a jump, eV. */
const COARSE = 1.6;

/** The remaining points, and the sigma of their noise. */
export interface Points {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly sigma: number;
}

/**
 * The spectrum without disturbed points.
 *
 * @param x strictly ascending, eV
 * @param y shape of x; values that are not finite are left out
 */
export function undisturbed(x: Float64Array, y: Float64Array): Points {
  let points = keep(x, y, (i) => Number.isFinite(y[i]));
  const stuck = repeated(points.y, STUCK);
  points = keep(points.x, points.y, (i) => stuck[i] === 0);
  // A large excursion hides small ones, so the search is repeated.
  for (let round = 0; round < 8; round++) {
    const { sigma } = despike(points.x, points.y);
    const left = withoutExcursion(points.x, points.y, sigma) ?? withoutEnd(points.x, points.y, sigma);
    if (!left) break;
    points = left;
  }
  const { sigma, values } = despike(points.x, points.y);
  return { x: points.x, y: values, sigma };
}

interface Pair {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

function keep(x: Float64Array, y: Float64Array, wanted: (i: number) => boolean): Pair {
  return { x: x.filter((_, i) => wanted(i)), y: y.filter((_, i) => wanted(i)) };
}

/** 1 for each value in a run of at least `least` equal values, 0 for the others. */
function repeated(y: Float64Array, least: number): Uint8Array {
  const flags = new Uint8Array(y.length);
  for (let from = 0, to = 0; from < y.length; from = to) {
    while (to < y.length && y[to] === y[from]) to++;
    if (to - from >= least) flags.fill(1, from, to);
  }
  return flags;
}

/** Without the points between two jumps away from the spectrum and back; undefined without any. */
function withoutExcursion(
  x: Float64Array,
  y: Float64Array,
  sigma: number,
  least = leastJump(y, sigma),
): Pair | undefined {
  const n = x.length;
  const step = (i: number): number => (i < 0 || i > n - 2 ? 0 : y[i + 1] - y[i]);
  const quiet = (i: number, beside: number): boolean =>
    Math.max(Math.abs(step(beside)), Math.abs(step(beside + Math.sign(beside - i)))) * JUMP_RATIO <
    Math.abs(step(i));
  for (let j = 0; j < n - 2; j++) {
    const away = step(j);
    if (!(Math.abs(away) > least && quiet(j, j - 1))) continue;
    for (let k = j + 1; k < Math.min(n - 1, j + 1 + Math.max(6, LONGEST * n)); k++) {
      const back = step(k);
      if (!(Math.abs(back) > least && back * away < 0 && quiet(k, k + 1))) continue;
      if (Math.abs(y[k + 1] - y[j]) > SAME * Math.min(Math.abs(away), Math.abs(back))) continue;
      return keep(x, y, (i) => i <= j || i > k);
    }
  }
  return undefined;
}

/** Without the start or the end that a jump separates from the rest; undefined where there is none. */
function withoutEnd(
  x: Float64Array,
  y: Float64Array,
  sigma: number,
  smallest = leastJump(y, sigma),
): Pair | undefined {
  const n = x.length;
  const least = 2 * smallest;
  const farthest = Math.max(8, LONGEST * n);
  for (let i = 0; i < n - 1; i++) {
    const fromStart = i + 1 <= farthest;
    if (!fromStart && n - 1 - i > farthest) continue;
    const size = Math.abs(y[i + 1] - y[i]);
    const few = Math.min(i + 1, n - 1 - i) <= 2;
    if (!(size > least && (few || x[i + 1] - x[i] <= COARSE))) continue;
    const inner = fromStart ? 1 : -1;
    // Three steps are compared on the inner side: those after a white line are larger.
    const beside = [-2, -1, 1, 2, 3].map((m) => Math.abs(y[i + 1 + inner * m] - y[i + inner * m]) || 0);
    if (Math.max(...beside) * JUMP_RATIO < size) return keep(x, y, (k) => (fromStart ? k > i : k <= i));
  }
  return undefined;
}

/** This many equal values in a row within a window without an edge are a stopped reading. */
const HELD = 8;

/**
 * Whether each point of a stretch without an edge is free of disturbance. Points are left out as by
 * `undisturbed`, but only where they deviate by at least `JUMP` of the edge step.
 *
 * @param x strictly monotonic, eV
 * @param y shape of x, finite
 * @param edgeStep approximate edge step, in the units of y
 * @returns the kept points, and the energy of a jump that remains, eV; undefined without one
 */
export function undisturbedStretch(
  x: Float64Array,
  y: Float64Array,
  edgeStep: number,
): { readonly kept: ReadonlySet<number>; readonly jump: number | undefined } {
  const held = repeated(y, HELD);
  // A stretch of almost only equal values is a calculated spectrum, not a stopped reading.
  const calculated = held.filter((flag) => flag === 1).length >= 0.9 * y.length;
  let points = keep(x, y, (i) => calculated || held[i] === 0);
  const least = (sigma: number): number => Math.max(JUMP * edgeStep, JUMP_SIGMAS * sigma);
  for (let round = 0; round < 8; round++) {
    const { x: at, y: values } = points;
    const { sigma } = despike(at, values);
    // A spike is outside both neighbors. Beside a jump, a point is outside one of them only.
    const spikes = keep(at, values, (i) => {
      const [before, after] = [values[i] - values[i - 1], values[i] - values[i + 1]];
      return !(before * after > 0 && Math.min(Math.abs(before), Math.abs(after)) > least(sigma));
    });
    const left =
      withoutExcursion(points.x, points.y, sigma, least(sigma)) ??
      withoutEnd(points.x, points.y, sigma, least(sigma)) ??
      (spikes.x.length < points.x.length ? spikes : undefined);
    if (!left) break;
    points = left;
  }
  const { sigma } = despike(points.x, points.y);
  return { kept: new Set(points.x), jump: jumpWithin(points, 2 * least(sigma)) };
}

/** With coarser steps the fine structure cannot be extrapolated, eV. */
const EXTRAPOLATED = 6;

/**
 * Energy of a jump of at least `least`, eV; undefined without one.
 *
 * @param judged whether a step of some eV, from an energy on and of some size, may be a jump; default: all
 */
export function jumpWithin(
  { x, y }: Pair,
  least: number,
  judged: (step: number, at: number, size: number) => boolean = () => true,
): number | undefined {
  const size = (i: number): number => Math.abs(y[i + 1] - y[i]) || 0;
  for (let i = 0; i < x.length - 1; i++) {
    if (!judged(Math.abs(x[i + 1] - x[i]), x[i], size(i))) continue;
    const beside = Math.max(size(i - 2), size(i - 1), size(i + 1), size(i + 2));
    if (size(i) > least && beside * JUMP_RATIO < size(i)) return x[i];
    // Coarse steps follow the fine structure and are not small beside a jump: both sides are extrapolated.
    const step = Math.abs(x[i + 1] - x[i]);
    if (step <= COARSE || step > EXTRAPOLATED || i < 2 || i + 3 >= x.length) continue;
    const middle = (x[i] + x[i + 1]) / 2;
    const off = parabolaAt(x, y, i - 2, middle) - parabolaAt(x, y, i + 1, middle);
    // Parabolas beside a jump miss it too.
    if (Math.abs(off) > least) return x[[i, i + 1, i + 2].reduce((a, b) => (size(b) > size(a) ? b : a))];
  }
  return undefined;
}

/** Value at `at` of the parabola through three points from `from` on. */
function parabolaAt(x: Float64Array, y: Float64Array, from: number, at: number): number {
  const [a, b, c] = x.subarray(from, from + 3);
  return (
    (y[from] * (at - b) * (at - c)) / ((a - b) * (a - c)) +
    (y[from + 1] * (at - a) * (at - c)) / ((b - a) * (b - c)) +
    (y[from + 2] * (at - a) * (at - b)) / ((c - a) * (c - b))
  );
}

function leastJump(y: Float64Array, sigma: number): number {
  const order = Float64Array.from(y).sort();
  const at = (share: number): number => order[Math.round(share * (order.length - 1))];
  return Math.max(JUMP * (at(0.95) - at(0.05)), JUMP_SIGMAS * sigma);
}

/**
 * Energy within [from, to] with the largest deviation from a smooth curve, relative to the allowed deviation;
 * undefined where all deviations are allowed.
 *
 * The allowed deviation from the cubic through four neighbors grows with the step: 0.015 of the edge step up
 * to 0.77 eV, 0.042 at 1 eV. Edges of 1.5 eV width and white lines of 4 eV width stay below it.
 */
export function roughest(
  { x, y, sigma }: Points,
  from: number,
  to: number,
  edgeStep: number,
): number | undefined {
  const residual = cubicResiduals(x, y);
  let at: number | undefined;
  let worst = 1;
  for (let i = 2; i < x.length - 2; i++) {
    if (x[i] < from || x[i] > to) continue;
    const d = (x[i + 2] - x[i - 2]) / 4;
    if (d > COARSE) continue;
    const allowed = Math.max(edgeStep * Math.max(0.015, 0.042 * d ** 3.3), 4.5 * CUBIC_NOISE * sigma);
    const size = Math.abs(residual[i]) / allowed;
    if (size <= worst) continue;
    worst = size;
    at = x[i];
  }
  return at;
}
