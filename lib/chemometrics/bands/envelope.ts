// The band of a set of solutions: lowest and highest value of every entry of C and S.
import type { Matrix } from "ml-matrix";

/** Collects solutions. */
export class Envelope {
  readonly #low: { readonly C: Matrix; readonly S: Matrix };
  readonly #high: { readonly C: Matrix; readonly S: Matrix };

  constructor(first: { readonly C: Matrix; readonly S: Matrix }) {
    this.#low = { C: first.C.clone(), S: first.S.clone() };
    this.#high = { C: first.C.clone(), S: first.S.clone() };
  }

  /** Extends the band by a solution. */
  include(solution: { readonly C: Matrix; readonly S: Matrix }): void {
    for (const side of ["C", "S"] as const) {
      const [matrix, low, high] = [solution[side], this.#low[side], this.#high[side]];
      for (let i = 0; i < matrix.rows; i++) {
        for (let j = 0; j < matrix.columns; j++) {
          const value = matrix.get(i, j);
          if (value < low.get(i, j)) low.set(i, j, value);
          if (value > high.get(i, j)) high.set(i, j, value);
        }
      }
    }
  }

  /** The band of one component. */
  of(j: number): Record<"C" | "S", { low: Float64Array; high: Float64Array }> {
    return {
      C: {
        low: Float64Array.from(this.#low.C.getColumn(j)),
        high: Float64Array.from(this.#high.C.getColumn(j)),
      },
      S: { low: Float64Array.from(this.#low.S.getRow(j)), high: Float64Array.from(this.#high.S.getRow(j)) },
    };
  }
}
