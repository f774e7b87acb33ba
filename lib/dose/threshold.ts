// From which dose on a response changes, where there is such a dose, and how sure one can be of it.
import { ArgumentError, quote } from "../errors.js";
import { checkOptions as known, type OptionNames } from "../options.js";
import { bandInterval, bandWords, type ResponseBand, readBand } from "./threshold/band.js";
import { type Before, BreakProfile, brokenAt, hinge } from "./threshold/broken-line.js";
import { chanceOfBreak } from "./threshold/chance.js";
import { bootstrapInterval, profileInterval } from "./threshold/interval.js";
import { checkMap, doseValues, isMap, type MapLike } from "./threshold/maps.js";
import { fitModels, type ThresholdModels } from "./threshold/models.js";
import { blockOf, blockSide, keptByBlocks, type Neighbours, neighbours } from "./threshold/neighbours.js";
import { type Points, readPairs } from "./threshold/points.js";
import { numbered } from "./threshold/replicates.js";
import { weighted } from "./threshold/scatter.js";
import { words } from "./threshold/verdict.js";

export type { ResponseBand } from "./threshold/band.js";
export type { MapLike } from "./threshold/maps.js";
export type { ThresholdModel, ThresholdModels } from "./threshold/models.js";

/** Options of `doseThreshold`. */
export interface ThresholdOptions {
  /** Standard deviation of each response; what they leave unexplained is estimated and added. Default: all the same. */
  readonly sigma?: ArrayLike<number>;
  /** Bootstrap replicates for the interval. Default 400; 0 for none. */
  readonly bootstrap?: number;
  /** Seed of the bootstrap. Default 1. */
  readonly seed?: number;
  /** Course before the break: "level" (default), or "slope" where the response changes already before it. */
  readonly before?: Before;
  /**
   * Neighbours share their fate, so squares of them are drawn together: `size` is their side in pixels. Maps always count so;
   * default three correlation lengths of the residuals, and at least 25 blocks. Plain arrays need the image's `width` as well.
   */
  readonly blocks?: { readonly size?: number; readonly width?: number };
  /** The lowest and highest response that the analysis allows at each dose, for example a feasible band of MCR-ALS. */
  readonly band?: ResponseBand;
}

/** What `doseThreshold` returns. */
export interface DoseThreshold {
  /** The dose at the break, in the units of `dose`; null where a course without a threshold explains the response as well. */
  readonly threshold: number | null;
  /** 95 % interval of the break by bootstrap; null without a threshold or without bootstrap. */
  readonly interval: readonly [number, number] | null;
  /** 95 % interval from the rise of the residual with the break; null without a threshold. */
  readonly profileInterval: readonly [number, number] | null;
  /** Lowest and highest threshold over the courses that `band` allows; null where one of them has none, or without a band. */
  readonly bandInterval: readonly [number, number] | null;
  readonly models: ThresholdModels;
  /**
   * Share of replicates of the data without a threshold (a straight line with noise as uneven as here) in which a broken line
   * wins by as much; null where BIC does not prefer the broken line anyway.
   */
  readonly chance: number | null;
  /** The finding in words and numbers, units as given. */
  readonly verdict: string;
  /** Unit of the doses: MGy for dose maps in Gy, "" where it is not known. */
  readonly unit: string;
  /** Pairs that were fitted. */
  readonly used: number;
  /** Pairs left out because a number in them was not finite. */
  readonly dropped: number;
  /** Scatter beyond `sigma` that the residuals show, as a standard deviation; 0 without `sigma`. */
  readonly excessScatter: number;
  /** On maps: correlation lengths (pixels, along x and y), side of the blocks, and pixels worth as much as independent ones. */
  readonly blocks: (Neighbours & { readonly side: number }) | null;
}

/**
 * By how much BIC has to prefer the broken line over each course without a threshold: "strong" evidence for a regular parameter.
 * The break is chosen among many places, so that less would find breaks in noise: at this margin series of noise about a
 * constant or a straight line (8 to 200 points) give a threshold in 0 to 2 % of cases.
 *
 * @see R. E. Kass, A. E. Raftery, Journal of the American Statistical Association 90 (1995) 773
 */
export const THRESHOLD_MARGIN = 6;

/** No threshold where noise as uneven as that of the data makes a straight line look as broken more often than this. */
export const THRESHOLD_CHANCE = 0.01;

/**
 * The dose from which on a response changes, in either direction, where there is one.
 *
 * Compares courses without a threshold (constant, straight line, exponential curve), with one (broken lines), and a smooth
 * step. A threshold is reported only where BIC prefers the broken line over the constant and the straight line by
 * THRESHOLD_MARGIN, where the curve is not better than it by as much, and where noise as uneven as that of the data would make a
 * straight line look as broken in less than THRESHOLD_CHANCE of cases.
 *
 * Points of plain arrays count as independent. Maps do not: the number of points that count is that of independent pixels
 * with the same correlation, and the interval is drawn over square blocks of neighbours.
 *
 * @param dose any unit, at least 8 finite pairs at 5 distinct doses, in any order; or a map, of which Gy are told in MGy
 * @param response as many numbers, or a map of the same size; pairs that are not finite are dropped and counted
 * @throws ShapeError when lengths differ; SchemaError for a dose-rate map; ArgumentError for options that mean nothing;
 *   DataError for too few pairs or doses
 */
export function doseThreshold(
  dose: ArrayLike<number> | MapLike,
  response: ArrayLike<number> | MapLike,
  given: ThresholdOptions = {},
): DoseThreshold {
  checkOptions(given);
  const { before = "level", sigma, blocks, bootstrap = 400, seed = 1 } = given;
  const image = isMap(dose) ? checkMap(CALL, "dose", dose) : null;
  const { values: doses, unit } = isMap(dose) ? doseValues(CALL, dose) : { values: dose, unit: "" };
  const responses = isMap(response)
    ? checkMap(CALL, "response", response, image ?? response).values
    : response;
  const width = blocks?.width ?? image?.width ?? (isMap(response) ? response.width : undefined);
  if (blocks && width === undefined) {
    throw new ArgumentError(
      `${CALL}: expected blocks of plain arrays as { width, size } with the width of the image, got ${quote(blocks)}; give maps, or width`,
      { option: "blocks", value: blocks },
    );
  }
  if (width !== undefined && !(doses.length % width === 0)) {
    throw new ArgumentError(
      `${CALL}: expected blocks.width to divide the number of points (${doses.length}), got ${width}; give whole images, NaN where there is no value`,
      { option: "blocks.width", value: width },
    );
  }
  const band = given.band && readBand(CALL, given.band, doses.length);
  const one = (course: ArrayLike<number>) =>
    single(doses, course, { sigma, before, seed, width, size: blocks?.size });
  const fit = one(responses);
  const { models, shared, threshold } = fit;
  const interval =
    fit.found && bootstrap > 0
      ? bootstrapInterval(fit.profile, bootstrap, seed, shared ? keptByBlocks(shared, shared.side) : 1)
      : null;
  const allowed = band ? bandInterval(doses, responses, band, (course) => one(course).threshold) : null;
  const verdict = words({ ...fit, before, margin: THRESHOLD_MARGIN, interval, unit });
  return {
    threshold,
    interval,
    profileInterval: fit.found ? profileInterval(fit.profile, fit.effective - fit.parameters) : null,
    bandInterval: allowed?.interval ?? null,
    models,
    chance: fit.chance,
    verdict: allowed ? `${verdict}; ${bandWords(allowed, threshold, unit)}` : verdict,
    unit,
    used: fit.profile.points.x.length,
    dropped: fit.dropped,
    excessScatter: fit.excess,
    blocks: shared,
  };
}

const CALL = "doseThreshold";

/** One response: its models, and whether they speak for a threshold. */
function single(
  doses: ArrayLike<number>,
  responses: ArrayLike<number>,
  { sigma, before, seed, width, size }: SingleOptions,
) {
  const pairs = readPairs(doses, responses, sigma);
  const { points: plain, excess } = weighted(pairs, before);
  const level = new BreakProfile(plain, "level");
  const sloped = new BreakProfile(plain, "slope");
  const preliminary = before === "slope" && sloped.best !== null ? sloped : level;
  const shared = width === undefined ? null : sharedBy(preliminary, pairs.index, doses.length, width, size);
  const points = shared ? inBlocks(plain, pairs.index, width as number, shared.side) : plain;
  const effective = Math.max(shared?.effective ?? points.x.length, LEAST_EFFECTIVE);
  const models = fitModels(points, { level: level.best, slope: sloped.best }, effective);
  const chosen = before === "level" ? models.broken : models.sloped;
  const bic = chosen?.bic ?? Number.POSITIVE_INFINITY;
  const rivals = [
    { rival: "constant", ahead: models.constant.bic - bic },
    { rival: "line", ahead: models.line.bic - bic },
  ] as { rival: "constant" | "line" | "curve"; ahead: number }[];
  // A broken line always resembles some curve: only one that is clearly better speaks against the break.
  const curve = models.curve.bic - bic;
  const faster = before === "level" || speedsUp(models);
  if (curve <= -THRESHOLD_MARGIN || !faster)
    rivals.push({ rival: "curve", ahead: Math.min(curve, faster ? curve : 0) });
  const { rival, ahead } = rivals.reduce((a, b) => (b.ahead < a.ahead ? b : a));
  const profile = new BreakProfile(points, before);
  const chance =
    ahead >= THRESHOLD_MARGIN ? chanceOfBreak(points, before, profile.best as number, seed) : null;
  const found = chance !== null && chance < THRESHOLD_CHANCE;
  return {
    profile,
    chance,
    models,
    shared,
    rival,
    ahead,
    found,
    effective,
    excess,
    threshold: found ? profile.best : null,
    parameters: before === "level" ? 3 : 4,
    dropped: pairs.dropped,
  };
}

interface SingleOptions {
  readonly sigma: ArrayLike<number> | undefined;
  readonly before: Before;
  readonly seed: number;
  /** Of the image and of its blocks; undefined for plain arrays. */
  readonly width: number | undefined;
  readonly size: number | undefined;
}

/** Below this many points neither criterion is defined for the largest model. */
const LEAST_EFFECTIVE = 8;

/** A sloped response that only levels off after its break has no threshold there. */
function speedsUp({ sloped }: ThresholdModels): boolean {
  if (!sloped) return false;
  const { before, slope } = sloped.parameters;
  return Math.abs(before + slope) > Math.abs(before) || before * (before + slope) < 0;
}

function sharedBy(
  profile: BreakProfile,
  index: Int32Array,
  n: number,
  width: number,
  size: number | undefined,
) {
  const { points, before } = profile as { points: Points; before: Before };
  const fit = hinge(points, profile.best as number, before);
  const deviation = new Float64Array(n).fill(Number.NaN);
  for (let i = 0; i < index.length; i++)
    deviation[index[i]] = (points.y[i] - brokenAt(fit, points.x[i])) * Math.sqrt(points.w[i]);
  const near = neighbours(deviation, width, Math.floor(n / width));
  return { ...near, side: size ?? blockSide(near, index.length) };
}

/** @throws ArgumentError where too few blocks are left to draw from */
function inBlocks(points: Points, index: Int32Array, width: number, side: number): Points {
  const block = blockOf(index, width, side);
  const { size } = numbered(block);
  if (size >= LEAST_BLOCKS) return { ...points, block };
  throw new ArgumentError(
    `${CALL}: expected at least ${LEAST_BLOCKS} blocks of pixels, got ${size} of ${side} x ${side}; choose a smaller blocks.size`,
    { side, blocks: size },
  );
}

/** Fewer than this say next to nothing about how much draws differ. */
const LEAST_BLOCKS = 8;

const NAMES: OptionNames<ThresholdOptions> = {
  sigma: true,
  bootstrap: true,
  seed: true,
  before: true,
  blocks: true,
  band: true,
};

function checkOptions(given: ThresholdOptions): void {
  const { bootstrap = 400, seed = 1, before = "level", blocks = {} } = known(CALL, given, NAMES); // biome-ignore format: one line
  const refuse = (option: string, expected: string, value: unknown): never => {
    throw new ArgumentError(`${CALL}: expected ${option} to be ${expected}, got ${quote(value)}`, {
      option,
      value,
    });
  };
  if (!Number.isInteger(bootstrap) || bootstrap < 0 || (bootstrap > 0 && bootstrap < 40))
    refuse("bootstrap", "a number of replicates, 0 or at least 40", bootstrap);
  if (!Number.isInteger(seed)) refuse("seed", "a whole number", seed);
  if (before !== "level" && before !== "slope") refuse("before", '"level" or "slope"', before);
  if (typeof blocks !== "object" || blocks === null) refuse("blocks", "{ size?, width? }, in pixels", blocks);
  for (const [name, value] of Object.entries(blocks)) {
    if (value !== undefined && !(Number.isInteger(value) && value > 0))
      refuse(`blocks.${name}`, "a whole number of pixels above 0", value);
  }
}
