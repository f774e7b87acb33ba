// Outliers among spectra: far from the center within the principal components (T2), or far outside their
// space (Q).

import { betaQuantile, normalQuantile } from "../../compute/distributions.js";
import type { MatrixLike } from "../../compute/matrix.js";
import { MAD_TO_SIGMA, median, medianAbsoluteDeviation } from "../../compute/stats.js";
import { ArgumentError, quote, ShapeError } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { wholeNumber } from "../checks.js";
import type { Pca } from "../pca/pca.js";
import { type FlatRows, readRows } from "../pca/pca-input.js";

/** Options of `outlierDiagnostics`. */
export interface OutlierOptions {
  /** Number of principal components of the model; for centered data the number of species minus 1. */
  readonly components: number;
  /** Fraction of ordinary spectra within the limits, 0.5 to below 1. Default 0.99. */
  readonly level?: number;
}

/** Names of all options. */
export const outlierNames: OptionNames<OutlierOptions> = { components: true, level: true };

/** What `outlierDiagnostics` returns. */
export interface OutlierDiagnostics {
  /**
   * Hotelling's T2 of each spectrum, sum of t^2 / variance of t: distance within the model. Length nSpectra.
   */
  readonly T2: Float64Array;
  /**
   * Q (squared prediction error) of each spectrum: sum of squares of its residual, in the scale of the PCA.
   */
  readonly Q: Float64Array;
  /** Limits that a fraction `level` of ordinary spectra does not exceed. */
  readonly limits: { readonly T2: number; readonly Q: number };
  /** 1 where T2 or Q is above its limit. */
  readonly outlying: Uint8Array;
  readonly components: number;
  readonly level: number;
}

/**
 * Hotelling's T2 and Q of each spectrum, with limits.
 *
 * The limit of T2 is exact for normally distributed spectra that are part of the model: a quantile of (N -
 * 1)^2 / N Beta(n / 2, (N - n - 1) / 2). The scores of a series between two species are not normal. T2 then
 * indicates the position in the series, and only Q indicates errors. The limit of Q is computed from the
 * median and the median absolute deviation of its cube roots, which are nearly normal, so that outliers do
 * not increase it.
 *
 * @param D spectra of `result`, shape [nSpectra, nEnergies]
 * @throws ShapeError when D has another shape; DataError when it has a number that is not finite;
 *   ArgumentError for invalid options
 * @see N. D. Tracy, J. C. Young, R. L. Mason, Journal of Quality Technology 24 (1992) 88 (T2); E. B. Wilson,
 *   M. M. Hilferty, Proceedings of the National Academy of Sciences 17 (1931) 684 (cube roots)
 * @example
 * const D = (await Cube.load().calibrate().absorb().normalize().spectra()).toRows();
 * const { Q, limits, outlying } = outlierDiagnostics(D, pca(D), { components: 2, level: 0.99 });
 * Q.map((value) => value / limits.Q); // above 1: the model does not describe the spectrum
 * outlying; // one flag per spectrum, set where it is beyond a limit
 */
export function outlierDiagnostics(
  D: MatrixLike | FlatRows,
  result: Pca,
  options: OutlierOptions,
): OutlierDiagnostics {
  const call = "outlierDiagnostics";
  checkOptions(call, options, outlierNames);
  if (options === undefined || !result?.scores || !result.loadings) {
    throw new ArgumentError(
      `${call}: expected (D, pca(D), { components }), got ${quote(result)} and ${quote(options)}; give all three`,
      { result },
    );
  }
  const { data, rows, columns } = readRows(D, call);
  const { scores, loadings, mean, scaling } = result;
  if (rows !== scores.rows || columns !== loadings.columns) {
    throw new ShapeError(
      `${call}: expected the spectra that the components come from, ${scores.rows} x ${loadings.columns}, got ${rows} x ${columns}`,
      { rows, columns },
    );
  }
  const { level = 0.99 } = options;
  if (!(level >= 0.5 && level < 1)) {
    throw new ArgumentError(
      `${call}: expected level to be a fraction from 0.5 to below 1, got ${quote(level)}`,
      {
        option: "level",
        value: level,
      },
    );
  }
  const most = Math.min(scores.columns, rows - 2);
  const n = wholeNumber(
    options.components,
    most,
    call,
    "components",
    "as many as the PCA returned, two less than spectra",
  );
  const vectors = Float64Array.from(loadings.subMatrix(0, n - 1, 0, columns - 1).to1DArray());
  const spread = spreadOf(scores, n);
  const T2 = new Float64Array(rows);
  const Q = new Float64Array(rows);
  const rest = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) rest[k] = (data[i * columns + k] - mean[k]) / scaling[k];
    for (let a = 0; a < n; a++) {
      const t = scores.get(i, a);
      const { mean: center, variance } = spread[a];
      if (variance > 0) T2[i] += (t - center) ** 2 / variance;
      for (let k = 0; k < columns; k++) rest[k] -= t * vectors[a * columns + k];
    }
    for (let k = 0; k < columns; k++) Q[i] += rest[k] * rest[k];
  }
  const limits = {
    T2: ((rows - 1) ** 2 / rows) * betaQuantile(level, n / 2, (rows - n - 1) / 2),
    Q: limitOfQ(Q, level),
  };
  const outlying = Uint8Array.from(Q, (q, i) => Number(q > limits.Q || T2[i] > limits.T2));
  return { T2, Q, limits, outlying, components: n, level };
}

/** Mean of each column of the scores (zero for centered data), and the variance. */
function spreadOf(scores: Pca["scores"], n: number): { mean: number; variance: number }[] {
  return Array.from({ length: n }, (_, a) => {
    const column = scores.getColumn(a);
    const mean = column.reduce((sum, t) => sum + t, 0) / column.length;
    return { mean, variance: column.reduce((sum, t) => sum + (t - mean) ** 2, 0) / (column.length - 1) };
  });
}

function limitOfQ(Q: Float64Array, level: number): number {
  const roots = Q.map(Math.cbrt);
  return (median(roots) + normalQuantile(level) * MAD_TO_SIGMA * medianAbsoluteDeviation(roots)) ** 3;
}
