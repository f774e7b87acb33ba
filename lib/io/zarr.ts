// Reads Zarr folders, of version 3 or 2: whole groups, or blocks of one array.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Array as ZarrArray } from "zarrita";
import { FileError, quote } from "../errors.js";
import { entriesOf, isClutter, memoryBytes } from "./disk.js";
import { inBytes } from "./disk-errors.js";
import { numberTypeOf } from "./edf-types.js";
import type { Hdf5Array } from "./hdf5-values.js";
import { whileUnchanged } from "./unchanged.js";
import {
  type FileStore,
  guarded,
  type Json,
  metadataOf,
  storeOf,
  strides,
  type ZarrType,
  zarrita,
} from "./zarr-store.js";

/** One array as `readZarr` returns it. */
export interface ZarrContent {
  readonly shape: readonly number[];
  /** Names of the dimensions; null for those without. */
  readonly dimensions: readonly (string | null)[];
  readonly attributes: Readonly<Record<string, Json>>;
  /** Row-major; NaN (or the array's fill value) where a chunk was never written. */
  readonly data: Hdf5Array;
}

/** What `readZarr` returns. */
export interface ZarrGroup {
  readonly attributes: Readonly<Record<string, Json>>;
  readonly arrays: Readonly<Record<string, ZarrContent>>;
}

/**
 * Reads a Zarr group into memory; version 2 is read, too.
 *
 * @param select names of arrays; default all
 * @throws FileError when the folder is no Zarr group, an array is missing, or a chunk is corrupt
 */
export async function readZarr(path: string, select?: readonly string[]): Promise<ZarrGroup> {
  const call = "readZarr";
  const { open, root, get } = await zarrita();
  const read = async (): Promise<ZarrGroup> => {
    const group = await open(root(await storeOf(call, path)), { kind: "group" });
    const arrays: Record<string, ZarrContent> = {};
    for (const name of select ?? arrayNames(call, path)) {
      if (!existsSync(join(path, name))) {
        throw new FileError(
          `${call}: expected an array ${quote(name)} in ${path}, got none; there are ${arrayNames(call, path).map(quote).join(", ") || "none"}`,
          { path, array: name },
        );
      }
      const array = await open(group.resolve(name), { kind: "array" });
      checkSize(call, path, name, array.shape, array.dtype);
      checkChunks(call, path, name, array.shape, array.chunks);
      const chunk = await get(array);
      arrays[name] = {
        shape: array.shape,
        dimensions: array.dimensionNames ?? array.shape.map(() => null),
        attributes: array.attrs as Record<string, Json>,
        data: numbers(call, path, name, chunk.data),
      };
    }
    return { attributes: group.attrs as Record<string, Json>, arrays };
  };
  return guarded(call, path, () => whileUnchanged(call, [metadataOf(path)], read));
}

/** @throws FileError when an array does not fit into memory, before any is taken for it */
function checkSize(call: string, path: string, name: string, shape: readonly number[], type: string): void {
  const bytes = shape.reduce((product, n) => product * n, Number(/\d+/.exec(type) ?? 8) / 8);
  if (bytes <= memoryBytes()) return;
  throw new FileError(
    `${call}: expected arrays that fit into ${inBytes(memoryBytes())} of memory, got ${inBytes(bytes)} for ${quote(name)} in ${path}; read it block by block`,
    { path, array: name, bytes },
  );
}

/** Each chunk is a file and a promise: more chunks than this would take all memory, and are damage. */
const MOST_CHUNKS = 1e6;

/** @throws FileError when an array has more chunks than can be read */
function checkChunks(
  call: string,
  path: string,
  name: string,
  shape: readonly number[],
  chunks: readonly number[],
): void {
  const count = shape.reduce((product, n, i) => product * Math.ceil(n / chunks[i]), 1);
  if (count <= MOST_CHUNKS) return;
  throw new FileError(
    `${call}: expected at most ${MOST_CHUNKS} chunks, got ${count} for ${quote(name)} in ${path}; its zarr.json is damaged, or save it with larger chunks`,
    { path, array: name, chunks: count },
  );
}

/** An open array, for blocks of it. */
export interface ZarrBlocks {
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  /**
   * Numbers in [from, to) along each dimension, row-major.
   *
   * @throws FileError when a chunk is missing or corrupt
   */
  read(ranges: readonly (readonly [number, number])[]): Promise<Hdf5Array>;
  /** Writes whole chunks. */
  write(ranges: readonly (readonly [number, number])[], data: Hdf5Array): Promise<void>;
}

/** Opens one array of a group, to read or write it block by block. @throws FileError when it is not there */
export async function openZarrArray(path: string, name: string): Promise<ZarrBlocks> {
  const call = "openZarrArray";
  const { open, root, get, set, slice } = await zarrita();
  const array = await guarded(
    call,
    path,
    async () =>
      open(root(await storeOf(call, path)).resolve(name), { kind: "array" }) as Promise<
        ZarrArray<ZarrType, FileStore>
      >,
  );
  const { shape, chunks } = array;
  return {
    shape,
    chunks,
    read: (ranges) =>
      guarded(call, path, async () => {
        requireChunks(path, name, ranges, chunks);
        const { data } = await get(
          array,
          ranges.map(([from, to]) => slice(from, to)),
        );
        return numbers(call, path, name, data);
      }),
    write: (ranges, data) =>
      guarded(call, path, async () => {
        const size = ranges.map(([from, to]) => to - from);
        await set(
          array,
          ranges.map(([from, to]) => slice(from, to)),
          { data, shape: size, stride: strides(size) } as never,
        );
      }),
  };
}

/** Zarr reads a missing chunk as fill values; in a saved cube it means that the copy is incomplete. */
function requireChunks(
  path: string,
  name: string,
  ranges: readonly (readonly [number, number])[],
  chunks: readonly number[],
): void {
  const walk = (dimension: number, key: string): void => {
    if (dimension === ranges.length) {
      const file = join(path, name, "c", key);
      if (statSync(file, { throwIfNoEntry: false })) return;
      throw new FileError(
        `openZarrArray: expected the chunk ${key} of ${quote(name)}, got none in ${path}; copy it again, or save it to its end`,
        { path: file, array: name, chunk: key },
      );
    }
    const [from, to] = ranges[dimension];
    const size = chunks[dimension];
    for (let i = Math.floor(from / size); i * size < to; i++) walk(dimension + 1, join(key, String(i)));
  };
  walk(0, "");
}

function arrayNames(call: string, path: string): string[] {
  return entriesOf(call, path)
    .filter(
      (entry) =>
        entry.isDirectory() &&
        !isClutter(entry.name) &&
        ["zarr.json", ".zarray"].some((f) => existsSync(join(path, entry.name, f))),
    )
    .map((entry) => entry.name)
    .sort();
}

function numbers(call: string, path: string, name: string, data: unknown): Hdf5Array {
  if (numberTypeOf(data) && !(data instanceof BigInt64Array) && !(data instanceof BigUint64Array))
    return data as Hdf5Array;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    const out = Float64Array.from(data, Number);
    if (out.every(Number.isSafeInteger)) return out;
  }
  throw new FileError(
    `${call}: expected numbers that fit into doubles in ${quote(name)}, got others in ${path}; convert them first`,
    { path, array: name },
  );
}
