// What `mcrAls` can be told.
import type { MatrixLike } from "../../compute/matrix.js";
import type { OptionNames } from "../../options.js";
import type { McrConstraints } from "./constraints/index.js";
import type { Side } from "./constraints/problem.js";
import type { Weights } from "./data.js";
import type { EstimateName } from "./initial/index.js";

/** Options of `mcrAls`; one of `components` and `initial` is needed. */
export interface McrAlsOptions {
  /** Number of components; the start is estimated from D and the result is in order of appearance along the rows. */
  readonly components?: number;
  /**
   * Spectra to start from, shape [nComponents, nEnergies]; with `first: "S"` concentrations, [nSpectra, nComponents]. The
   * result keeps their order.
   */
  readonly initial?: MatrixLike;
  /** How the start is estimated. Default "purest-rows". */
  readonly estimate?: EstimateName;
  /** Fraction of the strongest signal below which a row or an energy is not called pure. Default 0.1. */
  readonly noise?: number;
  /** Seed of the estimates that draw lots, "random" for one. Default 1. */
  readonly seed?: number;
  /** Default: both non-negative, rows of C sum to one. Each constraint is described in its file and in docs/constraints.md. */
  readonly constraints?: McrConstraints;
  /** Short for `constraints.fixed.S`. */
  readonly fixedS?: NonNullable<McrConstraints["fixed"]>["S"];
  /** Weights of squared residuals, 1 / sigma^2; 0 leaves a number out. The lack of fit then is the weighted one. */
  readonly weights?: Weights;
  /** Which factor is found first in an iteration. Default "C"; an estimate is always of spectra, so "S" needs `initial`. */
  readonly first?: Side;
  /**
   * Stops when lack of fit changes by less than this fraction of itself in an iteration. Default 1e-5: with the 1e-3 of MCR-ALS
   * 2.0, noise decides when it stops, and a component that is never pure is left well short of where the fit leads.
   */
  readonly tolerance?: number;
  /** Default 500. */
  readonly maxIterations?: number;
  /** Called after each iteration with its number (from 1) and lack of fit in %; an exception ends the fit. */
  readonly onIteration?: (iteration: number, lackOfFit: number) => void;
}

/** All of them. */
export const mcrAlsNames: OptionNames<McrAlsOptions> = {
  components: true,
  initial: true,
  estimate: true,
  noise: true,
  seed: true,
  constraints: true,
  fixedS: true,
  weights: true,
  first: true,
  tolerance: true,
  maxIterations: true,
  onIteration: true,
};
