// Writes Zarr v3 folders: arrays in chunks, compressed, with names for their dimensions. The tests decode them
// with Python's numcodecs.
import { existsSync, lstatSync, mkdirSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CodecMetadata } from "zarrita";
import { ArgumentError, FileError, quote, ShapeError } from "../errors.js";
import { syncFile } from "./atomic.js";
import { makeFolder } from "./disk.js";
import { systemError, writeError } from "./disk-errors.js";
import { numberTypeOf } from "./edf-types.js";
import type { Hdf5Array } from "./hdf5-values.js";
import {
  discard,
  removeLeftovers,
  takeFolderName,
  takeFreeFolderName,
  temporaryBeside,
} from "./temporaries.js";
import { isZarr, type Json, storeOf, strides, type ZarrType, zarrita } from "./zarr-store.js";

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
 * Writes a Zarr v3 group; the folder is there completely or not at all. What was there before under this name
 * is replaced.
 *
 * @param fill called when the arrays exist, with the folder as it is named until it is whole: for arrays
 *   without data, which {@link openZarrArray} opens
 * @param found "keep": a group that is there already stays, also one that another process writes meanwhile
 * @throws ShapeError when shapes and data disagree, ArgumentError for names that cannot be, FileError when
 *   the disk refuses
 */
export async function writeZarr(
  path: string,
  tree: ZarrTree,
  fill?: (temporary: string) => Promise<void>,
  call = "writeZarr",
  found: "replace" | "keep" = "replace",
): Promise<void> {
  for (const [name, input] of Object.entries(tree.arrays)) check(call, name, input);
  const target = folderOf(call, path);
  removeLeftovers(target);
  const temporary = temporaryBeside(target);
  const { create, root, set } = await zarrita();
  makeFolder(call, dirname(target));
  try {
    // Before the library does it, which makes all levels at once.
    mkdirSync(temporary);
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
    await fill?.(temporary);
    syncBelow(temporary);
    if (found === "replace") takeFolderName(temporary, folderOf(call, path));
    else takeFreeFolderName(temporary, folderOf(call, path));
  } catch (error) {
    const needed = Object.values(tree.arrays).reduce((sum, input) => sum + bytesOf(input), 0);
    throw writeError(call, path, error, needed);
  } finally {
    discard(temporary);
  }
}

/** The folder of a group: symbolic links are followed. @throws FileError when there is something else */
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

/**
 * Fast, and enough for numbers with noise in their last digits. The checksum is there because the compression
 * has none: a damaged chunk must be an error.
 */
function codecs(type: ZarrType): CodecMetadata[] {
  const typesize = widthOf(type);
  return [
    { name: "bytes", configuration: { endian: "little" } },
    { name: "blosc", configuration: { cname: "lz4", clevel: 1, shuffle: "shuffle", typesize, blocksize: 0 } },
    { name: "crc32c", configuration: {} },
  ];
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
