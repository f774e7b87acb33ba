// From which dose on a response changes: constant, straight line or broken line, and how sure one can be of the break.
import { ArgumentError, quote } from "../errors.js";
import { BreakProfile, hinge } from "./threshold/broken-line.js";
import { bootstrapBreaks, central95, profileInterval } from "./threshold/interval.js";
import { type Points, readPairs } from "./threshold/points.js";
import { weighted } from "./threshold/scatter.js";

/** Options of `doseThreshold`. */
export interface ThresholdOptions {
  /** Standard deviation of each response; what they leave unexplained is estimated and added. Default: all the same. */
  readonly sigma?: ArrayLike<number>;
  /** Bootstrap replicates for the interval. Default 400; 0 for none. */
  readonly bootstrap?: number;
  /** Seed of the bootstrap. Default 1. */
  readonly seed?: number;
}

/** One of the courses that are compared. */
export interface ThresholdModel<Names extends string> {
  readonly parameters: Readonly<Record<Names, number>>;
  /** Weighted residual sum of squares; the largest weight is one. */
  readonly rss: number;
  /** n ln(rss / n) + k ln n, k counting the parameters and the noise; lower is better. */
  readonly bic: number;
  /** Akaike's criterion corrected for few points; lower is better. */
  readonly aicc: number;
  /** Share of evidence among the three by BIC; they sum to one. */
  readonly weight: number;
}

/** What `doseThreshold` returns. */
export interface DoseThreshold {
  /** The dose at the break, in the units of `dose`; null where a constant or a straight line explains the response as well. */
  readonly threshold: number | null;
  /** 95 % percentile interval of the break by bootstrap; null without a threshold or without bootstrap. */
  readonly interval: readonly [number, number] | null;
  /** 95 % interval from the rise of the residual with the break; null without a threshold. */
  readonly profileInterval: readonly [number, number] | null;
  readonly models: {
    /** y = level */
    readonly constant: ThresholdModel<"level">;
    /** y = intercept + slope x */
    readonly line: ThresholdModel<"intercept" | "slope">;
    /** y = level + slope max(0, x - break) */
    readonly broken: ThresholdModel<"level" | "slope" | "break">;
  };
  /** The finding in words and numbers, units as given. */
  readonly verdict: string;
  /** Pairs that were fitted. */
  readonly used: number;
  /** Pairs left out because a number in them was not finite. */
  readonly dropped: number;
  /** Scatter beyond `sigma` that the residuals show, as a standard deviation; 0 without `sigma`. */
  readonly excessScatter: number;
}

/**
 * By how much BIC has to prefer the broken line over either of the others: "strong" evidence for a regular parameter. The
 * break is chosen among many places, so that less would find breaks in noise: at this margin series of noise about a
 * constant or a straight line (8 to 200 points) give a threshold in 0 to 2 % of cases.
 *
 * @see R. E. Kass, A. E. Raftery, Journal of the American Statistical Association 90 (1995) 773
 */
export const THRESHOLD_MARGIN = 6;

/**
 * The dose from which on a response changes, in either direction, where there is one.
 *
 * Compares a constant, a straight line, and a broken line that is level up to the break (its place found exactly). A
 * threshold is reported only where BIC prefers the broken line over both others by THRESHOLD_MARGIN. Points count as
 * independent: where the response is a map, neighbouring pixels are not, and the interval is too narrow; give means over
 * steps of dose instead. A response that bends smoothly is fitted by a broken line, too: look at the residuals.
 *
 * @param dose any unit, at least 8 finite pairs at 5 distinct doses, in any order
 * @param response as many numbers; pairs that are not finite are dropped and counted
 * @throws ShapeError when lengths differ; ArgumentError for options that mean nothing; DataError for too few pairs or doses
 */
export function doseThreshold(
  dose: ArrayLike<number>,
  response: ArrayLike<number>,
  options: ThresholdOptions = {},
): DoseThreshold {
  const { bootstrap = 400, seed = 1 } = options;
  if (!Number.isInteger(bootstrap) || bootstrap < 0 || (bootstrap > 0 && bootstrap < 40)) {
    throw new ArgumentError(
      `doseThreshold: expected bootstrap to be a number of replicates, 0 or at least 40, got ${quote(bootstrap)}`,
      { option: "bootstrap", value: bootstrap },
    );
  }
  if (!Number.isInteger(seed)) {
    throw new ArgumentError(`doseThreshold: expected seed to be a whole number, got ${quote(seed)}`, {
      option: "seed",
      value: seed,
    });
  }
  const pairs = readPairs(dose, response, options.sigma);
  const { points, excess } = weighted(pairs);
  const profile = new BreakProfile(points);
  const models = fitModels(points, profile.best as number);
  const ahead = {
    constant: models.constant.bic - models.broken.bic,
    line: models.line.bic - models.broken.bic,
  };
  const found = ahead.constant >= THRESHOLD_MARGIN && ahead.line >= THRESHOLD_MARGIN;
  const at = models.broken.parameters.break;
  const breaks = found && bootstrap > 0 ? bootstrapBreaks(points, at, bootstrap, seed) : null;
  const interval = breaks && breaks.length > bootstrap / 2 ? central95(breaks) : null;
  return {
    threshold: found ? at : null,
    interval,
    profileInterval: found ? profileInterval(profile, models.broken.rss, at) : null,
    models,
    verdict: found ? foundVerdict(models, interval, ahead) : noneVerdict(models, ahead),
    used: points.x.length,
    dropped: pairs.dropped,
    excessScatter: excess,
  };
}

type Models = DoseThreshold["models"];

function fitModels(points: Points, at: number): Models {
  const { x, y, w } = points;
  const n = x.length;
  const sw = w.reduce((sum, v) => sum + v, 0);
  const mean = (a: Float64Array): number => a.reduce((sum, v, i) => sum + w[i] * v, 0) / sw;
  const x0 = mean(x);
  const y0 = mean(y);
  let sxx = 0;
  let sxy = 0;
  for (let i = 0; i < n; i++) {
    sxx += w[i] * (x[i] - x0) ** 2;
    sxy += w[i] * (x[i] - x0) * (y[i] - y0);
  }
  const slope = sxy / sxx;
  const residual = (course: (v: number) => number): number =>
    y.reduce((sum, v, i) => sum + w[i] * (v - course(x[i])) ** 2, 0);
  const broken = hinge(points, at);
  // A perfect fit has no logarithm; below rounding all fits are equally good. Of zeros the rounding is zero, too.
  const rounding = 1e-12 * y.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const least = Math.max(sw * rounding ** 2, Number.MIN_VALUE);
  const fits = [residual(() => y0), residual((v) => y0 + slope * (v - x0)), broken.rss];
  const criteria = fits.map((rss, parameters) => {
    const k = parameters + 2;
    const likelihood = n * (Math.log(Math.max(rss, least)) - Math.log(n));
    return {
      rss,
      bic: likelihood + k * Math.log(n),
      aicc: likelihood + 2 * k + (2 * k * (k + 1)) / (n - k - 1),
    };
  });
  const lowest = Math.min(...criteria.map((c) => c.bic));
  const evidence = criteria.map((c) => Math.exp((lowest - c.bic) / 2));
  const total = evidence.reduce((sum, v) => sum + v, 0);
  const of = <Names extends string>(parameters: Record<Names, number>, m: number): ThresholdModel<Names> => ({
    parameters,
    ...criteria[m],
    weight: evidence[m] / total,
  });
  return {
    constant: of({ level: y0 }, 0),
    line: of({ intercept: y0 - slope * x0, slope }, 1),
    broken: of({ level: broken.level, slope: broken.slope, break: broken.break }, 2),
  };
}

interface Ahead {
  readonly constant: number;
  readonly line: number;
}

function foundVerdict({ broken }: Models, interval: readonly [number, number] | null, ahead: Ahead): string {
  const { level, slope, break: at } = broken.parameters;
  const range = interval ? ` (95 % bootstrap interval ${short(interval[0])} to ${short(interval[1])})` : "";
  const rival = ahead.line < ahead.constant ? "a straight line" : "a constant";
  return (
    `threshold at ${short(at)}${range}: the response is ${short(level)} up to there and then ` +
    `${slope < 0 ? "falls" : "rises"} by ${short(Math.abs(slope))} per unit of dose; BIC prefers this over ${rival} by ` +
    `${short(Math.min(ahead.line, ahead.constant))}`
  );
}

function noneVerdict({ constant, line }: Models, ahead: Ahead): string {
  const needed = `${THRESHOLD_MARGIN} needed`;
  if (constant.bic <= line.bic) {
    return (
      `no threshold: the response is constant at ${short(constant.parameters.level)}; a broken line is not better by enough ` +
      `(BIC difference ${short(ahead.constant)}, ${needed})`
    );
  }
  const { slope } = line.parameters;
  return (
    `no threshold: the response ${slope < 0 ? "falls" : "rises"} in a straight line by ${short(Math.abs(slope))} per unit of ` +
    `dose over the whole range; a broken line is not better by enough (BIC difference ${short(ahead.line)}, ${needed})`
  );
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
