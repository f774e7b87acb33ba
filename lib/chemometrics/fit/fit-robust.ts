// Robust fit of spectra with glitches: iteratively reweighted least squares.
// A glitch is a few energies where a diamond (anvil, window or monochromator) diffracts, far from any mixture
// of the components. The first fits have Huber's weights, which have a unique solution, and estimate the
// scale of the noise each time. Then the scale is fixed, and Huber's weights or the bisquare's are iterated
// until convergence.
import { GramLeastSquares } from "../../compute/solvers/nnls.js";
import { kernels } from "../../compute/wasm.js";
import { isWorthIt } from "../../compute/wasm-fit.js";
import { robustRows } from "../../compute/wasm-robust.js";
import type { Floats } from "../products.js";
import { unitErrors } from "./fit-errors.js";
import type { ParsedFitOptions } from "./fit-options.js";

/** Standard deviation of normal noise divided by the median of its absolute values. */
const SIGMA_PER_MEDIAN = 1.4826;
const HUBER_CUTOFF = 1.345;
/** An entry beyond this many robust standard deviations is a glitch: 3 in a million of normal noise. */
export const GLITCH = 4.685;
/** Number of fits for which the scale is estimated. */
const SCALE_STEPS = 5;
const MAX_STEPS = 50;
/** The fit converged if no concentration changes by more than this. */
const SETTLED = 1e-8;

/** Robust fits of many rows with the same components. */
export class RobustFit {
  readonly #bisquare: boolean;
  readonly #cutoff: number;
  readonly #closed: boolean;
  readonly #solver: GramLeastSquares;
  readonly #closedSolver: GramLeastSquares;
  /** Components; with closure differences from the last one, and the last one; [n, nEnergies]. */
  readonly #vectors: Float64Array;
  /** Factors of the residuals before comparison: 1 / sigma, or the square root of the weight. */
  readonly #roots: Float64Array;
  readonly #nUsed: number;
  readonly #d: Float64Array;
  readonly #u: Float64Array;
  readonly #w: Float64Array;
  readonly #sorted: Float64Array;
  readonly #G: Float64Array;
  readonly #b: Float64Array;
  readonly #before: Float64Array;
  readonly #unit: Float64Array;

  /**
   * @param S components, [n, nEnergies]
   * @param options with `robust` set
   */
  constructor(
    readonly n: number,
    readonly nEnergies: number,
    S: Float64Array,
    readonly options: ParsedFitOptions,
  ) {
    const { nonNegative, closure, robust, weights, sigma } = options;
    this.#bisquare = robust?.loss !== "huber";
    this.#cutoff = robust?.cutoff ?? HUBER_CUTOFF;
    this.#closed = closure === true;
    this.#solver = new GramLeastSquares(n, { nonNegative, closure: this.#closed });
    this.#closedSolver = new GramLeastSquares(n, { nonNegative, closure: true });
    const last = (n - 1) * nEnergies;
    this.#vectors = S.map((s, i) => s - (this.#closed && i < last ? S[last + (i % nEnergies)] : 0));
    this.#roots = weights?.map(Math.sqrt) ?? new Float64Array(nEnergies).fill(1 / (sigma ?? 1));
    this.#nUsed = this.#roots.reduce((count, root) => count + (root > 0 ? 1 : 0), 0);
    this.#d = new Float64Array(nEnergies);
    this.#u = new Float64Array(nEnergies);
    this.#w = new Float64Array(nEnergies);
    this.#sorted = new Float64Array(this.#nUsed);
    this.#G = new Float64Array(n * n);
    this.#b = new Float64Array(n);
    this.#before = new Float64Array(n);
    for (let k = 0; k < nEnergies; k++) this.#w[k] = this.#roots[k] * this.#roots[k];
    this.#weigh();
    this.#unit = unitErrors(this.#G, n, this.#closed);
  }

  /**
   * Fits rows, with the compiled kernel if it is available and faster. For rows that cannot be fitted the
   * numbers are invalid.
   *
   * @param data row-major, [rows, nEnergies]
   * @param C receives concentrations, [rows, n]
   * @param scaled receives residuals in robust standard deviations of their row, [rows, nEnergies]
   * @param scales receives the robust standard deviations, in units of the noise where it is known, [rows]
   */
  fitMany(data: Floats, rows: number, C: Floats, scaled: Float64Array, scales: Float64Array): void {
    const fast = isWorthIt(this.n, rows, this.nEnergies) ? kernels() : null;
    if (!fast) {
      this.fitPlainly(data, rows, C, scaled, scales);
      return;
    }
    const { nonNegative, closure, noiseKnown } = this.options;
    const problem = {
      n: this.n,
      nEnergies: this.nEnergies,
      nonNegative,
      closure,
      vectors: this.#vectors,
      roots: this.#roots,
      nUsed: this.#nUsed,
      floor: noiseKnown ? 1 : 0,
      bisquare: this.#bisquare,
      cutoff: this.#cutoff,
    };
    robustRows(fast, problem, data, rows, C, scaled, scales);
  }

  /** Fits row by row: the reference for the compiled kernel. */
  fitPlainly(data: Floats, rows: number, C: Floats, scaled: Float64Array, scales: Float64Array): void {
    const { n, nEnergies } = this;
    const u = this.#u;
    for (let row = 0; row < rows; row++) {
      const floor = this.#take(data, row * nEnergies);
      this.#solve(C, row * n);
      const huber = this.#bisquare ? HUBER_CUTOFF : this.#cutoff;
      let scale = 0;
      for (let step = 0; step < MAX_STEPS; step++) {
        this.#residuals(C, row * n);
        if (step < SCALE_STEPS) scale = Math.max(SIGMA_PER_MEDIAN * this.#middle(), floor);
        if (this.#settled(scale * huber, huberWeight, C, row * n)) break;
        if (this.#bisquare && step === SCALE_STEPS - 1) break;
      }
      for (let step = 0; this.#bisquare && step < MAX_STEPS; step++) {
        this.#residuals(C, row * n);
        if (this.#settled(scale * this.#cutoff, bisquareWeight, C, row * n)) break;
      }
      this.#residuals(C, row * n);
      for (let k = 0; k < nEnergies; k++) scaled[row * nEnergies + k] = u[k] / scale;
      scales[row] = scale;
    }
  }

  /**
   * Standard errors of one row, from the scatter of weighted residuals, and the weighted sum of squares.
   *
   * @param scaled, from, scale results of `fitMany` for the row
   * @param errors receives n numbers from `at`
   * @returns sum of weight (d - c S)^2, in units of the noise where that is known
   * @see P. J. Huber, Robust Statistics (1981), section 7.6
   */
  summary(scaled: Float64Array, from: number, scale: number, errors: Floats | undefined, at: number): number {
    const { n, nEnergies } = this;
    const weight = this.#bisquare ? bisquareWeight : huberWeight;
    const count = this.#nUsed;
    const free = this.#closed ? n - 1 : n;
    let sum = 0;
    let pull = 0;
    let slope = 0;
    let slopeSquared = 0;
    for (let k = 0; k < nEnergies; k++) {
      if (!(this.#roots[k] > 0)) continue;
      const u = scaled[from + k] / this.#cutoff;
      const e = scaled[from + k] * scale;
      const w = weight(u);
      // Derivative of the influence function.
      const inside = Math.abs(u) < 1;
      const derivative = !inside ? 0 : this.#bisquare ? (1 - u * u) * (1 - 5 * u * u) : 1;
      sum += w * e * e;
      pull += w * w * e * e;
      slope += derivative / count;
      slopeSquared += (derivative * derivative) / count;
    }
    if (errors) {
      const correction = 1 + (free * (slopeSquared - slope * slope)) / (count * slope * slope);
      const deviation = count > free ? (Math.sqrt(pull / (count - free)) * correction) / slope : Number.NaN;
      for (let j = 0; j < n; j++) errors[at + j] = deviation * this.#unit[j];
    }
    return sum;
  }

  /** Sets a row with the weights of the energies; returns the smallest scale above rounding errors. */
  #take(data: Floats, from: number): number {
    const { nEnergies } = this;
    const origin = (this.n - 1) * nEnergies;
    let most = 0;
    for (let k = 0; k < nEnergies; k++) {
      const root = this.#roots[k];
      this.#d[k] = data[from + k] - (this.#closed ? this.#vectors[origin + k] : 0);
      this.#w[k] = root * root;
      most = Math.max(most, Math.abs(data[from + k]) * root);
    }
    return Math.max(this.options.noiseKnown ? 1 : 0, 1e-12 * most);
  }

  /** One reweighted fit; true when it converged. */
  #settled(unit: number, weight: (u: number) => number, C: Floats, at: number): boolean {
    const { n, nEnergies } = this;
    for (let k = 0; k < nEnergies; k++) {
      this.#w[k] = this.#roots[k] * this.#roots[k] * weight(this.#u[k] / unit);
    }
    for (let j = 0; j < n; j++) this.#before[j] = C[at + j];
    this.#solve(C, at);
    let change = 0;
    for (let j = 0; j < n; j++) change = Math.max(change, Math.abs(C[at + j] - this.#before[j]));
    return change < SETTLED;
  }

  #solve(C: Floats, at: number): void {
    const { n } = this;
    this.#weigh();
    this.#solver.solve(this.#G, this.#b, 0, 1, C, at, 1);
    if (this.options.closure !== "at most") return;
    let sum = 0;
    for (let j = 0; j < n; j++) sum += C[at + j];
    if (sum > 1) this.#closedSolver.solve(this.#G, this.#b, 0, 1, C, at, 1);
  }

  /** Weighted products of the vectors with one another and with the row; those of the origin are zero. */
  #weigh(): void {
    const { n, nEnergies } = this;
    const v = this.#vectors;
    const nBasis = this.#closed ? n - 1 : n;
    for (let i = 0; i < nBasis; i++) {
      for (let j = 0; j <= i; j++) {
        let g = 0;
        for (let k = 0; k < nEnergies; k++) g += this.#w[k] * v[i * nEnergies + k] * v[j * nEnergies + k];
        this.#G[i * n + j] = g;
        this.#G[j * n + i] = g;
      }
      let b = 0;
      for (let k = 0; k < nEnergies; k++) b += this.#w[k] * v[i * nEnergies + k] * this.#d[k];
      this.#b[i] = b;
    }
  }

  /** Residuals in units of the noise, or times the square roots of the weights. */
  #residuals(C: Floats, at: number): void {
    const { n, nEnergies } = this;
    const nBasis = this.#closed ? n - 1 : n;
    for (let k = 0; k < nEnergies; k++) {
      let e = this.#d[k];
      for (let j = 0; j < nBasis; j++) e -= C[at + j] * this.#vectors[j * nEnergies + k];
      this.#u[k] = e * this.#roots[k];
    }
  }

  /** Median (upper of two) of the absolute residuals, over the energies with a weight. */
  #middle(): number {
    let count = 0;
    for (let k = 0; k < this.nEnergies; k++) {
      if (this.#roots[k] > 0) this.#sorted[count++] = Math.abs(this.#u[k]);
    }
    return this.#sorted.sort()[count >> 1];
  }
}

function huberWeight(u: number): number {
  return 1 / Math.max(1, Math.abs(u));
}

function bisquareWeight(u: number): number {
  const rest = Math.max(0, 1 - u * u);
  return rest * rest;
}
