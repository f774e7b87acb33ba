// The dose at which a stated share of a response is lost, whether or not there is a threshold: toxicology's benchmark dose.
import { type Random, random } from "../compute/random.js";
import { quantile } from "../compute/stats.js";
import { ArgumentError, quote } from "../errors.js";
import { checkOptions, type OptionNames } from "../options.js";
import type { Scored } from "./threshold/compare.js";
import type { CourseName } from "./threshold/courses.js";
import type { MapLike } from "./threshold/maps.js";
import { readOptions, type ThresholdOptions } from "./threshold/options.js";
import { readPairs } from "./threshold/points.js";
import { posteriorCurves } from "./threshold/posterior.js";
import { type FittedSeries, fitPairs } from "./threshold/series.js";
import { short } from "./threshold/verdict.js";

/** Options of `benchmarkDose`. A null counts as not given. */
export interface BenchmarkOptions
  extends Pick<ThresholdOptions, "sigma" | "covariance" | "blocks" | "seed" | "unit"> {
  /** Share of the level that is lost (or gained), above 0 and below 1. Default 0.05. */
  readonly loss?: number | null;
  /** The level that the loss is a share of. Default: the level of each curve, or its value at the lowest dose. */
  readonly level?: number | null;
}

/** What `benchmarkDose` returns. */
export interface BenchmarkDose {
  /** The dose at which so much is lost, in the units of `dose`: the median over all curves; null where it lies outside the doses. */
  readonly dose: number | null;
  /**
   * BMDL and BMDU: the dose is above the first with 95 %, and below the second with 95 % (90 % between them). 0 where so much may be lost
   * already at the lowest dose, Infinity where it may not be lost at the highest.
   */
  readonly interval: readonly [number, number];
  readonly loss: number;
  /** Dose and weight of each curve that counts; null where it does not lose so much. */
  readonly models: Readonly<
    Partial<Record<CourseName, { readonly dose: number | null; readonly weight: number }>>
  >;
  readonly verdict: string;
  readonly unit: string;
}

const CALL = "benchmarkDose";

/** Curves with less weight than this do not change the dose. */
const LEAST_WEIGHT = 0.005;

/** Draws from all curves together. */
const DRAWS = 2000;

/**
 * The dose at which a share of a response is lost, averaged over curves, with its lower and upper limit.
 *
 * The curves are those of `doseThreshold`, weighted by BIC; each contributes draws from the distribution of its parameters given the data
 * (Metropolis for what is not linear, exact for what is), as model averaging does in EFSA's and EPA's guidance. The answer does not
 * need a threshold; where there is one the benchmark dose lies above it.
 *
 * @param dose any unit, at least 8 finite pairs at 5 distinct doses; or a map, of which Gy are told in MGy
 * @param response as many numbers, or a map of the same size
 * @throws ArgumentError for invalid options; ShapeError, SchemaError and DataError as `doseThreshold`
 * @see EFSA Scientific Committee, EFSA Journal 20 (2022) 7584; U.S. EPA, Benchmark Dose Technical Guidance (2012)
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
  const { loss: share, level, ...rest } = checkOptions(CALL, given ?? undefined, NAMES);
  const loss = share ?? 0.05;
  if (!(typeof loss === "number" && loss > 0 && loss < 1)) {
    throw new ArgumentError(`${CALL}: expected loss as a share of the level, above 0 and below 1, got ${quote(loss)}`, { option: "loss", value: loss }); // biome-ignore format: one line
  }
  if (level !== undefined && level !== null && !(Number.isFinite(level) && level !== 0)) {
    throw new ArgumentError(`${CALL}: expected level as a finite number other than 0, got ${quote(level)}`, { option: "level", value: level }); // biome-ignore format: one line
  }
  const input = readOptions(CALL, dose, response, rest);
  const { doses, responses, unit, seed } = input;
  const pairs = readPairs(CALL, doses, responses, input.sigma, input.covariance);
  const fitted = fitPairs(pairs, { ...input, nPixels: doses.length });
  const { scored, x0, range } = fitted;
  const lowest = Math.min(...scored.map(({ bic }) => bic));
  const raw = scored.map(({ bic }) => Math.exp((lowest - bic) / 2));
  const total = raw.reduce((sum, v) => sum + v, 0);
  const inUnits = (u: number): number => (Number.isFinite(u) ? x0 + u * range : u);
  const low: number[] = [];
  const high: number[] = [];
  const models: Partial<Record<CourseName, { dose: number | null; weight: number }>> = {};
  scored.forEach((one, k) => {
    const weight = raw[k] / total;
    if (weight < LEAST_WEIGHT) return;
    const draws = drawsOf(
      fitted,
      one,
      Math.max(50, Math.round(weight * DRAWS)),
      { loss, level: level ?? null },
      random(seed, k),
    );
    low.push(...draws.low);
    high.push(...draws.high);
    const own = inUnits(
      quantileOf(
        draws.low.map((v, i) => (v + draws.high[i]) / 2),
        0.5,
      ),
    );
    models[one.name] = { dose: Number.isFinite(own) ? own : null, weight };
  });
  const middle = inUnits(
    quantileOf(
      low.map((v, i) => (Number.isFinite(v) ? (v + high[i]) / 2 : v)),
      0.5,
    ),
  );
  const lower = inUnits(quantileOf(low, 0.05));
  const upper = inUnits(quantileOf(high, 0.95));
  const interval = [
    lower === Number.NEGATIVE_INFINITY ? 0 : lower,
    upper === Number.NEGATIVE_INFINITY ? 0 : upper,
  ] as const;
  const found = Number.isFinite(middle) ? middle : null;
  return { dose: found, interval, loss, models, verdict: words(middle, interval, loss, unit), unit };
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

/** First doses (0 to 1) at which drawn curves have lost so much: between `low` and `high`, which differ only for steps. */
function drawsOf(
  { series }: FittedSeries,
  one: Scored,
  n: number,
  { loss, level }: { readonly loss: number; readonly level: number | null },
  draw: Random,
) {
  const low: number[] = [];
  const high: number[] = [];
  for (const { at, gap } of posteriorCurves(series, one, n, draw)) {
    const reference = level ?? at(0);
    const lost = (u: number): boolean => Math.abs(at(u) - reference) >= loss * Math.abs(reference);
    const u = firstWhere(lost);
    const inGap = gap && u > gap[0] && u <= gap[1];
    low.push(inGap ? gap[0] : u);
    high.push(inGap ? gap[1] : u);
  }
  return { low, high };
}

/** Steps of the search for the first dose; then halving. */
const SCAN = 200;

/** First place from 0 to 1 where something holds; -Infinity where it holds at 0 already, Infinity where nowhere. */
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

/** Quantile of numbers of which some may be infinite: no mean of two infinities. */
function quantileOf(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return Number.isFinite(below) && Number.isFinite(above) ? quantile(sorted, q) : q < 0.5 ? below : above;
}

function words(dose: number, [low, high]: readonly [number, number], loss: number, unit: string): string {
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
