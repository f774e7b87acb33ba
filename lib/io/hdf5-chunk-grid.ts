// The grid of the chunks of a dataset in an HDF5 file.
import type { Layout } from "./hdf5-header.js";

/** The layout of a dataset in chunks. */
export type Chunked = Extract<Layout, { kind: "chunked" }>;

/** A chunk as an index of chunks has it. */
export interface ChunkEntry {
  /** Place in the grid of chunks; undefined outside of the present shape. */
  readonly place: readonly number[] | undefined;
  readonly address: number;
  /** Bytes in the file; undefined where all chunks have the same size. */
  readonly bytes?: number;
  /** One bit for each filter that was not applied. */
  readonly mask?: number;
}

/**
 * Numbers chunks as arrays of chunks do: row by row over the largest shape, a dimension without limit first.
 */
export class Grid {
  readonly #shape: readonly number[];
  /** Dimensions in the order in which they are counted. */
  readonly #order: readonly number[];
  readonly #counts: readonly number[];

  constructor(chunk: readonly number[], shape: readonly number[], maxShape: readonly number[]) {
    const along = (of: readonly number[]) => of.map((n, i) => Math.ceil(n / chunk[i]));
    this.#shape = along(shape);
    const dimensions = shape.map((_, i) => i);
    const unlimited = maxShape.findIndex(Number.isNaN);
    this.#order = unlimited < 0 ? dimensions : [unlimited, ...dimensions.filter((i) => i !== unlimited)];
    this.#counts = along(maxShape.length === shape.length ? maxShape : shape);
  }

  /** The place of a chunk by its number; undefined outside the present shape. */
  place(number: number): readonly number[] | undefined {
    const place = this.#order.map(() => 0);
    let rest = number;
    for (let k = this.#order.length - 1; k >= 0; k--) {
      const i = this.#order[k];
      place[i] = k === 0 ? rest : rest % this.#counts[i];
      rest = Math.floor(rest / this.#counts[i]);
    }
    return place.every((at, i) => at < this.#shape[i]) ? place : undefined;
  }

  /** Number of chunks of the largest shape. */
  get size(): number {
    return this.#counts.reduce((product, n) => product * n, 1);
  }
}
