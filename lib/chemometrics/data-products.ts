// The two products that MCR-ALS spends its time in, D S^T and C^T D, for one D and many S and C.
import { type Kernels, kernels } from "../compute/wasm.js";
import type { Data } from "./data.js";
import { multiplyTransposed, transposedMultiply } from "./products.js";

/** Products of one D with changing factors. */
export interface DataProducts {
  /**
   * D S^T, shape [rows, n]; holds until the next product.
   *
   * @param S shape [n, columns]
   */
  rows(S: Float64Array): Float64Array;
  /**
   * C^T D, shape [n, columns]; holds until the next product.
   *
   * @param C shape [rows, n]
   */
  columns(C: Float64Array): Float64Array;
  /** To be called after anything else may have used the kernels. */
  reload(): void;
}

/** D stays in the kernels' memory where it has this many numbers; smaller ones are quick anyhow, larger ones pass through. */
const MOST_RESIDENT = 1 << 21;
const LEAST_RESIDENT = 1 << 12;

/**
 * The quickest way there is.
 *
 * @param undisturbed whether nobody else uses the kernels between two products, calls of `reload` apart
 */
export function dataProducts(data: Data, n: number, undisturbed: boolean): DataProducts {
  const size = data.rows * data.columns;
  const fast = undisturbed && size >= LEAST_RESIDENT && size <= MOST_RESIDENT ? kernels() : null;
  return fast ? new Resident(fast, data, n) : new Passing(data, n);
}

/** D goes through the kernels at each product, or through plain loops. */
class Passing implements DataProducts {
  readonly #onRows: Float64Array;
  readonly #onColumns: Float64Array;

  constructor(
    readonly data: Data,
    readonly n: number,
  ) {
    this.#onRows = new Float64Array(data.rows * n);
    this.#onColumns = new Float64Array(n * data.columns);
  }

  rows(S: Float64Array): Float64Array {
    const { data, rows, columns } = this.data;
    multiplyTransposed(data, rows, S, this.n, columns, this.#onRows);
    return this.#onRows;
  }

  columns(C: Float64Array): Float64Array {
    const { data, rows, columns } = this.data;
    transposedMultiply(C, this.n, data, columns, rows, this.#onColumns);
    return this.#onColumns;
  }

  reload(): void {}
}

/** D lies in the kernels' memory. */
class Resident implements DataProducts {
  #places: readonly number[] = [];
  #S: Float64Array = new Float64Array(0);
  #C: Float64Array = new Float64Array(0);
  #onRows: Float64Array = new Float64Array(0);
  #onColumns: Float64Array = new Float64Array(0);

  constructor(
    readonly kernels: Kernels,
    readonly data: Data,
    readonly n: number,
  ) {
    this.reload();
  }

  reload(): void {
    const { kernels, n } = this;
    const { data, rows, columns } = this.data;
    const [ofRows, ofColumns] = [8 * n * rows, 8 * n * columns];
    this.#places = kernels.place(8 * data.length, ofColumns, ofRows, ofRows, ofColumns, 40);
    const [d, s, c, onRows, onColumns] = this.#places;
    kernels.put(d, data);
    this.#S = kernels.f64(s, n * columns);
    this.#C = kernels.f64(c, n * rows);
    this.#onRows = kernels.f64(onRows, n * rows);
    this.#onColumns = kernels.f64(onColumns, n * columns);
  }

  rows(S: Float64Array): Float64Array {
    const [d, s, , onRows, , spare] = this.#places;
    this.#S.set(S);
    this.#onRows.fill(0);
    this.kernels.run.rowProducts64(d, this.data.rows, s, this.n, this.data.columns, onRows, spare);
    return this.#onRows;
  }

  columns(C: Float64Array): Float64Array {
    const [d, , c, , onColumns] = this.#places;
    this.#C.set(C);
    this.#onColumns.fill(0);
    this.kernels.run.columnProducts64(c, this.n, d, this.data.columns, this.data.rows, onColumns);
    return this.#onColumns;
  }
}
