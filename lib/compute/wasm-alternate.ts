// One iteration of alternating least squares through the compiled kernels, in one pass over D: each block of
// rows is fitted and, while it is still in the cache, added to what the other factor is found from. The fast
// twin of RowFit.fitMany, two transposedMultiply and GramLeastSquares.solveColumns
// (lib/chemometrics/plain-steps.ts).
import { type Kernels, rowsOfBlock } from "./wasm.js";
import { type RowProblem, sumOf } from "./wasm-fit.js";
import type { Floats } from "./wasm-products.js";

/** D stays in the kernels' memory between iterations where it has at most this many numbers. */
const MOST_RESIDENT = 1 << 21;

/** Alternating steps for one D; sums run in the same order as those of the functions that they stand for. */
export class FusedSteps {
  readonly #resident: boolean;
  readonly #block: number;
  #generation = -1;
  #places: readonly number[] = [];

  /**
   * @param data shape [rows, columns]
   * @param n number of components, at most MOST_COMPONENTS
   */
  constructor(
    readonly kernels: Kernels,
    readonly data: Floats,
    readonly rows: number,
    readonly columns: number,
    readonly n: number,
  ) {
    this.#resident = data.length <= MOST_RESIDENT;
    this.#block = rowsOfBlock(columns * data.BYTES_PER_ELEMENT, rows);
  }

  /** Products of n vectors with n others, shape [n, columns] both, to out [n, n]. */
  readonly gram = (projections: Float64Array, vectors: Float64Array, out: Float64Array): void => {
    const { kernels, columns, n } = this;
    if (kernels.generation !== this.#generation) this.#load();
    const [, P, , G, , , , , V, spare] = this.#places;
    kernels.put(P, projections);
    kernels.put(V, vectors);
    const products = kernels.f64(G, n * n).fill(0);
    kernels.run.rowProducts64(P, n, V, n, columns, G, spare);
    out.set(products);
  };

  /**
   * Concentrations of all rows, and what the spectra are found from.
   *
   * @param problem without weights
   * @param C receives concentrations, shape [rows, n]
   * @param A receives C^T C, shape [n, n]
   * @param B receives C^T D, shape [n, columns]
   */
  concentrations(problem: RowProblem, C: Float64Array, A: Float64Array, B: Float64Array): void {
    const { kernels, data, columns, n } = this;
    if (kernels.generation !== this.#generation) this.#load();
    const [, , , , , c, a, b] = this.#places;
    const [sumA, sumB] = [kernels.f64(a, n * n).fill(0), kernels.f64(b, n * columns).fill(0)];
    const single = data instanceof Float32Array;
    const multiply = single ? kernels.run.columnProducts32 : kernels.run.columnProducts64;
    this.#fitBlocks(problem, C, (d, count) => {
      multiply(c, n, d, columns, count, b);
      kernels.run.columnProducts64(c, n, c, n, count, a);
    });
    A.set(sumA);
    B.set(sumB);
  }

  /**
   * Concentrations of all rows, and what they leave of D.
   *
   * @param problem without weights, made from S
   * @param C receives concentrations, shape [rows, n]
   * @returns sum of squared residuals, formed number by number
   */
  lastConcentrations(problem: RowProblem, S: Float64Array, C: Float64Array): number {
    const { kernels, data, columns, n } = this;
    if (kernels.generation !== this.#generation) this.#load();
    const [, , , , products, c, , , s] = this.#places;
    kernels.put(s, S);
    const single = data instanceof Float32Array;
    const residuals = single ? kernels.run.residuals32 : kernels.run.residuals64;
    let total = 0;
    this.#fitBlocks(problem, C, (d, count) => {
      residuals(d, c, s, count, n, columns, products);
      for (const residual of kernels.f64(products, count)) total += residual;
    });
    return total;
  }

  /** Fits block by block; `onward` gets each while it is in the cache: its address and number of rows. */
  #fitBlocks(problem: RowProblem, C: Float64Array, onward: (d: number, count: number) => void): void {
    const { kernels, data, rows, columns, n } = this;
    const [D, P, onOrigin, G, products, c] = this.#places;
    kernels.put(P, problem.projections);
    kernels.put(onOrigin, problem.onOrigin);
    kernels.put(G, problem.G);
    const fitRows = data instanceof Float32Array ? kernels.run.fitRows32 : kernels.run.fitRows64;
    const rowBytes = columns * data.BYTES_PER_ELEMENT;
    const [nonNegative, sum] = [Number(problem.nonNegative), sumOf(problem.closure)];
    for (let first = 0; first < rows; first += this.#block) {
      const count = Math.min(this.#block, rows - first);
      const d = this.#resident ? D + first * rowBytes : D;
      if (!this.#resident) kernels.put(D, data, first * columns, (first + count) * columns);
      fitRows(d, count, columns, P, P, n, onOrigin, G, nonNegative, sum, 0, products, c, 0, 0, 0);
      C.set(kernels.f64(c, count * n), first * n);
      onward(d, count);
    }
  }

  /**
   * Spectra from the A and B of the concentrations that were found last.
   *
   * @param S receives them, shape [n, columns]
   * @param onSpectra receives S S^T, shape [n, n]
   * @returns sum of the products of B with S
   */
  spectra(nonNegative: boolean, S: Float64Array, onSpectra: Float64Array): number {
    const { kernels, columns, n } = this;
    const [, , , G, , , a, b, s, spare] = this.#places;
    kernels.run.solveColumns(a, n, Number(nonNegative), 0, b, columns, s, spare);
    S.set(kernels.f64(s, n * columns));
    const products = kernels.f64(G, n * n).fill(0);
    kernels.run.rowProducts64(s, n, s, n, columns, G, spare);
    onSpectra.set(products);
    products.fill(0, 0, 1);
    kernels.run.rowProducts64(b, 1, s, 1, n * columns, G, spare);
    return products[0];
  }

  #load(): void {
    const { kernels, data, columns, n } = this;
    const block = this.#block;
    this.#places = kernels.place(
      (this.#resident ? data.length : block * columns) * data.BYTES_PER_ELEMENT,
      ...[8 * n * columns, 8 * n, 8 * n * n],
      ...[8 * (block * n + 5), 8 * block * n],
      ...[8 * n * n, 8 * n * columns, 8 * n * columns, 8 * (n + 5)],
    );
    this.#generation = kernels.generation;
    if (this.#resident) kernels.put(this.#places[0], data);
  }
}
