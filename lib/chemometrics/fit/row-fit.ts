// Least-squares fit of many spectra with the same components, for the concentration step of MCR-ALS and for
// known components.
import { GramLeastSquares } from "../../compute/solvers/nnls.js";
import { kernels } from "../../compute/wasm.js";
import { fitRows as compiledFit, isWorthIt, type RowProblem } from "../../compute/wasm-fit.js";
import { multiplyTransposed as multiplyPlainly } from "../plain-products.js";
import { dot, type Floats, residualOfRow, rowProducts } from "../products.js";
import { unitErrors } from "./fit-errors.js";

/** Constraints on the concentrations of a row. */
export interface RowConstraints {
  readonly nonNegative: boolean;
  /** Sum: 1 (true), at most 1, or free. */
  readonly closure: boolean | "at most";
}

/** Residuals of a fit of many rows, one number per row. */
export interface RowResiduals {
  /** sum d^2 */
  readonly power: Float64Array;
  /** sum (d - c S)^2; NaN where a row has no signal or a value that is not finite, as its concentrations. */
  readonly residual: Float64Array;
  /** sum weight (d - c S)^2; used only where there are weights. */
  readonly weighted?: Float64Array;
}

/** Writes the products of n vectors with n other vectors to out [n, n]. */
export type GramProducts = (projections: Float64Array, vectors: Float64Array, out: Float64Array) => void;

/**
 * Least-squares concentrations of given components, exact, in float64.
 *
 * With a fixed sum, components and rows are differences from the last component. Similar components then lose
 * no digits, and each row needs one product less.
 */
export class RowFit {
  readonly #solver: GramLeastSquares;
  readonly #closed: boolean;
  /** The fit with a fixed sum, for rows whose sum would exceed 1. */
  readonly #atMost: RowFit | null;
  /** Components; with closure differences from the last one, and the last one; [n, nEnergies]. */
  readonly #vectors: Float64Array;
  /** The same times the weights, if there are any. */
  readonly #projections: Float64Array;
  /** Products of the projections with the origin; zero without closure. */
  readonly #onOrigin: Float64Array;
  readonly #G: Float64Array;
  readonly #b: Float64Array;
  /** The current components. */
  #S: Float64Array = new Float64Array(0);

  /**
   * @param n number of components
   * @param nEnergies length of a spectrum
   * @param weights weights of the squares in the sum, one for each energy; default 1
   */
  constructor(
    readonly n: number,
    readonly nEnergies: number,
    readonly constraints: RowConstraints,
    readonly weights: Float64Array | null = null,
  ) {
    const { nonNegative, closure } = constraints;
    this.#closed = closure === true;
    this.#solver = new GramLeastSquares(n, { nonNegative, closure: this.#closed });
    this.#atMost =
      closure === "at most" ? new RowFit(n, nEnergies, { nonNegative, closure: true }, weights) : null;
    this.#vectors = new Float64Array(n * nEnergies);
    this.#projections = weights ? new Float64Array(n * nEnergies) : this.#vectors;
    this.#onOrigin = new Float64Array(n);
    this.#G = new Float64Array(n * n);
    this.#b = new Float64Array(n);
  }

  /**
   * Sets the components: row-major, shape [n, nEnergies]; they must not change until the next call.
   *
   * @param gram writes products of n vectors [n, nEnergies] with n others to out [n, n]
   */
  use(S: Float64Array, gram: GramProducts = this.#gram): this {
    const { n, nEnergies, weights } = this;
    const vectors = this.#vectors;
    const last = (n - 1) * nEnergies;
    this.#S = S;
    vectors.set(S);
    for (let at = 0; this.#closed && at < last; at += nEnergies) {
      for (let k = 0; k < nEnergies; k++) vectors[at + k] -= S[last + k];
    }
    if (weights) {
      for (let i = 0; i < n * nEnergies; i++) this.#projections[i] = weights[i % nEnergies] * vectors[i];
    }
    gram(this.#projections, vectors, this.#G);
    for (let i = 0; i < n; i++) {
      this.#onOrigin[i] = this.#closed ? this.#G[i * n + n - 1] : 0;
      // The last component is the origin, with difference zero.
      if (this.#closed) this.#G[i * n + n - 1] = 0;
    }
    if (this.#closed) this.#G.fill(0, (n - 1) * n);
    this.#atMost?.use(S, gram);
    return this;
  }

  /** The problem in the form of the compiled kernels; valid until the next `use`. */
  get problem(): RowProblem {
    return {
      n: this.n,
      nEnergies: this.nEnergies,
      nonNegative: this.constraints.nonNegative,
      closure: this.constraints.closure,
      weights: this.weights,
      vectors: this.#vectors,
      projections: this.#projections,
      onOrigin: this.#onOrigin,
      G: this.#G,
    };
  }

  /** Fits the row that begins at `from`; writes n concentrations to `out` from `outOffset`. */
  fit(data: Floats, from: number, out: Floats, outOffset: number): void {
    const { n, nEnergies } = this;
    const b = this.#b;
    rowProducts(data, from, this.#projections, n, nEnergies, b, 0);
    for (let j = 0; j < n; j++) b[j] -= this.#onOrigin[j];
    if (this.#closed) b[n - 1] = 0;
    this.#solver.solve(this.#G, b, 0, 1, out, outOffset, 1);
    // The problem is convex. If the free fit violates the bound, the constrained fit is on it.
    if (this.#atMost && sumOf(out, outOffset, n) > 1) this.#atMost.fit(data, from, out, outOffset);
  }

  /**
   * Fits many rows, with the compiled kernels if they are available and faster.
   *
   * @param data row-major, shape [rows, nEnergies]
   * @param C receives concentrations, shape [rows, n]
   * @param residuals receives the residuals; without it rows are not checked for values that are not finite
   */
  fitMany(data: Floats, rows: number, C: Floats, residuals?: RowResiduals): void {
    const fast = isWorthIt(this.n, rows, this.nEnergies) ? kernels() : null;
    if (!fast) {
      this.fitPlainly(data, rows, C, residuals);
      return;
    }
    compiledFit(fast, this.problem, data, rows, C, residuals);
  }

  /** Fits row by row: the reference for the compiled kernel. */
  fitPlainly(data: Floats, rows: number, C: Floats, residuals?: RowResiduals): void {
    const { n, nEnergies } = this;
    for (let row = 0; row < rows; row++) {
      const from = row * nEnergies;
      if (residuals) {
        const power = dot(data, from, data, from, nEnergies);
        residuals.power[row] = power;
        if (!(power > 0 && power < Number.POSITIVE_INFINITY)) {
          C.fill(Number.NaN, row * n, (row + 1) * n);
          residuals.residual[row] = Number.NaN;
          if (this.weights && residuals.weighted) residuals.weighted[row] = Number.NaN;
          continue;
        }
      }
      this.fit(data, from, C, row * n);
      if (residuals) this.#residuals(data, row, C, residuals);
    }
  }

  readonly #gram: GramProducts = (projections, vectors, out) => {
    multiplyPlainly(projections, this.n, vectors, this.n, this.nEnergies, out);
  };

  /**
   * Standard errors of the concentrations for noise of standard deviation 1 (over the root of its weight),
   * length n.
   */
  unitErrors(): Float64Array {
    return unitErrors(this.#G, this.n, this.#closed);
  }

  #residuals(data: Floats, row: number, C: Floats, out: RowResiduals): void {
    const { n, nEnergies, weights } = this;
    const from = row * nEnergies;
    out.residual[row] = residualOfRow(data, from, C, row * n, this.#S, n, nEnergies);
    if (!weights || !out.weighted) return;
    let sum = 0;
    for (let k = 0; k < nEnergies; k++) {
      let e = data[from + k];
      for (let j = 0; j < n; j++) e -= C[row * n + j] * this.#S[j * nEnergies + k];
      sum += weights[k] * e * e;
    }
    out.weighted[row] = sum;
  }
}

function sumOf(values: Floats, from: number, count: number): number {
  let sum = 0;
  for (let j = from; j < from + count; j++) sum += values[j];
  return sum;
}
