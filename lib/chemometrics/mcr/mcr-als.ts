// Multivariate curve resolution by alternating least squares: D = C S + E.
import type { Matrix } from "ml-matrix";
import { lazily } from "../../compute/lazily.js";
import { type MatrixLike, toMatrix } from "../../compute/matrix.js";
import { ArgumentError, quote } from "../../errors.js";
import { checkOptions, refuseNull } from "../../options.js";
import { wholeNumber } from "../checks.js";
import { lackOfFitPca } from "../diagnostics/lack-of-fit.js";
import { completed } from "../pca/complete.js";
import { leadingSubspace } from "../pca/subspace.js";
import type { Floats } from "../products.js";
import type { TallMatrix } from "../tall.js";
import { alternate, type McrStop } from "./alternate.js";
import { knownSpectra } from "./constraints/fixed.js";
import type { McrConstraints } from "./constraints/index.js";
import type { Side } from "./constraints/problem.js";
import { type Blocks, readData } from "./data.js";
import { type McrAlsOptions, mcrAlsNames } from "./mcr-options.js";
import { inPlaces, orderOfAppearance } from "./order.js";
import {
  absentComponents,
  advise,
  blocksOf,
  type McrBlocks,
  type McrVariance,
  residualMatrix,
  scaleToMaximum,
  varianceOf,
} from "./result.js";
import { type CompleteData, fixedPlaces, readStart } from "./start.js";

export type { McrStop } from "./alternate.js";
export type { Blocks } from "./data.js";
export type { McrBlocks, McrVariance } from "./result.js";

/** Result of `mcrAls`. */
export interface McrAls {
  /** Concentrations, shape [nSpectra, nComponents]: the constrained fit of D by S. */
  readonly C: Matrix;
  /** Spectra of the components, shape [nComponents, nEnergies]. */
  readonly S: Matrix;
  /**
   * 100 sqrt(sum e^2 / sum d^2) in %: relative to the data, and to their reconstruction from as many
   * principal components.
   */
  readonly lackOfFit: { readonly experimental: number; readonly pca: number };
  /** 1 - sum e^2 / sum d^2, from 0 to 1; sums of squares about zero. */
  readonly r2: number;
  /** Number of iterations; each has one step for C and one for S. */
  readonly iterations: number;
  /** The returned iteration, from 1: the one with the lowest lack of fit. */
  readonly bestIteration: number;
  readonly stop: McrStop;
  /** Reason for the end, and advice. */
  readonly advice: string;
  /** Lack of fit (experimental, %) after each iteration. */
  readonly trace: readonly number[];
  /**
   * Components that no spectrum contains, because D has fewer. Their concentrations are zero, and their
   * spectra are zero or the last estimate. They have no meaning.
   */
  readonly vanished: readonly number[];
  /**
   * Components that grew beyond 100 times the largest value of D. A value that would limit them is missing,
   * or components cancel each other. Their spectra and concentrations have no meaning. `stop` is then
   * "runaway".
   */
  readonly runaway: readonly number[];
  /** Constraints, including defaults. */
  readonly constraints: McrConstraints;
  /** Names of the constraints in the order of application; those in the least squares come first. */
  readonly order: readonly string[];
  /**
   * Constraint violations as a fraction of the largest value of C and S (for closure, of the sum); 0 =
   * satisfied.
   */
  readonly violations: Readonly<Record<string, number>>;
  /** Further results of constraints, by name: rates of `kinetic`, calibration lines of `correlation`. */
  readonly found: Readonly<Record<string, unknown>>;
  /** Variance explained by each component, and the overlap of components. */
  readonly variance: McrVariance;
  /** Number of missing values of D. */
  readonly missing: number;
  /** Results of each block, if D has blocks. */
  readonly blocks?: McrBlocks;
  /** D - C S, computed on first access; NaN where D is missing. */
  readonly residual: Matrix;
}

/**
 * Spectra and concentrations of the components of a series: D = C S + E.
 *
 * Alternating least squares for C and S with constraints: by default both are non-negative and rows of C sum
 * to 1 (see `McrConstraints` for the others). With constraints in the least squares, the lack of fit cannot
 * increase. A fit that did not converge is a result with advice. The best iteration is returned.
 *
 * With `components` the start consists of the most dissimilar spectra of D (or another `estimate`), and
 * components are ordered by the centroid of their concentrations along the rows (of their block): in a
 * series, the first to appear is component 0. Where constraints name components, they count in this order at
 * the start. Components with a fixed spectrum keep their index.
 *
 * If no spectrum is pure in a component, many C and S fit equally well, and the result depends on the start.
 * A low lack of fit is then no evidence for a concentration.
 *
 * @param D spectra, shape [nSpectra, nEnergies], NaN where a value is missing; { data, rows, columns } with a
 *   Float32Array or Float64Array is not copied (do not change it while the result is in use); or blocks of
 *   several experiments, { blocks: [[D1], [D2]] } stacked (common spectra), { blocks: [[D1, D2]] } side by
 *   side (common concentrations), or both; null where a block was not measured
 * @throws DataError when D has an infinite value (with row and column), a row or column without any value, or
 *   no signal, and for contradictory constraints; ArgumentError for more components than spectra or energies
 *   and for invalid options; ShapeError when lengths disagree
 * @see R. Tauler, Chemometrics and Intelligent Laboratory Systems 30 (1995) 133 (also for blocks); J. Jaumot,
 *   A. de Juan, R. Tauler, ibid. 140 (2015) 1 (MCR-ALS 2.0: lack of fit, r2, stopping rule)
 * @example
 * const D = (await Cube.load().calibrate().absorb().normalize().spectra()).toRows();
 * const { C, S, lackOfFit, advice } = mcrAls(D, { components: 2, constraints: pureEnds(D.length, 2) });
 * lackOfFit.experimental; // in %
 * C.getColumn(1); // concentration of the second component in each spectrum
 * S.getRow(1); // its spectrum
 * advice; // empty where there is nothing to do
 */
export function mcrAls(D: MatrixLike | TallMatrix | Blocks, options: McrAlsOptions): McrAls {
  if (typeof options !== "object" || options === null) {
    throw new ArgumentError(
      `mcrAls: expected options with components (a number) or initial (spectra), got ${quote(options)}; for example { components: 3 }`,
      { options },
    );
  }
  refuseNull("mcrAls", checkOptions("mcrAls", options, mcrAlsNames));
  const data = readData(D, options.weights);
  const { rows, columns } = data;
  const tolerance = tolerated(options.tolerance ?? 1e-5);
  const maxIterations = wholeNumber(
    options.maxIterations ?? 500,
    1e6,
    "mcrAls",
    "maxIterations",
    "500 is the default",
  );
  const first = firstOf(options);
  const given = constraintsOf(options);
  let complete: CompleteData | undefined;
  const completeData = (n: number): CompleteData =>
    (complete ??= completing(completed(data, n), rows, columns));
  const { problem, constraints, C, S, unordered } = readStart(data, options, given, completeData);
  const { n, wanted, places } = problem;
  const factors = { C, S };
  const { onIteration } = options;
  const run = alternate(data, constraints, factors, { first, tolerance, maxIterations, onIteration });
  scaleToMaximum(factors, problem, constraints.scaled);

  const experimental = 100 * Math.sqrt(run.residual / data.sumOfSquares);
  const stays = unordered ? fixedPlaces(knownSpectra(given.fixed, problem), problem) : [];
  const order = unordered
    ? orderOfAppearance(C, rows, n, stays, data.rowBounds)
    : Array.from({ length: n }, (_, j) => j);
  const active = places.flatMap((place, j) => (place < 0 ? [] : [j]));
  const all = {
    C: inPlaces(C, rows, n, order, active, wanted, "columns"),
    S: inPlaces(S, n, columns, order, active, wanted, "rows"),
  };
  const finalC = toMatrix(all.C, rows, wanted);
  const finalS = toMatrix(all.S, wanted, columns);
  const vanished = absentComponents(finalC);
  const runaway = active.filter((_, k) => run.runaway.includes(order[k]));
  const violations = constraints.violations(factors);
  const known = {
    C: finalC,
    S: finalS,
    lackOfFit: lazily(
      { experimental },
      {
        // Principal components take more time than the fit.
        pca: () => {
          const { D: filled, subspace } = completeData(wanted);
          return lackOfFitPca(filled, data, factors, n, subspace(wanted));
        },
      },
    ),
    r2: 1 - run.residual / data.sumOfSquares,
    iterations: run.trace.length,
    bestIteration: run.bestIteration,
    stop: run.stop,
    advice: advise(run, tolerance, experimental, { vanished, runaway }, violations),
    trace: run.trace,
    vanished,
    runaway,
    constraints: given,
    order: constraints.order,
    violations,
    found: constraints.found(),
    variance: varianceOf(data, all, wanted, run.residual),
    missing: data.missing,
    ...("blocks" in D ? { blocks: blocksOf(data, finalC, finalS) } : {}),
  };
  return lazily(known, { residual: () => residualMatrix(data, finalC, finalS) });
}

function completing(D: Floats, rows: number, columns: number): CompleteData {
  let vectors: Float64Array | undefined;
  return { D, subspace: (n) => (vectors ??= leadingSubspace(D, rows, columns, n)) };
}

function firstOf({ first = "C", initial }: McrAlsOptions): Side {
  if (first === "C" || (first === "S" && initial !== undefined)) return first;
  throw new ArgumentError(
    first === "S"
      ? 'mcrAls: expected initial concentrations with first: "S", got none; an estimate is always of spectra'
      : `mcrAls: expected first to be "C" or "S", got ${quote(first)}`,
    { option: "first", value: first },
  );
}

function constraintsOf({ constraints = {}, fixedS }: McrAlsOptions): McrConstraints {
  if (typeof constraints !== "object" || constraints === null || Array.isArray(constraints)) {
    throw new ArgumentError(`mcrAls: expected constraints to be an object, got ${quote(constraints)}`, {
      constraints,
    });
  }
  return fixedS === undefined ? constraints : { ...constraints, fixed: { ...constraints.fixed, S: fixedS } };
}

function tolerated(tolerance: number): number {
  if (Number.isFinite(tolerance) && tolerance >= 0) return tolerance;
  throw new ArgumentError(
    `mcrAls: expected tolerance to be a fraction of the lack of fit, 0 or more, got ${quote(tolerance)}; 1e-5 is the default`,
    { option: "tolerance", value: tolerance },
  );
}
