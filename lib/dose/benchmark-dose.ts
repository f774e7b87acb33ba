// Benchmark dose: the dose at which a stated fraction of a response is lost, with or without a threshold.

import { short } from "../compute/format.js";
import { type Random, random } from "../compute/random.js";
import { quantile } from "../compute/stats.js";
import { ArgumentError, quote } from "../errors.js";
import { checkOptions, type OptionNames } from "../options.js";
import type { Scored } from "./threshold/compare.js";
import type { CurveName } from "./threshold/curves.js";
import type { MapLike } from "./threshold/maps.js";
import { readOptions, type ThresholdOptions } from "./threshold/options.js";
import { readPairs } from "./threshold/points.js";
import { posteriorCurves } from "./threshold/posterior.js";
import { type FittedSeries, fitPairs } from "./threshold/series.js";

/** Options of `benchmarkDose`. A null counts as not given. */
export interface BenchmarkOptions
  extends Pick<ThresholdOptions, "sigma" | "covariance" | "blocks" | "seed" | "unit"> {
  /** Fraction of the level that is lost (or gained), above 0 and below 1. Default 0.05. */
  readonly loss?: number | null;
  /**
   * Response without dose, to which the loss refers. Default: the level of each curve, or its value at the
   * lowest dose. Needed where the lowest dose is not small and the response changes from there on.
   */
  readonly level?: number | null;
}

/** What `benchmarkDose` returns. */
export interface BenchmarkDose {
  /**
   * Benchmark dose in the units of `dose`: the median over all curves; null where it is outside the doses,
   * and where the response has no level.
   */
  readonly dose: number | null;
  /**
   * BMDL and BMDU, the 5 % and 95 % quantiles of the dose. 0 where the loss may be reached at the lowest
   * dose, Infinity where it may not be reached at the highest; 0 to Infinity without a level.
   */
  readonly interval: readonly [number, number];
  readonly loss: number;
  /** Dose and weight of each curve; the dose is null where the curve does not reach the loss. */
  readonly models: Readonly<
    Partial<Record<CurveName, { readonly dose: number | null; readonly weight: number }>>
  >;
  readonly verdict: string;
  readonly unit: string;
}

const CALL = "benchmarkDose";

/** Curves with less weight than this are left out. */
const LEAST_WEIGHT = 0.005;

/**
 * Largest change between the lowest dose and twice that dose, as a fraction of the loss. About as much may
 * have been lost below the lowest dose, where nothing was measured.
 */
const UNKNOWN = 0.2;

/** Number of draws from all curves together. */
const DRAWS = 2000;

/**
 * Dose at which a fraction of a response is lost, averaged over curves, with its lower and upper limit.
 *
 * The curves are those of `doseThreshold`, weighted by BIC. Each contributes draws from the distribution of
 * its parameters given the data, as in the model averaging of EFSA's and EPA's guidance: Metropolis sampling
 * for nonlinear parameters, exact for linear ones. No threshold is needed. Where there is one, the benchmark
 * dose is above it.
 *
 * @param dose any unit, at least 8 finite pairs at 5 distinct doses; or a map, where Gy are converted to MGy
 * @param response as many numbers, or a map of the same size
 * @throws ArgumentError for invalid options; ShapeError, SchemaError and DataError as `doseThreshold`
 * @see EFSA Scientific Committee, EFSA Journal 20 (2022) 7584; U.S. EPA, Benchmark Dose Technical Guidance
 *   (2012)
 * @example
 * const dose = Array.from({ length: 60 }, (_, i) => 2 * i); // MGy
 * const response = dose.map((d, i) => Math.min(1, 1 - 0.004 * (d - 40)) + 0.005 * Math.sin(7 * i));
 * const { dose: found, interval } = benchmarkDose(dose, response, { loss: 0.05, unit: "MGy" });
 * found; // about 52 MGy, where the response has lost 5 %
 */
export function benchmarkDose(
  dose: ArrayLike<number> | MapLike,
  response: ArrayLike<number> | MapLike,
  given?: BenchmarkOptions | null,
): BenchmarkDose {
  const { loss: fraction, level, ...rest } = checkOptions(CALL, given ?? undefined, NAMES);
  const loss = fraction ?? 0.05;
  if (!(typeof loss === "number" && loss > 0 && loss < 1)) {
    throw new ArgumentError(`${CALL}: expected loss as a fraction of the level, above 0 and below 1, got ${quote(loss)}`, { option: "loss", value: loss }); // biome-ignore format: one line
  }
  const known = level !== undefined && level !== null;
  if (known && !(Number.isFinite(level) && level !== 0)) {
    throw new ArgumentError(`${CALL}: expected level as a finite number other than 0, got ${quote(level)}`, { option: "level", value: level }); // biome-ignore format: one line
  }
  const input = readOptions(CALL, dose, response, rest);
  const { doses, responses, unit, seed } = input;
  const pairs = readPairs(CALL, doses, responses, input.sigma, input.covariance);
  if (known) checkLevel(level, responses);
  const fitted = fitPairs(pairs, { ...input, nPixels: doses.length });
  const { scored, x0, range } = fitted;
  const lowest = Math.min(...scored.map(({ bic }) => bic));
  const raw = scored.map(({ bic }) => Math.exp((lowest - bic) / 2));
  const total = raw.reduce((sum, v) => sum + v, 0);
  const inUnits = (u: number): number => (Number.isFinite(u) ? x0 + u * range : u);
  const low: number[] = [];
  const high: number[] = [];
  const below: number[] = [];
  const models: Partial<Record<CurveName, { dose: number | null; weight: number }>> = {};
  scored.forEach((one, k) => {
    const weight = raw[k] / total;
    if (weight < LEAST_WEIGHT) return;
    const n = Math.max(50, Math.round(weight * DRAWS));
    const draws = drawsOf(fitted, one, n, { loss, level: level ?? null }, random(seed, k));
    low.push(...draws.low);
    high.push(...draws.high);
    below.push(...draws.below);
    const own = inUnits(quantileOf(means(draws), 0.5));
    models[one.name] = { dose: Number.isFinite(own) ? own : null, weight };
  });
  const middle = inUnits(quantileOf(means({ low, high }), 0.5));
  const lower = inUnits(quantileOf(low, 0.05));
  const upper = inUnits(quantileOf(high, 0.95));
  const interval = [
    lower === Number.NEGATIVE_INFINITY ? 0 : lower,
    upper === Number.NEGATIVE_INFINITY ? 0 : upper,
  ] as const;
  const hasLevel = known || !(quantileOf(below, 0.5) > UNKNOWN);
  if (!hasLevel) {
    return { dose: null, interval: [0, Infinity], loss, models, verdict: withoutLevel(x0, unit), unit };
  }
  const verdict = benchmarkVerdict(middle, interval, loss, unit);
  return { dose: Number.isFinite(middle) ? middle : null, interval, loss, models, verdict, unit };
}

/** @throws ArgumentError for a level that no response comes near: another unit, percent */
function checkLevel(level: number, responses: ArrayLike<number>): void {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < responses.length; i++) {
    if (responses[i] < low) low = responses[i];
    if (responses[i] > high) high = responses[i];
  }
  const beyond = Math.max(low - level, level - high);
  if (!(beyond > 2 * (high - low) && beyond > 0.5 * Math.abs(level))) return;
  throw new ArgumentError(
    `${CALL}: expected level near the responses, from ${short(low)} to ${short(high)}, got ${level}; it is the response before any loss, in the unit of the responses`,
    { option: "level", value: level },
  );
}

const NAMES: OptionNames<BenchmarkOptions> = {
  loss: true,
  level: true,
  sigma: true,
  covariance: true,
  blocks: true,
  seed: true,
  unit: true,
};

/**
 * Of drawn curves, the first doses (0 to 1) at which they reach the loss, as low and high, which differ only
 * for steps; and the change between the lowest dose and twice that dose, as a fraction of the loss.
 */
function drawsOf(
  { series, x0, range }: FittedSeries,
  one: Scored,
  n: number,
  { loss, level }: { readonly loss: number; readonly level: number | null },
  draw: Random,
) {
  const low: number[] = [];
  const high: number[] = [];
  const below: number[] = [];
  const twice = Math.min(1, Math.max(0, x0) / range);
  for (const { at, gap } of posteriorCurves(series, one, n, draw)) {
    const reference = level ?? at(0);
    const lost = (u: number): boolean => Math.abs(at(u) - reference) >= loss * Math.abs(reference);
    below.push(Math.abs(at(twice) - at(0)) / (loss * Math.abs(reference)));
    const u = firstWhere(lost);
    const inGap = gap && u > gap[0] && u <= gap[1];
    low.push(inGap ? gap[0] : u);
    high.push(inGap ? gap[1] : u);
  }
  return { low, high, below };
}

function means({
  low,
  high,
}: {
  readonly low: readonly number[];
  readonly high: readonly number[];
}): number[] {
  return low.map((v, i) => (v + high[i]) / 2);
}

/** Steps of the search for the first dose, before bisection. */
const SCAN = 200;

/**
 * First u from 0 to 1 where a condition holds; -Infinity where it holds at 0, Infinity where it never holds.
 */
function firstWhere(holds: (u: number) => boolean): number {
  if (holds(0)) return Number.NEGATIVE_INFINITY;
  for (let k = 1; k <= SCAN; k++) {
    if (!holds(k / SCAN)) continue;
    let [a, b] = [(k - 1) / SCAN, k / SCAN];
    for (let step = 0; step < 20; step++) {
      const middle = (a + b) / 2;
      if (holds(middle)) b = middle;
      else a = middle;
    }
    return b;
  }
  return Number.POSITIVE_INFINITY;
}

/** Quantile of numbers that may be infinite, without interpolation between them. */
function quantileOf(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return Number.isFinite(below) && Number.isFinite(above) ? quantile(sorted, q) : q < 0.5 ? below : above;
}

function withoutLevel(lowest: number, unit: string): string {
  return (
    `no benchmark dose: the response changes from the lowest dose on, ${short(lowest)}${unit && ` ${unit}`}, and ` +
    "what was lost below it is not known; give level, the response without dose"
  );
}

function benchmarkVerdict(
  dose: number,
  [low, high]: readonly [number, number],
  loss: number,
  unit: string,
): string {
  const of = unit && ` ${unit}`;
  const what = `${short(100 * loss)} % of the level`;
  if (dose === Number.NEGATIVE_INFINITY) return `${what} is lost already at the lowest dose`;
  if (dose === Number.POSITIVE_INFINITY) {
    const least = Number.isFinite(low) ? `; it is above ${short(low)}${of} with 95 %` : "";
    return `${what} is not lost up to the highest dose${least}`;
  }
  const upper = Number.isFinite(high) ? `${short(high)}${of}` : "beyond the highest dose";
  return `${what} is lost at ${short(dose)}${of} (BMDL ${short(low)}, BMDU ${upper}; each with 95 %)`;
}
