// Principal components of spectra.
import { Matrix } from "ml-matrix";
import { type MatrixLike, toMatrix } from "../../compute/matrix.js";
import { ArgumentError, quote, ShapeError } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { wholeNumber } from "../checks.js";
import { multiplyTransposed } from "../products.js";
import { componentsOfSums, type Decomposition, gramComponents } from "./pca-gram.js";
import {
  analyzedRows,
  type FlatRows,
  type Moments,
  methodOf,
  momentsOf,
  momentsOfSums,
  readRows,
} from "./pca-input.js";
import { type RandomizedDecomposition, randomizedComponents } from "./pca-randomized.js";
import { crossValidation } from "./rank/cross-validation.js";
import { type RankIndicators, rankIndicators } from "./rank/index.js";
import { parallelAnalysis } from "./rank/parallel.js";
import type { RowSums } from "./row-sums.js";

export type { FlatRows } from "./pca-input.js";
export type { RankEstimate, RankIndicators } from "./rank/index.js";

/** Options of `pca`. */
export interface PcaOptions {
  /** Whether the mean spectrum is subtracted. Default true. */
  readonly center?: boolean;
  /**
   * Whether each energy is divided by its standard deviation (autoscaling; without centering by its root mean
   * square), so that all energies have the same weight, including those with noise only. Uniform noise is
   * then no longer uniform, and most estimates of `rank` are too high. Default false.
   */
  readonly scale?: boolean;
  /**
   * Number of returned scores and loadings. Default: all, but 12 if all would be more than 4 million scores.
   */
  readonly components?: number;
  /**
   * "gram": all components, exact to rounding. "randomized": the leading ones, in two passes over the data.
   * Default: the faster one, "randomized" from about 2e9 multiplications on.
   */
  readonly method?: "gram" | "randomized";
  /** Replicates of Horn's parallel analysis for `rank.parallel`, one decomposition each. Default 0: none. */
  readonly parallel?: number;
  /** Folds of rows and of energies for `rank.crossValidation`, 2 or more, for example 5; default 0: none. */
  readonly crossValidation?: number;
  /** Standard deviation of the noise of one value of D, if it is known, for `rank.knownNoise`. */
  readonly noise?: number;
  /** Seed of all random numbers. Default 1. */
  readonly seed?: number;
}

/** Names of all options. */
export const pcaNames: OptionNames<PcaOptions> = {
  center: true,
  scale: true,
  components: true,
  method: true,
  parallel: true,
  crossValidation: true,
  noise: true,
  seed: true,
};

/** What `pca` returns. */
export interface Pca {
  /**
   * Singular values, descending, length min(nSpectra, nEnergies); with the randomized method the leading
   * `components`.
   */
  readonly singularValues: Float64Array;
  /**
   * Fraction of the sum of squares (about the mean when centered, about zero when not) that each component
   * explains.
   */
  readonly explainedVariance: Float64Array;
  /** Coordinates, shape [nSpectra, components]: (D - mean) / scaling = scores loadings + residual. */
  readonly scores: Matrix;
  /** Components, orthonormal rows, shape [components, nEnergies]; each has its largest entry positive. */
  readonly loadings: Matrix;
  /** Whether the mean was subtracted. */
  readonly center: boolean;
  /** The mean spectrum that was subtracted, or zeros, length nEnergies. */
  readonly mean: Float64Array;
  /** Divisor of each energy, 1 unless `scale` is true; length nEnergies. */
  readonly scaling: Float64Array;
  readonly method: "gram" | "randomized";
  /** Estimates of the number of components in D = C S + E, with the meaning and known errors of each. */
  readonly rank: RankIndicators;
  /**
   * Reconstruction of the spectra from n components, shape [nSpectra, nEnergies], in the units of D.
   *
   * @param n 0 to the number of components; default all that were returned
   */
  reconstruction(n?: number): Matrix;
}

const MOST_SCORES = 4e6;
/** Number of multiplications of a Gram matrix above which the randomized method is the default. */
const MOST_PRODUCTS = 2e9;

/**
 * Principal components of spectra, centered by default.
 *
 * Centering changes the number of components: n species whose concentrations sum to 1 have n - 1 centered
 * components. `rank` does not depend on `center`: it estimates the n of D = C S + E. (It does depend on
 * `scale`.)
 *
 * The Gram matrix of the shorter side is used: singular values below about 1e-7 of the largest are lost in
 * rounding and returned as zero, with zero loadings. Large data, such as 95,744 x 580, use the randomized
 * method: components above the noise are exact for all practical purposes, and the sum of all others is
 * exact.
 *
 * @param D spectra, shape [nSpectra, nEnergies]; a large array can be given as { data, rows, columns },
 *   without a copy
 * @throws DataError when D has a value that is not finite (with row and column); ShapeError for fewer than
 *   two spectra; ArgumentError for invalid options
 * @example
 * const D = [[1, 0, 0.5], [0.5, 0.5, 0.5], [0, 1, 0.5]]; // mixtures of two spectra
 * const { explainedVariance } = pca(D);
 * explainedVariance[0]; // 1
 */
export function pca(D: MatrixLike | FlatRows, options: PcaOptions = {}): Pca {
  if (typeof options !== "object" || options === null) {
    throw new ArgumentError(`pca: expected options such as { center: false }, got ${quote(options)}`, {
      options,
    });
  }
  checkOptions("pca", options, pcaNames);
  const input = readRows(D, "pca");
  const { rows, columns } = input;
  refuseFew(rows);
  const settings = settingsOf(options, rows, columns);
  const { center, scale, count, method, seed } = settings;
  const moments = momentsOf(input, center, scale);
  const found: Decomposition | RandomizedDecomposition =
    method === "gram"
      ? gramComponents(input, moments, center, count)
      : randomizedComponents(input, moments, center, count, seed);
  const scores = scoresOf(input, moments, center, found, count);
  fixSigns(found.loadings, scores, rows, count, columns);
  const model = modelOf(input, moments, found, settings);
  const { mean } = model;
  return {
    ...model,
    scores: toMatrix(scores, rows, count),
    reconstruction: (n = count) => reconstruct(n, scores, found.loadings, mean, moments.scale, rows, count),
  };
}

/** Principal components without what is one per row. */
export type PcaModel = Omit<Pca, "scores" | "reconstruction">;

/**
 * Principal components of rows that are in memory as their sums only, "gram": exact to rounding.
 *
 * @throws ShapeError for no more rows than columns; ArgumentError for options that need the rows themselves
 */
export function pcaOfSums(sums: RowSums, options: PcaOptions): PcaModel {
  const { rows, columns } = sums;
  const needed = (["parallel", "crossValidation"] as const).find((name) => options[name]);
  if (needed || options.method === "randomized") {
    const [option, value] = needed ? [needed, options[needed]] : ["method", options.method];
    throw new ArgumentError(
      `pca: expected no ${option} where rows are read one after another, got ${quote(value)}; take it from a part of the cube that fits into memory`,
      { option, value },
    );
  }
  refuseFew(rows);
  if (rows <= columns) {
    throw new ShapeError(`pca: expected more spectra than energies (${columns}), got ${rows}; bin less`, {
      rows,
      columns,
    });
  }
  const settings = settingsOf({ ...options, method: "gram" }, rows, columns);
  const { center, scale, count } = settings;
  const moments = momentsOfSums(sums, center, scale);
  const found = componentsOfSums(sums, moments, center, count);
  fixSigns(found.loadings, new Float64Array(0), 0, count, columns);
  return modelOf({ data: new Float64Array(0), rows, columns }, moments, found, settings);
}

function refuseFew(rows: number): void {
  if (rows >= 2) return;
  throw new ShapeError(`pca: expected at least two spectra, got ${rows}; D is [nSpectra, nEnergies]`, {
    rows,
  });
}

function modelOf(D: FlatRows, moments: Moments, found: Decomposition, settings: Settings): PcaModel {
  const { center, count, method } = settings;
  const values = center ? found.centered : found.raw;
  const total = method === "gram" ? sum(values) : center ? moments.centeredTotal : moments.rawTotal;
  return {
    singularValues: values.map(Math.sqrt),
    explainedVariance: values.map((v) => (total > 0 ? v / total : 0)),
    loadings: toMatrix(found.loadings, count, D.columns),
    center,
    mean: center ? moments.mean : new Float64Array(D.columns),
    scaling: moments.scale,
    method,
    rank: rankOf(D, moments, found, settings),
  };
}

interface Settings {
  readonly center: boolean;
  readonly scale: boolean;
  readonly count: number;
  readonly method: "gram" | "randomized";
  readonly parallel: number;
  readonly folds: number;
  readonly noise: number | undefined;
  readonly seed: number;
}

function settingsOf(options: PcaOptions, rows: number, columns: number): Settings {
  const { center = true, scale = false, parallel = 0, seed = 1, noise } = options;
  const refuse = (option: string, expected: string, value: unknown): never => {
    throw new ArgumentError(`pca: expected ${option} to be ${expected}, got ${quote(value)}`, {
      option,
      value,
    });
  };
  if (typeof center !== "boolean") refuse("center", "true or false", center);
  if (typeof scale !== "boolean") refuse("scale", "true or false", scale);
  if (!Number.isInteger(parallel) || parallel < 0) {
    refuse("parallel", "a number of replicates, 0 for none", parallel);
  }
  const c = Math.min(rows, columns);
  const folds = options.crossValidation ?? 0;
  if (folds !== 0 && !(Number.isInteger(folds) && folds >= 2 && folds <= c)) {
    refuse("crossValidation", `a number of folds from 2 to ${c}, or 0 for none`, folds);
  }
  if (noise !== undefined && !(noise > 0 && noise < Number.POSITIVE_INFINITY)) {
    refuse("noise", "a standard deviation above 0", noise);
  }
  const count = wholeNumber(
    options.components ?? (rows * c <= MOST_SCORES ? c : Math.min(c, 12)),
    c,
    "pca",
    "components",
    "there are no more than spectra or energies",
  );
  // If nearly all components are requested, the randomized method is not faster.
  const quicker = rows * columns * c <= MOST_PRODUCTS || 4 * count > c ? "gram" : "randomized";
  const method = methodOf(options.method, "pca") ?? quicker;
  return { center, scale, count, method, parallel, folds, noise, seed };
}

function scoresOf(
  D: FlatRows,
  moments: Moments,
  center: boolean,
  found: Decomposition | RandomizedDecomposition,
  count: number,
): Float64Array {
  if ("scores" in found) return found.scores;
  const { rows, columns } = D;
  const scores = new Float64Array(rows * count);
  const off = center ? moments : { ...moments, mean: new Float64Array(columns) };
  const size = Math.min(rows, 2048);
  const block = new Float64Array(size * columns);
  for (let first = 0; first < rows; first += size) {
    const n = Math.min(size, rows - first);
    analyzedRows(D, first, n, off, block);
    const out = scores.subarray(first * count, (first + n) * count);
    multiplyTransposed(block, n, found.loadings, count, columns, out);
  }
  return scores;
}

function rankOf(D: FlatRows, moments: Moments, found: Decomposition, settings: Settings): RankIndicators {
  const { rows, columns } = D;
  const { parallel, folds, noise, seed } = settings;
  const needsRows = parallel > 0 || folds > 0;
  const X = new Float64Array(needsRows ? rows * columns : 0);
  let shuffled: number | null = null;
  if (parallel > 0) {
    analyzedRows(D, 0, rows, moments, X);
    shuffled = parallelAnalysis(X, rows, columns, found.centered, parallel, seed);
  }
  let predicted: Float64Array | null = null;
  if (folds > 0) {
    analyzedRows(D, 0, rows, { ...moments, mean: new Float64Array(columns) }, X);
    predicted = crossValidation(X, rows, columns, folds, seed);
  }
  const { raw, centered } = found;
  const { rawTotal, centeredTotal } = moments;
  return rankIndicators(
    { rows, columns, raw, centered, rawTotal, centeredTotal },
    { parallel: shuffled, crossValidationError: predicted, noise },
  );
}

function reconstruct(
  n: number,
  scores: Float64Array,
  loadings: Float64Array,
  mean: Float64Array,
  scaling: Float64Array,
  rows: number,
  count: number,
): Matrix {
  const columns = mean.length;
  if (!(Number.isInteger(n) && n >= 0 && n <= count)) {
    throw new ArgumentError(
      `reconstruction: expected a number of components from 0 to ${count}, got ${quote(n)}; request more components from pca`,
      { value: n },
    );
  }
  const out = new Matrix(rows, columns);
  const row = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    row.fill(0);
    for (let a = 0; a < n; a++) {
      const score = scores[i * count + a];
      for (let k = 0; k < columns; k++) row[k] += score * loadings[a * columns + k];
    }
    for (let k = 0; k < columns; k++) out.set(i, k, mean[k] + scaling[k] * row[k]);
  }
  return out;
}

/** The sign of a component is arbitrary: its largest entry is made positive. */
function fixSigns(
  loadings: Float64Array,
  scores: Float64Array,
  rows: number,
  count: number,
  columns: number,
): void {
  for (let a = 0; a < count; a++) {
    let most = 0;
    for (let k = 0; k < columns; k++) {
      const value = loadings[a * columns + k];
      if (Math.abs(value) > Math.abs(most)) most = value;
    }
    if (most >= 0) continue;
    for (let k = 0; k < columns; k++) loadings[a * columns + k] *= -1;
    for (let i = 0; i < rows; i++) scores[i * count + a] *= -1;
  }
}

function sum(values: Float64Array): number {
  return values.reduce((total, v) => total + v, 0);
}
