// Virtual datasets of HDF5: which part of which dataset in which file lies where. The library reads missing
// parts as zeros or as the fill value, without an error.
import type { Cursor, Hdf5Bytes } from "./hdf5-bytes.js";

/** A box of a dataset: first index, and the index after the last, along each dimension. */
export interface Box {
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** Indices along the first dimension, in order. */
  readonly rows: readonly number[];
}

/** One source of a virtual dataset. */
export interface VirtualPart {
  /** Name of the file; "." is the file of the virtual dataset. */
  readonly file: string;
  readonly dataset: string;
  /** What is taken of the source; undefined: all of it. */
  readonly source: Box | undefined;
  /** Its place in the virtual dataset; undefined: all of it. */
  readonly target: Box | undefined;
}

/** Rows of one selection: a recording has fewer images. */
const MOST_ROWS = 2 ** 24;

/**
 * The sources of a virtual dataset, in the order of the file.
 *
 * @returns undefined where the list has unlimited selections or a newer version
 * @throws FileError where the list is damaged
 */
export function virtualParts(file: Hdf5Bytes, heap: number, entry: number): VirtualPart[] | undefined {
  const body = heapObject(file, heap, entry);
  if (body.uint(1) !== 0) return undefined;
  const count = body.length();
  const parts: VirtualPart[] = [];
  for (let k = 0; k < count; k++) {
    const [name, dataset] = [body.text(), body.text()];
    const [source, target] = [selection(file, body), selection(file, body)];
    if (source === "unknown" || target === "unknown" || /%\d*b/.test(name + dataset)) return undefined;
    parts.push({ file: name, dataset, source, target });
  }
  return parts;
}

/** An object of a global heap. */
function heapObject(file: Hdf5Bytes, address: number, wanted: number): Cursor {
  const size = 8 + (file.superblock?.lengthSize ?? 8);
  const head = file.at(address, size);
  head.signature("GCOL");
  head.skip(4);
  const all = file.at(address, head.length());
  all.skip(size);
  while (all.left >= size) {
    const index = all.uint(2);
    all.skip(6);
    const length = all.length();
    if (index === 0) break;
    const object = all.part(length);
    if (index === wanted) return object;
    all.skip(Math.min(all.left, (8 - (length % 8)) % 8));
  }
  throw file.damaged("the list of a virtual dataset");
}

function selection(file: Hdf5Bytes, body: Cursor): Box | "unknown" | undefined {
  const [kind, version] = [body.uint(4), body.uint(4)];
  if (kind === 3) {
    body.skip(8);
    return undefined;
  }
  if (kind !== 2 || version < 1 || version > 3) return "unknown";
  const flags = version === 1 ? 0 : body.uint(1);
  const width = version === 3 ? body.uint(1) : version === 2 && flags & 1 ? 8 : 4;
  body.skip(version === 1 ? 8 : version === 2 ? 4 : 0);
  const rank = body.uint(4);
  if (rank > 32) throw file.damaged("a selection");
  return flags & 1 ? regular(body, rank, width) : blocks(body, rank, width);
}

function regular(body: Cursor, rank: number, width: number): Box | "unknown" {
  const dimensions = Array.from({ length: rank }, () => {
    const [start, stride, count, block] = [0, 0, 0, 0].map(() => body.uint(width));
    return { start, stride, count, block };
  });
  // All bits set: without limit.
  const none = 2 ** (8 * width) - 1;
  const open = ({ count, block }: { count: number; block: number }) =>
    [count, block].some((n) => Number.isNaN(n) || n >= none);
  if (dimensions.some(open)) return "unknown";
  const [{ start, stride, count, block }] = dimensions;
  if (count * block > MOST_ROWS) return "unknown";
  const rows = Array.from(
    { length: count * block },
    (_, i) => start + stride * Math.floor(i / block) + (i % block),
  );
  return {
    from: dimensions.map((d) => d.start),
    to: dimensions.map((d) => d.start + d.stride * (d.count - 1) + d.block),
    rows,
  };
}

function blocks(body: Cursor, rank: number, width: number): Box | "unknown" {
  const count = body.uint(width);
  if (!(count * rank * 2 * width <= body.left)) return "unknown";
  const [from, to] = [
    new Array<number>(rank).fill(Number.POSITIVE_INFINITY),
    new Array<number>(rank).fill(0),
  ];
  const rows = new Set<number>();
  for (let k = 0; k < count; k++) {
    const corner = Array.from({ length: rank }, () => body.uint(width));
    const opposite = Array.from({ length: rank }, () => body.uint(width));
    for (let i = 0; i < rank; i++) {
      from[i] = Math.min(from[i], corner[i]);
      to[i] = Math.max(to[i], opposite[i] + 1);
    }
    if (rows.size + opposite[0] - corner[0] > MOST_ROWS) return "unknown";
    for (let row = corner[0]; row <= opposite[0]; row++) rows.add(row);
  }
  return { from, to, rows: [...rows].sort((a, b) => a - b) };
}
