// MCR-ALS from many starts: the dependence of the result on the start.
import type { Matrix } from "ml-matrix";
import { type MatrixLike, toMatrix } from "../../compute/matrix.js";
import { startProgress } from "../../compute/progress.js";
import { ArgumentError, DataError, quote } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { finiteMatrix, refuseBlocks, wholeNumber } from "../checks.js";
import { matchComponents } from "../diagnostics/match.js";
import { leadingSubspace } from "../pca/subspace.js";
import { isClosed } from "./constraints/closure.js";
import { initialEstimates } from "./initial/index.js";
import { type McrAls, mcrAls } from "./mcr-als.js";
import { type McrAlsOptions, mcrAlsNames } from "./mcr-options.js";

/** Options of `mcrRestarts`: those of `mcrAls` with `components`, and the following. */
export interface McrRestartsOptions extends Omit<McrAlsOptions, "initial" | "components" | "first" | "seed"> {
  readonly components: number;
  /** Number of random starts beside the usual one. Default 20. */
  readonly starts?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Fits with a lack of fit up to this fraction above the best are equally good. Default 0.01. */
  readonly within?: number;
}

/** Names of all options. */
const mcrRestartsNames: OptionNames<McrRestartsOptions> = (() => {
  const { initial, first, ...names } = mcrAlsNames;
  return { ...names, starts: true, within: true } as const;
})();

/** One of the fits, with components in the order of the best fit. */
export interface RestartFit {
  /** 0 for the usual estimate, 1 and above for random ones. */
  readonly start: number;
  /** In %. */
  readonly lackOfFit: number;
  readonly iterations: number;
  readonly stop: McrAls["stop"];
  readonly equallyGood: boolean;
  readonly C: Matrix;
  readonly S: Matrix;
}

/** Result of `mcrRestarts`. */
export interface McrRestarts {
  /** The fit with the lowest lack of fit. */
  readonly best: McrAls;
  /** All fits, by increasing lack of fit. */
  readonly fits: readonly RestartFit[];
  /** Number of fits that are equally good. */
  readonly equallyGood: number;
  /** Smallest and largest entry of C and S among equally good fits: a lower limit of the ambiguity. */
  readonly range: {
    readonly C: { readonly low: Matrix; readonly high: Matrix };
    readonly S: { readonly low: Matrix; readonly high: Matrix };
  };
  /** Summary of all fits. */
  readonly advice: string;
}

/**
 * Resolves D from the usual estimate and from random spectra ("random" in the registry of estimates), and
 * keeps all fits.
 *
 * Differences between equally good fits show rotational ambiguity. They are a lower limit of it:
 * `feasibleBands` searches for the extremes. Worse fits are local minima or stopped early.
 *
 * @param D spectra, shape [nSpectra, nEnergies], without missing values
 * @throws as `mcrAls`; DataError also where D has fewer independent spectra than components
 * @example
 * const D = (await Cube.load().calibrate().absorb().normalize().spectra()).toRows();
 * const { fits, equallyGood, advice } = mcrRestarts(D, { components: 2, starts: 3, seed: 1 });
 * fits.map(({ lackOfFit }) => lackOfFit); // in %, one per start
 * equallyGood; // starts that end at the lowest lack of fit
 * advice;
 */
export function mcrRestarts(D: MatrixLike, options: McrRestartsOptions): McrRestarts {
  const call = "mcrRestarts";
  checkOptions(call, options, mcrRestartsNames);
  const { starts = 20, seed = 1, within = 0.01, ...rest } = options;
  refuseBlocks(D, call);
  const { data, rows, columns } = finiteMatrix(D, call, "D");
  const n = wholeNumber(
    rest.components,
    Math.min(rows, columns),
    call,
    "components",
    "no more than spectra or energies",
  );
  wholeNumber(starts, 1e5, call, "starts", "20 is the default");
  if (!(within >= 0 && within < Number.POSITIVE_INFINITY)) {
    throw new ArgumentError(`${call}: expected within to be a fraction, 0 or more, got ${quote(within)}`, {
      option: "within",
      value: within,
    });
  }
  const closure = isClosed(rest.constraints?.closure, n);
  const vectors = leadingSubspace(data, rows, columns, n);
  const input = { D: data, rows, columns, n, closure, noise: 0, subspace: () => vectors };
  const progress = startProgress(call);
  const found: McrAls[] = [];
  try {
    for (let start = 0; start <= starts; start++) {
      progress.update(start / (starts + 1), `start ${start} of ${starts}`);
      if (start === 0) {
        found.push(mcrAls(D, rest));
        continue;
      }
      const spectra = initialEstimates.random({ ...input, seed: seed * 100_003 + start });
      if (spectra.length < n * columns) {
        throw new DataError(
          `${call}: expected at least ${n} independent spectra, got fewer; resolve fewer components`,
          { components: n },
        );
      }
      const { components: _, estimate: __, noise: ___, ...others } = rest;
      found.push(mcrAls(D, { ...others, initial: toMatrix(spectra, n, columns) }));
    }
  } finally {
    progress.done();
  }
  return together(found, within);
}

function together(found: readonly McrAls[], within: number): McrRestarts {
  const order = Array.from(found.keys()).sort(
    (a, b) => found[a].lackOfFit.experimental - found[b].lackOfFit.experimental,
  );
  const best = found[order[0]];
  const lowest = best.lackOfFit.experimental;
  const fits = order.map((start): RestartFit => {
    const { C, S, lackOfFit, iterations, stop } = found[start];
    const permutation = matchComponents(S, best.S);
    return {
      start,
      lackOfFit: lackOfFit.experimental,
      iterations,
      stop,
      // Below rounding errors all fits are equally good.
      equallyGood: lackOfFit.experimental <= lowest * (1 + within) + 1e-6,
      C: C.subMatrixColumn(permutation),
      S: S.subMatrixRow(permutation),
    };
  });
  const good = fits.filter((fit) => fit.equallyGood);
  const range = { C: envelope(good.map((f) => f.C)), S: envelope(good.map((f) => f.S)) };
  const widest = range.C.high.clone().sub(range.C.low).max();
  return {
    best,
    fits,
    equallyGood: good.length,
    range,
    advice:
      `${good.length} of ${fits.length} starts led to fits as good as the best (lack of fit ${lowest.toPrecision(3)} %); ` +
      `among them a concentration differs by up to ${widest.toPrecision(2)}: this is a lower limit of the ambiguity`,
  };
}

function envelope(matrices: readonly Matrix[]): { low: Matrix; high: Matrix } {
  const low = matrices[0].clone();
  const high = matrices[0].clone();
  for (const matrix of matrices) {
    low.apply((i, j) => low.set(i, j, Math.min(low.get(i, j), matrix.get(i, j))));
    high.apply((i, j) => high.set(i, j, Math.max(high.get(i, j), matrix.get(i, j))));
  }
  return { low, high };
}
