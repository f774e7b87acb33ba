// Spectra fitted with known components, one row at a time: the kernel behind `fitComponents` and the concentration maps.
import { dot, type Floats, residualOfRow } from "./products.js";
import { RowFit } from "./row-fit.js";

/** Flags of a fitted row. */
export const FitFlag = {
  /** Fitted. */
  ok: 0,
  /** The row has a number that is not finite: concentrations and R-factor are NaN. */
  notFinite: 1,
  /** The row is zero throughout, there is nothing to fit: concentrations and R-factor are NaN. */
  noSignal: 2,
} as const;

/** Constraints of a fit with known components. */
export interface FitOptions {
  /** Concentrations are not negative. Default true. */
  readonly nonNegative?: boolean;
  /** Concentrations of a row sum to one. Default true. */
  readonly closure?: boolean;
}

/**
 * Fits every row of `data` by the rows of S: least squares under the constraints, exact (nothing is clipped or rescaled).
 * Sums are in float64 whatever the precision of the arrays. Where components depend on one another linearly, one of the
 * solutions is given; `fitComponents` refuses such components.
 *
 * @param data spectra, row-major, shape [nRows, nEnergies]
 * @param S components, row-major, shape [nComponents, nEnergies]; their number is S.length / nEnergies
 * @param outC receives the concentrations, shape [nRows, nComponents]; NaN where a row could not be fitted
 * @param outR receives the R-factors, sum (d - c S)^2 / sum d^2, length nRows; NaN where a row could not be fitted
 * @param outFlags receives a FitFlag for each row, length nRows
 */
export function fitRows(
  data: Floats,
  nRows: number,
  nEnergies: number,
  S: Float64Array,
  options: FitOptions,
  outC: Floats,
  outR: Floats,
  outFlags: Uint8Array,
): void {
  const { nonNegative = true, closure = true } = options;
  const n = Math.floor(S.length / nEnergies);
  const rowFit = new RowFit(n, nEnergies, { nonNegative, closure }).use(S);
  for (let row = 0; row < nRows; row++) {
    const from = row * nEnergies;
    const power = dot(data, from, data, from, nEnergies);
    if (!(power > 0 && power < Number.POSITIVE_INFINITY)) {
      outFlags[row] = power === 0 ? FitFlag.noSignal : FitFlag.notFinite;
      outR[row] = Number.NaN;
      for (let j = 0; j < n; j++) outC[row * n + j] = Number.NaN;
      continue;
    }
    rowFit.fit(data, from, outC, row * n);
    outFlags[row] = FitFlag.ok;
    outR[row] = residualOfRow(data, from, outC, row * n, S, n, nEnergies) / power;
  }
}
