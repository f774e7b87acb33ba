// The HDF5 library (h5wasm), which is loaded for the first HDF5 file: its errors in the grammar of the
// library, and its open files.
import { type BigIntStats, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { File as Hdf5Handle } from "h5wasm/node";
import { FileError, OperandoseError } from "../errors.js";
import { isLockedForWriting } from "./file-lock.js";
import { Hdf5Bytes, type Superblock } from "./hdf5-bytes.js";
import { guardReads } from "./hdf5-guard.js";

type Library = typeof import("h5wasm/node");
type Module = Awaited<Library["ready"]>;

let loading: Promise<Library> | undefined;
let loaded: { readonly library: Library; readonly module: Module; readonly restore: () => void } | undefined;
/** Instances so far, and whether the present one may have loaded plugins into its memory. */
let instances = 0;
let hasPlugins = false;

/** What the library reported since {@link guarded} began; its first report is the cause of all others. */
let report: string | undefined;

/** Loads the library, once; about a tenth of a second. */
export function loadHdf5(): Promise<Library> {
  loading ??= load();
  return loading;
}

/** Whether {@link hdf5} may be called. */
export function hdf5IsLoaded(): boolean {
  return loaded !== undefined;
}

/** The library, for code that cannot wait. @throws OperandoseError before {@link loadHdf5} is done */
export function hdf5(): Library {
  return instance().library;
}

/** Its functions that take the number of an open file and a path. */
export function hdf5Module(): Module {
  return instance().module;
}

function instance(): NonNullable<typeof loaded> {
  if (loaded) return loaded;
  throw new OperandoseError("hdf5: expected the HDF5 library to be loaded; await loadHdf5() first");
}

/**
 * The library turns what goes wrong in HDF5 into exceptions, thrown straight through compiled C: identifiers
 * stay open, the file is never closed, and a file that takes its place is read from the memory of the old
 * one. Its hook for errors is therefore exchanged while it is loaded: it notes what HDF5 reports, and HDF5
 * returns in order.
 */
async function load(): Promise<Library> {
  const instantiate = WebAssembly.instantiate;
  let imports: Imports | undefined;
  WebAssembly.instantiate = ((bytes: BufferSource, given: WebAssembly.Imports) => {
    if (typeof given?.env?.throw_error === "function") {
      const env = given.env as unknown as Imports;
      imports = env;
      env.throw_error = (at) => {
        const text = textAt(env.memory, at);
        if (!text.startsWith("HDF5-DIAG")) throw new Error(report ?? text);
        report ??= text;
      };
    }
    return instantiate(bytes, given);
  }) as typeof instantiate;
  try {
    // A copy of its own: the process may hold another one, loaded without this hook.
    const address = `${import.meta.resolve("h5wasm/node")}?operandose-${++instances}`;
    const library: Library = await import(/* @vite-ignore */ address);
    const module = await library.ready;
    if (!imports)
      throw new OperandoseError("hdf5: expected h5wasm with a hook for errors, got another version");
    // Without this a corrupt chunk is reported on the console and its numbers are whatever was in memory.
    module.activate_throwing_error_handler();
    guardReads(module.FS, (why) => {
      report ??= why;
    });
    module.insert_plugin_search_path(
      join(dirname(fileURLToPath(import.meta.resolve("h5wasm-plugins"))), "plugins"),
      0,
    );
    hasPlugins = false;
    const { memory } = imports;
    module.UTF8ToString = (at) => (at === 0 ? "" : textAt(memory, at));
    guardReclaim(module);
    loaded = { library, module, restore: snapshot(module, imports) };
    return library;
  } finally {
    WebAssembly.instantiate = instantiate;
  }
}

/**
 * The texts of a read that failed were not written into memory: the pointers in their place must not be
 * freed.
 */
function guardReclaim(module: Module): void {
  for (const name of ["reclaim_vlen_memory", "reclaim_vlen_memory_count"] as const) {
    const reclaim = module[name] as (...of: unknown[]) => number;
    Object.assign(module, {
      [name]: (...of: unknown[]) => (report === undefined ? reclaim(...of) : 0),
    });
  }
}

/** What the compiled library gets from outside, as far as it is used here. */
interface Imports {
  throw_error: (text: number) => void;
  readonly memory: WebAssembly.Memory;
  readonly __stack_pointer: WebAssembly.Global;
}

function textAt(memory: WebAssembly.Memory, at: number): string {
  const bytes = new Uint8Array(memory.buffer, at);
  return Buffer.from(bytes.subarray(0, bytes.indexOf(0))).toString("utf8");
}

/** A function that restores the state of the library after loading, which is all in its memory. */
function snapshot(module: Module, { memory, __stack_pointer }: Imports): () => void {
  const bytes = new Uint8Array(memory.buffer);
  const end = bytes.findLastIndex((byte) => byte !== 0) + 1;
  const kept = bytes.slice(0, end);
  const stack = __stack_pointer.value;
  return () => {
    for (const stream of openStreams(module)) module.FS.close(stream as never);
    const now = new Uint8Array(memory.buffer);
    now.set(kept);
    now.fill(0, end);
    __stack_pointer.value = stack;
  };
}

/** The files that the library holds open, beside the console. */
function openStreams({ FS }: Module): { readonly fd: number; readonly path: string }[] {
  const { streams } = FS as unknown as { streams: ({ fd: number; path: string } | null)[] };
  return streams.filter((stream) => stream !== null && stream !== undefined && stream.fd > 2) as never;
}

/** A file that was opened with {@link openHdf5} or {@link createHdf5}. */
export interface OpenHdf5 {
  readonly path: string;
  readonly handle: Hdf5Handle;
  readonly stat: BigIntStats;
}

const open = new Set<OpenHdf5>();

/**
 * Restores the library, after an interruption or where it holds files that are not used any more.
 */
function restart(): void {
  open.clear();
  if (!hasPlugins) {
    instance().restore();
    return;
  }
  // Plugins lie in the memory that would be restored: a new instance has to be loaded.
  loaded = undefined;
  loading = undefined;
}

/** Notes that a dataset is read whose filter is a plugin. */
export function usePlugins(): void {
  hasPlugins = true;
}

/**
 * Opens a file for reading. Each has to be closed with {@link closeHdf5}.
 *
 * @throws FileError naming the path when it is missing, no HDF5, truncated, or still being written
 */
export function openHdf5(call: string, path: string): OpenHdf5 {
  checkSuperblock(call, path);
  // An earlier file that could not be closed would be read in place of this one.
  if (open.size === 0 && openStreams(instance().module).length > 0) restart();
  const stat = statSync(path, { bigint: true });
  for (const other of open) {
    const same = other.stat.ino === stat.ino && other.stat.dev === stat.dev;
    if (!same || (other.stat.size === stat.size && other.stat.mtimeNs === stat.mtimeNs)) continue;
    throw new FileError(
      `${call}: expected ${path} to stay as it is while it is read, got another size or time of change; wait until it is written, then start again`,
      { path },
    );
  }
  const handle = guarded(call, path, "the file", () => new (hdf5().File)(resolve(path), "r"));
  const opened = { path, handle, stat };
  open.add(opened);
  return opened;
}

/** Begins a file, or replaces it. Has to be closed with {@link closeHdf5}. */
export function createHdf5(call: string, path: string): OpenHdf5 {
  if (open.size === 0 && openStreams(instance().module).length > 0) restart();
  const handle = guarded(call, path, "the new file", () => new (hdf5().File)(path, "w"));
  const opened = { path, handle, stat: statSync(path, { bigint: true }) };
  open.add(opened);
  return opened;
}

/**
 * Closes a file; harmless when it is closed.
 *
 * @throws FileError when what was written did not reach the disk
 */
export function closeHdf5(call: string, opened: OpenHdf5): void {
  if (!open.delete(opened)) return;
  guarded(call, opened.path, "the file", () => opened.handle.close());
  if (open.size === 0 && openStreams(instance().module).length > 0) restart();
}

/** Whether a file was neither closed nor lost when the library began anew. */
export function isOpen(opened: OpenHdf5): boolean {
  return open.has(opened);
}

/** How many files the library holds open itself; for tests. */
export function filesInLibrary(): number {
  return loaded ? openStreams(loaded.module).length : 0;
}

/** Checks the superblock of a file before the library reads it. */
function checkSuperblock(call: string, path: string): void {
  const bytes = new Hdf5Bytes(call, path);
  bytes.close();
  const { size, superblock } = bytes;
  if (isLockedForWriting(statSync(path, { bigint: true }))) {
    throw new FileError(
      `${call}: expected a complete HDF5 file, got one that is still open for writing in another program: ${path}; close it there first`,
      { path },
    );
  }
  if (!superblock) {
    const { compression } = bytes;
    const [got, remedy] = compression
      ? [
          `one compressed with ${compression} as a whole`,
          "unpack it first; HDF5 is compressed inside, with h5repack",
        ]
      : [size === 0 ? "an empty file" : "one without its signature", "check what it is, or convert it"];
    throw new FileError(`${call}: expected an HDF5 file, got ${got}: ${path}; ${remedy}`, {
      path,
      offset: 0,
    });
  }
  const wrong = unfinished(superblock, size);
  if (!wrong) return;
  throw new FileError(`${call}: expected a complete HDF5 file, got ${wrong.got}: ${path}; ${wrong.remedy}`, {
    path,
  });
}

/** Why a file is not complete, and what to do; undefined where it is. */
function unfinished(
  { version, end, openForWriting, swmr }: Superblock,
  size: number,
): { got: string; remedy: string } | undefined {
  if (version > 3) {
    return {
      got: `one with superblock version ${version}, newer than this library`,
      remedy: "write it anew with h5repack, or with libver='v110' in h5py",
    };
  }
  if (openForWriting) {
    return {
      got: `one that is still open for writing${swmr ? " (SWMR: single writer, multiple readers)" : ""}, or was when its program ended`,
      remedy: "close it there first; if no program has it open, run h5clear -s on a copy",
    };
  }
  if (end > size) {
    return {
      got: `one that is truncated: ${size} of ${end} bytes`,
      remedy: "wait until it is written, or copy it again",
    };
  }
  return undefined;
}

/**
 * Runs something that calls the library; an error of the library becomes one line.
 *
 * @param what requested item, for the message
 * @throws FileError with path and the library's innermost reason
 */
export function guarded<T>(call: string, path: string, what: string, run: () => T): T {
  report = undefined;
  let failure: unknown;
  let interrupted = false;
  try {
    const result = run();
    if (report === undefined) return result;
  } catch (error) {
    if (error instanceof OperandoseError) throw error;
    failure = error;
    // The compiled code was left in the middle of something: a trap, or no memory or stack left.
    interrupted = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
    if (interrupted) restart();
  }
  throw new FileError(
    `${call}: expected ${what} to be readable in ${path}, got ${reason(report ?? failure)}; copy or record the file again`,
    { path, what, ...(interrupted && { interrupted }) },
    { cause: failure ?? report },
  );
}

/**
 * The innermost line of the library's stack of errors: it has the cause, and the outer ones the callers.
 */
function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const steps = text.split("\n").filter((line) => /^\s*#\d+:/.test(line));
  const last = steps.at(-1)?.replace(/^.*?\bin \w+\(\): /, "");
  const line = text.split("\n")[0];
  return last ?? (typeof error === "string" ? line : `an error of the HDF5 library (${line})`);
}
