// Points for the fits: the given pairs, means over neighboring doses where there are very many, or means over
// pixels of similar dose with the covariance from neighboring pixels.
import { choleskyFactor } from "../../compute/solvers/linear-solve.js";
import { median } from "../../compute/stats.js";
import { bestBy, fitCurves, regressionOf, type Scored, type Series, twoSteps } from "./compare.js";
import { CURVES, type Curve } from "./curves.js";
import { summary } from "./neighbors.js";
import { noiseOf } from "./noise.js";
import { meansOfPixels } from "./pixels.js";
import type { Pairs } from "./points.js";
import { Regression } from "./regression.js";

/** More points than this are averaged over neighboring doses. This number resolves all curves. */
const MOST = 120;

/** Correlation of the noise. */
export interface Common {
  /** Correlation length of the noise in pixels (along x and y) or points; 1 where it is independent. */
  readonly correlation: readonly number[];
  /** Effective number of independent pixels or points. */
  readonly effective: number;
}

/** Points and fitted curves. */
export interface FittedSeries {
  readonly series: Series;
  readonly scored: readonly Scored[];
  /** Lowest dose, and range of the doses. */
  readonly x0: number;
  readonly range: number;
  /** Standard deviation beyond `sigma`; 0 without sigma. */
  readonly excess: number;
  /** Pixels and their correlation; null for plain arrays. */
  readonly pixels: Common | null;
}

/** Properties of the noise. */
export interface NoiseOptions {
  readonly before: "level" | "slope";
  /** Width of the image of the pixels; undefined for plain arrays. */
  readonly width: number | undefined;
  /** Pixels along a side, or points along the dose, with common noise; undefined where it is estimated. */
  readonly size: number | undefined;
  /** Number of pixels of the image. */
  readonly nPixels: number;
}

/**
 * Fits all curves to pairs. If the residuals of the best curve are correlated over many points, only pairs up
 * to the largest dose are used for which some curve fits. An onset does not depend on the response far above
 * it.
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

/** Fractions of the range of doses that are tried. */
const WINDOWS = [0.8, 0.65, 0.5, 0.4];

/** A larger correlation of neighboring points suggests a curve that does not fit. */
const ALIKE = 0.5;

/** Fewer points than this do not show that a curve fits them better. */
const LEAST_POINTS = 12;

/** The same for the doses up to a limit; null where there are too few, or all of them. */
export function fitUpTo(pairs: Pairs, options: NoiseOptions, limit: number): FittedSeries | null {
  const n = pairs.x.findLastIndex((v) => v <= limit) + 1;
  return n < LEAST_POINTS || n === pairs.x.length ? null : withChallengers(fitAll(upTo(pairs, n), options));
}

function upTo({ x, y, sigma, factor, index, dropped }: Pairs, n: number): Pairs {
  const first = <A extends Float64Array | Int32Array>(values: A): A => values.slice(0, n) as A;
  // The factor of the first points is the upper left block of the factor of all points.
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
    return { series, scored: fitCurves(series), x0, range, excess: 0, pixels };
  }
  if (pairs.factor) {
    const series: Series = { u: scale(pairs.x), y: pairs.y, spread: { factor: pairs.factor }, before };
    return { series, scored: fitCurves(series), x0, range, excess: 0, pixels: null };
  }
  const rho = size === undefined ? undefined : (size - 1) / (size + 1);
  const { x, y, sigma } = means(pairs);
  // A few points with small sigma do not determine the first fit.
  const root = sigma ? rootOf(sigma, median(sigma) / 3) : new Float64Array(y.length).fill(1);
  let series: Series = { u: scale(x), y, spread: { root }, before, rho };
  let scored = fitCurves(series);
  const refit = (root: Float64Array): void => {
    series = { ...series, spread: { root } };
    scored = fitCurves(series);
  };
  let excess = 0;
  if (sigma) {
    // Residuals and weights depend on each other; they converge within few rounds.
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

/** Adds the two smooth steps, which take a long search, if an onset is preferred or no curve fits. */
function withChallengers(fitted: FittedSeries): FittedSeries {
  const best = (part: "onset" | "smooth"): Scored | null => {
    const own = fitted.scored.filter(({ curve }) => curve.part === part);
    return own.length > 0 ? bestBy(own, "bic") : null;
  };
  const [onset, smooth] = [best("onset"), best("smooth")];
  if (!onset || !smooth || (onset.bic >= smooth.bic && smooth.rho <= ALIKE)) return fitted;
  const other = twoSteps(fitted.series, [...new Set([0, onset.rho, smooth.rho])]);
  return other ? { ...fitted, scored: [...fitted.scored, other] } : fitted;
}

/** Residuals of a curve, in the units of the response. */
function residuals(series: Series, fit: Scored): Float64Array {
  const curve = curveAt(series, fit);
  return series.y.map((v, i) => v - curve(series.u[i]));
}

/** A fitted curve as a function of the dose from 0 to 1. */
export function curveAt(series: Series, fit: Scored): (u: number) => number {
  const { curve, outer, inner, rho } = fit;
  const regression = regressionOf(series, curve, rho);
  const factors = regression.factors(curve, outer, inner);
  const baseline = factors.length - curve.columns;
  return (u) => {
    let v = factors[0] + (baseline === 2 ? factors[1] * u : 0);
    for (let c = 0; c < curve.columns; c++) v += factors[baseline + c] * curve.at(u, c, outer, inner);
    return v;
  };
}

/** Square roots of the weights 1 / (sigma^2 + excess^2), scaled to a maximum of 1. */
function rootOf(sigma: Float64Array, excess: number): Float64Array {
  const largest = sigma.reduce((most, s) => Math.max(most, s), 0);
  const least = Math.max(largest, excess) * 1e-6;
  const root = sigma.map((s) => 1 / (Math.hypot(s, excess, least) || 1));
  const most = root.reduce((a, b) => Math.max(a, b), 0);
  return root.map((v) => v / most);
}

/**
 * The excess with sum r^2 / (sigma^2 + excess^2) = degrees of freedom, by bisection; 0 where the sum is
 * smaller without it.
 */
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
 * Square roots of weights where the scatter depends on the dose significantly, with its logarithm a line or a
 * parabola; null where it is uniform.
 *
 * @see A. C. Harvey, Econometrica 44 (1976) 461: the logarithm of a squared normal number has variance 4.93
 */
function growing(u: Float64Array, residual: Float64Array): Float64Array | null {
  const n = u.length;
  const size = residual.reduce((sum, v) => sum + v * v, 0) / n;
  if (!(size > 0)) return null;
  const logs = residual.map((v) => Math.log(Math.max(v * v, 1e-6 * size)));
  const logarithm = new Regression(u, logs, noiseOf({ root: new Float64Array(n).fill(1) }, 0));
  const whole = logarithm.rss(CURVES.constant, 0, 0);
  const gains = [CURVES.line, CURVES.parabola].map(
    (curve) => (whole - logarithm.rss(curve, 0, 0)) / 4.93 - curve.columns * Math.log(n),
  );
  const best = gains[1] > gains[0] ? 1 : 0;
  if (!(gains[best] > 0)) return null;
  const curve: Curve = best === 1 ? CURVES.parabola : CURVES.line;
  const factors = logarithm.factors(curve, 0, 0);
  const at = u.map((v) => {
    let sum = 0;
    for (let c = 0; c < curve.columns; c++) sum += factors[c + 1] * curve.at(v, c, 0, 0);
    return sum;
  });
  const least = at.reduce((low, v) => Math.min(low, v), Number.POSITIVE_INFINITY);
  return at.map((v) => Math.exp(-Math.min(v - least, STEEPEST) / 2));
}

/** A change of the scatter by more than e^4 over the doses has another cause. */
const STEEPEST = 8;

/** Pairs, or means over groups of neighboring doses where there are very many. */
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

/** Means over groups of pixels of similar dose, with equal numbers of pixels. */
function ofPixels(pairs: Pairs, { width, size, nPixels }: NoiseOptions & { readonly width: number }) {
  const n = pairs.x.length;
  const nGroups = Math.max(LEAST_GROUPS, Math.min(MOST, Math.floor(n / PER_GROUP)));
  const bounds = Int32Array.from({ length: nGroups + 1 }, (_, g) => Math.round((g * n) / nGroups));
  const { x, y, covariance, near } = meansOfPixels(pairs, bounds, { width, nPixels, size });
  choleskyFactor(covariance, nGroups);
  return { x, y, factor: covariance, pixels: summary(near, n) };
}

/** Fewer groups than this do not show a curve; fewer pixels per group do not show their scatter. */
const LEAST_GROUPS = 8;
const PER_GROUP = 6;
