// One row of spectra after another fitted by the same components: what MCR-ALS's concentration step and fits with known
// components share.
import { GramLeastSquares, type LeastSquaresConstraints } from "../compute/nnls.js";
import { dot, type Floats, rowProducts } from "./products.js";

/**
 * Least-squares concentrations of given components, row by row, in float64.
 *
 * With closure, components and rows count as differences from the components' mean: components that resemble one another
 * then lose no digits.
 */
export class RowFit {
  readonly #solver: GramLeastSquares;
  readonly #origin: Float64Array;
  readonly #basis: Float64Array;
  readonly #onOrigin: Float64Array;
  readonly #G: Float64Array;
  readonly #b: Float64Array;

  /**
   * @param n number of components
   * @param nEnergies length of a spectrum
   */
  constructor(
    readonly n: number,
    readonly nEnergies: number,
    readonly constraints: LeastSquaresConstraints,
  ) {
    this.#solver = new GramLeastSquares(n, constraints);
    this.#origin = new Float64Array(nEnergies);
    this.#basis = new Float64Array(n * nEnergies);
    this.#onOrigin = new Float64Array(n);
    this.#G = new Float64Array(n * n);
    this.#b = new Float64Array(n);
  }

  /** Takes the spectra to fit with: row-major, shape [n, nEnergies]. */
  use(S: Float64Array): this {
    const { n, nEnergies } = this;
    const origin = this.#origin;
    const basis = this.#basis;
    if (this.constraints.closure) {
      origin.fill(0);
      for (let j = 0; j < n; j++) for (let k = 0; k < nEnergies; k++) origin[k] += S[j * nEnergies + k] / n;
    }
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < nEnergies; k++) basis[j * nEnergies + k] = S[j * nEnergies + k] - origin[k];
    }
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        this.#G[i * n + j] = dot(basis, i * nEnergies, basis, j * nEnergies, nEnergies);
      }
      this.#onOrigin[i] = dot(basis, i * nEnergies, origin, 0, nEnergies);
    }
    return this;
  }

  /** Fits the row that begins at `from`; the n concentrations go to `out` from `outOffset`. */
  fit(data: Floats, from: number, out: Floats, outOffset: number): void {
    const { n, nEnergies } = this;
    const b = this.#b;
    rowProducts(data, from, this.#basis, n, nEnergies, b, 0);
    for (let j = 0; j < n; j++) b[j] -= this.#onOrigin[j];
    this.#solver.solve(this.#G, b, 0, 1, out, outOffset, 1);
  }
}
