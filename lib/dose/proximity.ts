// Tests on maps of dose and response whether damage spreads from a pixel to its neighborhood.
import { ArgumentError, quote } from "../errors.js";
import { checkOptions, type OptionNames, oneOf } from "../options.js";
import { choicesFor } from "./proximity/choices.js";
import { type Comparison, compare } from "./proximity/compare.js";
import {
  type AnalysisGrid,
  type Beyond,
  beyondOf,
  type ProximitySet,
  pixelNoise,
  readConfigurations,
} from "./proximity/configurations.js";
import { curveAt, type Shape } from "./proximity/dose-curve.js";
import { type Kernel, kernelOf } from "./proximity/kernels.js";
import { curveOf, type Setting, type Spreading, search } from "./proximity/search.js";
import { proximityVerdict } from "./proximity/verdict.js";

export type { ProximitySet } from "./proximity/configurations.js";
export type { Kernel } from "./proximity/kernels.js";
export type { Spreading } from "./proximity/search.js";

/** Options of `proximity`. */
export interface ProximityOptions {
  /** Spatial distribution of spread damage; default "diffusion". */
  readonly kernel?: Kernel;
  /**
   * Decay lengths to try, um; 0 is always among them. Default 12 from 1.5 pixels to twice the diagonal of the
   * image.
   */
  readonly lengths?: readonly number[];
  /** Only dose above the onset spreads; in MGy for maps in Gy. A number fixes it; default: fitted. */
  readonly onset?: number;
  /** Exponent of the spread dose; a number fixes it. Default: fitted. */
  readonly exponent?: number;
  /**
   * Weight of the spread dose: 1 for f(dose convolved with a kernel), 0 for the local dose. Default: fitted.
   */
  readonly weight?: number;
  /** Shape of f: "monotone" (default) or "free", for a species that appears and disappears. */
  readonly shape?: Shape;
  /** Number of linear pieces of f; default 12. */
  readonly knots?: number;
  /** Side of the square blocks of cross-validation, um; default 1/36 of the image. */
  readonly blockSize?: number;
  /** Number of folds of the cross-validation over the blocks; default 6. */
  readonly folds?: number;
  /** Seed of the random folds. Default 1. */
  readonly seed?: number;
}

/** What `proximity` returns. */
export interface Proximity {
  /**
   * Root mean square distance over which damage spreads, um; 0 where the local dose alone predicts as well.
   */
  readonly length: number;
  /** 95 % interval of the length, um; the upper end is Infinity where the longest trial predicts as well. */
  readonly interval: readonly [number, number];
  /**
   * The same for each assumption about the beam beyond the images: it falls as steeply as at their borders (1) and,
   * where the dose at a border is above 2 % of the highest, three quarters and four thirds as steeply. `interval`
   * is the union of theirs. Spreading is reported only where every assumption needs it.
   */
  readonly beyond: readonly {
    readonly steepness: Beyond;
    readonly length: number;
    readonly interval: readonly [number, number];
  }[];
  /** Parameters with the best prediction, significant or not; the length is the best one above 0. */
  readonly spreading: Spreading;
  /** Prediction of blocks that were left out, by length. */
  readonly crossValidation: {
    /** um, ascending, 0 first. */
    readonly lengths: Float64Array;
    /** Root mean square error of the response. */
    readonly error: Float64Array;
    /** Excess of the squared error over that of the best length, in standard errors over the blocks. */
    readonly excess: Float64Array;
    /** Limit of the excess; outside the interval it is also above a quarter of the residual of the best. */
    readonly limit: number;
  };
  /** Fractions of the variance that dose alone and dose with neighborhood predict, over all sets. */
  readonly explained: { readonly dose: number; readonly neighborhood: number };
  /** f at its knots. */
  readonly curve: { readonly equivalentDose: Float64Array; readonly response: Float64Array };
  /** Maps on the grid of the analysis, one entry for each configuration. */
  readonly maps: readonly {
    readonly name: string;
    readonly width: number;
    readonly height: number;
    readonly pixelSize: number;
    readonly dose: Float64Array;
    readonly response: Float64Array;
    /** Equivalent dose of the best parameters. */
    readonly equivalentDose: Float64Array;
    /** Response minus the prediction of dose alone, and of dose with neighborhood. */
    readonly residual: { readonly dose: Float64Array; readonly neighborhood: Float64Array };
  }[];
  readonly blocks: { readonly size: number; readonly count: number };
  /** Unit of doses: MGy for maps in Gy. */
  readonly unit: string;
  /** One sentence with the result. */
  readonly verdict: string;
}

/**
 * Tests whether damage spreads, with one f for all configurations: response = f(equivalent dose) and
 *
 *     equivalent dose = (1 - weight) dose + weight scale (K_L * max(0, dose - onset))^exponent,
 *
 * where K_L is a kernel with root mean square distance L, and the scale makes the largest values of both
 * terms equal. L = 0 is the local dose alone. Whether L > 0 predicts better is tested by cross-validation
 * over blocks of neighboring pixels. Onset, exponent and weight are chosen without the block as well.
 *
 * `{ weight: 1, onset: 0, exponent: 1 }` is the simplest model: response = f(dose convolved with K_L).
 *
 * @param sets one configuration, or several that share f: { dose, response, name? }, maps of one pixel size
 * @throws ArgumentError for invalid options; SchemaError, ShapeError and DataError for maps that do not fit
 *   together or are constant
 * @example
 * const [width, height, pixelSize] = [24, 24, 50]; // um
 * const image = (f: (r: number) => number) =>
 *   Float64Array.from({ length: width * height }, (_, p) =>
 *     f(Math.hypot((p % width) - 12, Math.floor(p / width) - 12)),
 *   );
 * const dose = {
 *   values: image((r) => 90 * Math.exp(-((r / 6) ** 2))),
 *   width,
 *   height,
 *   pixelSize,
 *   unit: "MGy",
 * };
 * const response = { values: dose.values.map((d) => Math.exp(-d / 60)), width, height, pixelSize };
 * const found = proximity({ dose, response }, { lengths: [100, 200], onset: 0, exponent: 1, weight: 1 });
 * found.length; // 0 um: the dose of the pixel itself decides
 */
export function proximity(
  sets: ProximitySet | readonly ProximitySet[],
  given: ProximityOptions = {},
): Proximity {
  const list = Array.isArray(sets) ? (sets as readonly ProximitySet[]) : [sets as ProximitySet];
  for (const set of list)
    if (set) checkOptions(`${CALL}, sets`, set, { dose: true, response: true, name: true });
  if (list.length === 0 || list.some((set) => !set?.dose || !set.response)) {
    throw new ArgumentError(`${CALL}: expected { dose, response } or a list of them, got ${quote(sets)}`);
  }
  const settings = checkOptions(CALL, given, OPTIONS);
  const { knots = 12, folds = 6, seed = 1, shape = "monotone", kernel = "diffusion" } = settings;
  whole("knots", knots, 3, 100);
  whole("folds", folds, 2, 20);
  whole("seed", seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  oneOf(CALL, "shape", shape, ["monotone", "free"]);
  const density = kernelOf(CALL, kernel);
  const grid = readConfigurations(CALL, list, settings.blockSize);
  const choices = choicesFor(CALL, grid, settings);
  const nPixels = grid.configurations.reduce((sum, one) => sum + one.pixels.length, 0);
  const variance = varianceOf(grid, nPixels);
  const noise = pixelNoise(grid);
  const tried = beyondOf(grid).map((beyond) => {
    const setting: Setting = { grid, density, beyond, shape, knots, folds, seed };
    const trials = search(setting, choices);
    return { setting, trials, comparison: compare(trials, nPixels, noise, variance) };
  });
  // Spreading is reported only if every assumption about the beam beyond the images needs it. The assumption
  // with the least error of prediction gives the length.
  const denied = tried.filter(({ comparison }) => !comparison.found);
  const { setting, trials, comparison } = (denied.length > 0 ? denied : tried).reduce((a, b) =>
    leastError(b.comparison) < leastError(a.comparison) ? b : a,
  );
  const { best, found } = comparison;
  const interval = [
    Math.min(...tried.map(({ comparison: { interval } }) => interval[0])),
    Math.max(...tried.map(({ comparison: { interval } }) => interval[1])),
  ] as const;
  const alone = curveOf(setting, trials[0].spreading);
  const joined = curveOf(setting, trials[best].spreading);
  let at = 0;
  const maps = grid.configurations.map((one) => {
    const blank = () => new Float64Array(one.dose.length).fill(Number.NaN);
    const equivalentDose = blank();
    const residual = { dose: blank(), neighborhood: blank() };
    for (const p of one.pixels) {
      equivalentDose[p] = joined.u[at];
      residual.dose[p] = one.response[p] - curveAt(alone.knots, alone.values, alone.u[at]);
      residual.neighborhood[p] = one.response[p] - curveAt(joined.knots, joined.values, joined.u[at]);
      at++;
    }
    const { name, width, height, dose, response } = one;
    return { name, width, height, pixelSize: grid.pixelSize, dose, response, equivalentDose, residual };
  });
  const share = (i: number): number => 1 - comparison.error[i] ** 2 / variance;
  const result = {
    length: found ? trials[best].spreading.length : 0,
    interval,
    beyond: tried.map((one) => ({
      steepness: one.setting.beyond,
      length: one.comparison.found ? one.trials[one.comparison.best].spreading.length : 0,
      interval: one.comparison.interval,
    })),
    spreading: trials[best].spreading,
    crossValidation: {
      lengths: Float64Array.from(trials, (t) => t.spreading.length),
      error: comparison.error,
      excess: comparison.excess,
      limit: comparison.limit,
    },
    explained: { dose: share(0), neighborhood: share(best) },
    curve: { equivalentDose: joined.knots, response: joined.values },
    maps,
    blocks: { size: grid.blockSize, count: grid.nBlocks },
    unit: grid.unit,
  };
  return { ...result, verdict: proximityVerdict(result, comparison) };
}

const CALL = "proximity";

const leastError = ({ error, best }: Comparison): number => error[best];

const OPTIONS: OptionNames<ProximityOptions> = {
  kernel: true,
  lengths: true,
  onset: true,
  exponent: true,
  weight: true,
  shape: true,
  knots: true,
  blockSize: true,
  folds: true,
  seed: true,
};

function whole(option: string, value: unknown, from: number, to: number): void {
  if (Number.isInteger(value) && (value as number) >= from && (value as number) <= to) return;
  throw new ArgumentError(
    `${CALL}: expected ${option} as a whole number from ${from} to ${to}, got ${quote(value)}`,
    {
      option,
      value,
    },
  );
}

function varianceOf({ configurations }: AnalysisGrid, n: number): number {
  const sum = (of: (response: number) => number): number =>
    configurations.reduce(
      (all, { response, pixels }) => pixels.reduce((s, p) => s + of(response[p]), all),
      0,
    );
  const mean = sum((v) => v) / n;
  return sum((v) => (v - mean) ** 2) / n;
}
