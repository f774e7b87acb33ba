// Which chunks of a dataset in an HDF5 file were written, and where they lie. The library reads all others as
// zeros or as the fill value, so that the last images of a recording that was stopped would be black.
import type { Hdf5Bytes } from "./hdf5-bytes.js";
import { extensibleArray, fixedArray } from "./hdf5-chunk-arrays.js";
import { type ChunkEntry, type Chunked, Grid } from "./hdf5-chunk-grid.js";
import { tree1, tree2 } from "./hdf5-chunk-trees.js";
import type { DatasetHeader, Filter } from "./hdf5-header.js";

/** A chunk that was written. */
export interface StoredChunk {
  /** Place in the grid of chunks; undefined outside of the present shape. */
  readonly place: readonly number[] | undefined;
  readonly address: number;
  /** Bytes in the file. */
  readonly bytes: number;
}

/**
 * The chunks that are there.
 *
 * @throws FileError where the index of the chunks is damaged, a chunk is not on the grid, or its size is
 *   impossible
 */
export function* storedChunks(
  file: Hdf5Bytes,
  header: DatasetHeader,
  shape: readonly number[],
): Generator<StoredChunk> {
  const layout = header.layout as Chunked;
  const { chunk, width } = layout;
  if (chunk.length !== shape.length || ![...chunk, width].every((n) => n > 0)) {
    throw file.damaged(`chunks of ${shape.length} dimensions`);
  }
  if (header.width !== undefined && header.width !== width) {
    throw file.damaged(`chunks of numbers of ${header.width} bytes`);
  }
  if (Number.isNaN(layout.address)) return;
  const full = chunk.reduce((product, n) => product * n, width);
  for (const { place, address, bytes = full, mask = 0 } of entries(
    file,
    layout,
    new Grid(layout.chunk, shape, header.maxShape),
  )) {
    if (place && !place.every((k, i) => Number.isInteger(k) && k >= 0 && k * chunk[i] < shape[i])) {
      throw file.damaged("chunks within the dataset");
    }
    const reachesBeyond = !place || place.some((k, i) => (k + 1) * chunk[i] > shape[i]);
    const filters = layout.plainEdges && reachesBeyond ? [] : header.filters;
    if (filters && !canBe(bytes, mask, full, filters)) {
      throw file.damaged(`chunks of ${full} bytes, or as its filters leave them`);
    }
    yield { place, address, bytes };
  }
}

function entries(file: Hdf5Bytes, layout: Chunked, grid: Grid): Iterable<ChunkEntry> {
  switch (layout.index) {
    case "tree":
      return tree1(file, layout);
    case "tree2":
      return tree2(file, layout);
    case "fixed":
      return fixedArray(file, layout, grid);
    case "extensible":
      return extensibleArray(file, layout, grid);
    case "single":
      return [{ place: layout.chunk.map(() => 0), address: layout.address, ...layout.single }];
    case "implicit":
      return implicit(layout, grid);
  }
}

/** One chunk after the other, without an index. */
function* implicit({ address, chunk, width }: Chunked, grid: Grid): Generator<ChunkEntry> {
  const bytes = chunk.reduce((product, n) => product * n, width);
  for (let k = 0; k < grid.size; k++) yield { place: grid.place(k), address: address + k * bytes };
}

/** Numbers of filters that keep the size, or add their four bytes; after any other, a chunk has any size. */
const SHUFFLE = 2;
const FLETCHER32 = 3;

/**
 * Whether a chunk can have this size.
 *
 * @param mask filters that were not applied: optional ones, where they failed; shuffling only fails with all
 *   that follow
 * @param full bytes without filters
 */
function canBe(bytes: number, mask: number, full: number, filters: readonly Filter[]): boolean {
  const skipped = filters.map((_, k) => ((mask >>> k) & 1) === 1);
  let expected: number | undefined = full;
  for (const [k, { id, optional }] of filters.entries()) {
    if (skipped[k]) {
      if (!optional || (id === SHUFFLE && skipped.includes(false, k))) return false;
    } else if (id === FLETCHER32) expected = expected === undefined ? undefined : expected + 4;
    else if (id !== SHUFFLE) expected = undefined;
  }
  return expected === undefined ? bytes > 0 : bytes === expected;
}
