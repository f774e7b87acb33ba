// Principal components of spectra.
import type { Matrix } from "ml-matrix";
import { type SymmetricEigen, symmetricEigen } from "../compute/eigen.js";
import { type MatrixLike, toMatrix } from "../compute/matrix.js";
import { ArgumentError, quote, ShapeError } from "../errors.js";
import { finiteMatrix, wholeNumber } from "./checks.js";
import { columnGram, rowGram } from "./gram.js";
import { dot, meanRow, multiplyTransposed, transposedMultiply } from "./products.js";
import { GRAM_NOISE, parallelAnalysis, type RankIndicators, rankIndicators } from "./rank.js";
import { orthonormalize } from "./subspace.js";

export type { RankIndicators } from "./rank.js";

/** Options of `pca`. */
export interface PcaOptions {
  /** Whether the mean spectrum is taken off first. Default true. */
  readonly center?: boolean;
  /** How many scores and loadings are returned. Default: all, but 20 where all would be more than 4 million scores. */
  readonly components?: number;
  /** Replicates of Horn's parallel analysis, for `rank.parallel`; each costs another decomposition. Default 0: none. */
  readonly parallel?: number;
  /** Seed of the parallel analysis. Default 1. */
  readonly seed?: number;
}

/** What `pca` returns. */
export interface Pca {
  /** Singular values, falling, length min(nSpectra, nEnergies). */
  readonly singularValues: Float64Array;
  /** Share of the sum of squares (about the mean when centred, about zero when not) that each component explains. */
  readonly explainedVariance: Float64Array;
  /** Coordinates of the spectra, shape [nSpectra, components]: D - mean = scores loadings + rest. */
  readonly scores: Matrix;
  /** Components, orthonormal rows, shape [components, nEnergies]; each has its largest entry positive. */
  readonly loadings: Matrix;
  /** Whether the mean was taken off. */
  readonly center: boolean;
  /** What was taken off: the mean spectrum, or zeros, length nEnergies. */
  readonly mean: Float64Array;
  /** Estimates of the number of components in D = C S + E, with what each is known to get wrong. */
  readonly rank: RankIndicators;
}

const MOST_SCORES = 4e6;

/**
 * Principal components of spectra, centred unless asked otherwise.
 *
 * Centring matters for the number of components: of n species whose shares sum to one, centred components number n - 1. So
 * `rank` does not depend on `center`: it estimates the n of D = C S + E.
 *
 * Works on the Gram matrix of the shorter side: singular values below about 1e-7 of the largest are lost to rounding and
 * given as zero. Their loadings are zero, too.
 *
 * @param D spectra, shape [nSpectra, nEnergies]
 * @throws DataError when D has a number that is not finite (names row and column); ShapeError for fewer than two spectra;
 *   ArgumentError for options that mean nothing
 */
export function pca(D: MatrixLike, options: PcaOptions = {}): Pca {
  const { data, rows, columns } = finiteMatrix(D, "pca", "D");
  if (rows < 2) {
    throw new ShapeError(`pca: expected at least two spectra, got ${rows}; D is [nSpectra, nEnergies]`, {
      rows,
    });
  }
  const { center = true, parallel = 0, seed = 1 } = options;
  if (typeof center !== "boolean") {
    throw new ArgumentError(`pca: expected center to be true or false, got ${quote(center)}`, {
      option: "center",
      value: center,
    });
  }
  if (!Number.isInteger(parallel) || parallel < 0) {
    throw new ArgumentError(
      `pca: expected parallel to be a number of replicates, got ${quote(parallel)}; 0 for none`,
      {
        option: "parallel",
        value: parallel,
      },
    );
  }
  const c = Math.min(rows, columns);
  const count = wholeNumber(
    options.components ?? (rows * c <= MOST_SCORES ? c : Math.min(c, 20)),
    c,
    "pca",
    "components",
    "there are no more than spectra or energies",
  );

  // Centred first: taking the mean off a Gram matrix afterwards would lose digits, adding it loses none.
  const mean = meanRow(data, rows, columns);
  const centered = data.slice();
  for (let i = 0; i < rows; i++) for (let k = 0; k < columns; k++) centered[i * columns + k] -= mean[k];
  const wide = rows <= columns;
  const gram = wide ? rowGram(centered, rows, columns) : columnGram(centered, rows, columns);
  const size = dot(data, 0, data, 0, data.length);
  const about = decompose(gram, c, size);
  const raw = decompose(withMean(gram, centered, mean, rows, columns), c, size);

  const { values, vectors } = center ? about : raw;
  const analysed = center ? centered : data;
  const loadings = new Float64Array(count * columns);
  if (wide) {
    transposedMultiply(turned(vectors, count, c), count, analysed, columns, rows, loadings);
    for (let a = 0; a < count; a++) if (values[a] === 0) loadings.fill(0, a * columns, (a + 1) * columns);
    // Small components carry traces of the large ones, magnified by the ratio of their sizes.
    orthonormalize(loadings, count, columns);
  } else {
    for (let a = 0; a < count; a++) {
      if (values[a] > 0) loadings.set(vectors.subarray(a * columns, (a + 1) * columns), a * columns);
    }
  }
  fixSigns(loadings, count, columns);
  const scores = new Float64Array(rows * count);
  multiplyTransposed(analysed, rows, loadings, count, columns, scores);
  const total = values.reduce((sum, v) => sum + v, 0);
  const shuffled =
    parallel > 0 ? parallelAnalysis(centered, rows, columns, about.values, parallel, seed) : null;
  return {
    singularValues: values.map(Math.sqrt),
    explainedVariance: values.map((v) => (total > 0 ? v / total : 0)),
    scores: toMatrix(scores, rows, count),
    loadings: toMatrix(loadings, count, columns),
    center,
    mean: center ? mean : new Float64Array(columns),
    rank: rankIndicators(raw.values, about.values, rows, columns, shuffled),
  };
}

/** Eigenvalues and eigenvectors of a Gram matrix; eigenvalues that are rounding become zero. */
function decompose(gram: Float64Array, c: number, size: number): SymmetricEigen {
  const { values, vectors } = symmetricEigen(gram, c);
  // The second bound is for constant data: what is left of them about their mean is rounding throughout.
  const least = Math.max(GRAM_NOISE * values[0], 1e-28 * size);
  return { values: values.map((v) => (v > least ? v : 0)), vectors };
}

/** The Gram matrix of D from that of D less its mean: the mean's products are added. */
function withMean(
  gram: Float64Array,
  centered: Float64Array,
  mean: Float64Array,
  rows: number,
  columns: number,
): Float64Array {
  const out = gram.slice();
  if (rows > columns) {
    for (let k = 0; k < columns; k++) {
      for (let l = 0; l < columns; l++) out[k * columns + l] += rows * mean[k] * mean[l];
    }
    return out;
  }
  const overlap = new Float64Array(rows);
  multiplyTransposed(centered, rows, mean, 1, columns, overlap);
  const power = dot(mean, 0, mean, 0, columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) out[i * rows + j] += overlap[i] + overlap[j] + power;
  }
  return out;
}

function turned(a: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let k = 0; k < columns; k++) out[k * rows + i] = a[i * columns + k];
  return out;
}

/** The sign of a component means nothing: its largest entry is made positive. */
function fixSigns(loadings: Float64Array, count: number, columns: number): void {
  for (let a = 0; a < count; a++) {
    let most = 0;
    for (let k = 0; k < columns; k++) {
      const value = loadings[a * columns + k];
      if (Math.abs(value) > Math.abs(most)) most = value;
    }
    if (most < 0) for (let k = 0; k < columns; k++) loadings[a * columns + k] *= -1;
  }
}
