// How well the data fix the break: by bootstrap, and by the rise of the residual on either side.
import { type Random, random } from "../../compute/random.js";
import { type BreakProfile, fitBrokenLine, hinge } from "./broken-line.js";
import type { Points } from "./points.js";

/** From this many points on, pairs are drawn; below, residuals of the fit, because too few pairs may leave no break at all. */
const LEAST_FOR_PAIRS = 20;

/**
 * Breaks of bootstrap replicates, sorted. Replicate r draws from the stream (seed, r).
 *
 * @param at break of the fit to the data themselves
 */
export function bootstrapBreaks(points: Points, at: number, replicates: number, seed: number): Float64Array {
  const draw = points.x.length >= LEAST_FOR_PAIRS ? drawPairs : residualDraw(points, at);
  const breaks: number[] = [];
  for (let r = 0; r < replicates; r++) {
    const fit = fitBrokenLine(draw(points, random(seed, r)));
    if (fit) breaks.push(fit.break);
  }
  return Float64Array.from(breaks).sort();
}

/** The middle 95 % of sorted values, interpolated. */
export function central95(sorted: Float64Array): [number, number] {
  const quantile = (p: number): number => {
    const at = p * (sorted.length - 1);
    const i = Math.floor(at);
    const next = Math.min(i + 1, sorted.length - 1);
    return sorted[i] + (at - i) * (sorted[next] - sorted[i]);
  };
  return [quantile(0.025), quantile(0.975)];
}

/**
 * The breaks that the data do not reject at 5 %: residual below (1 + F / (n - 3)) times the least one, F being the 95 %
 * quantile for 1 and n - 3 degrees of freedom. The outermost of them, where the profile has several dips.
 */
export function profileInterval(profile: BreakProfile, rss: number, at: number): [number, number] {
  const { points, from, to } = profile;
  const { x } = points;
  const freedom = x.length - 3;
  const limit = rss * (1 + studentQuantile(freedom) ** 2 / freedom);
  const inside = (i: number): boolean => (profile.atDose(i) ?? Number.POSITIVE_INFINITY) <= limit;
  let low = at;
  for (let i = from; i <= to && x[i] < at; i++) {
    if (!inside(i)) continue;
    low = x[i];
    break;
  }
  let high = at;
  for (let i = to; i >= from && x[i] > at; i--) {
    if (!inside(i)) continue;
    high = x[i];
    break;
  }
  const below = previous(x, low, x[from]);
  const above = next(x, high, x[to]);
  return [crossing(points, low, below, limit), crossing(points, high, above, limit)];
}

/** Between a break that is inside and one that may be outside, the last that is inside. */
function crossing(points: Points, inside: number, outside: number, limit: number): number {
  if (hinge(points, outside).rss <= limit) return outside;
  let a = inside;
  let b = outside;
  for (let step = 0; step < 40; step++) {
    const middle = (a + b) / 2;
    if (hinge(points, middle).rss <= limit) a = middle;
    else b = middle;
  }
  return a;
}

function previous(x: Float64Array, value: number, least: number): number {
  for (let i = x.length - 1; i >= 0; i--) if (x[i] < value) return Math.max(x[i], Math.min(least, value));
  return value;
}

function next(x: Float64Array, value: number, most: number): number {
  for (let i = 0; i < x.length; i++) if (x[i] > value) return Math.min(x[i], Math.max(most, value));
  return value;
}

/** 97.5 % quantile of Student's t. @see M. Abramowitz, I. A. Stegun, 26.7.5; good to 0.5 % from five degrees of freedom */
function studentQuantile(freedom: number): number {
  return 1.959964 + 2.372 / freedom + 2.823 / freedom ** 2 + 2.556 / freedom ** 3;
}

type Draw = (points: Points, draw: Random) => Points;

/** As many pairs as there are, with replacement; a pair drawn twice counts twice. */
function drawPairs({ x, y, w }: Points, draw: Random): Points {
  const n = x.length;
  const count = new Int32Array(n);
  let distinct = 0;
  for (let k = 0; k < n; k++) {
    const i = Math.floor(draw.uniform() * n);
    if (count[i]++ === 0) distinct++;
  }
  const out = {
    x: new Float64Array(distinct),
    y: new Float64Array(distinct),
    w: new Float64Array(distinct),
  };
  for (let i = 0, j = 0; i < n; i++) {
    if (count[i] === 0) continue;
    out.x[j] = x[i];
    out.y[j] = y[i];
    out.w[j++] = w[i] * count[i];
  }
  return out;
}

/** The fitted line plus its own residuals in another order, with replacement, each to the scale of its place. */
function residualDraw({ x, y, w }: Points, at: number): Draw {
  const n = x.length;
  const fit = hinge({ x, y, w }, at);
  const course = x.map((v) => fit.level + fit.slope * Math.max(0, v - at));
  // Residuals of a fit are smaller than the noise that made them, by the freedom that the fit took.
  const inflate = Math.sqrt(n / (n - 3));
  const standard = y.map((v, i) => (v - course[i]) * Math.sqrt(w[i]) * inflate);
  return (points, draw) => {
    const drawn = course.map((v, i) => v + standard[Math.floor(draw.uniform() * n)] / Math.sqrt(w[i]));
    return { ...points, y: drawn };
  };
}
