// The header of a dataset in an HDF5 file: type and layout of its numbers.
import type { Cursor, Hdf5Bytes } from "./hdf5-bytes.js";

/** Where the numbers of a dataset lie. */
export type Layout =
  /** In the header itself, or in files of another kind. */
  | { readonly kind: "compact" | "external" | "unknown" }
  /** `address` is NaN where nothing was written; `bytes` is NaN where the header does not have it. */
  | { readonly kind: "contiguous"; readonly address: number; readonly bytes: number }
  | { readonly kind: "virtual"; readonly heap: number; readonly entry: number }
  | {
      readonly kind: "chunked";
      /** Numbers of a chunk along each dimension. */
      readonly chunk: readonly number[];
      /** Bytes of one number. */
      readonly width: number;
      readonly index: "tree" | "single" | "implicit" | "fixed" | "extensible" | "tree2";
      /** Of the index, or of the only chunk; NaN where nothing was written. */
      readonly address: number;
      /** Size and filter mask of the only chunk, where it is filtered. */
      readonly single?: { readonly bytes: number; readonly mask: number };
      /** Filters are not applied to chunks that reach beyond the dataset. */
      readonly plainEdges: boolean;
    };

/** A step of the compression of chunks. */
export interface Filter {
  readonly id: number;
  /** Chunks may be stored without it. */
  readonly optional: boolean;
}

/** The parts of a dataset's header that are used. */
export interface DatasetHeader {
  readonly layout: Layout;
  /** NaN for a dimension without limit. */
  readonly maxShape: readonly number[];
  /** Undefined where the header refers to another place for them. */
  readonly filters?: readonly Filter[];
  /** Bytes of one number; undefined as the filters. */
  readonly width?: number;
  /** Why the numbers cannot be taken as they lie: padded bits, floating point of another kind. */
  readonly oddType?: string;
}

/** Messages of object headers, by their number. */
export const MESSAGE = {
  space: 0x01,
  type: 0x03,
  external: 0x07,
  layout: 0x08,
  filters: 0x0b,
  continuation: 0x10,
  table: 0x11,
} as const;

/** Blocks that a header may consist of: more is a circle. */
const MOST_BLOCKS = 1000;

/** Reads the header of a dataset. @throws FileError where it is damaged */
export function datasetHeader(file: Hdf5Bytes, address: number): DatasetHeader {
  let layout: Layout = { kind: "unknown" };
  let maxShape: readonly number[] = [];
  let oddType: string | undefined;
  let external = false;
  let width: number | undefined;
  let filters: readonly Filter[] | undefined = [];
  for (const { type, shared, body } of messages(file, address)) {
    if (shared) {
      if (type === MESSAGE.filters) filters = undefined;
    } else if (type === MESSAGE.layout) layout = layoutOf(body);
    else if (type === MESSAGE.space) maxShape = maxShapeOf(body);
    else if (type === MESSAGE.type) [width, oddType] = [body.bytes.readUInt32LE(4), oddTypeOf(body)];
    else if (type === MESSAGE.filters) filters = filtersOf(body);
    else if (type === MESSAGE.external) external = true;
  }
  return { layout: external ? { kind: "external" } : layout, maxShape, filters, width, oddType };
}

/** One entry of an object's header. */
interface Message {
  readonly type: number;
  /** The body is elsewhere. */
  readonly shared: boolean;
  readonly body: Cursor;
}

/** The messages of the header of a group or dataset. @throws FileError where it is damaged */
export function* messages(file: Hdf5Bytes, address: number): Generator<Message> {
  const start = file.at(address, 16);
  const newer = start.bytes.toString("latin1", 0, 4) === "OHDR";
  let flags = 0;
  const blocks: { at: number; size: number }[] = [];
  if (newer) {
    start.skip(5);
    flags = start.uint(1);
    const at = 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
    const width = 1 << (flags & 3);
    blocks.push({ at: address + at + width, size: file.at(address + at, width).uint(width) });
  } else {
    if (start.uint(1) !== 1) throw file.damaged("an object header");
    start.skip(7);
    blocks.push({ at: address + 16, size: start.uint(4) });
  }
  const head = newer ? 4 + (flags & 4 ? 2 : 0) : 8;
  for (let b = 0; b < blocks.length; b++) {
    if (b > MOST_BLOCKS) throw file.damaged("an object header that ends");
    const block = file.at(blocks[b].at, blocks[b].size);
    while (block.left >= head) {
      const type = block.uint(newer ? 1 : 2);
      const size = block.uint(2);
      const messageFlags = block.uint(1);
      block.skip(newer ? head - 4 : 3);
      const body = block.part(size);
      if (type === MESSAGE.continuation) {
        const [at, length] = [body.address(), body.length()];
        // Newer blocks have four letters before their messages and a checksum behind.
        blocks.push(newer ? { at: at + 4, size: length - 8 } : { at, size: length });
      } else yield { type, shared: (messageFlags & 2) !== 0, body };
    }
  }
}

const CLASSES = ["compact", "contiguous", "chunked", "virtual"] as const;
const INDICES = ["single", "implicit", "fixed", "extensible", "tree2"] as const;

function layoutOf(body: Cursor): Layout {
  const version = body.uint(1);
  if (version < 3) {
    const rank = body.uint(1);
    const kind = CLASSES[body.uint(1)];
    body.skip(5);
    if (kind !== "contiguous" && kind !== "chunked") return { kind: kind === "compact" ? kind : "unknown" };
    const address = body.address();
    if (kind === "contiguous") return { kind, address, bytes: Number.NaN };
    return { kind, ...chunkOf(body, rank, 4), index: "tree", address, plainEdges: false };
  }
  const kind = CLASSES[body.uint(1)];
  if (kind === "contiguous") return { kind, address: body.address(), bytes: body.length() };
  if (kind === "virtual") return { kind, heap: body.address(), entry: body.uint(4) };
  if (kind !== "chunked") return { kind: kind ?? "unknown" };
  if (version === 3) {
    const rank = body.uint(1);
    const address = body.address();
    return { kind, ...chunkOf(body, rank, 4), index: "tree", address, plainEdges: false };
  }
  const flags = body.uint(1);
  const rank = body.uint(1);
  const sizes = chunkOf(body, rank, body.uint(1));
  const index = INDICES[body.uint(1) - 1];
  if (index === undefined) return { kind: "unknown" };
  const plainEdges = (flags & 1) !== 0;
  if (index === "single" && flags & 2) {
    const single = { bytes: body.length(), mask: body.uint(4) };
    return { kind, ...sizes, index, single, address: body.address(), plainEdges };
  }
  if (index === "fixed") body.skip(1);
  else if (index === "extensible") body.skip(5);
  else if (index === "tree2") body.skip(6);
  return { kind, ...sizes, index, address: body.address(), plainEdges };
}

/** Length of a chunk along each dimension, then the bytes of one number. */
function chunkOf(body: Cursor, rank: number, bytes: number): { chunk: readonly number[]; width: number } {
  if (rank < 1) throw body.damaged("chunks of one dimension or more");
  const chunk = Array.from({ length: rank - 1 }, () => body.uint(bytes));
  return { chunk, width: body.uint(bytes) };
}

function filtersOf(body: Cursor): Filter[] {
  const version = body.uint(1);
  const count = body.uint(1);
  if (version === 1) body.skip(6);
  return Array.from({ length: count }, () => {
    const id = body.uint(2);
    const name = version === 1 || id >= 256 ? body.uint(2) : 0;
    const flags = body.uint(2);
    const values = body.uint(2);
    const padding = version === 1 ? ((8 - (name % 8)) % 8) + 4 * (values % 2) : 0;
    body.skip(name + 4 * values + padding);
    return { id, optional: (flags & 1) !== 0 };
  });
}

function maxShapeOf(body: Cursor): readonly number[] {
  const version = body.uint(1);
  const rank = body.uint(1);
  const flags = body.uint(1);
  body.skip(version === 1 ? 5 : 1);
  const shape = Array.from({ length: rank }, () => body.length());
  return flags & 1 ? Array.from({ length: rank }, () => body.length()) : shape;
}

/** Exponents and mantissas of the three floating-point numbers of IEEE 754, by their bytes. */
const IEEE: Readonly<Record<number, string>> = {
  2: "10 5 0 10 15",
  4: "23 8 0 23 127",
  8: "52 11 0 52 1023",
};

/**
 * Integers have to fill their bytes, and floating-point numbers to be those of IEEE 754: others would be
 * misread.
 */
function oddTypeOf(body: Cursor): string | undefined {
  const kind = body.uint(1) & 15;
  if (kind > 1) return undefined;
  const order = body.uint(1);
  body.skip(2);
  const size = body.uint(4);
  const [offset, precision] = [body.uint(2), body.uint(2)];
  if (offset !== 0 || precision !== 8 * size) {
    return `numbers of ${precision} bits from bit ${offset} within ${size} bytes`;
  }
  if (kind === 0) return undefined;
  if (order & 0x40) return "floating-point numbers in the order of a VAX";
  const fields = [body.uint(1), body.uint(1), body.uint(1), body.uint(1), body.uint(4)].join(" ");
  return fields === IEEE[size]
    ? undefined
    : `floating-point numbers of ${precision} bits that are not those of IEEE 754`;
}
