// Non-negative least squares for many problems with one Gram matrix: the inverse for each set of unknowns that are not zero
// is made once and used for all problems that end with that set.
import { choleskyFactor, choleskySolve } from "./linear-solve.js";
import { GramLeastSquares } from "./nnls.js";

/** Largest number of unknowns for which all sets are kept. */
const MOST = 8;
/** A gradient below this share of the terms it is summed from counts as zero. */
const GRADIENT_NOISE = 1e-13;
/** Sets that are tried for one problem before the method that always ends takes over. */
const TRIES = 4;

/**
 * Minimises 1/2 x^T G x - b^T x over x >= 0, exact to rounding, for one G after another.
 *
 * From the set of a first guess all unknowns with the wrong sign are exchanged at once, which mostly ends after one or two
 * solutions; where it does not, or G is singular, the method of Lawson and Hanson does the rest.
 *
 * @see L. F. Portugal, J. J. Judice, L. N. Vicente, Mathematics of Computation 63 (1994) 625; M. H. Van Benthem, M. R.
 *   Keenan, Journal of Chemometrics 18 (2004) 441 (solutions with the same set share their factors)
 */
export class PassiveSets {
  /** The set of all unknowns, as bits. */
  readonly all: number;
  readonly #reliable: GramLeastSquares;
  readonly #inverse: Float64Array;
  /** 0 not made, 1 made, 2 singular. */
  readonly #made: Uint8Array;
  readonly #members: Int32Array;
  readonly #factor: Float64Array;
  readonly #column: Float64Array;
  readonly #x: Float64Array;
  #G: Float64Array = new Float64Array(0);

  /** @param n number of unknowns */
  constructor(readonly n: number) {
    const sets = n <= MOST ? 2 ** n : 1;
    this.all = sets - 1;
    this.#reliable = new GramLeastSquares(n, { nonNegative: true, closure: false });
    this.#inverse = new Float64Array(sets * n * n);
    this.#made = new Uint8Array(sets);
    this.#members = new Int32Array(n);
    this.#factor = new Float64Array(n * n);
    this.#column = new Float64Array(n);
    this.#x = new Float64Array(n);
  }

  /** Takes the Gram matrix, row-major, shape [n, n]; it may be singular. */
  use(G: Float64Array): this {
    this.#G = G;
    this.#made.fill(0);
    return this;
  }

  /**
   * Solves one problem.
   *
   * @param b n numbers from `bOffset`, `bStride` apart
   * @param out receives n numbers from `outOffset`, `outStride` apart
   * @param guess set to try first
   * @returns the set of unknowns that are not zero
   */
  solve(
    b: Float64Array,
    bOffset: number,
    bStride: number,
    out: Float64Array,
    outOffset: number,
    outStride: number,
    guess: number,
  ): number {
    const { n, all } = this;
    const G = this.#G;
    const x = this.#x;
    const inverse = this.#inverse;
    let set = guess;
    for (let attempt = 0; attempt < TRIES && all > 0; attempt++) {
      if (this.#made[set] === 0) this.#invert(set);
      if (this.#made[set] === 2) break;
      const at = set * n * n;
      let wrong = 0;
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += inverse[at + i * n + j] * b[bOffset + j * bStride];
        x[i] = sum;
        if (sum < 0) wrong |= 1 << i;
      }
      if (set !== all) {
        for (let i = 0; i < n; i++) {
          if (set & (1 << i)) continue;
          let descent = b[bOffset + i * bStride];
          let size = Math.abs(descent);
          for (let j = 0; j < n; j++) {
            const term = G[i * n + j] * x[j];
            descent -= term;
            size += Math.abs(term);
          }
          if (descent > GRADIENT_NOISE * size) wrong |= 1 << i;
        }
      }
      if (wrong === 0) {
        for (let j = 0; j < n; j++) out[outOffset + j * outStride] = x[j];
        return set;
      }
      set ^= wrong;
    }
    this.#reliable.solve(G, b, bOffset, bStride, out, outOffset, outStride);
    return all;
  }

  /**
   * Solves `count` problems: problem i has the n numbers of b that begin at i * step and are `stride` apart, the result
   * likewise.
   *
   * @param memory the set of each problem, tried first and replaced; null: all unknowns are tried first
   */
  solveMany(
    b: Float64Array,
    step: number,
    stride: number,
    count: number,
    out: Float64Array,
    memory: Uint8Array | null,
  ): void {
    if (this.n === 3) {
      for (let i = 0; i < count; i++) {
        const found = this.#solveThree(b, i * step, stride, out, memory === null ? this.all : memory[i]);
        if (memory !== null) memory[i] = found;
      }
      return;
    }
    for (let i = 0; i < count; i++) {
      const guess = memory === null ? this.all : memory[i];
      const found = this.solve(b, i * step, stride, out, i * step, stride, guess);
      if (memory !== null) memory[i] = found;
    }
  }

  /** `solve` for three unknowns, the usual number, written out. */
  #solveThree(b: Float64Array, offset: number, stride: number, out: Float64Array, guess: number): number {
    const G = this.#G;
    const inverse = this.#inverse;
    const b0 = b[offset];
    const b1 = b[offset + stride];
    const b2 = b[offset + 2 * stride];
    let set = guess;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      if (this.#made[set] === 0) this.#invert(set);
      if (this.#made[set] === 2) break;
      const at = set * 9;
      const h01 = inverse[at + 1];
      const h02 = inverse[at + 2];
      const h12 = inverse[at + 5];
      const x0 = inverse[at] * b0 + h01 * b1 + h02 * b2;
      const x1 = h01 * b0 + inverse[at + 4] * b1 + h12 * b2;
      const x2 = h02 * b0 + h12 * b1 + inverse[at + 8] * b2;
      let wrong = (x0 < 0 ? 1 : 0) | (x1 < 0 ? 2 : 0) | (x2 < 0 ? 4 : 0);
      if (set !== 7) {
        if ((set & 1) === 0 && ascends(b0, G[0] * x0, G[1] * x1, G[2] * x2)) wrong |= 1;
        if ((set & 2) === 0 && ascends(b1, G[3] * x0, G[4] * x1, G[5] * x2)) wrong |= 2;
        if ((set & 4) === 0 && ascends(b2, G[6] * x0, G[7] * x1, G[8] * x2)) wrong |= 4;
      }
      if (wrong === 0) {
        out[offset] = x0;
        out[offset + stride] = x1;
        out[offset + 2 * stride] = x2;
        return set;
      }
      set ^= wrong;
    }
    this.#reliable.solve(G, b, offset, stride, out, offset, stride);
    return this.all;
  }

  /** Inverse over a set, zero outside of it. */
  #invert(set: number): void {
    const { n } = this;
    const members = this.#members;
    const factor = this.#factor;
    const column = this.#column;
    let m = 0;
    for (let j = 0; j < n; j++) if (set & (1 << j)) members[m++] = j;
    for (let a = 0; a < m; a++) {
      for (let c = 0; c <= a; c++) factor[a * m + c] = this.#G[members[a] * n + members[c]];
    }
    const at = set * n * n;
    this.#inverse.fill(0, at, at + n * n);
    this.#made[set] = choleskyFactor(factor, m) ? 1 : 2;
    if (this.#made[set] === 2) return;
    for (let c = 0; c < m; c++) {
      column.fill(0);
      column[c] = 1;
      choleskySolve(factor, m, column);
      for (let a = 0; a < m; a++) this.#inverse[at + members[a] * n + members[c]] = column[a];
    }
  }
}

/** Whether b - (u + v + w) is above zero by more than rounding: the fit gains from this unknown. */
function ascends(b: number, u: number, v: number, w: number): boolean {
  const size = Math.abs(b) + Math.abs(u) + Math.abs(v) + Math.abs(w);
  return b - u - v - w > GRADIENT_NOISE * size;
}
