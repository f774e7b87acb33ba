// Half steps without weights and known values: the common case, and the fastest.
import { GramLeastSquares } from "../../compute/solvers/nnls.js";
import { kernels } from "../../compute/wasm.js";
import { FusedSteps } from "../../compute/wasm-alternate.js";
import { isWorthIt } from "../../compute/wasm-fit.js";
import { type RowConstraints, RowFit } from "../fit/row-fit.js";
import { dot, multiplyTransposed, transposedMultiply } from "../products.js";
import { BoundedStep, isAbsent } from "./bounded-step.js";
import type { Linear } from "./constraints/linear.js";
import type { Factors } from "./constraints/problem.js";
import type { Data } from "./data.js";

/** C from S. */
export class PlainConcentrations {
  readonly fit: RowFit;

  constructor(
    readonly data: Data,
    n: number,
    constraints: RowConstraints,
  ) {
    this.fit = new RowFit(n, data.columns, constraints);
  }

  run({ C, S }: Factors): void {
    this.fit.use(S).fitMany(this.data.data, this.data.rows, C);
  }
}

/** S from C; spectra of components that are absent from C do not change. */
export class PlainSpectra {
  readonly #solver: GramLeastSquares;
  readonly #careful: BoundedStep;
  /** C^T C */
  readonly A: Float64Array;
  /** C^T D */
  readonly B: Float64Array;
  /** S S^T */
  readonly #onSpectra: Float64Array;
  /** Sum of the element-wise product of B and S. */
  #onData = 0;

  constructor(
    readonly data: Data,
    readonly linear: Linear,
    readonly nonNegative: boolean,
  ) {
    const { n } = linear.problem;
    const { columns } = data;
    this.#solver = new GramLeastSquares(n, { nonNegative, closure: false });
    this.#careful = new BoundedStep("S", data, linear);
    this.A = new Float64Array(n * n);
    this.B = new Float64Array(n * columns);
    this.#onSpectra = new Float64Array(n * n);
  }

  run(factors: Factors): void {
    const { C } = factors;
    const { n } = this.linear.problem;
    const { data, rows, columns } = this.data;
    transposedMultiply(C, n, C, n, rows, this.A);
    transposedMultiply(C, n, data, columns, rows, this.B);
    this.solve(factors);
  }

  /**
   * S from A and B.
   *
   * @param compiled contains A and B as well, and solves in place
   */
  solve(factors: Factors, compiled?: FusedSteps): void {
    const { A, B } = this;
    const { S } = factors;
    const { n } = this.linear.problem;
    const { columns } = this.data;
    let careful = false;
    for (let j = 0; j < n; j++) careful ||= isAbsent(A, n, j);
    if (compiled && !careful) {
      this.#onData = compiled.spectra(this.nonNegative, S, this.#onSpectra);
      return;
    }
    if (careful) this.#careful.run(factors);
    else this.#solver.solveColumns(A, B, columns, S);
    multiplyTransposed(S, n, S, n, columns, this.#onSpectra);
    this.#onData = dot(B, 0, S, 0, n * columns);
  }

  residual(): number {
    const onFit = this.A.reduce((sum, a, at) => sum + a * this.#onSpectra[at], 0);
    return Math.max(0, this.data.sumOfSquares - 2 * this.#onData + onFit);
  }
}

/** Both half steps, C first, in one pass over D. */
export class PlainIteration {
  readonly #steps: FusedSteps;

  private constructor(
    steps: FusedSteps,
    readonly concentrations: PlainConcentrations,
    readonly spectra: PlainSpectra,
  ) {
    this.#steps = steps;
  }

  /** Both steps in one pass; null where there are no kernels for it, or it is not faster. */
  static of(concentrations: PlainConcentrations, spectra: PlainSpectra): PlainIteration | null {
    const { data, rows, columns } = concentrations.data;
    const { n } = concentrations.fit;
    const fast = isWorthIt(n, rows, columns) ? kernels() : null;
    if (fast === null) return null;
    return new PlainIteration(new FusedSteps(fast, data, rows, columns, n), concentrations, spectra);
  }

  run(factors: Factors): void {
    const { A, B } = this.spectra;
    const fit = this.concentrations.fit.use(factors.S, this.#steps.gram);
    this.#steps.concentrations(fit.problem, factors.C, A, B);
    this.spectra.solve(factors, this.#steps);
  }

  residual(): number {
    return this.spectra.residual();
  }

  last({ C, S }: Factors): number {
    const fit = this.concentrations.fit.use(S, this.#steps.gram);
    return this.#steps.lastConcentrations(fit.problem, S, C);
  }
}
