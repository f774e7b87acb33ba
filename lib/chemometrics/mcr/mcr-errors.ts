// Standard errors and intervals of resolved concentrations and spectra from the noise in D, by bootstrap or
// jackknife.
import { Matrix } from "ml-matrix";
import { type MatrixLike, toFlat, toMatrix } from "../../compute/matrix.js";
import { startProgress } from "../../compute/progress.js";
import { random } from "../../compute/random.js";
import { ArgumentError, DataError, quote, ShapeError } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { refuseBlocks, wholeNumber } from "../checks.js";
import { matchComponents } from "../diagnostics/match.js";
import { isClosed } from "./constraints/closure.js";
import { readWeights } from "./data.js";
import { type McrAls, mcrAls } from "./mcr-als.js";
import type { McrAlsOptions } from "./mcr-options.js";
import { type FactorErrors, percentiles, spreadOfGroups } from "./replicates.js";
import { inflatedResiduals } from "./residual-leverage.js";

export type { FactorErrors } from "./replicates.js";

/** Options of `mcrErrors`. */
export interface McrErrorsOptions {
  /**
   * "bootstrap" (default): the residuals with random signs are added to the fit, and the sum is resolved
   * again. "jackknife": D is resolved repeatedly without one group of spectra (errors of S) or of energies
   * (errors of C).
   */
  readonly method?: "bootstrap" | "jackknife";
  /** Bootstrap: number of replicates. Default 200, which percentiles need. */
  readonly replicates?: number;
  /**
   * Jackknife: number of groups; each contains every n-th row or energy. Default 20, or as many as there are.
   */
  readonly groups?: number;
  /**
   * Bootstrap: number of adjacent energies with common noise, for data that were interpolated or smoothed.
   * Default 1.
   */
  readonly correlation?: number;
  /** Confidence level of the intervals, 0.5 to below 1. Default 0.95. */
  readonly level?: number;
  /** Default 1. */
  readonly seed?: number;
  /** As given to `mcrAls`. */
  readonly weights?: McrAlsOptions["weights"];
  /** As in `mcrAls`. */
  readonly tolerance?: number;
  readonly maxIterations?: number;
}

/** Names of all options. */
export const mcrErrorsNames: OptionNames<McrErrorsOptions> = {
  method: true,
  replicates: true,
  groups: true,
  correlation: true,
  level: true,
  seed: true,
  weights: true,
  tolerance: true,
  maxIterations: true,
};

/** Result of `mcrErrors`. */
export interface McrErrors {
  readonly method: "bootstrap" | "jackknife";
  readonly level: number;
  readonly C: FactorErrors;
  readonly S: FactorErrors;
  /** Number of fits. */
  readonly replicates: number;
  /** Number of fits that did not converge; if there are many, the errors are not reliable. */
  readonly unconverged: number;
  /** Sources of error that are included, and that are not. */
  readonly note: string;
}

/** Weight of rows or energies that are left out; those with weight 0 would be refused. */
const LEFT_OUT = 1e-9;

const NOTE =
  "errors from noise alone: how C and S would vary if the measurement were repeated and resolved from the same start; " +
  "rotational ambiguity is not in them and may be far larger, see feasibleBands";

/**
 * Standard errors and intervals of the C and S of a fit.
 *
 * Each replicate is resolved from the spectra of the result with the same constraints, and its components are
 * assigned to those of the result by their spectral angles. The noise may have any size at each value and is
 * independent (or common to `correlation` energies). Residuals are corrected for their leverage. At a limit
 * of the constraints, 0 or 1, the interval of a concentration is too narrow on the other side.
 *
 * **These are errors because of noise.** They do not contain rotational ambiguity: if many C and S fit
 * equally well, intervals contain the scatter of one of them, not their differences.
 *
 * @param D the resolved spectra, shape [nSpectra, nEnergies], NaN where a value is missing
 * @param result C, S and constraints, as `mcrAls` returns them
 * @throws ShapeError when D, C and S disagree; ArgumentError for invalid options; DataError when components
 *   of the result vanished
 * @see R. Y. Liu, Annals of Statistics 16 (1988) 1696 (random signs); J. Jaumot, R. Gargallo, R. Tauler,
 *   Journal of Chemometrics 18 (2004) 327 (errors of MCR-ALS by resampling)
 * @example
 * const D = (await Cube.load().calibrate().absorb().normalize().spectra()).toRows();
 * const { C } = mcrErrors(D, mcrAls(D, { components: 2 }), { replicates: 20, seed: 1 });
 * C.standardError.getColumn(1); // of the second component in each spectrum, by bootstrap
 */
export function mcrErrors(
  D: MatrixLike,
  result: Pick<McrAls, "C" | "S"> & Partial<Pick<McrAls, "constraints" | "vanished">>,
  options: McrErrorsOptions = {},
): McrErrors {
  const call = "mcrErrors";
  checkOptions(call, options, mcrErrorsNames);
  refuseBlocks(D, call);
  const { data, rows, columns } = toFlat(D, call, "D");
  const { C, S } = result;
  if (C.rows !== rows || S.columns !== columns || C.columns !== S.rows) {
    throw new ShapeError(
      `${call}: expected the D that was resolved, ${C.rows} x ${S.columns}, got ${rows} x ${columns}`,
      { rows, columns },
    );
  }
  if (result.vanished && result.vanished.length > 0) {
    throw new DataError(
      `${call}: expected components that D contains, got ${result.vanished.length} that vanished; resolve fewer`,
      { vanished: result.vanished },
    );
  }
  const { method = "bootstrap", level = 0.95, seed = 1 } = options;
  if (method !== "bootstrap" && method !== "jackknife") {
    throw new ArgumentError(
      `${call}: expected method to be "bootstrap" or "jackknife", got ${quote(method)}`,
      {
        option: "method",
        value: method,
      },
    );
  }
  if (!(level >= 0.5 && level < 1)) {
    throw new ArgumentError(
      `${call}: expected level to be a fraction from 0.5 to below 1, got ${quote(level)}`,
      {
        option: "level",
        value: level,
      },
    );
  }
  const { weights, tolerance, maxIterations } = options;
  const settings = { constraints: result.constraints, tolerance, maxIterations };
  const order = new Matched(C, S, (matrix, own) => mcrAls(matrix, { ...settings, initial: S, weights: own }));
  const progress = startProgress(call);
  try {
    if (method === "bootstrap") {
      const replicates = wholeNumber(
        options.replicates ?? 200,
        1e5,
        call,
        "replicates",
        "200 is the default",
      );
      if (replicates < 20) wholeNumber(0, 1e5, call, "replicates", "at least 20");
      const run = wholeNumber(
        options.correlation ?? 1,
        columns,
        call,
        "correlation",
        "1 for independent noise",
      );
      const fit = C.mmul(S);
      const E = inflatedResiduals(data, C, S, isClosed(result.constraints?.closure, C.columns));
      const drawn = Array.from({ length: replicates }, (_, r) => {
        progress.update(r / replicates, `replicate ${r + 1} of ${replicates}`);
        return order.resolve(withSigns(fit, E, run, random(seed, r)), weights);
      });
      const errors = (of: "C" | "S"): FactorErrors =>
        percentiles(
          drawn.map((d) => d[of]),
          result[of],
          level,
        );
      return finish(method, level, errors("C"), errors("S"), replicates, order.unconverged);
    }
    const matrix = toMatrix(data, rows, columns);
    const own = weightsOf(weights, rows, columns);
    const leaveOut = (
      of: "C" | "S",
      length: number,
      groupOf: (i: number, k: number) => number,
    ): FactorErrors => {
      const groups = wholeNumber(
        options.groups ?? Math.min(20, length),
        length,
        call,
        "groups",
        "no more than rows or energies",
      );
      if (groups < 3) wholeNumber(0, length, call, "groups", "at least 3");
      const found = Array.from({ length: groups }, (_, g) => {
        progress.update(g / groups, `group ${g + 1} of ${groups}, for ${of}`);
        const w = own.clone();
        for (let i = 0; i < rows; i++) {
          for (let k = 0; k < columns; k++)
            if (groupOf(i, k) % groups === g) w.set(i, k, LEFT_OUT * w.get(i, k));
        }
        return order.resolve(matrix, w)[of];
      });
      return spreadOfGroups(found, result[of], level);
    };
    const ofS = leaveOut("S", rows, (i) => i);
    const ofC = leaveOut("C", columns, (_, k) => k);
    return finish(method, level, ofC, ofS, order.count, order.unconverged);
  } finally {
    progress.done();
  }
}

function finish(
  method: McrErrors["method"],
  level: number,
  C: FactorErrors,
  S: FactorErrors,
  replicates: number,
  unconverged: number,
): McrErrors {
  return { method, level, C, S, replicates, unconverged, note: NOTE };
}

/** Resolves replicates and orders their components as in the result. */
class Matched {
  count = 0;
  unconverged = 0;
  constructor(
    readonly C: Matrix,
    readonly S: Matrix,
    readonly fit: (D: Matrix, weights: McrAlsOptions["weights"]) => McrAls,
  ) {}

  resolve(D: Matrix, weights: McrAlsOptions["weights"]): { C: Matrix; S: Matrix } {
    const { C, S, stop } = this.fit(D, weights);
    this.count++;
    if (stop !== "converged") this.unconverged++;
    const permutation = matchComponents(S, this.S);
    return {
      C: C.subMatrixColumn(permutation),
      S: S.subMatrixRow(permutation),
    };
  }
}

/** The fit plus its residuals with new random signs; `run` adjacent energies have the same sign. */
function withSigns(fit: Matrix, E: Float64Array, run: number, draw: ReturnType<typeof random>): Matrix {
  const out = fit.clone();
  for (let i = 0; i < out.rows; i++) {
    // Runs start at a random energy, so that no energy is always at the end of a run.
    let left = Math.ceil(draw.uniform() * run);
    let sign = draw.uniform() < 0.5 ? -1 : 1;
    for (let k = 0; k < out.columns; k++) {
      if (left-- === 0) {
        left = run - 1;
        sign = draw.uniform() < 0.5 ? -1 : 1;
      }
      out.set(i, k, fit.get(i, k) + sign * E[i * out.columns + k]);
    }
  }
  return out;
}

/** Weights as one number for each value of D. */
function weightsOf(weights: McrAlsOptions["weights"], rows: number, columns: number): Matrix {
  const own = readWeights(weights, rows, columns);
  return own ? toMatrix(own, rows, columns) : Matrix.ones(rows, columns);
}
