// Options of a fit with known components: as the caller writes them, and checked.

import { toVector } from "../../compute/matrix.js";
import { ArgumentError, DataError, quote, ShapeError } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../options.js";
import type { RowConstraints } from "./row-fit.js";

/** Options of a fit with known components. */
export interface FitOptions {
  /** Concentrations are not negative. Default true. */
  readonly nonNegative?: boolean;
  /** Concentrations of a row sum to one (true, the default), to one at most ("at most"), or to anything (false). */
  readonly closure?: boolean | "at most";
  /**
   * Standard deviation of the noise, in the unit of the spectra: one number, or one for each energy. Squares then count as
   * 1 / sigma^2, chi-square is given, and standard errors come from sigma instead of from the residual.
   */
  readonly sigma?: number | ArrayLike<number>;
  /** Relative weights of the squares, one for each energy, not negative; 0 leaves an energy out of the fit. Not with `sigma`. */
  readonly weights?: ArrayLike<number>;
  /**
   * Down-weights what is far from the fit: glitches, of the diamond anvil or window for example. `true` is the bisquare. Default false.
   */
  readonly robust?: boolean | RobustOptions;
}

/** How a robust fit weighs residuals. */
export interface RobustOptions {
  /**
   * "bisquare" (default) gives what is far no weight at all; "huber" lets it pull with constant force, which is convex and has
   * one solution, but keeps a bias.
   */
  readonly loss?: "bisquare" | "huber";
  /**
   * Robust standard deviations at which the bisquare's weight becomes zero, or Huber's begins to fall. Default 4.685 or 1.345:
   * 95 % efficient for normal noise.
   */
  readonly cutoff?: number;
}

/** All of them. */
export const fitNames: OptionNames<FitOptions> = {
  nonNegative: true,
  closure: true,
  sigma: true,
  weights: true,
  robust: true,
};

const ROBUST: OptionNames<RobustOptions> = { loss: true, cutoff: true };

/** The same, read. */
export interface ParsedFitOptions extends RowConstraints {
  /** Weight of each square, 1 / sigma^2 where sigma is known for each energy; null: all one. */
  readonly weights: Float64Array | null;
  /** Sigma where it is one number. */
  readonly sigma: number | null;
  /** Whether squares times weights are in units of the noise. */
  readonly noiseKnown: boolean;
  readonly robust: Required<RobustOptions> | null;
}

const CUTOFFS = { bisquare: 4.685, huber: 1.345 };

/**
 * Reads the options for spectra of `nEnergies`.
 *
 * @throws ArgumentError for values that are none of those listed; ShapeError for weights of another length; DataError for
 *   a sigma that is not positive, or weights that are negative
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

/** Squares of it, and of numbers over it, have to fit into a float64. */
function isSigma(sigma: number): boolean {
  return sigma > 1e-70 && sigma < 1e70;
}

function badSigma(sigma: number, call: string): DataError {
  return new DataError(
    `${call}: expected sigma to be a positive number, got ${quote(sigma)}; it is the standard deviation of the noise`,
    { option: "sigma", value: sigma },
  );
}
