// Half step for all linear constraints, with weights and missing values.
import { BoundedLeastSquares } from "../../compute/solvers/bounded.js";
import { multiplyTransposed, transposedMultiply } from "../products.js";
import type { Linear } from "./constraints/linear.js";
import type { Factors, Problem, Side } from "./constraints/problem.js";
import type { Data } from "./data.js";

/** A component with less than this fraction of the largest sum of squares is a rounding error. */
const ABSENT = 1e-250;

/** Whether a component is absent from all rows of a Gram matrix, so that its spectrum is not determined. */
export function isAbsent(G: Float64Array, n: number, j: number): boolean {
  let most = 0;
  for (let a = 0; a < n; a++) most = Math.max(most, G[a * n + a]);
  return !(G[j * n + j] > ABSENT * most);
}

/**
 * Fraction of the squares of a component in the rows that have a value at an energy. Below this fraction its
 * spectrum is not determined there: it would be a rounding error, or noise of D enlarged by 1e5.
 */
const UNDETERMINED = 1e-10;

/** Least squares with bounds, known values and sums, for C (row by row) or S (energy by energy). */
export class BoundedStep {
  readonly #solver: BoundedLeastSquares;
  /** Gram matrix: one for all, or one for each row or energy if they are weighted. */
  readonly #G: Float64Array;
  /** Right-hand sides, shape [length, n]. */
  readonly #B: Float64Array;
  /** Largest weight of each row or energy; null without weights. */
  readonly #most: Float64Array | null;

  constructor(
    readonly side: Side,
    readonly data: Data,
    readonly linear: Linear,
  ) {
    const { n } = linear.problem;
    this.#solver = new BoundedLeastSquares(n, linear.sums);
    this.#G = new Float64Array((data.weights ? linear.length : 1) * n * n);
    this.#B = new Float64Array(linear.length * n);
    this.#most = data.weights && largestWeights(data, side);
  }

  run(factors: Factors): void {
    const { linear, side } = this;
    const { n } = linear.problem;
    const weighted = this.data.weights !== null;
    if (weighted) this.#multiplyWeighted(factors);
    else this.#multiply(factors);
    const values = factors[side];
    const squares = weighted ? squaresOf(factors, linear.problem, side) : null;
    const lower = new Float64Array(n);
    const upper = new Float64Array(n);
    const x = new Float64Array(n);
    for (let i = 0; i < linear.length; i++) {
      const G = weighted ? this.#G.subarray(i * n * n, (i + 1) * n * n) : this.#G;
      linear.bounds(i, lower, upper);
      // Values that D does not determine are not changed: the spectrum of a component that no row contains,
      // or that only rows without a value at this energy contain.
      const least = this.#most ? UNDETERMINED * this.#most[i] : 0;
      for (let j = 0; side === "S" && j < n; j++) {
        const isOpen = isAbsent(G, n, j) || (squares !== null && G[j * n + j] < least * squares[j]);
        if (isOpen && lower[j] < upper[j]) {
          lower[j] = Math.min(Math.max(values[linear.at(i, j)], lower[j]), upper[j]);
          upper[j] = lower[j];
        }
      }
      this.#solver.solve(G, this.#B.subarray(i * n, (i + 1) * n), lower, upper, x);
      for (let j = 0; j < n; j++) values[linear.at(i, j)] = x[j];
    }
  }

  #multiply({ C, S }: Factors): void {
    const { data, rows, columns } = this.data;
    const { n } = this.linear.problem;
    if (this.side === "C") {
      multiplyTransposed(S, n, S, n, columns, this.#G);
      multiplyTransposed(data, rows, S, n, columns, this.#B);
      return;
    }
    transposedMultiply(C, n, C, n, rows, this.#G);
    // Energy by energy, D^T C.
    transposedMultiply(data, columns, C, n, rows, this.#B);
  }

  #multiplyWeighted({ C, S }: Factors): void {
    const { data, rows, columns } = this.data;
    const weights = this.data.weights as Float64Array;
    const { n } = this.linear.problem;
    const G = this.#G.fill(0);
    const B = this.#B.fill(0);
    const ofC = this.side === "C";
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < columns; k++) {
        const w = weights[i * columns + k];
        if (w === 0) continue;
        const own = ofC ? i : k;
        const d = w * data[i * columns + k];
        for (let a = 0; a < n; a++) {
          const ya = ofC ? S[a * columns + k] : C[i * n + a];
          B[own * n + a] += d * ya;
          const wy = w * ya;
          const at = (own * n + a) * n;
          for (let b = 0; b <= a; b++) G[at + b] += wy * (ofC ? S[b * columns + k] : C[i * n + b]);
        }
      }
    }
    for (let own = 0; own < this.linear.length; own++) {
      const at = own * n * n;
      for (let a = 0; a < n; a++) for (let b = 0; b < a; b++) G[at + b * n + a] = G[at + a * n + b];
    }
  }
}

function largestWeights({ weights, rows, columns }: Data, side: Side): Float64Array {
  const out = new Float64Array(side === "C" ? rows : columns);
  for (let at = 0; weights && at < weights.length; at++) {
    const own = side === "C" ? Math.floor(at / columns) : at % columns;
    if (weights[at] > out[own]) out[own] = weights[at];
  }
  return out;
}

/** Sum of squares of each component in the given factor. */
function squaresOf({ C, S }: Factors, { n, columns }: Problem, side: Side): Float64Array {
  const out = new Float64Array(n);
  if (side === "S") for (let at = 0; at < C.length; at++) out[at % n] += C[at] * C[at];
  else for (let at = 0; at < S.length; at++) out[Math.floor(at / columns)] += S[at] * S[at];
  return out;
}
