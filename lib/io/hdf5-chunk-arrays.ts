// Arrays of chunks in an HDF5 file: the indices of datasets that may grow along one dimension at most.
import type { Cursor, Hdf5Bytes } from "./hdf5-bytes.js";
import type { ChunkEntry, Chunked, Grid } from "./hdf5-chunk-grid.js";

/** An array of chunks of a dataset that cannot grow. */
export function* fixedArray(file: Hdf5Bytes, layout: Chunked, grid: Grid): Generator<ChunkEntry> {
  const head = file.at(layout.address, 8 + file.lengthSize + file.addressSize);
  head.signature("FAHD");
  head.skip(2);
  const [width, pageBits, count, block] = [head.uint(1), head.uint(1), head.length(), head.address()];
  if (Number.isNaN(block)) return;
  const prefix = 6 + file.addressSize;
  file.at(block, 4).signature("FADB");
  const perPage = 2 ** pageBits;
  const pages = count > perPage ? Math.ceil(count / perPage) : 0;
  const bitmap = file.at(block + prefix, Math.ceil(pages / 8)).bytes;
  const from = block + prefix + bitmap.length + (pages > 0 ? 4 : 0);
  yield* elements(file, grid, { from, first: 0, count, width, perPage: pages > 0 ? perPage : 0, bitmap });
}

/** An array of chunks of a dataset that can grow along one dimension. */
export function* extensibleArray(file: Hdf5Bytes, layout: Chunked, grid: Grid): Generator<ChunkEntry> {
  const address = file.addressSize;
  const head = file.at(layout.address, 12 + 6 * file.lengthSize + address);
  head.signature("EAHD");
  head.skip(2);
  const [width, maxBits, direct, least] = [head.uint(1), head.uint(1), head.uint(1), head.uint(1)];
  const [leastPointers, pageBits] = [head.uint(1), head.uint(1)];
  head.skip(4 * file.lengthSize);
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
function* elements(file: Hdf5Bytes, grid: Grid, part: Elements): Generator<ChunkEntry> {
  const { from, first, count, width, perPage = 0, bitmap, firstPage = 0 } = part;
  const size = perPage || count;
  if (!(width === file.addressSize || width > file.addressSize + 4) || count > file.size)
    throw file.damaged("an array of chunks");
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
      // Filtered chunks have their size and mask beside the address.
      const filtered =
        width > file.addressSize
          ? { bytes: body.uint(width - file.addressSize - 4), mask: body.uint(4) }
          : {};
      if (!Number.isNaN(address)) yield { place: grid.place(first + begin + k), address, ...filtered };
    }
  }
}
