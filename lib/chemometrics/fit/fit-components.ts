// Fit of spectra with components whose spectra are known.
import { Matrix } from "ml-matrix";
import { type Flat, type MatrixLike, toMatrix } from "../../compute/matrix.js";
import { choleskyFactor } from "../../compute/solvers/linear-solve.js";
import { ArgumentError, DataError, quote, ShapeError } from "../../errors.js";
import { finiteMatrix, largestOf, refuseUnusualSize } from "../checks.js";
import { dot } from "../products.js";
import { type TallMatrix, tallMatrix } from "../tall.js";
import { type Glitches, GlitchList } from "./fit-glitches.js";
import { type FitOptions, readFitOptions } from "./fit-options.js";
import { fitRows } from "./fit-rows.js";

export type { TallMatrix } from "../tall.js";
export type { Glitches } from "./fit-glitches.js";
export type { FitOptions, RobustOptions } from "./fit-options.js";
export { FitFlag, fitRows } from "./fit-rows.js";

/**
 * What `fitComponents` returns.
 *
 * @example
 * const [pristine, charged] = [[1, 0, 0.5], [0, 1, 0.5]];
 * const fit = fitComponents([[0.25, 0.75, 0.5]], [pristine, charged], { sigma: 0.01 });
 * fit.C.getRow(0); // [0.25, 0.75]
 * fit.rFactor[0] < 1e-12; // true
 */
export class ComponentFit {
  #C: Matrix | undefined;
  #standardError: Matrix | undefined;

  constructor(
    readonly nSpectra: number,
    readonly nComponents: number,
    /** `C` as one flat array, row-major, for rows that are pixels. */
    readonly concentrations: Float64Array,
    /** R-factor of each spectrum, sum (d - c S)^2 / sum d^2; NaN where it could not be fitted. */
    readonly rFactor: Float64Array,
    /** One of `FitFlag` for each spectrum: 0 fitted, 1 a value is not finite, 2 no signal. */
    readonly flags: Uint8Array,
    /** `standardError` as one flat array. */
    readonly standardErrors: Float64Array,
    /**
     * Sum of ((d - c S) / sigma)^2 of each spectrum where sigma is given; null otherwise. A robust fit
     * multiplies each square by its weight.
     */
    readonly chiSquare: Float64Array | null,
    /** Glitches found by a robust fit; null where the fit is not robust. */
    readonly glitches: Glitches | null,
  ) {}

  /** Concentrations, shape [nSpectra, nComponents]; a row that could not be fitted is NaN. */
  get C(): Matrix {
    this.#C ??= toMatrix(this.concentrations, this.nSpectra, this.nComponents);
    return this.#C;
  }

  /**
   * Standard errors of C, shape [nSpectra, nComponents], from sigma where it is given and from the residual
   * of each spectrum otherwise. They include closure, but not the bounds: a component at zero keeps the error
   * of the fit without the bound. NaN where a spectrum has no more values than free concentrations, so that
   * its residual does not determine the noise.
   */
  get standardError(): Matrix {
    this.#standardError ??= toMatrix(this.standardErrors, this.nSpectra, this.nComponents);
    return this.#standardError;
  }
}

/**
 * Concentrations of known components in each spectrum: the exact least-squares fit with constraints.
 *
 * Non-negative concentrations with sum 1 are found by comparison of all active sets (up to three components)
 * or by an active-set method. Both satisfy the Kuhn-Tucker conditions to rounding. With `robust`, glitches
 * are detected and receive lower weights.
 *
 * @param D spectra, shape [nSpectra, nEnergies]; a spectrum that is zero or has a value that is not finite is
 *   flagged. `{ data, rows, columns }` with a Float32Array or Float64Array is not copied
 * @param S spectra of the components, shape [nComponents, nEnergies]
 * @throws ShapeError when D and S (or sigma, weights) disagree in the number of energies; ArgumentError for
 *   invalid options; DataError when S has values that are not finite or linearly dependent spectra (with
 *   closure: when one is a mixture of others), so that concentrations would not be unique
 * @example
 * const [pristine, charged] = [[1, 0, 0.5], [0, 1, 0.5]];
 * fitComponents([[0.25, 0.75, 0.5]], [pristine, charged]).C.getRow(0); // [0.25, 0.75]
 */
export function fitComponents(
  D: MatrixLike | TallMatrix,
  S: MatrixLike,
  options: FitOptions = {},
): ComponentFit {
  if (typeof options !== "object" || options === null) {
    throw new ArgumentError(
      `fitComponents: expected options such as { closure: false }, got ${quote(options)}`,
      { options },
    );
  }
  const { data, rows, columns } = tallMatrix(D, "fitComponents");
  const { weights, robust, closure, noiseKnown } = readFitOptions(options, columns, "fitComponents");
  const components = checkComponents(S, "fitComponents", closure);
  if (components.columns !== columns) {
    throw new ShapeError(
      `fitComponents: expected components with ${columns} energies as the spectra have, got ${components.columns}; ` +
        `put both on the same energy axis`,
      { expected: columns, got: components.columns },
    );
  }
  if (weights) {
    const weighed = components.data.map((s, i) => s * Math.sqrt(weights[i % columns]));
    refuseDependent({ ...components, data: weighed }, "fitComponents", closure === true);
  }
  const n = components.rows;
  const C = new Float64Array(rows * n);
  const rFactor = new Float64Array(rows);
  const flags = new Uint8Array(rows);
  const standardErrors = new Float64Array(rows * n);
  const chiSquare = noiseKnown ? new Float64Array(rows) : null;
  const glitches = robust ? new GlitchList() : undefined;
  fitRows(data, rows, columns, components.data, options, C, rFactor, flags, {
    standardErrors,
    chiSquare: chiSquare ?? undefined,
    glitches,
  });
  const found = glitches?.result(rows, columns) ?? null;
  return new ComponentFit(rows, n, C, rFactor, flags, standardErrors, chiSquare, found);
}

/**
 * The spectra of components as a flat array. They are refused where concentrations would be invalid or not
 * unique. `fitRows` does not check this, so its callers call this function first.
 *
 * @param S shape [nComponents, nEnergies]
 * @param call name of the caller for the error message
 * @param closure as in `FitOptions`; default true
 * @throws ShapeError when S is not a matrix or has no rows; DataError when it has a value that is not finite
 *   or linearly dependent spectra (with closure: one is a mixture of others)
 */
export function checkComponents(S: MatrixLike, call: string, closure: FitOptions["closure"] = true): Flat {
  const count = Matrix.isMatrix(S) ? S.rows : (S as ArrayLike<unknown> | null | undefined)?.length;
  if (count === 0) {
    throw new ShapeError(
      `${call}: expected at least one component, got none; give one spectrum [nEnergies] for each`,
      {
        components: 0,
      },
    );
  }
  const components = finiteMatrix(S, call, "S");
  refuseUnusualSize(largestOf(components.data), call, "S");
  // With a sum of at most 1, the components themselves must be linearly independent.
  refuseDependent(components, call, closure === true);
  return components;
}

function refuseDependent(
  { data: S, rows: n, columns: nEnergies }: Flat,
  call: string,
  closure: boolean,
): void {
  // With closure only differences matter: two spectra may be proportional, but three may not be on a line.
  const first = closure ? 1 : 0;
  const basis = S.slice();
  if (closure) for (let i = S.length - 1; i >= 0; i--) basis[i] -= S[i % nEnergies];
  const G = new Float64Array(n * n);
  for (let count = first + 1; count <= n; count++) {
    const m = count - first;
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < m; j++) {
        G[i * m + j] = dot(basis, (first + i) * nEnergies, basis, (first + j) * nEnergies, nEnergies);
      }
    }
    if (choleskyFactor(G, m)) continue;
    throw new DataError(
      `${call}: expected components that are independent, got component ${count - 1} (counted from 0), which is ` +
        `${closure ? "a mixture" : "a combination"} of earlier ones; leave it out, because concentrations would not be unique`,
      { component: count - 1 },
    );
  }
}
