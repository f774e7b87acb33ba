// Options of `mcrAls`.
import type { MatrixLike } from "../../compute/matrix.js";
import type { OptionNames } from "../../options.js";
import type { McrConstraints } from "./constraints/index.js";
import type { Side } from "./constraints/problem.js";
import type { Weights } from "./data.js";
import type { EstimateName } from "./initial/index.js";

/** Options of `mcrAls`; one of `components` and `initial` is needed. */
export interface McrAlsOptions {
  /** Number of components, in order of appearance along the rows. The start is estimated from D. */
  readonly components?: number;
  /**
   * Initial spectra, shape [nComponents, nEnergies]; with `first: "S"` concentrations, [nSpectra,
   * nComponents]. The result keeps their order.
   */
  readonly initial?: MatrixLike;
  /** Method of the initial estimate. Default "purest-rows". */
  readonly estimate?: EstimateName;
  /** A row or an energy with less than this fraction of the strongest signal is not pure. Default 0.1. */
  readonly noise?: number;
  /** Seed of random estimates such as "random". Default 1. */
  readonly seed?: number;
  /**
   * Default: both non-negative, rows of C sum to 1. Each constraint is described in its file and in
   * docs/constraints.md.
   */
  readonly constraints?: McrConstraints;
  /** Short form of `constraints.fixed.S`. */
  readonly fixedS?: NonNullable<McrConstraints["fixed"]>["S"];
  /** Weights of squared residuals, 1 / sigma^2; 0 leaves a value out. The lack of fit is then weighted. */
  readonly weights?: Weights;
  /** First factor of an iteration. Default "C". Estimates are spectra, so "S" needs `initial`. */
  readonly first?: Side;
  /**
   * MCR-ALS stops when the lack of fit changes by less than this fraction in an iteration. Default 1e-5. With
   * the 1e-3 of MCR-ALS 2.0, noise determines when it stops, and a component without a pure spectrum is far
   * from convergence.
   */
  readonly tolerance?: number;
  /** Default 500. */
  readonly maxIterations?: number;
  /**
   * Called after each iteration with its number (from 1) and the lack of fit in %; an exception ends the fit.
   */
  readonly onIteration?: (iteration: number, lackOfFit: number) => void;
}

/** Names of all options. */
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
