// Spectra explained by components whose spectra are known.
import { Matrix } from "ml-matrix";
import { choleskyFactor } from "../compute/linear-solve.js";
import { type Flat, type MatrixLike, toFlat, toMatrix } from "../compute/matrix.js";
import { DataError, ShapeError } from "../errors.js";
import { finiteMatrix } from "./checks.js";
import { type FitOptions, fitRows } from "./fit-rows.js";
import { dot } from "./products.js";

export { FitFlag, type FitOptions, fitRows } from "./fit-rows.js";

/** What `fitComponents` returns. */
export interface ComponentFit {
  /** Concentrations, shape [nSpectra, nComponents]; a row that could not be fitted is NaN. */
  readonly C: Matrix;
  /** R-factor of each spectrum, sum (d - c S)^2 / sum d^2; NaN where it could not be fitted. */
  readonly rFactor: Float64Array;
  /** One of `FitFlag` for each spectrum: 0 fitted, 1 a number was not finite, 2 no signal. */
  readonly flags: Uint8Array;
}

/**
 * Concentrations of known components in each spectrum: the exact least-squares fit under the constraints.
 *
 * Non-negative concentrations that sum to one are found by going through the active sets (up to three components) or by an
 * active-set method (any number); both end where the conditions of Kuhn and Tucker hold to rounding.
 *
 * @param D spectra, shape [nSpectra, nEnergies]; a spectrum that is zero or has a number that is not finite is flagged
 * @param S spectra of the components, shape [nComponents, nEnergies]
 * @throws ShapeError when D and S disagree in the number of energies; DataError when S has numbers that are not finite or
 *   when its spectra depend on one another linearly (with closure: when one is a mixture of others), so that concentrations
 *   would not be unique
 */
export function fitComponents(D: MatrixLike, S: MatrixLike, options: FitOptions = {}): ComponentFit {
  const data = toFlat(D, "fitComponents");
  const components = checkComponents(S, "fitComponents", options.closure);
  const nEnergies = data.columns;
  if (components.columns !== nEnergies) {
    throw new ShapeError(
      `fitComponents: expected components with ${nEnergies} energies as the spectra have, got ${components.columns}; ` +
        `put both on the same energy axis`,
      { expected: nEnergies, got: components.columns },
    );
  }
  const n = components.rows;
  const C = new Float64Array(data.rows * n);
  const rFactor = new Float64Array(data.rows);
  const flags = new Uint8Array(data.rows);
  fitRows(data.data, data.rows, nEnergies, components.data, options, C, rFactor, flags);
  return { C: toMatrix(C, data.rows, n), rFactor, flags };
}

/**
 * The spectra of components as a flat array, refused where concentrations would mean nothing or not be unique. `fitRows`
 * checks none of this: who calls it directly calls this first.
 *
 * @param S shape [nComponents, nEnergies]
 * @param call name for the error message
 * @param closure whether concentrations are to sum to one; default true, as in `FitOptions`
 * @throws ShapeError when S is no matrix or has no rows; DataError when it has a number that is not finite or its spectra
 *   depend on one another linearly (with closure: one is a mixture of others)
 */
export function checkComponents(S: MatrixLike, call: string, closure = true): Flat {
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
  refuseDependent(components, call, closure);
  return components;
}

function refuseDependent(
  { data: S, rows: n, columns: nEnergies }: Flat,
  call: string,
  closure: boolean,
): void {
  // With closure differences count: two spectra may be multiples of each other, three may not lie on a line.
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
      `${call}: expected components that are independent, got component ${count - 1} (counted from 0) that is ` +
        `${closure ? "a mixture" : "a combination"} of those before it; leave it out, concentrations would not be unique`,
      { component: count - 1 },
    );
  }
}
