// How many components a data matrix holds: several indicators that fail in different ways.
import { symmetricEigen } from "../compute/eigen.js";
import { random } from "../compute/random.js";
import { columnGram, rowGram } from "./gram.js";

/**
 * Estimates of the number of components n in D = C S + E: what `mcrAls` takes. All count the mean as a direction, whether or
 * not the principal components are centred: they come from D as it is, or are one more than the directions about the mean.
 * None is right for all data; where they disagree, look at the loadings and at what each further component explains.
 */
export interface RankIndicators {
  /**
   * The minimum of Malinowski's IND = RE / (c - n)^2. Finds the truth in series with white noise; over-counts in real ones,
   * where drifts, glitches and energy jitter are components, too.
   */
  readonly indicator: number;
  /** IND for n = 1, 2, ...; length min(rows, columns) - 1. */
  readonly indicatorFunction: Float64Array;
  /**
   * Singular values above the optimal hard threshold, 2.858 (square) to 1.5 (very tall) times the median one. Supposes white
   * noise in more than half of the directions; over-counts as IND does.
   */
  readonly hardThreshold: number;
  /**
   * One, plus the centred components that explain more than the longest pieces of a broken stick would. Under-counts: in
   * absorption edges the first component takes nearly all variance, and a species between two others is missed.
   */
  readonly brokenStick: number;
  /**
   * Horn's parallel analysis: one, plus the centred components above the 95th percentile of those of the same data with each
   * column shuffled. Under-counts in absorption edges, because the shuffled data keep all the variance of a dominating first
   * component. Only where `parallel` replicates were asked for, else null.
   */
  readonly parallel: number | null;
  /** Singular values above rounding (about 1e-7 of the largest): the rank of D as numbers. */
  readonly numerical: number;
}

/** Singular values squared below this share of the largest are rounding of the Gram matrix. */
export const GRAM_NOISE = 1e-14;

/**
 * @param raw squared singular values of D as it is, falling
 * @param centered squared singular values of D less its mean row, falling
 * @param parallel number of components by parallel analysis, where it was done
 */
export function rankIndicators(
  raw: Float64Array,
  centered: Float64Array,
  rows: number,
  columns: number,
  parallel: number | null,
): RankIndicators {
  const indicatorFunction = malinowski(raw, Math.max(rows, columns));
  let indicator = 0;
  for (let n = 1; n < indicatorFunction.length; n++) {
    if (indicatorFunction[n] < indicatorFunction[indicator]) indicator = n;
  }
  const numerical = raw.findIndex((v) => !(v > 0));
  const rank = numerical < 0 ? raw.length : numerical;
  return {
    indicator: Math.min(indicator + 1, rank),
    indicatorFunction,
    hardThreshold: hardThreshold(raw, rows, columns),
    brokenStick: Math.min(rank, 1 + brokenStick(centered)),
    parallel,
    numerical: rank,
  };
}

/** IND for n = 1 .. c - 1. @see E. R. Malinowski, Analytical Chemistry 49 (1977) 612 */
function malinowski(eigenvalues: Float64Array, larger: number): Float64Array {
  const c = eigenvalues.length;
  const out = new Float64Array(Math.max(0, c - 1));
  let rest = 0;
  for (let n = c - 1; n >= 1; n--) {
    rest += eigenvalues[n];
    out[n - 1] = Math.sqrt(rest / (larger * (c - n))) / (c - n) ** 2;
  }
  return out;
}

/** @see M. Gavish, D. L. Donoho, IEEE Transactions on Information Theory 60 (2014) 5040, equation 4 and 5 */
function hardThreshold(eigenvalues: Float64Array, rows: number, columns: number): number {
  const beta = Math.min(rows, columns) / Math.max(rows, columns);
  const omega = 0.56 * beta ** 3 - 0.95 * beta ** 2 + 1.82 * beta + 1.43;
  const c = eigenvalues.length;
  const median = (Math.sqrt(eigenvalues[(c - 1) >> 1]) + Math.sqrt(eigenvalues[c >> 1])) / 2;
  return eigenvalues.filter((v) => Math.sqrt(v) > omega * median).length;
}

function brokenStick(eigenvalues: Float64Array): number {
  const c = eigenvalues.length;
  const total = eigenvalues.reduce((sum, v) => sum + v, 0);
  if (total === 0) return 0;
  let piece = 0;
  for (let k = 1; k <= c; k++) piece += 1 / k;
  for (let n = 0; n < c; n++) {
    if (!(eigenvalues[n] / total > piece / c)) return n;
    piece -= 1 / (n + 1);
  }
  return c;
}

/**
 * Horn's parallel analysis by shuffling columns.
 *
 * @param D centred data, row-major, shape [rows, columns]
 * @param centered its squared singular values, falling
 * @returns one more than the number of leading components above the 95th percentile of shuffled ones
 * @see J. L. Horn, Psychometrika 30 (1965) 179; A. Buja, N. Eyuboglu, Multivariate Behavioral Research 27 (1992) 509 (shuffling)
 */
export function parallelAnalysis(
  D: Float64Array,
  rows: number,
  columns: number,
  centered: Float64Array,
  replicates: number,
  seed: number,
): number {
  const c = centered.length;
  const drawn: Float64Array[] = [];
  const shuffled = new Float64Array(D.length);
  for (let r = 0; r < replicates; r++) {
    const draw = random(seed, r);
    shuffled.set(D);
    for (let k = 0; k < columns; k++) {
      for (let i = rows - 1; i > 0; i--) {
        const j = Math.floor(draw.uniform() * (i + 1));
        const a = shuffled[i * columns + k];
        shuffled[i * columns + k] = shuffled[j * columns + k];
        shuffled[j * columns + k] = a;
      }
    }
    const gram = rows <= columns ? rowGram(shuffled, rows, columns) : columnGram(shuffled, rows, columns);
    drawn.push(symmetricEigen(gram, c).values);
  }
  for (let n = 0; n < c; n++) {
    const sorted = Float64Array.from(drawn, (values) => values[n]).sort();
    const percentile = sorted[Math.min(replicates - 1, Math.ceil(0.95 * replicates) - 1)];
    if (!(centered[n] > percentile)) return n + 1;
  }
  return c;
}
