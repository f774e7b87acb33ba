// Evolving factor analysis: when do components come and go along a series?
import type { Matrix } from "ml-matrix";
import { type MatrixLike, toMatrix } from "../../compute/matrix.js";
import { symmetricEigenvalues } from "../../compute/solvers/eigenvalues.js";
import { DataError, ShapeError } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { finiteMatrix, largestOf, refuseUnusualSize, wholeNumber } from "../checks.js";
import { columnGram, rowGram } from "../pca/gram.js";

/** Options of `evolvingFactorAnalysis`. */
export interface EvolvingFactorOptions {
  /** Number of components that are followed. Default 3. */
  readonly components?: number;
  /** Spectra in the moving window. Default 2 components + 1. */
  readonly window?: number;
}

/** All of them. */
export const evolvingFactorNames: OptionNames<EvolvingFactorOptions> = { components: true, window: true };

/** What `evolvingFactorAnalysis` returns. */
export interface EvolvingFactors {
  /**
   * Singular values of the spectra 0 to i, shape [nSpectra, components + 1]: a component appears where its curve leaves the
   * noise. The last column is the first of those that are noise. Zero where there are fewer spectra than singular values.
   */
  readonly forward: Matrix;
  /** The same of the spectra i to the last: a component disappears where its curve, read from the right, leaves the noise. */
  readonly backward: Matrix;
  /** Singular values of `windowSize` neighbouring spectra, shape [nSpectra - windowSize + 1, windowSize]: local rank. */
  readonly window: Matrix;
  readonly windowSize: number;
  /** Middle of each window, in rows of D. */
  readonly windowCenter: Float64Array;
  /** Standard deviation of the noise of one number of D, from what is left of D after the components. */
  readonly noise: number;
  /**
   * Largest singular value that noise alone would give i + 1 spectra, noise (sqrt(i + 1) + sqrt(nEnergies)): what lies above
   * is a component. Length nSpectra; for `backward` read it from the right.
   */
  readonly noiseLevel: Float64Array;
  /** Row in which each component rises above the noise going forward; -1 where it never does. */
  readonly appears: Int32Array;
  /** Last row in which each component is above the noise, the first to appear being the first to go; -1 where it never is. */
  readonly disappears: Int32Array;
  /**
   * Courses of the components, shape [nSpectra, components], largest value one: the smaller of the component's forward curve
   * and of the backward curve that belongs to it, less the noise level.
   */
  readonly concentrations: Matrix;
}

/** Longer series would take minutes; curves of that many points show nothing more. */
const MOST_ROWS = 600;

/**
 * Evolving factor analysis of a series: singular values of ever more spectra, from the first on (forward), from the last on
 * (backward), and of a window that moves along. Components that come and go one after another give their ranges; the first
 * to appear is taken to be the first to disappear, as in chromatography. In a series whose species overlap from beginning to
 * end, the profiles are no more than an initial estimate for MCR-ALS. Not centred. The order of the rows matters: rows are times, not
 * pixels of an image.
 *
 * @param D series, shape [nSpectra, nEnergies], at most 600 spectra
 * @throws DataError when D has a number that is not finite, or only zeros; ShapeError for fewer than two spectra or more than
 *   600; ArgumentError for a number of components or a window that D has no room for
 * @see M. Maeder, Analytical Chemistry 59 (1987) 527; H. R. Keller, D. L. Massart, Analytica Chimica Acta 246 (1991) 379
 *   (window)
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
      `${call}: expected a series of 2 to ${MOST_ROWS} spectra, got ${rows}; ${rows < 2 ? "D is [nSpectra, nEnergies]" : "average neighbouring ones"}`,
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
  // A noise-free series has the rounding of the Gram matrix instead.
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
    // The first to appear is the last that the backward curves have left.
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

/** Singular values of the rows from `first` to before `end`, falling, one for each row (zero beyond the columns). */
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

/** Malinowski's real error after n components; zero where they are all there is. */
function realError(values: Float64Array, n: number, rows: number, columns: number): number {
  const c = Math.min(rows, columns);
  let rest = 0;
  for (let a = n; a < c; a++) rest += values[a] ** 2;
  return n < c ? Math.sqrt(rest / (Math.max(rows, columns) * (c - n))) : 0;
}
