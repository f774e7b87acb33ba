// Sums over rows from which principal components follow: number, mean, and products about the mean. Sets of rows
// are added one after another, so that no more than a block of rows is in memory.
import { transposedMultiply } from "../products.js";
import { columnGram } from "./gram.js";

/** Rows that are added at a time: their products are one call of the compiled kernel. */
export const BLOCK_ROWS = 512;

/**
 * Number of rows, their mean, and the sums of the products of their deviations from it, [columns, columns]. Each
 * block is centered about its own mean and then joined with the others: no digits are lost to a large mean.
 *
 * @see T. F. Chan, G. H. Golub, R. J. LeVeque, The American Statistician 37 (1983) 242
 */
export class RowSums {
  readonly mean: Float64Array;
  readonly about: Float64Array;

  /** @param memory of all sums, one after another: `RowSums.length(columns)` zeros, or of sums that were filled before */
  constructor(
    readonly columns: number,
    readonly memory: Float64Array = new Float64Array(RowSums.length(columns)),
  ) {
    this.mean = memory.subarray(1, 1 + columns);
    this.about = memory.subarray(1 + columns, RowSums.length(columns));
  }

  /** Numbers that the sums of so many columns take. */
  static length(columns: number): number {
    return 1 + columns + columns * columns;
  }

  get rows(): number {
    return this.memory[0];
  }

  /** Adds rows, [rows, columns], which are overwritten. */
  add(block: Float64Array, rows: number): void {
    const { columns } = this;
    if (rows === 0) return;
    const mean = new Float64Array(columns);
    transposedMultiply(new Float64Array(rows).fill(1 / rows), 1, block, columns, rows, mean);
    for (let i = 0, at = 0; i < rows; i++) for (let k = 0; k < columns; k++, at++) block[at] -= mean[k];
    this.#join(rows, mean, columnGram(block.subarray(0, rows * columns), rows, columns));
  }

  /** Adds the rows of other sums. */
  join(other: RowSums): void {
    if (other.rows > 0) this.#join(other.rows, other.mean, other.about);
  }

  #join(rows: number, mean: Float64Array, about: Float64Array): void {
    const { columns, memory } = this;
    const all = this.rows + rows;
    const between = (this.rows * rows) / all;
    const apart = mean.map((v, k) => v - this.mean[k]);
    for (let i = 0, at = 0; i < columns; i++) {
      const weight = between * apart[i];
      for (let k = 0; k < columns; k++, at++) this.about[at] += about[at] + weight * apart[k];
    }
    for (let k = 0; k < columns; k++) this.mean[k] += (rows / all) * apart[k];
    memory[0] = all;
  }
}
