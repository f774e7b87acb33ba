// Options of `doseThreshold` and `benchmarkDose`, and their checks.
import { ArgumentError, quote } from "../../errors.js";
import { checkOptions, type OptionNames, oneOf } from "../../options.js";
import { type ResponseBand, readBand } from "./band.js";
import { checkMap, doseValues, isMap, type MapLike } from "./maps.js";

/** Options of `doseThreshold`. null means not given. */
export interface ThresholdOptions {
  /** Standard deviation of each response; an additional scatter is estimated. Default: estimated. */
  readonly sigma?: ArrayLike<number> | null;
  /**
   * Covariance of the responses, shape [n, n], row-major, up to a factor, for correlated errors. It replaces
   * `sigma`.
   */
  readonly covariance?: ArrayLike<number> | null;
  /** Number of replicates for the interval, 0 for no interval. Default 400. */
  readonly bootstrap?: number | null;
  /** Seed of the replicates. Default 1. */
  readonly seed?: number | null;
  /** Curve below the onset: "level" (default), or "slope" where the response already changes there. */
  readonly before?: "level" | "slope" | null;
  /**
   * Correlation length of the noise where it is known: `size` pixels along either side of a map, or `size`
   * points along the dose for plain arrays; 1 for independent noise. Plain arrays that are images need the
   * `width` of the image. Default: estimated.
   */
  readonly blocks?: { readonly size?: number | null; readonly width?: number | null } | null;
  /**
   * Range of doses over which each response is a mean, in units of dose. The onset within a range is unknown, so
   * the interval is extended by one range on either side. Default 0.
   */
  readonly step?: number | null;
  /** Unit of plain doses, for the verdict. Maps have their own. */
  readonly unit?: string | null;
  /** Lowest and highest possible response at each dose, for example a feasible band of MCR-ALS. */
  readonly band?: ResponseBand | null;
}

/** Names of all options. */
const thresholdNames: OptionNames<ThresholdOptions> = {
  unit: true,
  step: true,
  sigma: true,
  covariance: true,
  bootstrap: true,
  seed: true,
  before: true,
  blocks: true,
  band: true,
};

/** Checked options and data of a call; doses of maps in MGy. */
export function readOptions(
  call: string,
  dose: ArrayLike<number> | MapLike,
  response: ArrayLike<number> | MapLike,
  given: ThresholdOptions | null | undefined,
) {
  const options = checkOptions(call, given ?? undefined, thresholdNames);
  const bootstrap = options.bootstrap ?? 400;
  const seed = options.seed ?? 1;
  const before = oneOf(call, "before", options.before ?? "level", ["level", "slope"] as const);
  if (!Number.isInteger(bootstrap) || bootstrap < 0 || (bootstrap > 0 && bootstrap < 40))
    refuse(call, "bootstrap", "a number of replicates, 0 or at least 40", bootstrap);
  if (!Number.isInteger(seed)) refuse(call, "seed", "a whole number", seed);
  const { size, width: told } = readBlocks(call, options.blocks);
  if (!isMap(dose) && !(dose?.length >= 0))
    throw new ArgumentError(`${call}: expected dose as numbers or a map, got ${quote(dose)}`);
  const image = isMap(dose) ? checkMap(call, "dose", dose) : null;
  const plain = { values: dose as ArrayLike<number>, unit: options.unit ?? "" };
  const { values: doses, unit } = isMap(dose) ? doseValues(call, dose) : plain;
  const responses = isMap(response)
    ? checkMap(call, "response", response, image ?? response).values
    : response;
  const width = told ?? image?.width ?? (isMap(response) ? response.width : undefined);
  if (width !== undefined && !(doses.length % width === 0)) {
    throw new ArgumentError(
      `${call}: expected blocks.width to divide the number of points (${doses.length}), got ${width}; give whole images, NaN where there is no value`,
      { option: "blocks.width", value: width },
    );
  }
  const band = options.band ? readBand(call, options.band, doses.length) : undefined;
  const step = options.step ?? 0;
  if (!(step >= 0 && step < Number.POSITIVE_INFINITY)) {
    refuse(call, "step", "a range of doses of at least 0", step);
  }
  const sigma = options.sigma ?? undefined;
  const covariance = options.covariance ?? undefined;
  return { doses, responses, unit, sigma, covariance, bootstrap, seed, before, size, width, band, step };
}

function readBlocks(call: string, given: ThresholdOptions["blocks"]) {
  const blocks = checkOptions(`${call}: blocks`, given ?? undefined, { size: true, width: true });
  for (const [name, value] of Object.entries(blocks)) {
    if (value !== undefined && value !== null && !(Number.isInteger(value) && value > 0))
      refuse(call, `blocks.${name}`, "a whole number of points or pixels above 0", value);
  }
  return { size: blocks.size ?? undefined, width: blocks.width ?? undefined };
}

function refuse(call: string, option: string, expected: string, value: unknown): never {
  throw new ArgumentError(`${call}: expected ${option} to be ${expected}, got ${quote(value)}`, {
    option,
    value,
  });
}
