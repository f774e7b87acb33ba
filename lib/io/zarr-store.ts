// Folders of Zarr, and the library (zarrita) that reads and writes them.
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ArgumentError, FileError, OperandoseError, quote } from "../errors.js";
import { Crc32cCodec } from "./crc32c.js";
import { systemError } from "./disk-errors.js";
import { discard, removeLeftovers, settle, takeName, temporaryBeside } from "./temporaries.js";

/** Number types, by the names that Zarr gives them. */
export type ZarrType = "int8" | "uint8" | "int16" | "uint16" | "int32" | "uint32" | "float32" | "float64";

/** Plain JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The file whose identity changes when a store is written again. */
export function metadataOf(path: string): string {
  settle(path);
  return join(path, existsSync(join(path, ".zgroup")) ? ".zgroup" : "zarr.json");
}

/** Whether a path is a Zarr folder. A folder that is being replaced is awaited. */
export function isZarr(path: string): boolean {
  settle(path);
  return existsSync(join(path, "zarr.json")) || existsSync(join(path, ".zgroup"));
}

/** A folder as zarrita reads and writes it. */
export type FileStore = InstanceType<typeof import("@zarrita/storage/fs").default>;

/** The library, with our checksum. */
export async function zarrita(): Promise<typeof import("zarrita")> {
  const library = await import("zarrita");
  library.registry.set("crc32c", async () => Crc32cCodec as never);
  return library;
}

/** The folder of a group. @throws ArgumentError for what is no path */
export async function storeOf(call: string, path: string): Promise<FileStore> {
  if (typeof path !== "string" || path === "") {
    throw new ArgumentError(`${call}: expected the path of a folder, got ${quote(path)}`, { path });
  }
  settle(path);
  const { default: FileSystemStore } = await import("@zarrita/storage/fs");
  /** Others read while it grows: a chunk is there completely or not at all. */
  class WholeFiles extends FileSystemStore {
    override async set(key: string, value: Uint8Array): Promise<void> {
      const file = join(this.root, key);
      await mkdir(dirname(file), { recursive: true });
      removeLeftovers(file);
      const temporary = temporaryBeside(file);
      try {
        await writeFile(temporary, value);
        takeName(temporary, file);
      } finally {
        discard(temporary);
      }
    }
  }
  return new WholeFiles(path);
}

/** Runs something that calls the library, whose errors become ours. */
export async function guarded<T>(call: string, path: string, run: () => Promise<T>): Promise<T> {
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

/** Numbers from one index to the next along each dimension, row-major. */
export function strides(shape: readonly number[]): number[] {
  const out = new Array<number>(shape.length).fill(1);
  for (let i = shape.length - 2; i >= 0; i--) out[i] = out[i + 1] * shape[i + 1];
  return out;
}
