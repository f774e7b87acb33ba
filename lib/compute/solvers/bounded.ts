// Small least-squares problems in Gram form with bounds on each unknown and fixed or bounded sums over groups
// of them:
//
//   minimize  1/2 x^T G x - b^T x,   subject to  lower <= x <= upper  and  sum of a group = (or <=) its total
//
// A known value is a pair of equal bounds. For plain problems nnls.ts is faster.
import { SINGULAR_PIVOT } from "./linear-solve.js";

/** A sum over some unknowns; groups share none. */
export interface Sum {
  readonly members: readonly number[];
  readonly total: number;
  /** Whether the sum is the total, or at most that. */
  readonly equal: boolean;
}

/** A gradient below this fraction of the terms it is summed from counts as zero. */
const GRADIENT_NOISE = 1e-13;

const FREE = 0;
const LOW = 1;
const HIGH = 2;

/**
 * Solver for many problems with the same groups: a primal active-set method, exact to rounding. Where G is
 * singular one of the solutions is given.
 *
 * @see J. Nocedal, S. J. Wright, Numerical Optimization (2006), algorithm 16.3
 */
export class BoundedLeastSquares {
  /** Unknowns and one slack for each sum that is an upper bound. */
  readonly #m: number;
  readonly #group: Int32Array;
  readonly #x: Float64Array;
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  readonly #state: Uint8Array;
  readonly #blocked: Uint8Array;
  readonly #gradient: Float64Array;
  readonly #noise: Float64Array;
  readonly #step: Float64Array;
  readonly #reference: Int32Array;
  readonly #moving: Int32Array;
  readonly #matrix: Float64Array;
  readonly #rhs: Float64Array;
  #released = false;

  /** @param n number of unknowns */
  constructor(
    readonly n: number,
    readonly sums: readonly Sum[] = [],
  ) {
    const slacks = sums.filter(({ equal }) => !equal).length;
    const m = n + slacks;
    this.#m = m;
    this.#group = new Int32Array(m).fill(-1);
    let slack = n;
    sums.forEach(({ members, equal }, g) => {
      for (const j of members) this.#group[j] = g;
      if (!equal) this.#group[slack++] = g;
    });
    this.#x = new Float64Array(m);
    this.#low = new Float64Array(m);
    this.#high = new Float64Array(m).fill(Number.POSITIVE_INFINITY);
    this.#state = new Uint8Array(m);
    this.#blocked = new Uint8Array(m);
    this.#gradient = new Float64Array(m);
    this.#noise = new Float64Array(m);
    this.#step = new Float64Array(m);
    this.#reference = new Int32Array(sums.length);
    this.#moving = new Int32Array(m);
    this.#matrix = new Float64Array(m * m);
    this.#rhs = new Float64Array(m);
  }

  /**
   * Solves one problem. Bounds and totals must be feasible.
   *
   * @param G row-major, shape [n, n], symmetric and positive semidefinite
   * @param b length n
   * @param x receives the solution, length n
   */
  solve(G: Float64Array, b: Float64Array, lower: Float64Array, upper: Float64Array, x: Float64Array): void {
    this.#begin(lower, upper);
    // Each accepted step lowers the objective, so no set of bounds recurs; the limit only guards against
    // rounding.
    for (let count = 0; count < 50 * this.#m + 50; count++) {
      this.#differentiate(G, b);
      if (this.#descend(G)) continue;
      this.#differentiate(G, b);
      if (!this.#release()) break;
    }
    for (let j = 0; j < this.n; j++) x[j] = this.#x[j];
  }

  /** Starts from a feasible point. */
  #begin(lower: Float64Array, upper: Float64Array): void {
    const { n } = this;
    const [x, low, high] = [this.#x, this.#low, this.#high];
    for (let j = 0; j < n; j++) {
      low[j] = lower[j];
      high[j] = upper[j];
      x[j] = Math.min(Math.max(0, low[j]), high[j]);
    }
    let slack = n;
    for (const { members, total, equal } of this.sums) {
      let rest = total;
      for (const j of members) rest -= x[j];
      for (const j of members) {
        const moved = rest > 0 ? (equal ? Math.min(rest, high[j] - x[j]) : 0) : Math.max(rest, low[j] - x[j]);
        x[j] += moved;
        rest -= moved;
      }
      if (!equal) x[slack++] = Math.max(0, rest);
    }
    for (let j = 0; j < this.#m; j++) {
      this.#state[j] = x[j] <= low[j] ? LOW : x[j] >= high[j] ? HIGH : FREE;
      this.#blocked[j] = 0;
    }
  }

  /** Gradient at x, and how much of it may be rounding. */
  #differentiate(G: Float64Array, b: Float64Array): void {
    const { n } = this;
    const x = this.#x;
    for (let i = 0; i < n; i++) {
      let g = -b[i];
      let size = Math.abs(b[i]);
      for (let j = 0; j < n; j++) {
        const term = G[i * n + j] * x[j];
        g += term;
        size += Math.abs(term);
      }
      this.#gradient[i] = g;
      this.#noise[i] = GRADIENT_NOISE * size;
    }
  }

  /**
   * Goes to the minimum over the free unknowns, or as far as the first bound.
   *
   * @returns whether the set of bounds changed, so that no bound may be released yet
   */
  #descend(G: Float64Array): boolean {
    const { n } = this;
    const m = this.#m;
    const [state, group, reference, step] = [this.#state, this.#group, this.#reference, this.#step];
    // In each group one free unknown takes up what the others change; a slack does so at no cost.
    reference.fill(-1);
    for (let j = m - 1; j >= 0; j--) {
      const g = group[j];
      if (state[j] === FREE && g >= 0 && reference[g] < n) reference[g] = j;
    }
    let count = 0;
    for (let j = 0; j < m; j++) {
      if (state[j] === FREE && !(group[j] >= 0 && reference[group[j]] === j)) this.#moving[count++] = j;
    }
    step.fill(0);
    if (count === 0) return false;
    this.#solveFree(G, count);
    for (let k = 0; k < count; k++) {
      const j = this.#moving[k];
      step[j] = this.#rhs[k];
      if (group[j] >= 0) step[reference[group[j]]] -= this.#rhs[k];
    }
    return this.#walk();
  }

  /** Newton's step for the moving unknowns, into the right-hand side; what depends on others stays. */
  #solveFree(G: Float64Array, count: number): void {
    const [matrix, rhs, moving, group, reference] = [
      this.#matrix,
      this.#rhs,
      this.#moving,
      this.#group,
      this.#reference,
    ];
    for (let k = 0; k < count; k++) {
      const i = moving[k];
      const r = group[i] >= 0 ? reference[group[i]] : -1;
      rhs[k] = -this.#gradient[i] + (r >= 0 ? this.#gradient[r] : 0);
      for (let l = 0; l <= k; l++) {
        const j = moving[l];
        const q = group[j] >= 0 ? reference[group[j]] : -1;
        matrix[k * count + l] =
          this.#entry(G, i, j) - this.#entry(G, r, j) - this.#entry(G, i, q) + this.#entry(G, r, q);
      }
    }
    for (let k = 0; k < count; k++) {
      const diagonal = matrix[k * count + k];
      let pivot = diagonal;
      for (let l = 0; l < k; l++) pivot -= matrix[k * count + l] ** 2;
      const depends = !(pivot > SINGULAR_PIVOT * diagonal);
      const root = depends ? Number.POSITIVE_INFINITY : Math.sqrt(pivot);
      matrix[k * count + k] = root;
      for (let i = k + 1; i < count; i++) {
        let s = matrix[i * count + k];
        for (let l = 0; l < k; l++) s -= matrix[i * count + l] * matrix[k * count + l];
        matrix[i * count + k] = s / root;
      }
    }
    for (let k = 0; k < count; k++) {
      let s = rhs[k];
      for (let l = 0; l < k; l++) s -= matrix[k * count + l] * rhs[l];
      rhs[k] = s / matrix[k * count + k];
    }
    for (let k = count - 1; k >= 0; k--) {
      let s = rhs[k];
      for (let i = k + 1; i < count; i++) s -= matrix[i * count + k] * rhs[i];
      rhs[k] = s / matrix[k * count + k];
    }
  }

  /** Slacks, and the reference of an unknown without a group, have no part in the fit. */
  #entry(G: Float64Array, i: number, j: number): number {
    const { n } = this;
    return i >= 0 && j >= 0 && i < n && j < n ? G[i * n + j] : 0;
  }

  /** Takes the step up to the first bounds; unknowns that reach a bound stay there. */
  #walk(): boolean {
    const m = this.#m;
    const [x, low, high, state, step, blocked] = [
      this.#x,
      this.#low,
      this.#high,
      this.#state,
      this.#step,
      this.#blocked,
    ];
    // An unknown that was released and would leave its bounds at once had a gradient that was rounding.
    for (let j = 0; j < m; j++) {
      if (state[j] !== FREE) continue;
      const leavesLow = x[j] <= low[j] && step[j] <= 0;
      const leavesHigh = x[j] >= high[j] && step[j] >= 0;
      if (!leavesLow && !leavesHigh) continue;
      state[j] = leavesLow ? LOW : HIGH;
      blocked[j] = 1;
      this.#released = false;
      return true;
    }
    if (this.#released) blocked.fill(0);
    this.#released = false;
    let share = 1;
    for (let j = 0; j < m; j++) {
      if (state[j] !== FREE) continue;
      if (step[j] < 0 && x[j] + step[j] < low[j]) share = Math.min(share, (low[j] - x[j]) / step[j]);
      if (step[j] > 0 && x[j] + step[j] > high[j]) share = Math.min(share, (high[j] - x[j]) / step[j]);
    }
    let reached = false;
    for (let j = 0; j < m; j++) {
      if (state[j] !== FREE) continue;
      const next = x[j] + share * step[j];
      const toLow = step[j] < 0 && (next <= low[j] || (share < 1 && (low[j] - x[j]) / step[j] <= share));
      const toHigh = step[j] > 0 && (next >= high[j] || (share < 1 && (high[j] - x[j]) / step[j] <= share));
      x[j] = toLow ? low[j] : toHigh ? high[j] : next;
      if (toLow || toHigh) {
        state[j] = toLow ? LOW : HIGH;
        reached = true;
      }
    }
    return reached && share < 1;
  }

  /**
   * Frees the bound unknown that lowers the objective fastest; false where the conditions of Kuhn and Tucker
   * hold.
   */
  #release(): boolean {
    const m = this.#m;
    const [state, group, gradient, noise, reference] = [
      this.#state,
      this.#group,
      this.#gradient,
      this.#noise,
      this.#reference,
    ];
    reference.fill(-1);
    for (let j = 0; j < m; j++) if (state[j] === FREE && group[j] >= 0) reference[group[j]] = j;
    let best = -1;
    let partner = -1;
    let steepest = 0;
    for (let j = 0; j < m; j++) {
      if (!this.#isReleasable(j)) continue;
      const sign = state[j] === LOW ? -1 : 1;
      const g = group[j];
      const r = g >= 0 ? reference[g] : -1;
      if (g < 0 || r >= 0) {
        const slope = sign * (gradient[j] - (r >= 0 ? gradient[r] : 0));
        if (slope <= noise[j] + (r >= 0 ? noise[r] : 0) || slope <= steepest) continue;
        [best, partner, steepest] = [j, -1, slope];
      } else if (state[j] === LOW) {
        // A group at its bounds throughout: one goes up, another down.
        for (let k = 0; k < m; k++) {
          if (group[k] !== g || state[k] !== HIGH || !this.#isReleasable(k)) continue;
          const slope = gradient[k] - gradient[j];
          if (slope <= noise[j] + noise[k] || slope <= steepest) continue;
          [best, partner, steepest] = [j, k, slope];
        }
      }
    }
    if (best < 0) return false;
    this.#released = true;
    state[best] = FREE;
    if (partner >= 0) state[partner] = FREE;
    return true;
  }

  #isReleasable(j: number): boolean {
    return this.#state[j] !== FREE && this.#blocked[j] === 0 && this.#low[j] < this.#high[j];
  }
}
