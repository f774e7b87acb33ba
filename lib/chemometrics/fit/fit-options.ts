// Options of a fit with known components, and their checks.

import { toVector } from "../../compute/matrix.js";
import { ArgumentError, DataError, quote, ShapeError } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../options.js";
import type { RowConstraints } from "./row-fit.js";

/** Options of a fit with known components. */
export interface FitOptions {
  /** Whether concentrations are not negative. Default true. */
  readonly nonNegative?: boolean;
  /** Sum of the concentrations of a row: 1 (true, the default), at most 1 ("at most"), or free (false). */
  readonly closure?: boolean | "at most";
  /**
   * Standard deviation of the noise, in the unit of the spectra: one number, or one for each energy. Squares
   * then have the weight 1 / sigma^2, chi-square is returned, and standard errors are computed from sigma
   * instead of the residual.
   */
  readonly sigma?: number | ArrayLike<number>;
  /** Relative weights of the squares, one per energy, not negative; 0 leaves it out. Not with `sigma`. */
  readonly weights?: ArrayLike<number>;
  /** Reduces the weight of outliers such as glitches from diamonds. `true` is the bisquare. Default false. */
  readonly robust?: boolean | RobustOptions;
}

/** Weight function of a robust fit. */
export interface RobustOptions {
  /**
   * "bisquare" (default) gives outliers the weight 0; "huber" limits their influence, which is convex with a
   * unique solution, but biased.
   */
  readonly loss?: "bisquare" | "huber";
  /**
   * Residual in robust standard deviations where the weight of the bisquare becomes 0, or Huber's begins to
   * decrease. Default 4.685 or 1.345, with an efficiency of 95 % for normal noise.
   */
  readonly cutoff?: number;
}

/** Names of all options. */
export const fitNames: OptionNames<FitOptions> = {
  nonNegative: true,
  closure: true,
  sigma: true,
  weights: true,
  robust: true,
};

const ROBUST: OptionNames<RobustOptions> = { loss: true, cutoff: true };

/** The options after all checks. */
export interface ParsedFitOptions extends RowConstraints {
  /** Weight of each square, 1 / sigma^2 where sigma is known for each energy; null where all are 1. */
  readonly weights: Float64Array | null;
  /** Sigma if it is one number. */
  readonly sigma: number | null;
  /** Whether squares times weights are in units of the noise. */
  readonly noiseKnown: boolean;
  readonly robust: Required<RobustOptions> | null;
}

const CUTOFFS = { bisquare: 4.685, huber: 1.345 };

/**
 * Reads the options for spectra of `nEnergies`.
 *
 * @throws ArgumentError for invalid values; ShapeError for weights of another length; DataError for a sigma
 *   that is not positive, or negative weights
 */
export function readFitOptions(options: FitOptions, nEnergies: number, call: string): ParsedFitOptions {
  const {
    nonNegative = true,
    closure = true,
    sigma,
    weights,
    robust = false,
  } = checkOptions(call, options, fitNames);
  if (typeof nonNegative !== "boolean") {
    throw new ArgumentError(`${call}: expected nonNegative to be true or false, got ${quote(nonNegative)}`, {
      option: "nonNegative",
      value: nonNegative,
    });
  }
  if (typeof closure !== "boolean" && closure !== "at most") {
    throw new ArgumentError(
      `${call}: expected closure to be true, false or "at most", got ${quote(closure)}`,
      {
        option: "closure",
        value: closure,
      },
    );
  }
  if (sigma !== undefined && weights !== undefined) {
    throw new ArgumentError(
      `${call}: expected sigma or weights, got both; weights follow from sigma as 1 / sigma^2`,
      { option: "weights" },
    );
  }
  const same = { nonNegative, closure, robust: readRobust(robust, call) };
  if (weights !== undefined) {
    const values = numbers(weights, nEnergies, call, "weights", (w) => w >= 0, "numbers that are 0 or more");
    return { ...same, weights: values, sigma: null, noiseKnown: false };
  }
  if (typeof sigma === "number") {
    if (!isSigma(sigma)) throw badSigma(sigma, call);
    return { ...same, weights: null, sigma, noiseKnown: true };
  }
  if (sigma === undefined) return { ...same, weights: null, sigma: null, noiseKnown: false };
  const values = numbers(sigma, nEnergies, call, "sigma", isSigma, "positive numbers");
  return { ...same, weights: values.map((s) => 1 / (s * s)), sigma: null, noiseKnown: true };
}

function readRobust(robust: FitOptions["robust"], call: string): Required<RobustOptions> | null {
  if (robust === false || robust === null || robust === undefined) return null;
  const given = robust === true ? {} : robust;
  const { loss = "bisquare" } = given;
  if (typeof given !== "object" || !Object.hasOwn(CUTOFFS, loss)) {
    throw new ArgumentError(
      `${call}: expected robust to be true, false or { loss: "bisquare" | "huber", cutoff }, got ${quote(robust)}`,
      { option: "robust", value: robust },
    );
  }
  const { cutoff = CUTOFFS[loss] } = checkOptions(`${call}, robust`, given, ROBUST);
  if (cutoff > 0 && cutoff < Number.POSITIVE_INFINITY) return { loss, cutoff };
  throw new ArgumentError(
    `${call}: expected robust.cutoff to be a positive number of standard deviations, got ${quote(cutoff)}; ` +
      `${CUTOFFS[loss]} is the default`,
    { option: "robust.cutoff", value: cutoff },
  );
}

function numbers(
  values: ArrayLike<number>,
  nEnergies: number,
  call: string,
  option: string,
  isGood: (value: number) => boolean,
  wanted: string,
): Float64Array {
  if (values?.length !== nEnergies) {
    throw new ShapeError(
      `${call}: expected ${option} for ${nEnergies} energies, got ${quote(values?.length ?? values)}; give one for each energy`,
      { option, expected: nEnergies, got: values?.length },
    );
  }
  const out = Float64Array.from(toVector(values, call, option));
  for (let k = 0; k < nEnergies; k++) {
    if (Number.isFinite(out[k]) && isGood(out[k])) continue;
    throw new DataError(`${call}: expected ${option} to hold ${wanted}, got ${out[k]} at energy ${k}`, {
      option,
      energy: k,
      value: out[k],
    });
  }
  return out;
}

/** Squares and inverses must neither overflow nor underflow in float64. */
function isSigma(sigma: number): boolean {
  return sigma > 1e-70 && sigma < 1e70;
}

function badSigma(sigma: number, call: string): DataError {
  return new DataError(
    `${call}: expected sigma to be a positive number, got ${quote(sigma)}; it is the standard deviation of the noise`,
    { option: "sigma", value: sigma },
  );
}
