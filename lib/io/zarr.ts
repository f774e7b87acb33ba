// Zarr v3 folders: arrays in chunks, compressed, with names for their dimensions. The tests decode them with Python's numcodecs.
import { existsSync, lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CodecMetadata, Array as ZarrArray } from "zarrita";
import { ArgumentError, FileError, OperandoseError, quote, ShapeError } from "../errors.js";
import { Crc32cCodec } from "./crc32c.js";
import { inBytes, isClutter, memoryBytes, syncFile, systemError, writeError } from "./disk.js";
import { numberTypeOf } from "./edf-types.js";
import type { Hdf5Array } from "./hdf5-values.js";
import { discard, removeLeftovers, settle, takeFolderName, temporaryBeside } from "./temporaries.js";
import { whileUnchanged } from "./unchanged.js";

/** Number types, by the names that Zarr gives them. */
type ZarrType = "int8" | "uint8" | "int16" | "uint16" | "int32" | "uint32" | "float32" | "float64";

/** Plain JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

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

/** One array as `writeZarr` takes it. */
export interface ZarrInput {
  readonly shape: readonly number[];
  readonly dimensions: readonly string[];
  readonly attributes?: Readonly<Record<string, Json>>;
  /** Row-major; left out for an array that is filled block by block. */
  readonly data?: Hdf5Array;
  /** Number type of an array without data. */
  readonly type?: ZarrType;
  /** Default: the whole array is one chunk. */
  readonly chunks?: readonly number[];
}

/** What `writeZarr` writes: a group with arrays in it. */
export interface ZarrTree {
  readonly attributes: Readonly<Record<string, Json>>;
  readonly arrays: Readonly<Record<string, ZarrInput>>;
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
    for (const name of select ?? arrayNames(path)) {
      if (!existsSync(join(path, name))) {
        throw new FileError(
          `${call}: expected an array ${quote(name)} in ${path}, got none; there are ${arrayNames(path).map(quote).join(", ") || "none"}`,
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

/** The file that is another one when a store was written anew. */
export function metadataOf(path: string): string {
  settle(path);
  return join(path, existsSync(join(path, ".zgroup")) ? ".zgroup" : "zarr.json");
}

/**
 * Writes a Zarr v3 group; the folder is there completely or not at all. What was there before under this name is replaced.
 *
 * @param fill called when the arrays exist, with the folder as it is named until it is whole: for arrays without data, which
 *   {@link openZarrArray} opens; attributes that it returns take the place of the others
 * @throws ShapeError when shapes and data disagree, ArgumentError for names that cannot be, FileError when the disk refuses
 */
export async function writeZarr(
  path: string,
  tree: ZarrTree,
  fill?: ((temporary: string) => Promise<void>) | ((temporary: string) => Promise<ZarrTree["attributes"]>),
  call = "writeZarr",
): Promise<void> {
  for (const [name, input] of Object.entries(tree.arrays)) check(call, name, input);
  const target = folderOf(call, path);
  removeLeftovers(target);
  const temporary = temporaryBeside(target);
  const { create, root, set } = await zarrita();
  try {
    const group = await create(root(await storeOf(call, temporary)), {
      attributes: tree.attributes as Record<string, unknown>,
    });
    for (const [name, input] of Object.entries(tree.arrays)) {
      const { shape, dimensions, attributes = {}, data, chunks = shape } = input;
      const array = await create(group.resolve(name), {
        shape: [...shape],
        chunkShape: chunks.map((n) => Math.max(1, n)),
        dtype: typeOf(input),
        codecs: codecs(typeOf(input)),
        fillValue: (typeOf(input).startsWith("float") ? Number.NaN : 0) as never,
        dimensionNames: [...dimensions],
        attributes: attributes as never,
      });
      if (data) await set(array, null, { data, shape: [...shape], stride: strides(shape) } as never);
    }
    const late = await fill?.(temporary);
    if (late) await create(group, { attributes: { ...late } });
    syncBelow(temporary);
    takeFolderName(temporary, folderOf(call, path));
  } catch (error) {
    const needed = Object.values(tree.arrays).reduce((sum, input) => sum + bytesOf(input), 0);
    throw writeError(call, path, error, needed);
  } finally {
    discard(temporary);
  }
}

/** Where a group comes to lie: links are followed. @throws FileError when there is something else */
function folderOf(call: string, path: string): string {
  let folder = path;
  try {
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) folder = realpathSync(path);
  } catch (error) {
    throw systemError(call, path, error);
  }
  if (!existsSync(folder) || isZarr(folder)) return folder;
  throw new FileError(
    `${call}: expected a new folder or a Zarr one to replace, got something else at ${path}; choose another path`,
    { path },
  );
}

function bytesOf(input: ZarrInput): number {
  return input.shape.reduce((product, n) => product * n, widthOf(typeOf(input)));
}

function widthOf(type: ZarrType): number {
  return Number(type.replace(/\D+/, "")) / 8;
}

function syncBelow(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) syncFile(join(entry.parentPath, entry.name));
  }
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

/** Each chunk is a file and a promise: more of them than this are damage, and would take all memory. */
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
  /** Numbers in [from, to) along each dimension, row-major. @throws FileError when a chunk is missing or corrupt */
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

/** Whether a path is a Zarr folder. One that is just being replaced is waited for. */
export function isZarr(path: string): boolean {
  settle(path);
  return existsSync(join(path, "zarr.json")) || existsSync(join(path, ".zgroup"));
}

/**
 * Fast, and enough for numbers with noise in their last digits. The checksum is there because the compression has none: a
 * damaged chunk must be an error.
 */
function codecs(type: ZarrType): CodecMetadata[] {
  const typesize = widthOf(type);
  return [
    { name: "bytes", configuration: { endian: "little" } },
    { name: "blosc", configuration: { cname: "lz4", clevel: 1, shuffle: "shuffle", typesize, blocksize: 0 } },
    { name: "crc32c", configuration: {} },
  ];
}

type FileStore = InstanceType<typeof import("@zarrita/storage/fs").default>;

async function zarrita(): Promise<typeof import("zarrita")> {
  const library = await import("zarrita");
  library.registry.set("crc32c", async () => Crc32cCodec as never);
  return library;
}

async function storeOf(call: string, path: string): Promise<FileStore> {
  if (typeof path !== "string" || path === "") {
    throw new ArgumentError(`${call}: expected the path of a folder, got ${quote(path)}`, { path });
  }
  settle(path);
  const { default: FileSystemStore } = await import("@zarrita/storage/fs");
  return new FileSystemStore(path);
}

async function guarded<T>(call: string, path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof OperandoseError) throw error;
    const cause = error instanceof Error ? (error.cause instanceof Error ? error.cause : error) : undefined;
    if (cause && "code" in cause && cause.code !== "ENOENT") throw systemError(call, path, cause);
    throw new FileError(
      `${call}: expected a Zarr folder that can be read, got ${cause?.message ?? String(error)} in ${path}; copy or write it again`,
      { path },
      { cause: error },
    );
  }
}

/** Zarr takes a chunk that is not there for one of fill values; here it is a copy that is not complete. */
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
        `openZarrArray: expected the chunk ${key} of ${quote(name)}, got none in ${path}; copy or write it again`,
        { path: file, array: name, chunk: key },
      );
    }
    const [from, to] = ranges[dimension];
    const size = chunks[dimension];
    for (let i = Math.floor(from / size); i * size < to; i++) walk(dimension + 1, join(key, String(i)));
  };
  walk(0, "");
}

function arrayNames(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
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

function check(call: string, name: string, { shape, dimensions, data, type, chunks }: ZarrInput): void {
  if (!/^[A-Za-z]\w*$/.test(name)) {
    throw new ArgumentError(
      `${call}: expected the name of an array, a word of letters and digits, got ${quote(name)}`,
    );
  }
  if (!data && !type)
    throw new ArgumentError(`${call}: expected data or a type for ${quote(name)}, got neither`);
  if (data && !numberTypeOf(data)) {
    throw new ArgumentError(`${call}: expected a typed array for ${quote(name)}, got ${quote(data)}`);
  }
  const size = shape.reduce((product, n) => product * n, 1);
  if (
    dimensions.length !== shape.length ||
    (chunks && chunks.length !== shape.length) ||
    (data && data.length !== size)
  ) {
    throw new ShapeError(
      `${call}: expected ${shape.join(" x ")} numbers with ${shape.length} dimensions for ${quote(name)}, got ${data?.length ?? "none"} and ${quote(dimensions)}`,
      { expected: size, got: data?.length },
    );
  }
}

function typeOf({ data, type }: ZarrInput): ZarrType {
  return type ?? (numberTypeOf(data)?.kind as ZarrType);
}

function strides(shape: readonly number[]): number[] {
  const out = new Array<number>(shape.length).fill(1);
  for (let i = shape.length - 2; i >= 0; i--) out[i] = out[i + 1] * shape[i + 1];
  return out;
}
