// Evolving factor analysis: appearance and disappearance of components along a series.
import type { Matrix } from "ml-matrix";
import { type MatrixLike, toMatrix } from "../../compute/matrix.js";
import { symmetricEigenvalues } from "../../compute/solvers/eigenvalues.js";
import { DataError, ShapeError } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { finiteMatrix, largestOf, refuseUnusualSize, wholeNumber } from "../checks.js";
import { columnGram, rowGram } from "../pca/gram.js";

/** Options of `evolvingFactorAnalysis`. */
export interface EvolvingFactorOptions {
  /** Number of components. Default 3. */
  readonly components?: number;
  /** Number of spectra in the moving window. Default 2 components + 1. */
  readonly window?: number;
}

/** Names of all options. */
export const evolvingFactorNames: OptionNames<EvolvingFactorOptions> = { components: true, window: true };

/** What `evolvingFactorAnalysis` returns. */
export interface EvolvingFactors {
  /**
   * Singular values of the spectra 0 to i, shape [nSpectra, components + 1]: a component appears where its
   * curve rises above the noise. The last column is the first singular value of the noise. Zero where there
   * are fewer spectra than singular values.
   */
  readonly forward: Matrix;
  /** The same for the spectra i to the last: a component disappears where its curve falls below the noise. */
  readonly backward: Matrix;
  /** Singular values of `windowSize` adjacent spectra, shape [nSpectra - windowSize + 1, windowSize]. */
  readonly window: Matrix;
  readonly windowSize: number;
  /** Center of each window, in rows of D. */
  readonly windowCenter: Float64Array;
  /** Standard deviation of the noise of one entry of D, from the residual after the components. */
  readonly noise: number;
  /**
   * Largest singular value of noise in i + 1 spectra, noise (sqrt(i + 1) + sqrt(nEnergies)). Larger values
   * are components. Length nSpectra; for `backward` count from the last spectrum.
   */
  readonly noiseLevel: Float64Array;
  /** First row with each component above the noise in `forward`; -1 where there is none. */
  readonly appears: Int32Array;
  /**
   * Last row with each component above the noise, if the first to appear is the first to disappear; -1 where
   * there is none.
   */
  readonly disappears: Int32Array;
  /**
   * Profiles of the components, shape [nSpectra, components], with maximum 1: the smaller of the forward
   * curve and the corresponding backward curve of the component, minus the noise level.
   */
  readonly concentrations: Matrix;
}

/** Longer series would take minutes, and their curves show no more. */
const MOST_ROWS = 600;

/**
 * Evolving factor analysis of a series: singular values of an increasing number of spectra, from the first on
 * (forward) and from the last on (backward), and of a moving window. They give the ranges of components that
 * appear and disappear one after another. The first to appear is assumed to be the first to disappear, as in
 * chromatography. In a series whose species overlap throughout, the profiles are only an initial estimate for
 * MCR-ALS. D is not centered. The rows must be in order of time; pixels of an image are not.
 *
 * @param D series, shape [nSpectra, nEnergies], at most 600 spectra
 * @throws DataError when D has a number that is not finite, or only zeros; ShapeError for fewer than two
 *   spectra or more than 600; ArgumentError for an invalid number of components or window size
 * @see M. Maeder, Analytical Chemistry 59 (1987) 527; H. R. Keller, D. L. Massart, Analytica Chimica Acta 246
 *   (1991) 379 (window)
 * @example
 * const D = (await Cube.load().calibrate().absorb().normalize().spectra()).toRows();
 * const { forward, backward, appears } = evolvingFactorAnalysis(D, { components: 2 });
 * figures.evolvingFactors({ forward, backward });
 * appears; // the row in which each component first exceeds the noise
 */
export function evolvingFactorAnalysis(D: MatrixLike, options: EvolvingFactorOptions = {}): EvolvingFactors {
  const call = "evolvingFactorAnalysis";
  checkOptions(call, options, evolvingFactorNames);
  const { data, rows, columns } = finiteMatrix(D, call, "D");
  refuseUnusualSize(largestOf(data), call, "D");
  if (rows < 2 || rows > MOST_ROWS) {
    throw new ShapeError(
      `${call}: expected a series of 2 to ${MOST_ROWS} spectra, got ${rows}; ${rows < 2 ? "D is [nSpectra, nEnergies]" : "average adjacent ones"}`,
      { rows },
    );
  }
  const most = Math.min(rows, columns);
  const remedy = `D is ${rows} x ${columns}`;
  const components = wholeNumber(options.components ?? Math.min(3, most), most, call, "components", remedy);
  const window = options.window ?? Math.min(rows, 2 * components + 1);
  const windowSize = wholeNumber(
    window,
    rows,
    call,
    "window",
    "a window holds no more spectra than the series",
  );

  const count = Math.min(components + 1, most);
  const forward = new Float64Array(rows * count);
  const backward = new Float64Array(rows * count);
  const all = singularValues(data, 0, rows, columns);
  if (!(all[0] > 0)) throw new DataError(`${call}: expected spectra with signal, got zeros only`);
  const noise = realError(all, components, rows, columns);
  for (let i = 0; i < rows; i++) {
    forward.set(singularValues(data, 0, i + 1, columns).subarray(0, count), i * count);
    backward.set(singularValues(data, i, rows, columns).subarray(0, count), i * count);
  }
  const nWindows = rows - windowSize + 1;
  const windows = new Float64Array(nWindows * windowSize);
  for (let i = 0; i < nWindows; i++) {
    windows.set(singularValues(data, i, i + windowSize, columns), i * windowSize);
  }
  // In a series without noise the rounding error of the Gram matrix takes its place.
  const floor = Math.max(noise, (1e-7 * all[0]) / (Math.sqrt(rows) + Math.sqrt(columns)));
  const noiseLevel = Float64Array.from(
    { length: rows },
    (_, i) => floor * (Math.sqrt(i + 1) + Math.sqrt(columns)),
  );
  const appears = new Int32Array(components).fill(-1);
  const disappears = new Int32Array(components).fill(-1);
  const C = new Float64Array(rows * components);
  let present = 0;
  while (present < components && all[present] > noiseLevel[rows - 1]) present++;
  for (let j = 0; j < present; j++) {
    let peak = 0;
    // The first component to appear is the last one in the backward curves.
    const partner = present - 1 - j;
    for (let i = 0; i < rows; i++) {
      const rise = forward[i * count + j] - noiseLevel[i];
      const fall = backward[i * count + partner] - noiseLevel[rows - 1 - i];
      if (rise > 0 && appears[j] < 0) appears[j] = i;
      if (fall > 0) disappears[j] = i;
      C[i * components + j] = Math.max(0, Math.min(rise, fall));
      peak = Math.max(peak, C[i * components + j]);
    }
    if (peak > 0) for (let i = 0; i < rows; i++) C[i * components + j] /= peak;
  }
  return {
    forward: toMatrix(forward, rows, count),
    backward: toMatrix(backward, rows, count),
    window: toMatrix(windows, nWindows, windowSize),
    windowSize,
    windowCenter: Float64Array.from({ length: nWindows }, (_, i) => i + (windowSize - 1) / 2),
    noise,
    noiseLevel,
    appears,
    disappears,
    concentrations: toMatrix(C, rows, components),
  };
}

/** Singular values of the rows from `first` to before `end`, descending; zero beyond the columns. */
function singularValues(D: Float64Array, first: number, end: number, columns: number): Float64Array {
  const rows = end - first;
  const block = D.subarray(first * columns, end * columns);
  const c = Math.min(rows, columns);
  const gram = rows <= columns ? rowGram(block, rows, columns) : columnGram(block, rows, columns);
  const out = new Float64Array(rows);
  const values = symmetricEigenvalues(gram, c);
  for (let a = 0; a < c; a++) out[a] = Math.sqrt(Math.max(0, values[a]));
  return out;
}

/** Malinowski's real error after n components; zero where these are all. */
function realError(values: Float64Array, n: number, rows: number, columns: number): number {
  const c = Math.min(rows, columns);
  let rest = 0;
  for (let a = n; a < c; a++) rest += values[a] ** 2;
  return n < c ? Math.sqrt(rest / (Math.max(rows, columns) * (c - n))) : 0;
}
