// Dose threshold: the dose from which on a response changes, if there is one, and its uncertainty.
import { bandInterval, bandVerdict } from "./threshold/band.js";
import { bestBy, placesOf, regressionOf, type Scored } from "./threshold/compare.js";
import type { CurveName } from "./threshold/curves.js";
import { misfitOf } from "./threshold/fit-check.js";
import { onsetsBelow, replicatedRise, studentRise } from "./threshold/interval.js";
import type { MapLike } from "./threshold/maps.js";
import { modelsOf, type ThresholdModels } from "./threshold/models.js";
import { readOptions, type ThresholdOptions } from "./threshold/options.js";
import { readPairs } from "./threshold/points.js";
import { type Common, curveAt, type FittedSeries, fitPairs, fitUpTo } from "./threshold/series.js";
import { thresholdVerdict } from "./threshold/verdict.js";

export type { ResponseBand } from "./threshold/band.js";
export type { MapLike } from "./threshold/maps.js";
export type { ThresholdModels } from "./threshold/models.js";
export type { ThresholdOptions } from "./threshold/options.js";

/** What `doseThreshold` returns. */
export interface DoseThreshold {
  /**
   * The onset, in the units of `dose`: the largest dose up to which the response is level. Null where no
   * curve with an onset is clearly better than the best one without.
   */
  readonly threshold: number | null;
  /**
   * 95 % interval of the onset over all plausible curves. With a `band` it includes the thresholds at its
   * limits if all of them have one. Null without a threshold, or with `bootstrap: 0`.
   */
  readonly interval: readonly [number, number] | null;
  /**
   * 95 % interval of the onset for the best curve alone and uniform normal noise; null without a threshold.
   */
  readonly profileInterval: readonly [number, number] | null;
  /**
   * Lowest and highest threshold over the responses within `band`; null where one of them has none, or
   * without a band.
   */
  readonly bandInterval: readonly [number, number] | null;
  /** Name of the preferred curve: with an onset where there is a threshold. */
  readonly model: CurveName;
  readonly models: ThresholdModels;
  /**
   * Smaller of the advantages in BIC and AICc of the best curve with an onset over the best one without;
   * negative where it is worse, null where the doses are too few for an onset.
   */
  readonly ahead: number | null;
  /** The finding as text with units. */
  readonly verdict: string;
  /** Unit of the doses: MGy for dose maps in Gy, "" where it is unknown. */
  readonly unit: string;
  /** Number of pairs that were fitted. */
  readonly used: number;
  /** Number of pairs left out because a value is not finite. */
  readonly dropped: number;
  /** Scatter of the residuals beyond `sigma`, as a standard deviation; 0 without `sigma`. */
  readonly excessScatter: number;
  /**
   * Correlation length of the noise in pixels (maps, along x and y) or points along the dose, and effective
   * number of points.
   */
  readonly blocks: Common;
}

/**
 * Required advantage of a curve with an onset in both criteria: "strong" evidence. A wrong curve is better
 * than the true one by this much in at most exp(-6 / 2) = 5 % of cases.
 *
 * @see R. E. Kass, A. E. Raftery, Journal of the American Statistical Association 90 (1995) 773
 */
const THRESHOLD_MARGIN = 6;

/** Curves with an onset whose BIC is within this of the best one contribute to the interval. */
const PLAUSIBLE = 6;

/**
 * Dose threshold (onset): the largest dose up to which a response is level, if there is one.
 *
 * Curves with an onset (a level, followed by a line, a parabola, a ramp, an exponential approach, a step, a
 * smooth step, or a polynomial) are compared with curves without (constant, line, polynomials, exponential,
 * power, smooth steps, Gaussian, Hill function, stretched exponential). A threshold is reported only if BIC
 * and AICc both prefer an onset by THRESHOLD_MARGIN, and if some curve describes the response within its
 * noise. The interval is the union of the intervals of all curves with an onset whose BIC is within 6 of the
 * best one.
 *
 * Noise may be correlated: as rho^k between points k apart along the dose, estimated with each curve, or
 * between neighboring pixels of maps, estimated from pixels of similar dose. `blocks` gives it instead.
 *
 * @param dose any unit, at least 8 finite pairs at 5 distinct doses, in any order; or a map, where Gy are
 *   converted to MGy
 * @param response as many numbers, or a map of the same size; pairs that are not finite are left out and
 *   counted
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
  const one = (curve: ArrayLike<number>) => {
    const pairs = readPairs("doseThreshold", doses, curve, input.sigma, input.covariance);
    return { pairs, ...approach(findOnset(fitPairs(pairs, noise)), (limit) => fitUpTo(pairs, noise, limit)) };
  };
  const { pairs, found, others } = one(responses);
  const { fitted, onset, smooth, threshold, ahead } = found;
  const intervals = threshold === null ? null : intervalsOf(found, others, bootstrap, seed);
  const all = bootstrap > 0 ? (intervals?.all ?? null) : null;
  const interval = all && ([Math.max(pairs.x[0], all[0] - step), all[1] + step] as const);
  const allowed = band ? bandInterval(doses, responses, band, (curve) => one(curve).found.threshold) : null;
  const models = modelsOf(fitted);
  const preferred = threshold === null ? smooth : (onset as Scored);
  const common = fitted.pixels ?? alongDose(preferred.rho, fitted.series.u.length);
  const model = models[preferred.name] as ThresholdModels["line"];
  const preferredAt = curveAt(fitted.series, preferred);
  const rises = preferredAt(1) > preferredAt(0);
  const joined = interval && allowed?.interval ? union(interval, allowed.interval) : interval;
  const finding = { ...found, interval: joined, needed: THRESHOLD_MARGIN, model, rises, unit, common };
  const verdict = thresholdVerdict(finding);
  return {
    threshold,
    interval: joined,
    profileInterval: intervals?.best ?? null,
    bandInterval: allowed?.interval ?? null,
    model: preferred.name,
    models,
    ahead,
    verdict: allowed ? `${verdict}; ${bandVerdict(allowed, threshold, unit)}` : verdict,
    unit,
    used: pairs.x.length,
    dropped: pairs.dropped,
    excessScatter: fitted.excess,
    blocks: common,
  };
}

/** The preferred curve with an onset, and the position of the onset. */
function findOnset(fitted: FittedSeries) {
  const { series, scored, x0, range } = fitted;
  const withOnset = scored.filter(({ curve }) => curve.part === "onset");
  const without = scored.filter(({ curve }) => curve.part === "smooth");
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
 * Fits that approach the onset: over all doses, then up to the dose at which the response has changed by half
 * of its largest change, a quarter, an eighth, as long as these doses have an onset by themselves.
 *
 * A curve for all doses may have the wrong shape near the onset: the onset of a polynomial depends on all
 * doses, and correlated deviations of neighboring points suggest a wrong shape. Then the last fit with an
 * onset is used.
 *
 * @returns the fit that is used, and the others that contribute to the interval
 */
function approach(whole: Found, fitTo: (limit: number) => FittedSeries | null) {
  let found = whole;
  const others: Found[] = [];
  if (whole.threshold === null && STRAIGHT.has(whole.smooth.name)) return { found, others };
  for (const limit of PARTS.map(dosesOfChange(whole))) {
    const { x0, range } = found.fitted;
    const near = limit < x0 + range ? fitTo(limit) : null;
    if (near === null) continue;
    const next = findOnset(near);
    if (found.threshold === null) {
      if (next.threshold !== null && (next.ahead as number) >= DECISIVE) found = next;
      continue;
    }
    const { curve, rho } = found.onset as Scored;
    const doubtful = curve.columns > 1 || rho > 0;
    if (doubtful && next.threshold !== null) {
      others.push(found);
      found = next;
      continue;
    }
    if (next.ahead !== null && (curve.columns > 1 || next.ahead > (doubtful ? -BARE : BARE)))
      others.push(next);
    break;
  }
  return { found, others };
}

/** Curves that have the same shape over any part of the doses. */
const STRAIGHT: ReadonlySet<CurveName> = new Set(["constant", "line"]);

/** Parts of the largest change of the response. */
const PARTS = [1 / 2, 1 / 4, 1 / 8];

/** "Very strong" evidence, required for lower doses if all doses together have no onset. @see THRESHOLD_MARGIN */
const DECISIVE = 10;

/** Insignificant difference of criteria. @see THRESHOLD_MARGIN */
const BARE = 2;

/** Function of a fraction: the lowest dose at which the preferred curve has changed by it, relative to its largest change. */
function dosesOfChange({ fitted, onset, smooth, threshold }: Found): (part: number) => number {
  const { series, x0, range } = fitted;
  const curve = curveAt(series, threshold === null ? smooth : (onset as Scored));
  const level = curve(0);
  const changes = Array.from({ length: NODES + 1 }, (_, k) => Math.abs(curve(k / NODES) - level));
  const largest = Math.max(...changes);
  return (part) => x0 + (range * changes.findIndex((change) => change >= part * largest)) / NODES;
}

const NODES = 400;

/** 95 % intervals of the onset: for the best curve alone, and over all plausible ones. */
function intervalsOf(found: Found, others: readonly Found[], bootstrap: number, seed: number) {
  const own = intervalOf(found, bootstrap, seed);
  const all = others.reduce((sum, other) => union(sum, intervalOf(other, bootstrap, seed).all), own.all);
  return { best: own.best, all };
}

function intervalOf({ fitted, onset }: Found, bootstrap: number, seed: number) {
  const { series, scored, x0, range } = fitted;
  const best = onset as Scored;
  const regression = regressionOf(series, best.curve, best.rho);
  const places = placesOf(series);
  const freedom = (one: Scored): number => Math.max(1, series.u.length - one.nParameters - 1);
  const inUnits = ([low, high]: readonly [number, number]) => [x0 + low * range, x0 + high * range] as const;
  const own = onsetsBelow(regression, best, places, studentRise(freedom(best)));
  const reach = own[1] - own[0];
  const around = [Math.max(0, own[0] - reach / 2), Math.min(1, own[1] + reach / 2)] as const;
  const replicated = bootstrap > 0 ? replicatedRise(regression, best, around, bootstrap, seed) : 0;
  let all = own;
  for (const one of scored) {
    if (one.curve.part !== "onset" || one.bic > best.bic + PLAUSIBLE) continue;
    all = union(all, onsetsBelow(regression, one, places, Math.max(replicated, studentRise(freedom(one)))));
  }
  return { best: inUnits(own), all: inUnits(all) };
}

type Found = ReturnType<typeof findOnset>;

/** A sloped response that becomes flatter after the onset has no threshold there. */
function onlyLevelsOff(series: FittedSeries["series"], onset: Scored): boolean {
  const at = curveAt(series, onset);
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
