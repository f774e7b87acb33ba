// The HDF5 library (h5wasm), loaded when the first HDF5 file is met, and its errors in our grammar.
import { closeSync, openSync, readSync } from "node:fs";
import type { Dataset, File as Hdf5Handle } from "h5wasm/node";
import { FileError, OperandoseError, quote } from "../errors.js";
import { systemError } from "./disk.js";

type Library = typeof import("h5wasm/node");

let loading: Promise<Library> | undefined;
let loaded: Library | undefined;

/** Loads the library, once; about a tenth of a second. */
export function loadHdf5(): Promise<Library> {
  loading ??= import("h5wasm/node").then(async (library) => {
    const module = await library.ready;
    // Without this a corrupt chunk is reported on the console and its numbers are whatever was in memory.
    module.activate_throwing_error_handler();
    loaded = library;
    return library;
  });
  return loading;
}

/** Whether {@link hdf5} may be called. */
export function hdf5IsLoaded(): boolean {
  return loaded !== undefined;
}

/** The library, for code that cannot wait. @throws OperandoseError before {@link loadHdf5} is done */
export function hdf5(): Library {
  if (loaded) return loaded;
  throw new OperandoseError("hdf5: expected the HDF5 library to be loaded; await loadHdf5() first");
}

/** Whether a file begins as HDF5 does. @throws FileError when it cannot be read */
export function isHdf5(call: string, path: string): boolean {
  let descriptor = -1;
  try {
    descriptor = openSync(path, "r");
    const head = Buffer.alloc(HDF5_SIGNATURE.length);
    return readSync(descriptor, head, 0, head.length, 0) === head.length && head.equals(HDF5_SIGNATURE);
  } catch (error) {
    throw systemError(call, path, error);
  } finally {
    if (descriptor >= 0) closeSync(descriptor);
  }
}

/** The first bytes of every HDF5 file. */
export const HDF5_SIGNATURE: Buffer = Buffer.from("\x89HDF\r\n\x1a\n", "latin1");

/**
 * Opens a file for reading.
 *
 * @throws FileError naming the path when it is missing, no HDF5, or truncated
 */
export function openHdf5(call: string, path: string): Hdf5Handle {
  if (!isHdf5(call, path)) {
    throw new FileError(
      `${call}: expected an HDF5 file, got one without its signature: ${path}; check what it is, or convert it`,
      {
        path,
        offset: 0,
      },
    );
  }
  return guarded(call, path, "the file", () => new (hdf5().File)(path, "r"));
}

/**
 * Runs something that calls the library; what the library says of a failure becomes one line.
 *
 * @param what what was asked for, for the message
 * @throws FileError with path and the library's innermost reason
 */
export function guarded<T>(call: string, path: string, what: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof OperandoseError) throw error;
    throw new FileError(
      `${call}: expected ${what} to be readable in ${path}, got ${reason(error)}; copy or record the file again`,
      { path, what },
      { cause: error },
    );
  }
}

/** Filters that the library can undo. With others it has to be asked whether it read at all, and that is not enough. */
const FILTERS: readonly string[] = ["deflate", "shuffle", "fletcher32", "szip", "nbit", "scaleoffset"];

/**
 * Refuses a dataset that was written with a filter the library does not have.
 *
 * @throws FileError naming path, dataset and filter
 */
export function checkFilters(call: string, path: string, dataset: Dataset): void {
  for (const { id, name } of dataset.filters) {
    if (id >= 1 && id <= FILTERS.length) continue;
    throw new FileError(
      `${call}: expected ${quote(dataset.path)} compressed with one of ${FILTERS.slice(0, 3).join(", ")} or not at all, got the filter ` +
        `${quote(name)} (number ${id}) in ${path}; write it anew, for example: h5repack -f GZIP=4 in.h5 out.h5`,
      { path, dataset: dataset.path, filter: name },
    );
  }
}

/** The innermost lines of the library's stack of errors say what happened; the outer ones where it was noticed. */
function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const steps = text.split("\n").filter((line) => /^\s*#\d+:/.test(line));
  const last = steps.at(-1)?.replace(/^.*?\bin \w+\(\): /, "");
  return last ?? text.split("\n")[0];
}
