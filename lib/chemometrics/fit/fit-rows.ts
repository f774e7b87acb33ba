// Fit of spectra with known components, row by row, for `fitComponents` and concentration maps.

import { dot, type Floats, residualOfRow } from "../products.js";
import type { GlitchList } from "./fit-glitches.js";
import { type FitOptions, type ParsedFitOptions, readFitOptions } from "./fit-options.js";
import { GLITCH, RobustFit } from "./fit-robust.js";
import { RowFit } from "./row-fit.js";

/**
 * Flags of a fitted row.
 *
 * @example
 * const { flags } = fitComponents([[1, 0], [Number.NaN, 1]], [[1, 0], [0, 1]]);
 * flags[1] === FitFlag.notFinite; // true
 */
export const FitFlag = {
  /** Fitted. */
  ok: 0,
  /** The row has a value that is not finite: concentrations and R-factor are NaN. */
  notFinite: 1,
  /** The row is zero: concentrations and R-factor are NaN. */
  noSignal: 2,
} as const;

/** Additional results of a fit of rows; each given array is filled. */
export interface FitExtras {
  /** Chi-square of each row; NaN where sigma is not known; length nRows. */
  readonly chiSquare?: Floats;
  /** Standard errors of the concentrations, shape [nRows, nComponents]. */
  readonly standardErrors?: Floats;
  /** Glitches of a robust fit; rows are counted from `firstRow`. */
  readonly glitches?: GlitchList;
  /** Default 0. */
  readonly firstRow?: number;
}

/**
 * Fits every row of `data` with the rows of S: exact least squares with constraints, without clipping or
 * rescaling. Sums are in float64 for any precision of the arrays. For linearly dependent components it
 * returns one of the solutions; `fitComponents` refuses them.
 *
 * @param data spectra, row-major, shape [nRows, nEnergies]
 * @param S components, row-major, shape [nComponents, nEnergies], where nComponents is S.length / nEnergies
 * @param outC receives the concentrations, shape [nRows, nComponents]; NaN where a row could not be fitted
 * @param outR receives the R-factors, sum (d - c S)^2 / sum d^2, length nRows; NaN where a row could not be
 *   fitted
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
  extras: FitExtras = {},
): void {
  new RowsFitter(nEnergies, S, options).fit(data, nRows, outC, outR, outFlags, extras);
}

/** The same for many calls with the same components. */
export class RowsFitter {
  readonly #options: ParsedFitOptions;
  readonly #fit: RowFit | null;
  readonly #unitErrors: Float64Array;
  #power = new Float64Array(0);
  #residual = new Float64Array(0);
  #weighted = new Float64Array(0);

  constructor(
    readonly nEnergies: number,
    readonly S: Float64Array,
    options: FitOptions,
  ) {
    const parsed = readFitOptions(options, nEnergies, "fitRows");
    const n = Math.floor(S.length / nEnergies);
    this.#options = parsed;
    this.#fit = parsed.robust ? null : new RowFit(n, nEnergies, parsed, parsed.weights).use(S);
    this.#unitErrors = this.#fit?.unitErrors() ?? new Float64Array(0);
  }

  /** See `fitRows`. */
  fit(
    data: Floats,
    nRows: number,
    outC: Floats,
    outR: Floats,
    outFlags: Uint8Array,
    extras: FitExtras = {},
  ): void {
    if (this.#power.length < nRows) {
      this.#power = new Float64Array(nRows);
      this.#residual = new Float64Array(nRows);
      this.#weighted = this.#options.weights ? new Float64Array(nRows) : this.#residual;
    }
    const power = this.#power.subarray(0, nRows);
    const residual = this.#residual.subarray(0, nRows);
    const weighted = this.#weighted.subarray(0, nRows);
    if (this.#fit) {
      this.#fit.fitMany(data, nRows, outC, { power, residual, weighted });
      if (extras.chiSquare || extras.standardErrors)
        errors(this.#unitErrors, weighted, this.#options, extras, this.nEnergies);
    } else {
      robustly(data, nRows, this.nEnergies, this.S, this.#options, outC, { power, residual }, extras);
    }
    for (let row = 0; row < nRows; row++) {
      const p = power[row];
      outFlags[row] =
        p === 0 ? FitFlag.noSignal : p < Number.POSITIVE_INFINITY ? FitFlag.ok : FitFlag.notFinite;
      outR[row] = residual[row] / p;
    }
  }
}

/** Chi-square and standard errors from the weighted sum of squares of each row. */
function errors(
  unit: Float64Array,
  weighted: Float64Array,
  { weights, sigma, noiseKnown, closure }: ParsedFitOptions,
  { chiSquare, standardErrors }: FitExtras,
  nEnergies: number,
): void {
  const n = unit.length;
  const used = weights ? weights.reduce((count, w) => count + (w > 0 ? 1 : 0), 0) : nEnergies;
  const freedom = used - (closure === true ? n - 1 : n);
  const inverse = noiseKnown ? 1 / (sigma ?? 1) ** 2 : Number.NaN;
  for (let row = 0; row < weighted.length; row++) {
    const own = weighted[row];
    if (chiSquare) chiSquare[row] = own * inverse;
    if (!standardErrors) continue;
    // NaN also where the row could not be fitted, or has no degrees of freedom.
    let scatter = Math.sqrt(freedom > 0 ? own / freedom : Number.NaN);
    if (noiseKnown) scatter = Number.isNaN(own) ? Number.NaN : (sigma ?? 1);
    for (let j = 0; j < n; j++) standardErrors[row * n + j] = scatter * unit[j];
  }
}

/** Number of rows whose scaled residuals are stored at a time. */
const ROBUST_BLOCK = 256;

function robustly(
  data: Floats,
  nRows: number,
  nEnergies: number,
  S: Float64Array,
  options: ParsedFitOptions,
  outC: Floats,
  { power, residual }: { power: Float64Array; residual: Float64Array },
  { chiSquare, standardErrors, glitches, firstRow = 0 }: FitExtras,
): void {
  const n = Math.floor(S.length / nEnergies);
  const fit = new RobustFit(n, nEnergies, S, options);
  const scaled = new Float64Array(Math.min(nRows, ROBUST_BLOCK) * nEnergies);
  const scales = new Float64Array(Math.min(nRows, ROBUST_BLOCK));
  for (let first = 0; first < nRows; first += ROBUST_BLOCK) {
    const count = Math.min(ROBUST_BLOCK, nRows - first);
    const block = data.subarray(first * nEnergies, (first + count) * nEnergies);
    fit.fitMany(block, count, outC.subarray(first * n, (first + count) * n), scaled, scales);
    for (let i = 0; i < count; i++) {
      const row = first + i;
      const from = row * nEnergies;
      const own = dot(data, from, data, from, nEnergies);
      power[row] = own;
      if (!(own > 0 && own < Number.POSITIVE_INFINITY)) {
        outC.fill(Number.NaN, row * n, (row + 1) * n);
        residual[row] = Number.NaN;
        if (chiSquare) chiSquare[row] = Number.NaN;
        standardErrors?.fill(Number.NaN, row * n, (row + 1) * n);
        continue;
      }
      residual[row] = residualOfRow(data, from, outC, row * n, S, n, nEnergies);
      const sum = fit.summary(scaled, i * nEnergies, scales[i], standardErrors, row * n);
      if (chiSquare) chiSquare[row] = options.noiseKnown ? sum : Number.NaN;
      if (!glitches) continue;
      for (let k = 0; k < nEnergies; k++) {
        const size = scaled[i * nEnergies + k];
        if (Math.abs(size) > GLITCH) glitches.add(firstRow + row, k, size);
      }
    }
  }
}
