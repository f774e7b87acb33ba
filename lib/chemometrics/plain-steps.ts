// The half steps without weights and known values: the usual case, and the quick one.
import { GramLeastSquares, type LeastSquaresConstraints } from "../compute/nnls.js";
import { BoundedStep } from "./bounded-step.js";
import type { Factors } from "./constraints/constraint.js";
import type { Linear } from "./constraints/linear.js";
import type { Data } from "./data.js";
import type { DataProducts } from "./data-products.js";
import { PassiveSets } from "./passive-sets.js";
import { dot, multiplyTransposed, transposedMultiply } from "./products.js";
import { RowFit } from "./row-fit.js";

/** Given S, finds C. */
export class PlainConcentrations {
  readonly #fit: RowFit | null = null;
  readonly #solver: Solver;
  readonly #G: Float64Array;

  /** @param warm whether the sets of non-zero concentrations of the iteration before are tried first */
  constructor(
    readonly data: Data,
    readonly n: number,
    readonly products: DataProducts,
    constraints: LeastSquaresConstraints,
    warm: boolean,
  ) {
    if (constraints.closure) this.#fit = new RowFit(n, data.columns, constraints);
    this.#solver = new Solver(n, data.rows, constraints.nonNegative, warm);
    this.#G = new Float64Array(n * n);
  }

  run({ C, S }: Factors): void {
    const { n } = this;
    const { data, rows, columns } = this.data;
    if (this.#fit) {
      this.#fit.use(S).fitMany(data, rows, C);
      return;
    }
    multiplyTransposed(S, n, S, n, columns, this.#G);
    this.#solver.run(this.#G, this.products.rows(S), n, 1, C);
  }
}

/** Given C, finds S; keeps the spectra of components that are absent from C. */
export class PlainSpectra {
  readonly #solver: Solver;
  readonly #careful: BoundedStep;
  readonly #A: Float64Array;
  #B: Float64Array = new Float64Array(0);

  constructor(
    readonly data: Data,
    readonly linear: Linear,
    readonly products: DataProducts,
    nonNegative: boolean,
  ) {
    const { n } = linear.problem;
    this.#solver = new Solver(n, data.columns, nonNegative, linear.warm);
    this.#careful = new BoundedStep("S", data, linear);
    this.#A = new Float64Array(n * n);
  }

  run(factors: Factors): void {
    const { C, S } = factors;
    const { n } = this.linear.problem;
    const { rows, columns } = this.data;
    const A = this.#A;
    transposedMultiply(C, n, C, n, rows, A);
    this.#B = this.products.columns(C);
    for (let j = 0; j < n; j++) {
      if (A[j * n + j] === 0) {
        this.#B = this.#B.slice();
        this.#careful.run(factors);
        this.products.reload();
        return;
      }
    }
    this.#solver.run(A, this.#B, 1, columns, S);
  }

  residual({ S }: Factors): number {
    const { n } = this.linear.problem;
    const { columns, sumOfSquares } = this.data;
    let sum = sumOfSquares - 2 * dot(this.#B, 0, S, 0, n * columns);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) sum += this.#A[i * n + j] * dot(S, i * columns, S, j * columns, columns);
    }
    return Math.max(0, sum);
  }
}

/** Many problems with one Gram matrix. */
class Solver {
  readonly #free: GramLeastSquares;
  readonly #sets: PassiveSets;
  readonly #memory: Uint8Array | null;

  constructor(
    readonly n: number,
    readonly count: number,
    readonly nonNegative: boolean,
    warm: boolean,
  ) {
    this.#free = new GramLeastSquares(n, { nonNegative: false, closure: false });
    this.#sets = new PassiveSets(n);
    this.#memory = warm ? new Uint8Array(count).fill(this.#sets.all) : null;
  }

  /** Problem i has the n numbers of B that begin at i * step and are `stride` apart; the result likewise. */
  run(G: Float64Array, B: Float64Array, step: number, stride: number, out: Float64Array): void {
    if (this.nonNegative) {
      this.#sets.use(G).solveMany(B, step, stride, this.count, out, this.#memory);
      return;
    }
    for (let i = 0; i < this.count; i++) this.#free.solve(G, B, i * step, stride, out, i * step, stride);
  }
}
