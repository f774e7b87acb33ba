// Trees of chunks in an HDF5 file: of version 1, for all datasets of older files, and of version 2, for
// datasets that may grow along several dimensions.
import type { Hdf5Bytes } from "./hdf5-bytes.js";
import type { ChunkEntry, Chunked } from "./hdf5-chunk-grid.js";

/** Levels that a tree may have: more is a circle. */
const MOST_LEVELS = 64;

/**
 * The chunks of a version 1 B-tree. The library looks chunks up by the order of the keys: what is out of
 * order is there, but would be read as zeros.
 */
export function* tree1(file: Hdf5Bytes, layout: Chunked): Generator<ChunkEntry> {
  const rank = layout.chunk.length;
  const keySize = 8 + 8 * (rank + 1);
  const seen = new Set<number>();
  yield* node(layout.address, MOST_LEVELS);

  function* node(address: number, most: number, from?: Key, to?: Key): Generator<ChunkEntry> {
    if (seen.has(address)) throw file.damaged("a tree of chunks without circles");
    seen.add(address);
    const head = file.at(address, 8 + 2 * file.addressSize);
    head.signature("TREE");
    const [type, level, used] = [head.uint(1), head.uint(1), head.uint(2)];
    if (type !== 1 || level >= most) throw file.damaged("a tree of chunks");
    const room = 2 * (file.superblock?.half?.chunks ?? used / 2);
    if (used > room) throw file.damaged("a tree of chunks");
    const entries = file.at(address + head.bytes.length, room * (keySize + file.addressSize) + keySize);
    const key = (): Key => {
      const [bytes, mask] = [entries.uint(4), entries.uint(4)];
      return { bytes, mask, offset: Array.from({ length: rank + 1 }, () => entries.uint(8)) };
    };
    let next = key();
    for (let k = 0; k < used; k++) {
      const here = next;
      const child = entries.address();
      next = key();
      const inside = (!from || !isBefore(here, from)) && (!to || isBefore(here, to));
      if (!isBefore(here, next) || !inside || here.offset[rank] !== 0) {
        throw file.damaged("a tree of chunks in order");
      }
      if (level > 0) yield* node(child, level, here, next);
      else {
        const place = layout.chunk.map((n, i) => here.offset[i] / n);
        yield { place, address: child, bytes: here.bytes, mask: here.mask };
      }
    }
  }
}

/**
 * Of a chunk: its size, the filters that were not applied, and the first index along each dimension, with a
 * zero behind.
 */
interface Key {
  readonly bytes: number;
  readonly mask: number;
  readonly offset: readonly number[];
}

function isBefore(a: Key, b: Key): boolean {
  const differs = a.offset.findIndex((at, i) => at !== b.offset[i]);
  return a.offset[differs] < b.offset[differs];
}

/** The chunks of a version 2 B-tree. */
export function* tree2(file: Hdf5Bytes, layout: Chunked): Generator<ChunkEntry> {
  const rank = layout.chunk.length;
  const { addressSize } = file;
  const head = file.at(layout.address, 22 + addressSize + file.lengthSize);
  head.signature("BTHD");
  head.skip(2);
  const [nodeSize, recordSize, depth] = [head.uint(4), head.uint(2), head.uint(2)];
  head.skip(2);
  const [root, used] = [head.address(), head.uint(2)];
  if (Number.isNaN(root)) return;
  // Of a filtered chunk, a record also has the size, in as many bytes as are left, and the mask.
  const sizeBytes = recordSize - addressSize - 4 - 8 * rank;
  const isFiltered = sizeBytes > 0 && sizeBytes <= 8;
  if ((!isFiltered && recordSize !== addressSize + 8 * rank) || depth > MOST_LEVELS) {
    throw file.damaged("a tree of chunks");
  }
  // Most records of a node, and of all nodes below it, by the level: the widths of the counts in a node
  // depend on them.
  const most: { own: number; below: number; width: number; totalWidth: number }[] = [];
  for (let level = 0; level <= depth; level++) {
    const under = most[level - 1];
    const pointer = under ? addressSize + most[0].width + (level > 1 ? under.totalWidth : 0) : 0;
    const own = Math.floor((nodeSize - 10 - pointer) / (recordSize + pointer));
    const below = own + (own + 1) * (under?.below ?? 0);
    most.push({ own, below, width: bytesFor(own), totalWidth: bytesFor(below) });
  }
  let last: readonly number[] | undefined;
  yield* node(root, used, depth);

  function* node(address: number, count: number, level: number): Generator<ChunkEntry> {
    if (count > most[level].own) throw file.damaged("a tree of chunks");
    const body = file.at(address, nodeSize);
    body.signature(level === 0 ? "BTLF" : "BTIN");
    body.skip(2);
    const records = Array.from({ length: count }, (): ChunkEntry & { place: readonly number[] } => {
      const at = body.address();
      const filtered = isFiltered ? { bytes: body.uint(sizeBytes), mask: body.uint(4) } : {};
      return { address: at, ...filtered, place: Array.from({ length: rank }, () => body.uint(8)) };
    });
    for (let k = 0; k <= count; k++) {
      if (level > 0) {
        const child = body.address();
        const inside = body.uint(most[0].width);
        if (level > 1) body.skip(most[level - 1].totalWidth);
        yield* node(child, inside, level - 1);
      }
      if (k === count) break;
      const { place } = records[k];
      const differs = last?.findIndex((at, i) => at !== place[i]) ?? 0;
      if (last && !(last[differs] < place[differs])) throw file.damaged("a tree of chunks in order");
      last = place;
      yield records[k];
    }
  }
}

/** Bytes that a count up to this needs. */
function bytesFor(most: number): number {
  return Math.max(1, Math.ceil(Math.log2(most + 1) / 8));
}
