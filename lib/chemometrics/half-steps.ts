// The two half steps of MCR-ALS. Each is reduced to one n x n problem per spectrum or per energy: D is read once in each.
import { GramLeastSquares } from "../compute/nnls.js";
import type { NonNegativity } from "./constraints.js";
import { dot, transposedMultiply } from "./products.js";
import { RowFit } from "./row-fit.js";

/** Given S, finds C. */
export class ConcentrationStep {
  readonly #fit: RowFit;

  /**
   * @param D row-major, shape [rows, columns]
   * @param n number of components
   */
  constructor(
    readonly D: Float64Array,
    readonly rows: number,
    columns: number,
    readonly n: number,
    readonly nonNegative: NonNegativity,
    readonly closure: boolean | "scale",
  ) {
    this.#fit = new RowFit(n, columns, { nonNegative: nonNegative === true, closure: closure === true });
  }

  /** Fills C, shape [rows, n], for S, shape [n, columns]. */
  run(S: Float64Array, C: Float64Array): void {
    const { n, rows } = this;
    const fit = this.#fit.use(S);
    for (let i = 0; i < rows; i++) fit.fit(this.D, i * fit.nEnergies, C, i * n);
    if (this.nonNegative === "clip") for (let i = 0; i < rows * n; i++) if (C[i] < 0) C[i] = 0;
    // Clipping breaks the sum that the least squares had kept.
    if (this.closure === "scale" || (this.closure && this.nonNegative === "clip")) scaleRows(C, rows, n);
  }
}

/** Given C, finds S; keeps entries that are fixed, and the spectra of components that are absent from C. */
export class SpectraStep {
  /** C^T C of the last run, shape [n, n]. */
  readonly A: Float64Array;
  /** C^T D of the last run, shape [n, columns]. */
  readonly B: Float64Array;
  readonly #solvers: GramLeastSquares[];
  readonly #subMatrix: Float64Array;
  readonly #subVector: Float64Array;
  readonly #subResult: Float64Array;
  readonly #free: Int32Array;

  /**
   * @param fixed one where an entry of S is not to be touched, shape [n, columns]; null where all are free
   */
  constructor(
    readonly D: Float64Array,
    readonly rows: number,
    readonly columns: number,
    readonly n: number,
    readonly nonNegative: NonNegativity,
    readonly fixed: Uint8Array | null,
  ) {
    this.A = new Float64Array(n * n);
    this.B = new Float64Array(n * columns);
    const constraints = { nonNegative: nonNegative === true, closure: false };
    this.#solvers = Array.from({ length: n + 1 }, (_, size) => new GramLeastSquares(size, constraints));
    this.#subMatrix = new Float64Array(n * n);
    this.#subVector = new Float64Array(n);
    this.#subResult = new Float64Array(n);
    this.#free = new Int32Array(n);
  }

  /** Updates S, shape [n, columns], for C, shape [rows, n]. */
  run(C: Float64Array, S: Float64Array): void {
    const { n, columns, A, B } = this;
    transposedMultiply(C, n, C, n, this.rows, A);
    transposedMultiply(C, n, this.D, columns, this.rows, B);
    let absent = false;
    for (let j = 0; j < n; j++) absent ||= A[j * n + j] === 0;
    if (this.fixed || absent) {
      for (let k = 0; k < columns; k++) this.#solveFree(S, k);
    } else {
      const solver = this.#solvers[n];
      for (let k = 0; k < columns; k++) solver.solve(A, B, k, columns, S, k, columns);
    }
    if (this.nonNegative === "clip") for (let i = 0; i < n * columns; i++) if (S[i] < 0) S[i] = 0;
  }

  /** One energy, where some components are given: they move to the right-hand side. */
  #solveFree(S: Float64Array, k: number): void {
    const { n, columns, A, B, fixed } = this;
    const free = this.#free;
    let size = 0;
    for (let j = 0; j < n; j++) if (!fixed?.[j * columns + k] && A[j * n + j] > 0) free[size++] = j;
    for (let a = 0; a < size; a++) {
      const i = free[a];
      for (let c = 0; c < size; c++) this.#subMatrix[a * size + c] = A[i * n + free[c]];
      let b = B[i * columns + k];
      for (let j = 0, next = 0; j < n; j++) {
        if (next < size && free[next] === j) next++;
        else b -= A[i * n + j] * S[j * columns + k];
      }
      this.#subVector[a] = b;
    }
    this.#solvers[size].solve(this.#subMatrix, this.#subVector, 0, 1, this.#subResult, 0, 1);
    for (let a = 0; a < size; a++) S[free[a] * columns + k] = this.#subResult[a];
  }

  /**
   * Sum of squared residuals of D - C S for the C and S of the last run, without forming the residual.
   *
   * A difference of numbers as large as the sum of squares of D: good to about 1e-15 of that, so that a lack of fit above
   * 1e-5 % is good to a percent of itself, and one of 0.05 % to 1e-8.
   *
   * @param sumOfSquares that of D
   */
  residual(S: Float64Array, sumOfSquares: number): number {
    const { n, columns, A, B } = this;
    let sum = sumOfSquares - 2 * dot(B, 0, S, 0, n * columns);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) sum += A[i * n + j] * dot(S, i * columns, S, j * columns, columns);
    }
    return Math.max(0, sum);
  }
}

function scaleRows(C: Float64Array, rows: number, n: number): void {
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += C[i * n + j];
    if (sum !== 0) for (let j = 0; j < n; j++) C[i * n + j] /= sum;
  }
}
