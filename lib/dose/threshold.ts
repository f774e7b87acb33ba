// From which dose on a response changes, where there is such a dose, and how sure one can be of it.

import { bandInterval, bandWords } from "./threshold/band.js";
import { bestBy, placesOf, regressionOf, type Scored } from "./threshold/compare.js";
import type { CourseName } from "./threshold/courses.js";
import { misfitOf } from "./threshold/fit-check.js";
import { onsetsBelow, replicatedRise, studentRise } from "./threshold/interval.js";
import type { MapLike } from "./threshold/maps.js";
import { modelsOf, type ThresholdModels } from "./threshold/models.js";
import { readOptions, type ThresholdOptions } from "./threshold/options.js";
import { readPairs } from "./threshold/points.js";
import { type Common, courseAt, type FittedSeries, fitPairs, fitUpTo } from "./threshold/series.js";
import { words } from "./threshold/verdict.js";

export type { ResponseBand } from "./threshold/band.js";
export type { MapLike } from "./threshold/maps.js";
export type { ThresholdModels } from "./threshold/models.js";
export type { ThresholdOptions } from "./threshold/options.js";

/** What `doseThreshold` returns. */
export interface DoseThreshold {
  /**
   * The onset, in the units of `dose`: the largest dose up to which the response is level. Null where no course with an onset
   * is clearly better than the best one without.
   */
  readonly threshold: number | null;
  /**
   * 95 % interval of the onset over all plausible courses, and over what `band` allows where every response in it has a threshold; null
   * without a threshold, or with `bootstrap: 0`.
   */
  readonly interval: readonly [number, number] | null;
  /** 95 % interval of the onset for the best course alone and normal noise of one size; null without a threshold. */
  readonly profileInterval: readonly [number, number] | null;
  /** Lowest and highest threshold over the courses that `band` allows; null where one of them has none, or without a band. */
  readonly bandInterval: readonly [number, number] | null;
  /** Name of the course that is preferred: with an onset where there is a threshold. */
  readonly model: CourseName;
  readonly models: ThresholdModels;
  /**
   * By how much BIC and AICc both prefer the best course with an onset over the best one without; negative where
   * they do not, null where the doses are too few for an onset.
   */
  readonly ahead: number | null;
  /** The finding in words and numbers, with units. */
  readonly verdict: string;
  /** Unit of the doses: MGy for dose maps in Gy, "" where it is not known. */
  readonly unit: string;
  /** Pairs that were fitted. */
  readonly used: number;
  /** Pairs left out because a number in them was not finite. */
  readonly dropped: number;
  /** Scatter beyond `sigma` that the residuals show, as a standard deviation; 0 without `sigma`. */
  readonly excessScatter: number;
  /** Over how many pixels (maps, along x and y) or points along the dose noise is alike, and how many would tell as much. */
  readonly blocks: Common;
}

/**
 * By how much both criteria have to prefer a course with an onset: "strong" evidence. A wrong course beats the true one by so much
 * in exp(-6 / 2) = 5 % of cases at most.
 *
 * @see R. E. Kass, A. E. Raftery, Journal of the American Statistical Association 90 (1995) 773
 */
const THRESHOLD_MARGIN = 6;

/** Courses with an onset that BIC places no more than this behind the best of them belong to the interval. */
const PLAUSIBLE = 6;

/**
 * The onset: the largest dose up to which a response is level, where there is one.
 *
 * Courses with an onset (a level, then a line, a parabola, a ramp, an exponential approach, a step, a smooth step that begins
 * there, a polynomial) compete with courses without (constant, line, polynomials, exponential, power, smooth steps, Gaussian,
 * Hill function, stretched exponential). A threshold is reported only where BIC and AICc both prefer an onset by
 * THRESHOLD_MARGIN, and where some course follows the response within its noise. The interval is the union of those of all
 * courses with an onset that are within 6 of the best one in BIC.
 *
 * Noise may be correlated: along the dose as rho^k between points k apart, estimated with each course; on maps over neighbouring
 * pixels, estimated from pixels of like dose. `blocks` tells it.
 *
 * @param dose any unit, at least 8 finite pairs at 5 distinct doses, in any order; or a map, of which Gy are told in MGy
 * @param response as many numbers, or a map of the same size; pairs that are not finite are dropped and counted
 * @throws ShapeError when lengths differ; SchemaError for a dose-rate map; ArgumentError for invalid options;
 *   DataError for too few pairs or doses
 * @example
 * const dose = Array.from({ length: 60 }, (_, i) => 2 * i); // MGy
 * const response = dose.map((d, i) => Math.min(1, 1 - 0.004 * (d - 40)) + 0.005 * Math.sin(7 * i));
 * const found = doseThreshold(dose, response, { unit: "MGy", seed: 1 });
 * found.threshold; // about 40 MGy; null where a curve without an onset describes the data as well
 * console.log(found.verdict);
 */
export function doseThreshold(
  dose: ArrayLike<number> | MapLike,
  response: ArrayLike<number> | MapLike,
  given?: ThresholdOptions,
): DoseThreshold {
  const input = readOptions("doseThreshold", dose, response, given);
  const { doses, responses, unit, band, bootstrap, seed, step } = input;
  const noise = { ...input, nPixels: doses.length };
  const one = (course: ArrayLike<number>) => {
    const pairs = readPairs("doseThreshold", doses, course, input.sigma, input.covariance);
    return { pairs, ...approach(findOnset(fitPairs(pairs, noise)), (limit) => fitUpTo(pairs, noise, limit)) };
  };
  const { pairs, found, others } = one(responses);
  const { fitted, onset, smooth, threshold, misfit, ahead, levelsOff } = found;
  const intervals = threshold === null ? null : intervalsOf(found, others, bootstrap, seed);
  const all = bootstrap > 0 ? (intervals?.all ?? null) : null;
  const interval = all && ([Math.max(pairs.x[0], all[0] - step), all[1] + step] as const);
  const allowed = band ? bandInterval(doses, responses, band, (course) => one(course).found.threshold) : null;
  const models = modelsOf(fitted);
  const preferred = threshold === null ? smooth : (onset as Scored);
  const common = fitted.pixels ?? alongDose(preferred.rho, fitted.series.u.length);
  const model = models[preferred.name] as ThresholdModels["line"];
  const preferredAt = courseAt(fitted.series, preferred);
  const rises = preferredAt(1) > preferredAt(0);
  const joined = interval && allowed?.interval ? union(interval, allowed.interval) : interval;
  const finding = { threshold, interval: joined, onset, smooth, ahead, needed: THRESHOLD_MARGIN, model, levelsOff, misfit, rises, unit, common }; // biome-ignore format: one line
  const verdict = words(finding);
  return {
    threshold,
    interval: joined,
    profileInterval: intervals?.best ?? null,
    bandInterval: allowed?.interval ?? null,
    model: preferred.name,
    models,
    ahead,
    verdict: allowed ? `${verdict}; ${bandWords(allowed, threshold, unit)}` : verdict,
    unit,
    used: pairs.x.length,
    dropped: pairs.dropped,
    excessScatter: fitted.excess,
    blocks: common,
  };
}

/** Whether fitted courses speak for an onset, and where it is. */
function findOnset(fitted: FittedSeries) {
  const { series, scored, x0, range } = fitted;
  const withOnset = scored.filter(({ course }) => course.part === "onset");
  const without = scored.filter(({ course }) => course.part === "smooth");
  const onset = withOnset.length > 0 ? bestBy(withOnset, "bic") : null;
  const smooth = bestBy(without, "bic");
  const ahead = onset && Math.min(smooth.bic - onset.bic, bestBy(without, "aicc").aicc - onset.aicc);
  const misfit = misfitOf(series, bestBy(scored, "bic"));
  const levelsOff = onset !== null && series.before === "slope" && onlyLevelsOff(series, onset);
  const accepted = onset !== null && ahead !== null && ahead >= THRESHOLD_MARGIN && !misfit && !levelsOff;
  const threshold = accepted ? x0 + onset.outer * range : null;
  return { fitted, onset, smooth, ahead, misfit, levelsOff, threshold };
}

/**
 * Fits that approach the onset: over all doses, then up to the dose at which the response has changed by half of its largest
 * change, a quarter, an eighth, as long as the doses up to there show an onset by themselves.
 *
 * A curve that follows all doses need not have the right shape where the change begins: the place where a polynomial begins
 * depends on all doses, and deviations that neighboring points have in common say that the shape may be wrong. Then the last
 * fit that shows an onset decides.
 *
 * @returns the fit that decides, and the others that bear on the interval
 */
function approach(whole: Found, fitTo: (limit: number) => FittedSeries | null) {
  let found = whole;
  const others: Found[] = [];
  if (whole.threshold === null && STRAIGHT.has(whole.smooth.name)) return { found, others };
  for (const part of PARTS) {
    const { x0, range } = found.fitted;
    const limit = doseOfChange(whole, part);
    const near = limit < x0 + range ? fitTo(limit) : null;
    if (near === null) continue;
    const next = findOnset(near);
    if (found.threshold === null) {
      if (next.threshold !== null && (next.ahead as number) >= DECISIVE) found = next;
      continue;
    }
    const { course, rho } = found.onset as Scored;
    const doubtful = course.columns > 1 || rho > 0;
    if (doubtful && next.threshold !== null) {
      others.push(found);
      found = next;
      continue;
    }
    if (next.ahead !== null && (course.columns > 1 || next.ahead > (doubtful ? -BARE : BARE)))
      others.push(next);
    break;
  }
  return { found, others };
}

/** Curves that have the same shape over any part of the doses. */
const STRAIGHT: ReadonlySet<CourseName> = new Set(["constant", "line"]);

/** Parts of the largest change of the response. */
const PARTS = [1 / 2, 1 / 4, 1 / 8];

/** "Very strong" evidence, for doses that were chosen because all of them show no onset. @see THRESHOLD_MARGIN */
const DECISIVE = 10;

/** A difference of criteria that is not worth more than a bare mention. @see THRESHOLD_MARGIN */
const BARE = 2;

/** The lowest dose at which the preferred curve has changed by a part of its largest change. */
function doseOfChange({ fitted, onset, smooth, threshold }: Found, part: number): number {
  const { series, x0, range } = fitted;
  const curve = courseAt(series, threshold === null ? smooth : (onset as Scored));
  const level = curve(0);
  const changes = Array.from({ length: NODES + 1 }, (_, k) => Math.abs(curve(k / NODES) - level));
  const largest = Math.max(...changes);
  return x0 + (range * changes.findIndex((change) => change >= part * largest)) / NODES;
}

const NODES = 400;

/** 95 % intervals of the onset: for the best course alone, and over all plausible ones. */
function intervalsOf(found: Found, others: readonly Found[], bootstrap: number, seed: number) {
  const own = intervalOf(found, bootstrap, seed);
  const all = others.reduce((sum, other) => union(sum, intervalOf(other, bootstrap, seed).all), own.all);
  return { best: own.best, all };
}

function intervalOf({ fitted, onset }: Found, bootstrap: number, seed: number) {
  const { series, scored, x0, range } = fitted;
  const best = onset as Scored;
  const regression = regressionOf(series, best.course, best.rho);
  const places = placesOf(series);
  const freedom = (one: Scored): number => Math.max(1, series.u.length - one.nParameters - 1);
  const inUnits = ([low, high]: readonly [number, number]) => [x0 + low * range, x0 + high * range] as const;
  const own = onsetsBelow(regression, best, places, studentRise(freedom(best)));
  const reach = own[1] - own[0];
  const around = [Math.max(0, own[0] - reach / 2), Math.min(1, own[1] + reach / 2)] as const;
  const replicated = bootstrap > 0 ? replicatedRise(regression, best, around, bootstrap, seed) : 0;
  let all = own;
  for (const one of scored) {
    if (one.course.part !== "onset" || one.bic > best.bic + PLAUSIBLE) continue;
    all = union(all, onsetsBelow(regression, one, places, Math.max(replicated, studentRise(freedom(one)))));
  }
  return { best: inUnits(own), all: inUnits(all) };
}

type Found = ReturnType<typeof findOnset>;

/** A sloped response that changes more slowly after the onset than before it has no threshold there. */
function onlyLevelsOff(series: FittedSeries["series"], onset: Scored): boolean {
  const at = courseAt(series, onset);
  const before = at(onset.outer) - at(0);
  const slope = before / onset.outer;
  const after = (at(1) - at(onset.outer)) / (1 - onset.outer);
  return slope * after >= 0 && Math.abs(after) <= Math.abs(slope);
}

function union([a, b]: readonly [number, number], [c, d]: readonly [number, number]): [number, number] {
  return [Math.min(a, c), Math.max(b, d)];
}

function alongDose(rho: number, n: number): Common {
  const length = (1 + rho) / (1 - rho);
  return { correlation: [length], effective: n / length };
}
