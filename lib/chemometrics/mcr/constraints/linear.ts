// Conditions in the least squares of one matrix: bounds, known values and sums.

import type { Sum } from "../../../compute/solvers/bounded.js";
import { DataError } from "../../../errors.js";
import type { Problem, Side } from "./problem.js";

/** Bounds of the entries of one matrix, with indices [row, component] in C and [component, energy] in S. */
export class Linear {
  /** 0 or -Infinity for each component. */
  readonly lower: Float64Array;
  /** Known values, NaN where free; null where none is known. */
  known: Float64Array | null = null;
  /** Upper bounds, Infinity where there is none; null where there are none at all. */
  upper: Float64Array | null = null;
  /** Sums over the components of a row; only for C. */
  readonly sums: Sum[] = [];

  constructor(
    readonly side: Side,
    readonly problem: Problem,
  ) {
    this.lower = new Float64Array(problem.n).fill(Number.NEGATIVE_INFINITY);
  }

  /** Length of a profile: number of rows or energies. */
  get length(): number {
    return this.side === "C" ? this.problem.rows : this.problem.columns;
  }

  /** Index of the i-th entry of component j. */
  at(i: number, j: number): number {
    return this.side === "C" ? i * this.problem.n + j : j * this.problem.columns + i;
  }

  /** Sets a known value. */
  know(i: number, j: number, value: number): void {
    this.known ??= new Float64Array(this.problem.n * this.length).fill(Number.NaN);
    const at = this.at(i, j);
    if (!Number.isNaN(this.known[at]) && this.known[at] !== value) {
      throw new DataError(
        `mcrAls: expected constraints that agree, got ${this.known[at]} and ${value} for ${this.#name(i, j)}; drop one`,
        { side: this.side, at: i },
      );
    }
    this.known[at] = value;
  }

  /** Sets an upper bound. */
  limit(i: number, j: number, value: number): void {
    this.upper ??= new Float64Array(this.problem.n * this.length).fill(Number.POSITIVE_INFINITY);
    this.upper[this.at(i, j)] = Math.min(value, this.upper[this.at(i, j)]);
  }

  /**
   * Fills the bounds of the i-th row or energy, one number per component; for a known value both are equal.
   */
  bounds(i: number, lower: Float64Array, upper: Float64Array): void {
    for (let j = 0; j < this.problem.n; j++) {
      const at = this.at(i, j);
      lower[j] = this.lower[j];
      upper[j] = this.upper === null ? Number.POSITIVE_INFINITY : this.upper[at];
      if (this.known !== null && !Number.isNaN(this.known[at])) {
        lower[j] = this.known[at];
        upper[j] = this.known[at];
      }
    }
  }

  /** Whether there is any condition. */
  get isEmpty(): boolean {
    return (
      this.known === null &&
      this.upper === null &&
      this.sums.length === 0 &&
      this.lower.every((v) => v === Number.NEGATIVE_INFINITY)
    );
  }

  /** @throws DataError where bounds, known values and sums are contradictory */
  check(): this {
    // Without known or limited entries all rows are alike.
    const different = this.known === null && this.upper === null ? 1 : this.length;
    for (let i = 0; i < different; i++) {
      for (let j = 0; j < this.problem.n; j++) {
        if (this.#low(i, j) > this.#high(i, j)) {
          throw new DataError(
            `mcrAls: expected constraints that agree, got at least ${this.#low(i, j)} and at most ${this.#high(i, j)} ` +
              `for ${this.#name(i, j)}; relax one`,
            { side: this.side, at: i },
          );
        }
      }
      for (const { members, total, equal } of this.sums) {
        let low = 0;
        let high = 0;
        for (const j of members) {
          low += this.#low(i, j);
          high += this.#high(i, j);
        }
        const slack = 1e-9 * Math.abs(total);
        if (low <= total + slack && (!equal || high >= total - slack)) continue;
        throw new DataError(
          `mcrAls: expected row ${i} of C to have room for a sum of ${total}, got known values and bounds that sum to ` +
            `${low > total ? `at least ${low}` : `at most ${high}`}; relax them or leave out closure`,
          { row: i, total },
        );
      }
    }
    return this;
  }

  #low(i: number, j: number): number {
    const known = this.known?.[this.at(i, j)] ?? Number.NaN;
    return Number.isNaN(known) ? this.lower[j] : Math.max(known, this.lower[j]);
  }

  #high(i: number, j: number): number {
    const known = this.known?.[this.at(i, j)] ?? Number.NaN;
    const upper = this.upper?.[this.at(i, j)] ?? Number.POSITIVE_INFINITY;
    return Number.isNaN(known) ? upper : Math.min(known, upper);
  }

  #name(i: number, j: number): string {
    const component = this.problem.places.indexOf(j);
    return `component ${component} at ${this.side === "C" ? "row" : "energy"} ${i}`;
  }
}
