// Small constrained least-squares problems in Gram form, exact to rounding: one is solved per spectrum or per
// energy, so nothing is allocated after construction.
//
//   minimize  1/2 x^T G x - b^T x,   subject to  x >= 0 (optional)  and  sum x = 1 (optional)
//
// which is the least-squares fit of a target t by vectors s_j, with G_ij = s_i . s_j and b_j = s_j . t. Where
// the sum is fixed only differences of the s_j matter: give G and b about a common origin m (s_j - m, t - m)
// close to the s_j, the centroid for example, and little is lost to cancellation although the s_j resemble
// one another.

import { kernels } from "../wasm.js";
import { solveColumns as compiledColumns, MOST_COMPONENTS } from "../wasm-fit.js";
import { choleskyFactor, choleskySolve } from "./linear-solve.js";

/** Constraints on the solution. */
export interface LeastSquaresConstraints {
  readonly nonNegative: boolean;
  /** The solution sums to one. */
  readonly closure: boolean;
}

/** With fewer problems than this, the call of the compiled kernels is slower. */
const WORTH_IT = 16;

/** A gradient below this fraction of the terms it is summed from counts as zero. */
const GRADIENT_NOISE = 1e-13;

/**
 * Solver for many problems of the same size.
 *
 * With both constraints and up to three unknowns the active sets are enumerated; otherwise the method of
 * Lawson and Hanson, with the sum as an optional equality. If G is singular, one of the solutions is
 * returned.
 *
 * @see C. L. Lawson and R. J. Hanson, Solving Least Squares Problems (1974), chapter 23
 */
export class GramLeastSquares {
  readonly #matrix: Float64Array;
  readonly #beta: Float64Array;
  readonly #x: Float64Array;
  readonly #z: Float64Array;
  readonly #rhs: Float64Array;
  readonly #passive: Int32Array;
  readonly #state: Uint8Array;
  #nPassive = 0;

  /**
   * @param n number of unknowns
   * @param constraints what every solution satisfies
   */
  constructor(
    readonly n: number,
    readonly constraints: LeastSquaresConstraints,
  ) {
    this.#matrix = new Float64Array(n * n);
    this.#beta = new Float64Array(n);
    this.#x = new Float64Array(n);
    this.#z = new Float64Array(n);
    this.#rhs = new Float64Array(n);
    this.#passive = new Int32Array(n);
    this.#state = new Uint8Array(n);
  }

  /**
   * Solves one problem.
   *
   * @param G row-major, shape [n, n], symmetric and positive semidefinite
   * @param b n numbers from `bOffset`, `bStride` apart
   * @param out receives n numbers from `outOffset`, `outStride` apart
   */
  solve(
    G: Float64Array,
    b: Float64Array,
    bOffset: number,
    bStride: number,
    out: Float64Array | Float32Array,
    outOffset: number,
    outStride: number,
  ): void {
    const n = this.n;
    const x = this.#x;
    for (let j = 0; j < n; j++) this.#beta[j] = b[bOffset + j * bStride];
    if (!this.constraints.nonNegative) this.#solveFree(G);
    else if (this.constraints.closure && n <= 3) solveTriangle(n, G, this.#beta, x);
    else if (!this.#solveInterior(G)) this.#solveActiveSet(G);
    for (let j = 0; j < n; j++) out[outOffset + j * outStride] = x[j];
  }

  /**
   * Solves one problem for each column of B, all with the same G: with the compiled kernels if they are
   * available and faster.
   *
   * @param B shape [n, count]
   * @param X receives the solutions, shape [n, count]; may be B
   */
  solveColumns(G: Float64Array, B: Float64Array, count: number, X: Float64Array): void {
    const { n } = this;
    const fast = n <= MOST_COMPONENTS && count >= WORTH_IT ? kernels() : null;
    if (fast) {
      compiledColumns(fast, n, this.constraints.nonNegative, this.constraints.closure, G, B, count, X);
      return;
    }
    for (let k = 0; k < count; k++) this.solve(G, B, k, count, X, k, count);
  }

  /** All unknowns free in sign; those that depend on earlier ones stay zero. */
  #solveFree(G: Float64Array): void {
    this.#usePassive(this.n);
    if (!this.#solvePassive(G)) {
      this.#nPassive = 0;
      for (let j = 0; j < this.n; j++) {
        this.#passive[this.#nPassive++] = j;
        if (!this.#solvePassive(G)) this.#nPassive--;
      }
      if (this.#nPassive > 0) this.#solvePassive(G);
    }
    this.#x.fill(0);
    for (let k = 0; k < this.#nPassive; k++) this.#x[this.#passive[k]] = this.#z[k];
  }

  /** The problem is convex: a solution without active bounds that satisfies them is the solution. */
  #solveInterior(G: Float64Array): boolean {
    this.#usePassive(this.n);
    if (!this.#solvePassive(G)) return false;
    for (let j = 0; j < this.n; j++) if (!(this.#z[j] > 0)) return false;
    this.#x.set(this.#z);
    return true;
  }

  #usePassive(count: number): void {
    for (let j = 0; j < count; j++) this.#passive[j] = j;
    this.#nPassive = count;
  }

  #solveActiveSet(G: Float64Array): void {
    const { n } = this;
    const x = this.#x;
    const z = this.#z;
    const state = this.#state;
    const passive = this.#passive;
    const closure = this.constraints.closure;
    x.fill(0);
    state.fill(BOUND);
    this.#nPassive = 0;
    if (closure) {
      const vertex = bestVertex(n, G, this.#beta);
      x[vertex] = 1;
      state[vertex] = PASSIVE;
      passive[this.#nPassive++] = vertex;
    }
    // Each accepted step lowers the objective, so no set recurs; the limit only guards against rounding.
    for (let step = 0; step < 30 * n + 30; step++) {
      const entering = this.#mostNegativeGradient(G);
      if (entering < 0) return;
      state[entering] = PASSIVE;
      passive[this.#nPassive++] = entering;
      let first = true;
      for (;;) {
        const solved = this.#solvePassive(G);
        if (first && !(solved && z[this.#nPassive - 1] > 0)) {
          // Its gradient was rounding, or it depends on the others: leave it out until something else has
          // changed.
          this.#nPassive--;
          state[entering] = BLOCKED;
          break;
        }
        let alpha = 1;
        for (let k = 0; solved && k < this.#nPassive; k++) {
          const j = passive[k];
          if (z[k] <= 0) alpha = Math.min(alpha, shareToBound(x[j], z[k]));
        }
        if (first) for (let j = 0; j < n; j++) if (state[j] === BLOCKED) state[j] = BOUND;
        first = false;
        if (!solved) return;
        let kept = 0;
        for (let k = 0; k < this.#nPassive; k++) {
          const j = passive[k];
          const leaves = z[k] <= 0 && shareToBound(x[j], z[k]) <= alpha;
          x[j] = leaves ? 0 : x[j] + alpha * (z[k] - x[j]);
          if (leaves) state[j] = BOUND;
          else passive[kept++] = j;
        }
        const shrunk = kept < this.#nPassive;
        this.#nPassive = kept;
        if (!shrunk) break;
      }
    }
  }

  /**
   * The bound unknown whose growth lowers the objective fastest, or -1 where the conditions of Kuhn and
   * Tucker hold.
   */
  #mostNegativeGradient(G: Float64Array): number {
    const { n } = this;
    const x = this.#x;
    const beta = this.#beta;
    // With closure the gradient counts relative to that of the passive unknowns, the multiplier of the sum.
    let multiplier = 0;
    let multiplierNoise = 0;
    if (this.constraints.closure) {
      for (let k = 0; k < this.#nPassive; k++) {
        const i = this.#passive[k];
        let g = -beta[i];
        let size = Math.abs(beta[i]);
        for (let j = 0; j < n; j++) {
          g += G[i * n + j] * x[j];
          size += Math.abs(G[i * n + j] * x[j]);
        }
        multiplier += g * x[i];
        multiplierNoise += size * x[i];
      }
    }
    let best = -1;
    let lowest = 0;
    for (let i = 0; i < n; i++) {
      if (this.#state[i] !== BOUND) continue;
      let g = -beta[i];
      let size = Math.abs(beta[i]) + multiplierNoise;
      for (let j = 0; j < n; j++) {
        g += G[i * n + j] * x[j];
        size += Math.abs(G[i * n + j] * x[j]);
      }
      g -= multiplier;
      if (g < lowest && g < -GRADIENT_NOISE * size) {
        lowest = g;
        best = i;
      }
    }
    return best;
  }

  /** Least squares over the passive unknowns, into z; false where they depend on one another. */
  #solvePassive(G: Float64Array): boolean {
    const { n } = this;
    const p = this.#nPassive;
    const passive = this.#passive;
    const matrix = this.#matrix;
    const z = this.#z;
    const beta = this.#beta;
    if (!this.constraints.closure) {
      for (let k = 0; k < p; k++) {
        const i = passive[k];
        for (let l = 0; l <= k; l++) matrix[k * p + l] = G[i * n + passive[l]];
        z[k] = beta[i];
      }
      if (!choleskyFactor(matrix, p)) return false;
      choleskySolve(matrix, p, z);
      return true;
    }
    // Differences from the first passive vector take up the equality: its own value is one minus the others.
    const r = passive[0];
    const m = p - 1;
    const rhs = this.#rhs;
    for (let k = 0; k < m; k++) {
      const i = passive[k + 1];
      for (let l = 0; l <= k; l++) {
        const j = passive[l + 1];
        matrix[k * m + l] = G[i * n + j] - G[i * n + r] - G[j * n + r] + G[r * n + r];
      }
      rhs[k] = beta[i] - beta[r] - G[i * n + r] + G[r * n + r];
    }
    if (!choleskyFactor(matrix, m)) return false;
    choleskySolve(matrix, m, rhs);
    let rest = 1;
    for (let k = 0; k < m; k++) {
      z[k + 1] = rhs[k];
      rest -= rhs[k];
    }
    z[0] = rest;
    return true;
  }
}

const BOUND = 0;
const PASSIVE = 1;
const BLOCKED = 2;

/** How far from x >= 0 toward z <= 0 one can go before zero, as a fraction of the way. */
function shareToBound(x: number, z: number): number {
  return x > 0 ? x / (x - z) : 0;
}

function bestVertex(n: number, G: Float64Array, beta: Float64Array): number {
  let best = 0;
  for (let j = 1; j < n; j++) {
    if (0.5 * G[j * n + j] - beta[j] < 0.5 * G[best * n + best] - beta[best]) best = j;
  }
  return best;
}

/** Non-negative, sum one, n <= 3: the interior, else the best of the edges, each clamped to its ends. */
function solveTriangle(n: number, G: Float64Array, beta: Float64Array, x: Float64Array): void {
  if (n === 1) {
    x[0] = 1;
    return;
  }
  if (n === 2) {
    const t = edgeShare(2, G, beta, 0, 1);
    x[0] = t;
    x[1] = 1 - t;
    return;
  }
  const g22 = G[8];
  const h00 = G[0] - 2 * G[2] + g22;
  const h11 = G[4] - 2 * G[5] + g22;
  const h01 = G[1] - G[2] - G[5] + g22;
  const r0 = beta[0] - beta[2] - G[2] + g22;
  const r1 = beta[1] - beta[2] - G[5] + g22;
  const determinant = h00 * h11 - h01 * h01;
  if (determinant > 1e-13 * h00 * h11) {
    const a = (r0 * h11 - r1 * h01) / determinant;
    const c = (r1 * h00 - r0 * h01) / determinant;
    if (a >= 0 && c >= 0 && a + c <= 1) {
      x[0] = a;
      x[1] = c;
      x[2] = 1 - a - c;
      return;
    }
  }
  // A flat triangle ends here too: along a direction that changes nothing one always meets an edge.
  let lowest = Number.POSITIVE_INFINITY;
  for (let skip = 0; skip < 3; skip++) {
    const i = skip === 0 ? 1 : 0;
    const j = skip === 2 ? 1 : 2;
    const t = edgeShare(3, G, beta, i, j);
    const y0 = i === 0 ? t : 0;
    const y1 = i === 1 ? t : j === 1 ? 1 - t : 0;
    const objective = 0.5 * (h00 * y0 * y0 + h11 * y1 * y1) + h01 * y0 * y1 - r0 * y0 - r1 * y1;
    if (objective < lowest) {
      lowest = objective;
      x.fill(0);
      x[i] = t;
      x[j] = 1 - t;
    }
  }
}

/** The fraction of i in the best mixture of i and j alone. */
function edgeShare(n: number, G: Float64Array, beta: Float64Array, i: number, j: number): number {
  const length = G[i * n + i] - 2 * G[i * n + j] + G[j * n + j];
  const t = (beta[i] - beta[j] - G[i * n + j] + G[j * n + j]) / length;
  return t > 0 ? Math.min(t, 1) : 0;
}
