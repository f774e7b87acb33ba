// Multivariate curve resolution by alternating least squares: D = C S + E.
import type { Matrix } from "ml-matrix";
import { type MatrixLike, toMatrix } from "../compute/matrix.js";
import { ArgumentError, DataError, quote } from "../errors.js";
import { finiteMatrix, wholeNumber } from "./checks.js";
import type { McrConstraints } from "./constraints.js";
import { ConcentrationStep, SpectraStep } from "./half-steps.js";
import type { EstimateName } from "./initial/index.js";
import { lackOfFitPca } from "./lack-of-fit.js";
import { inPlaces, orderOfAppearance } from "./order.js";
import { dot, residualSumOfSquares } from "./products.js";
import { readStart } from "./start.js";
import { leadingSubspace } from "./subspace.js";

/** Options of `mcrAls`; one of `components` and `initial` is needed. */
export interface McrAlsOptions {
  /** Number of components; the start is estimated from D and the result is in order of appearance along the rows. */
  readonly components?: number;
  /** Spectra to start from, shape [nComponents, nEnergies]; the result keeps their order. */
  readonly initial?: MatrixLike;
  /** How the start is estimated. Default "purest-rows". */
  readonly estimate?: EstimateName;
  /** Share of the strongest signal below which a row or an energy is not called pure. Default 0.1. */
  readonly noise?: number;
  readonly constraints?: McrConstraints;
  /** Short for `constraints.fixed.S`. */
  readonly fixedS?: NonNullable<McrConstraints["fixed"]>["S"];
  /**
   * Stops when lack of fit changes by less than this share of itself in an iteration. Default 1e-5: with the 1e-3 of MCR-ALS
   * 2.0, noise decides when it stops, and a component that is never pure is left well short of where the fit leads.
   */
  readonly tolerance?: number;
  /** Default 500. */
  readonly maxIterations?: number;
  /** Called after each iteration with its number (from 1) and lack of fit in %; what it throws ends the fit. */
  readonly onIteration?: (iteration: number, lackOfFit: number) => void;
}

/** What `mcrAls` returns. */
export interface McrAls {
  /** Concentrations, shape [nSpectra, nComponents]: the constrained fit of D by S. */
  readonly C: Matrix;
  /** Spectra of the components, shape [nComponents, nEnergies]. */
  readonly S: Matrix;
  /** 100 sqrt(sum e^2 / sum d^2) in %: against the data, and against its reconstruction by as many principal components. */
  readonly lackOfFit: { readonly experimental: number; readonly pca: number };
  /** 1 - sum e^2 / sum d^2, from 0 to 1; sums of squares about zero, not about the mean. */
  readonly r2: number;
  /** Iterations done; each is one step for C and one for S. */
  readonly iterations: number;
  /** The iteration that is returned, from 1: the one with the lowest lack of fit. */
  readonly bestIteration: number;
  readonly stop: McrStop;
  /** Why it stopped, in words, and what to do about it. */
  readonly advice: string;
  /** Lack of fit (experimental, %) after each iteration. */
  readonly trace: readonly number[];
  /**
   * Components that no spectrum contains (D is made of fewer): their concentrations are zero, their spectra zero or the last
   * guess, no finding. Leave them out of further fits.
   */
  readonly vanished: readonly number[];
}

/** Why MCR-ALS stopped. */
export type McrStop = "converged" | "max-iterations" | "diverged";

/** Iterations in a row without a better lack of fit that count as divergence. */
const PATIENCE = 20;

/**
 * Spectra and concentrations of the components of a series: D = C S + E.
 *
 * C and S are found in turn by least squares with the constraints inside: non-negative both, rows of C summing to one
 * (defaults; see `McrConstraints`). With exact constraints the lack of fit cannot rise. A fit that has not converged is a
 * result with advice, and the best iteration is the one that is returned.
 *
 * With `components` the start is the most dissimilar spectra of D (or another `estimate`), and components are ordered by the
 * centroid of their concentrations along the rows: in a series, what comes first is component 0. Components with a fixed
 * spectrum keep their index.
 *
 * Where no spectrum is pure in a component, many C and S fit equally well: which is found depends on the start. Low lack of
 * fit is no evidence for a concentration.
 *
 * @param D spectra, shape [nSpectra, nEnergies]
 * @throws DataError when D has a number that is not finite (names row and column) or no signal; ArgumentError for more
 *   components than spectra or energies and for options that mean nothing; ShapeError when lengths disagree
 * @see R. Tauler, Chemometrics and Intelligent Laboratory Systems 30 (1995) 133; J. Jaumot, A. de Juan, R. Tauler, ibid. 140
 *   (2015) 1 (MCR-ALS 2.0: lack of fit, r2, stopping rule)
 */
export function mcrAls(D: MatrixLike, options: McrAlsOptions): McrAls {
  if (typeof options !== "object" || options === null) {
    throw new ArgumentError(
      `mcrAls: expected options with components (a number) or initial (spectra), got ${quote(options)}; for example { components: 3 }`,
      { options },
    );
  }
  const data = finiteMatrix(D, "mcrAls", "D");
  const { rows, columns } = data;
  const tolerance = tolerated(options.tolerance ?? 1e-5);
  const maxIterations = wholeNumber(
    options.maxIterations ?? 500,
    1e6,
    "mcrAls",
    "maxIterations",
    "500 is the default",
  );
  let vectors: Float64Array | undefined;
  const subspace = (n: number): Float64Array => (vectors ??= leadingSubspace(data.data, rows, columns, n));
  const start = readStart(data, options, subspace);
  const { fixed, constraints } = start;
  const n = start.active.length;
  const sumOfSquares = dot(data.data, 0, data.data, 0, rows * columns);
  if (sumOfSquares === 0) throw new DataError("mcrAls: expected spectra with signal, got zeros only");

  const stepC = new ConcentrationStep(data.data, rows, columns, n, constraints.C, constraints.closure);
  const stepS = new SpectraStep(data.data, rows, columns, n, constraints.S, fixed);
  const S = start.S;
  const C = new Float64Array(rows * n);
  const bestS = S.slice();
  const trace: number[] = [];
  let best = Number.POSITIVE_INFINITY;
  let bestIteration = 0;
  let stop: McrStop = "max-iterations";
  for (let iteration = 1; iteration <= maxIterations; iteration++) {
    stepC.run(S, C);
    stepS.run(C, S);
    const residual = stepS.residual(S, sumOfSquares);
    const lackOfFit = 100 * Math.sqrt(residual / sumOfSquares);
    trace.push(lackOfFit);
    options.onIteration?.(iteration, lackOfFit);
    const before = trace[iteration - 2] ?? Number.POSITIVE_INFINITY;
    if (lackOfFit < best) {
      best = lackOfFit;
      bestIteration = iteration;
      bestS.set(S);
    }
    // Below 1e-14 of the data the residual is rounding, and its changes mean nothing.
    if (Math.abs(before - lackOfFit) < tolerance * before || residual <= 1e-14 * sumOfSquares) {
      stop = "converged";
      break;
    }
    if (iteration - bestIteration >= PATIENCE) {
      // With a tolerance of zero it ends here, too, where only rounding still changes.
      stop = lackOfFit > best * (1 + 1e-9) ? "diverged" : "converged";
      break;
    }
  }

  // A last step for C makes it the fit of D by the spectra that are returned, as fitComponents would give it.
  stepC.run(bestS, C);
  if (!constraints.closure) scaleToMaximum(C, bestS, rows, n, columns, fixed);
  const residual = residualSumOfSquares(data.data, C, bestS, rows, n, columns);
  const experimental = 100 * Math.sqrt(residual / sumOfSquares);
  const order = start.estimated
    ? orderOfAppearance(C, rows, n, fixed, columns)
    : start.active.map((_, k) => k);
  const { wanted } = start;
  const finalC = toMatrix(inPlaces(C, rows, n, order, start.active, wanted, "columns"), rows, wanted);
  const finalS = toMatrix(inPlaces(bestS, n, columns, order, start.active, wanted, "rows"), wanted, columns);
  const vanished = absentComponents(finalC);
  return {
    C: finalC,
    S: finalS,
    lackOfFit: { experimental, pca: lackOfFitPca(data, C, bestS, n, subspace(wanted)) },
    r2: 1 - residual / sumOfSquares,
    iterations: trace.length,
    bestIteration,
    stop,
    advice: advise(stop, trace, bestIteration, tolerance, experimental, vanished),
    trace,
    vanished,
  };
}

/** Without closure C and S share a free factor for each component: the spectrum's maximum is one, unless it is fixed. */
function scaleToMaximum(
  C: Float64Array,
  S: Float64Array,
  rows: number,
  n: number,
  columns: number,
  fixed: Uint8Array | null,
): void {
  for (let j = 0; j < n; j++) {
    let most = 0;
    let isFree = true;
    for (let k = 0; k < columns; k++) {
      most = Math.max(most, Math.abs(S[j * columns + k]));
      if (fixed?.[j * columns + k]) isFree = false;
    }
    if (!isFree || most === 0) continue;
    for (let k = 0; k < columns; k++) S[j * columns + k] /= most;
    for (let i = 0; i < rows; i++) C[i * n + j] *= most;
  }
}

function absentComponents(C: Matrix): number[] {
  const most = new Float64Array(C.columns);
  for (let i = 0; i < C.rows; i++) {
    for (let j = 0; j < C.columns; j++) most[j] = Math.max(most[j], Math.abs(C.get(i, j)));
  }
  const all = Math.max(...most);
  return Array.from(most.keys()).filter((j) => !(most[j] > 1e-9 * all));
}

function tolerated(tolerance: number): number {
  if (Number.isFinite(tolerance) && tolerance >= 0) return tolerance;
  throw new ArgumentError(
    `mcrAls: expected tolerance to be a share of the lack of fit, 0 or more, got ${quote(tolerance)}; 1e-5 is the default`,
    { option: "tolerance", value: tolerance },
  );
}

function advise(
  stop: McrStop,
  trace: readonly number[],
  bestIteration: number,
  tolerance: number,
  lackOfFit: number,
  vanished: readonly number[],
): string {
  const last = trace.length;
  const change = last > 1 ? Math.abs(1 - trace[last - 1] / trace[last - 2]) : 1;
  const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;
  const fit = `lack of fit ${lackOfFit.toPrecision(3)} %`;
  const texts = {
    converged: `converged after ${last} iterations at ${fit}`,
    "max-iterations":
      `stopped after ${last} iterations at ${fit}, which still changed by ${percent(change)} in the last one ` +
      `(tolerance ${percent(tolerance)}); raise maxIterations if that matters`,
    diverged:
      `stopped after ${last} iterations, ${PATIENCE} of them without a better fit; iteration ${bestIteration} is returned, ` +
      `${fit}; use exact constraints (nonNegative: true, closure: true), fewer components or another start`,
  };
  if (vanished.length === 0) return texts[stop];
  const names = vanished.length === 1 ? `component ${vanished[0]}` : `components ${vanished.join(", ")}`;
  return `${texts[stop]}; no spectrum contains ${names} (counted from 0): ask for fewer components`;
}
