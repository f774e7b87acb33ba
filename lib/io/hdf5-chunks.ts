// Which chunks of a dataset in an HDF5 file were ever written. The library reads others as zeros (or as the fill value)
// without a word, and a recording that stopped early looks like one whose last images are black.
import type { Cursor, Hdf5Bytes } from "./hdf5-bytes.js";
import type { DatasetHeader, Layout } from "./hdf5-header.js";

type Chunked = Extract<Layout, { kind: "chunked" }>;

/** Places of written chunks in the grid of chunks. */
export type ChunkPlaces = Iterable<readonly number[]>;

/** The chunks that are there. @throws FileError where the index of the chunks is damaged */
export function writtenChunks(file: Hdf5Bytes, header: DatasetHeader, shape: readonly number[]): ChunkPlaces {
  const layout = header.layout as Chunked;
  if (layout.chunk.length !== shape.length || layout.chunk.some((n) => !(n > 0))) {
    throw file.damaged(`chunks of ${shape.length} dimensions`);
  }
  if (Number.isNaN(layout.address)) return [];
  if (layout.index === "tree") return tree(file, layout, shape.length);
  if (layout.index === "tree2") return tree2(file, layout, shape.length);
  const grid = new Grid(layout.chunk, shape, header.maxShape);
  if (layout.index === "single") return [shape.map(() => 0)];
  if (layout.index === "implicit") return grid.all();
  return layout.index === "fixed" ? fixedArray(file, layout, grid) : extensibleArray(file, layout, grid);
}

/** Numbers chunks as arrays of chunks do: row by row over the largest shape, a dimension without limit first. */
class Grid {
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

  *all(): Generator<readonly number[]> {
    const total = this.#counts.reduce((product, n) => product * n, 1);
    for (let k = 0; k < total; k++) {
      const place = this.place(k);
      if (place) yield place;
    }
  }
}

/** Levels that a tree may have: more is a circle. */
const MOST_LEVELS = 64;

/** A version 1 B-tree. */
function* tree(file: Hdf5Bytes, layout: Chunked, rank: number): ChunkPlaces {
  const seen = new Set<number>();
  yield* node(layout.address, MOST_LEVELS);

  function* node(address: number, most: number): Generator<readonly number[]> {
    if (seen.has(address)) throw file.damaged("a tree of chunks without circles");
    seen.add(address);
    const head = file.at(address, 8);
    head.signature("TREE");
    const [type, level, used] = [head.uint(1), head.uint(1), head.uint(2)];
    if (type !== 1 || level >= most) throw file.damaged("a tree of chunks");
    const size = file.superblock?.addressSize ?? 8;
    const keySize = 8 + 8 * (rank + 1);
    const entries = file.at(address + 8 + 2 * size, used * (keySize + size) + keySize);
    // The library finds a chunk by the order of the keys: where it is broken, chunks that exist are read as zeros.
    const key = (): number[] => {
      entries.skip(8);
      return Array.from({ length: rank + 1 }, () => entries.uint(8));
    };
    let next = key();
    for (let k = 0; k < used; k++) {
      const offset = next;
      const child = entries.address();
      next = key();
      const differs = offset.findIndex((at, i) => at !== next[i]);
      if (offset[rank] !== 0 || !(offset[differs] < next[differs]) || seen.has(child)) {
        throw file.damaged("a tree of chunks in order");
      }
      if (level === 0) seen.add(child);
      if (level > 0) yield* node(child, level);
      else yield layout.chunk.map((n, i) => offset[i] / n);
    }
  }
}

/** A version 2 B-tree, of datasets that may grow along several dimensions. */
function* tree2(file: Hdf5Bytes, layout: Chunked, rank: number): ChunkPlaces {
  const head = file.at(layout.address, 22 + addressSize(file));
  head.signature("BTHD");
  head.skip(2);
  const [nodeSize, recordSize, depth] = [head.uint(4), head.uint(2), head.uint(2)];
  head.skip(2);
  const [root, used] = [head.address(), head.uint(2)];
  if (Number.isNaN(root)) return;
  if (!(recordSize > 8 * rank) || depth > MOST_LEVELS) throw file.damaged("a tree of chunks");
  // Most records of a node, and of all nodes below it, by the level: they say how wide the numbers in it are.
  const most: { own: number; below: number; width: number; totalWidth: number }[] = [];
  for (let level = 0; level <= depth; level++) {
    const under = most[level - 1];
    const pointer = under ? addressSize(file) + most[0].width + (level > 1 ? under.totalWidth : 0) : 0;
    const own = Math.floor((nodeSize - 10 - pointer) / (recordSize + pointer));
    const below = own + (own + 1) * (under?.below ?? 0);
    most.push({ own, below, width: bytesFor(own), totalWidth: bytesFor(below) });
  }
  yield* node(root, used, depth);

  function* node(address: number, records: number, level: number): Generator<readonly number[]> {
    if (records > most[level].own) throw file.damaged("a tree of chunks");
    const body = file.at(address, nodeSize);
    body.signature(level === 0 ? "BTLF" : "BTIN");
    body.skip(2);
    for (let k = 0; k < records; k++) {
      body.skip(recordSize - 8 * rank);
      yield Array.from({ length: rank }, () => body.uint(8));
    }
    for (let k = 0; level > 0 && k <= records; k++) {
      const child = body.address();
      const inside = body.uint(most[0].width);
      if (level > 1) body.skip(most[level - 1].totalWidth);
      yield* node(child, inside, level - 1);
    }
  }
}

/** An array of chunks of a dataset that cannot grow. */
function* fixedArray(file: Hdf5Bytes, layout: Chunked, grid: Grid): ChunkPlaces {
  const head = file.at(layout.address, 8 + lengthSize(file) + addressSize(file));
  head.signature("FAHD");
  head.skip(2);
  const [width, pageBits, count, block] = [head.uint(1), head.uint(1), head.length(), head.address()];
  if (Number.isNaN(block)) return;
  const prefix = 6 + addressSize(file);
  file.at(block, 4).signature("FADB");
  const perPage = 2 ** pageBits;
  const pages = count > perPage ? Math.ceil(count / perPage) : 0;
  const bitmap = file.at(block + prefix, Math.ceil(pages / 8)).bytes;
  const from = block + prefix + bitmap.length + (pages > 0 ? 4 : 0);
  yield* elements(file, grid, { from, first: 0, count, width, perPage: pages > 0 ? perPage : 0, bitmap });
}

/** An array of chunks of a dataset that can grow along one dimension. */
function* extensibleArray(file: Hdf5Bytes, layout: Chunked, grid: Grid): ChunkPlaces {
  const address = addressSize(file);
  const head = file.at(layout.address, 12 + 6 * lengthSize(file) + address);
  head.signature("EAHD");
  head.skip(2);
  const [width, maxBits, direct, least] = [head.uint(1), head.uint(1), head.uint(1), head.uint(1)];
  const [leastPointers, pageBits] = [head.uint(1), head.uint(1)];
  head.skip(4 * lengthSize(file));
  const used = head.length();
  head.length();
  const indexBlock = head.address();
  if (Number.isNaN(indexBlock) || !(least > 0) || !(leastPointers > 0)) return;
  const firstSuper = 2 * Math.log2(leastPointers);
  const supers = 1 + maxBits - Math.log2(least);
  if (![firstSuper, supers].every((n) => Number.isInteger(n) && n <= 64))
    throw file.damaged("an array of chunks");
  const perPage = 2 ** pageBits;
  const blocks = 2 * (leastPointers - 1);
  const body = file.at(
    indexBlock,
    6 + address + direct * width + (blocks + Math.max(supers - firstSuper, 0)) * address,
  );
  body.signature("EAIB");
  body.skip(2 + address);
  const inline = body.part(direct * width);
  yield* elements(file, grid, { from: inline, first: 0, count: Math.min(direct, used), width });
  const offsetSize = Math.ceil(maxBits / 8);
  const prefix = 6 + address + offsetSize;
  let first = direct;
  for (let k = 0; k < supers && first < used; k++) {
    const [nBlocks, nElements] = [2 ** Math.floor(k / 2), 2 ** Math.floor((k + 1) / 2) * least];
    const pages = nElements > perPage ? nElements / perPage : 0;
    let pointers: Cursor = body;
    let bitmap: Buffer = Buffer.alloc(0);
    if (k >= firstSuper) {
      const at = body.address();
      if (Number.isNaN(at)) {
        first += nBlocks * nElements;
        continue;
      }
      const bits = nBlocks * Math.ceil(pages / 8);
      pointers = file.at(at, prefix + bits + nBlocks * address);
      pointers.signature("EASB");
      pointers.skip(prefix - 4);
      bitmap = pointers.part(bits).bytes;
    }
    for (let b = 0; b < nBlocks; b++, first += nElements) {
      const block = pointers.address();
      if (Number.isNaN(block) || first >= used) continue;
      file.at(block, 4).signature("EADB");
      const count = Math.min(nElements, used - first);
      const from = block + prefix + (pages > 0 ? 4 : 0);
      yield* elements(file, grid, {
        from,
        first,
        count,
        width,
        perPage: pages > 0 ? perPage : 0,
        bitmap,
        firstPage: b * pages,
      });
    }
  }
}

interface Elements {
  /** Where they are, or they themselves. */
  readonly from: number | Cursor;
  /** Number of the first chunk. */
  readonly first: number;
  readonly count: number;
  /** Bytes of one. */
  readonly width: number;
  /** Elements of a page; 0 where there are no pages. Pages that were never begun hold no addresses. */
  readonly perPage?: number;
  readonly bitmap?: Buffer;
  readonly firstPage?: number;
}

/** The chunks of a part of an array that have an address. */
function* elements(file: Hdf5Bytes, grid: Grid, part: Elements): ChunkPlaces {
  const { from, first, count, width, perPage = 0, bitmap, firstPage = 0 } = part;
  const size = perPage || count;
  if (!(width >= addressSize(file)) || count > file.size) throw file.damaged("an array of chunks");
  for (let begin = 0, page = 0; begin < count; begin += size, page++) {
    const bit = firstPage + page;
    if (perPage && bitmap && !((bitmap[bit >> 3] >> (7 - (bit & 7))) & 1)) continue;
    const here = Math.min(size, count - begin);
    const body =
      typeof from === "number"
        ? file.at(from + begin * width + 4 * (perPage ? page : 0), here * width)
        : from;
    for (let k = 0; k < here; k++) {
      const address = body.address();
      body.skip(width - addressSize(file));
      if (Number.isNaN(address)) continue;
      const place = grid.place(first + begin + k);
      if (place) yield place;
    }
  }
}

function addressSize(file: Hdf5Bytes): number {
  return file.superblock?.addressSize ?? 8;
}

function lengthSize(file: Hdf5Bytes): number {
  return file.superblock?.lengthSize ?? 8;
}

/** Bytes that a count up to this needs. */
function bytesFor(most: number): number {
  return Math.max(1, Math.ceil(Math.log2(most + 1) / 8));
}
