// The points that courses are fitted to: pairs as they were given, means over doses where there are very many, or means over
// pixels of like dose with the covariance that neighbouring pixels give them.
import { choleskyFactor } from "../../compute/solvers/linear-solve.js";
import { median } from "../../compute/stats.js";
import { bestBy, fitCourses, regressionOf, type Scored, type Series, twoSteps } from "./compare.js";
import { COURSES, type Course } from "./courses.js";
import { summary } from "./neighbours.js";
import { noiseOf } from "./noise.js";
import { meansOfPixels } from "./pixels.js";
import type { Pairs } from "./points.js";
import { Regression } from "./regression.js";

/** More points than this become means over neighbouring doses; so many show every bend that the courses have. */
const MOST = 120;

/** What neighbours have in common. */
export interface Common {
  /** Over how many pixels (along x and y), or points along the dose, noise is alike; 1 where it is independent. */
  readonly correlation: readonly number[];
  /** Pixels or points that would tell as much if they were independent. */
  readonly effective: number;
}

/** Points, fitted. */
export interface FittedSeries {
  readonly series: Series;
  readonly scored: readonly Scored[];
  /** Lowest dose, and range of the doses. */
  readonly x0: number;
  readonly range: number;
  /** Standard deviation beyond `sigma`; 0 without sigma. */
  readonly excess: number;
  /** Pixels and what they have in common; null for plain arrays. */
  readonly pixels: Common | null;
}

/** What is known of the noise. */
export interface NoiseOptions {
  readonly before: "level" | "slope";
  /** Width of the image whose pixels the pairs are; undefined for plain arrays. */
  readonly width: number | undefined;
  /** Pixels along a side, or points along the dose, that have noise in common; undefined where that is estimated. */
  readonly size: number | undefined;
  /** Pixels of the image. */
  readonly nPixels: number;
}

/**
 * Fits all courses to pairs: to all of them, or, where deviations from the best course are alike over many neighbouring points, to
 * those up to the largest dose up to which some course follows the response. An onset does not depend on what comes far above it.
 */
export function fitPairs(pairs: Pairs, options: NoiseOptions): FittedSeries {
  const whole = withChallengers(fitAll(pairs, options));
  if (options.size !== undefined && options.width === undefined) return whole;
  const [first, last] = [pairs.x[0], pairs.x[pairs.x.length - 1]];
  let fitted = whole;
  for (const share of WINDOWS) {
    if (bestBy(fitted.scored, "bic").rho <= ALIKE) return fitted;
    const n = pairs.x.findLastIndex((v) => v <= first + share * (last - first)) + 1;
    if (n < LEAST_POINTS) break;
    fitted = withChallengers(fitAll(upTo(pairs, n), options));
  }
  return bestBy(fitted.scored, "bic").rho <= ALIKE ? fitted : whole;
}

/** Shares of the range of doses that are tried. */
const WINDOWS = [0.8, 0.65, 0.5, 0.4];

/** A larger correlation of neighbouring points may be a course that does not follow the response. */
const ALIKE = 0.5;

/** Fewer points than this do not show that a course follows them better. */
const LEAST_POINTS = 12;

/** The same for the doses up to a limit; null where they are too few, or all of them. */
export function fitUpTo(pairs: Pairs, options: NoiseOptions, limit: number): FittedSeries | null {
  const n = pairs.x.findLastIndex((v) => v <= limit) + 1;
  return n < LEAST_POINTS || n === pairs.x.length ? null : withChallengers(fitAll(upTo(pairs, n), options));
}

function upTo({ x, y, sigma, factor, index, dropped }: Pairs, n: number): Pairs {
  const first = <A extends Float64Array | Int32Array>(values: A): A => values.slice(0, n) as A;
  // The factor of the first points is the upper left part of that of all.
  const leading =
    factor && Float64Array.from({ length: n * n }, (_, k) => factor[Math.floor(k / n) * x.length + (k % n)]);
  return {
    x: first(x),
    y: first(y),
    sigma: sigma && first(sigma),
    factor: leading,
    index: first(index),
    dropped,
  };
}

function fitAll(pairs: Pairs, options: NoiseOptions): FittedSeries {
  const { before, size } = options;
  const x0 = pairs.x[0];
  const range = pairs.x[pairs.x.length - 1] - x0;
  const scale = (x: Float64Array): Float64Array => x.map((v) => (v - x0) / range);
  if (options.width !== undefined) {
    const { x, y, factor, pixels } = ofPixels(pairs, { ...options, width: options.width });
    const series: Series = { u: scale(x), y, spread: { factor }, before };
    return { series, scored: fitCourses(series), x0, range, excess: 0, pixels };
  }
  if (pairs.factor) {
    const series: Series = { u: scale(pairs.x), y: pairs.y, spread: { factor: pairs.factor }, before };
    return { series, scored: fitCourses(series), x0, range, excess: 0, pixels: null };
  }
  const rho = size === undefined ? undefined : (size - 1) / (size + 1);
  const { x, y, sigma } = means(pairs);
  // A few points that are stated to be very sure do not decide the first fit.
  const root = sigma ? rootOf(sigma, median(sigma) / 3) : new Float64Array(y.length).fill(1);
  let series: Series = { u: scale(x), y, spread: { root }, before, rho };
  let scored = fitCourses(series);
  const refit = (root: Float64Array): void => {
    series = { ...series, spread: { root } };
    scored = fitCourses(series);
  };
  let excess = 0;
  if (sigma) {
    // Residuals and weights depend on each other; few rounds settle both.
    for (let round = 0; round < ROUNDS; round++) {
      const best = bestBy(scored, "bic");
      const last = excess;
      excess = excessScatter(residuals(series, best), sigma, y.length - best.nParameters);
      if (round > 0 && Math.abs(excess - last) <= 0.05 * last) break;
      refit(rootOf(sigma, excess));
    }
  } else {
    const best = bestBy(scored, "bic");
    const root = growing(series.u, residuals(series, best));
    if (root) refit(root);
  }
  return { series, scored, x0, range, excess, pixels: null };
}

const ROUNDS = 3;

/** The same with a course that is worth its search only where an onset leads or no course follows: two smooth steps. */
function withChallengers(fitted: FittedSeries): FittedSeries {
  const best = (part: "onset" | "smooth"): Scored | null => {
    const own = fitted.scored.filter(({ course }) => course.part === part);
    return own.length > 0 ? bestBy(own, "bic") : null;
  };
  const [onset, smooth] = [best("onset"), best("smooth")];
  if (!onset || !smooth || (onset.bic >= smooth.bic && smooth.rho <= ALIKE)) return fitted;
  const other = twoSteps(fitted.series, [...new Set([0, onset.rho, smooth.rho])]);
  return other ? { ...fitted, scored: [...fitted.scored, other] } : fitted;
}

/** What a course leaves of the response, in its units. */
function residuals(series: Series, fit: Scored): Float64Array {
  const course = courseAt(series, fit);
  return series.y.map((v, i) => v - course(series.u[i]));
}

/** A fitted course as a function of the dose from 0 to 1. */
export function courseAt(series: Series, fit: Scored): (u: number) => number {
  const { course, outer, inner, rho } = fit;
  const regression = regressionOf(series, course, rho);
  const factors = regression.factors(course, outer, inner);
  const baseline = factors.length - course.columns;
  return (u) => {
    let v = factors[0] + (baseline === 2 ? factors[1] * u : 0);
    for (let c = 0; c < course.columns; c++) v += factors[baseline + c] * course.at(u, c, outer, inner);
    return v;
  };
}

/** Square roots of the weights 1 / (sigma^2 + excess^2), the largest one. */
function rootOf(sigma: Float64Array, excess: number): Float64Array {
  const largest = sigma.reduce((most, s) => Math.max(most, s), 0);
  const least = Math.max(largest, excess) * 1e-6;
  const root = sigma.map((s) => 1 / (Math.hypot(s, excess, least) || 1));
  const most = root.reduce((a, b) => Math.max(a, b), 0);
  return root.map((v) => v / most);
}

/** The excess with sum r^2 / (sigma^2 + excess^2) = degrees of freedom, by bisection; 0 where the sum is smaller anyway. */
function excessScatter(residual: Float64Array, sigma: Float64Array, freedom: number): number {
  const beyond = (e2: number): number => {
    let sum = 0;
    for (let i = 0; i < sigma.length; i++) {
      if (residual[i] !== 0) sum += residual[i] ** 2 / (sigma[i] * sigma[i] + e2);
    }
    return sum - freedom;
  };
  let low = 0;
  let high = residual.reduce((sum, v) => sum + v * v, 0) / freedom;
  if (!(beyond(low) > 0)) return 0;
  for (let step = 0; step < 100 && high - low > 1e-9 * high; step++) {
    const middle = (low + high) / 2;
    if (beyond(middle) > 0) low = middle;
    else high = middle;
  }
  return Math.sqrt(high);
}

/**
 * Square roots of weights where scatter changes with the dose, its logarithm as a line or a parabola, clearly so; null where it is
 * even.
 *
 * @see A. C. Harvey, Econometrica 44 (1976) 461: the logarithm of a squared normal number has variance 4.93
 */
function growing(u: Float64Array, residual: Float64Array): Float64Array | null {
  const n = u.length;
  const size = residual.reduce((sum, v) => sum + v * v, 0) / n;
  if (!(size > 0)) return null;
  const logs = residual.map((v) => Math.log(Math.max(v * v, 1e-6 * size)));
  const logarithm = new Regression(u, logs, noiseOf({ root: new Float64Array(n).fill(1) }, 0));
  const whole = logarithm.rss(COURSES.constant, 0, 0);
  const gains = [COURSES.line, COURSES.parabola].map(
    (course) => (whole - logarithm.rss(course, 0, 0)) / 4.93 - course.columns * Math.log(n),
  );
  const best = gains[1] > gains[0] ? 1 : 0;
  if (!(gains[best] > 0)) return null;
  const course: Course = best === 1 ? COURSES.parabola : COURSES.line;
  const factors = logarithm.factors(course, 0, 0);
  const at = u.map((v) => {
    let sum = 0;
    for (let c = 0; c < course.columns; c++) sum += factors[c + 1] * course.at(v, c, 0, 0);
    return sum;
  });
  const least = at.reduce((low, v) => Math.min(low, v), Number.POSITIVE_INFINITY);
  return at.map((v) => Math.exp(-Math.min(v - least, STEEPEST) / 2));
}

/** Scatter that changes more than e^4 times over the doses says that something else is wrong. */
const STEEPEST = 8;

/** Pairs, or means over groups of neighbouring doses where there are very many. */
function means({ x, y, sigma }: Pairs): { x: Float64Array; y: Float64Array; sigma: Float64Array | null } {
  if (x.length <= MOST) return { x, y, sigma };
  const { bounds, size } = groups(x.length);
  const mean = (of: Float64Array): Float64Array =>
    size.map((m, g) => of.subarray(bounds[g], bounds[g + 1]).reduce((sum, v) => sum + v, 0) / m);
  return { x: mean(x), y: mean(y), sigma: sigma && mean(sigma).map((s, g) => s / Math.sqrt(size[g])) };
}

function groups(n: number): { bounds: Int32Array; size: Float64Array } {
  const bounds = Int32Array.from({ length: MOST + 1 }, (_, g) => Math.round((g * n) / MOST));
  return { bounds, size: Float64Array.from({ length: MOST }, (_, g) => bounds[g + 1] - bounds[g]) };
}

/** Means over pixels of like dose, as many in each. */
function ofPixels(pairs: Pairs, { width, size, nPixels }: NoiseOptions & { readonly width: number }) {
  const n = pairs.x.length;
  const nGroups = Math.max(LEAST_GROUPS, Math.min(MOST, Math.floor(n / PER_GROUP)));
  const bounds = Int32Array.from({ length: nGroups + 1 }, (_, g) => Math.round((g * n) / nGroups));
  const { x, y, covariance, near } = meansOfPixels(pairs, bounds, { width, nPixels, size });
  choleskyFactor(covariance, nGroups);
  return { x, y, factor: covariance, pixels: summary(near, n) };
}

/** Fewer groups than this do not show a curve; fewer pixels in each do not show their scatter. */
const LEAST_GROUPS = 8;
const PER_GROUP = 6;
