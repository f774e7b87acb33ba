// Filters of HDF5 datasets: those of the library itself, and those that h5wasm-plugins has.
import type { Dataset } from "h5wasm/node";
import { FileError, quote } from "../errors.js";
import { usePlugins } from "./hdf5-library.js";
import type { Found } from "./hdf5-source.js";

/** Filters that the library itself can undo, by their numbers 1, 2, 3, ... */
const OWN: readonly string[] = ["deflate", "shuffle", "fletcher32", "szip", "nbit", "scaleoffset"];

/** Filters that are undone by plugins, by their registered numbers. */
const PLUGINS: Readonly<Record<number, string>> = {
  307: "bzip2",
  32000: "LZF",
  32001: "Blosc",
  32004: "LZ4",
  32008: "bitshuffle",
  32013: "ZFP",
  32015: "Zstandard",
};

/** Compressions inside of Blosc that its plugin lacks, by the seventh number of the filter. */
const BLOSC_WITHOUT: Readonly<Record<number, string>> = { 3: "Snappy", 4: "zlib" };

/**
 * Refuses a dataset that was written with a filter that cannot be undone, and makes the plugins known where one is
 * needed.
 *
 * @throws FileError naming path, dataset and filter
 */
export function checkFilters({
  found: { source, at },
  dataset,
}: {
  readonly found: Found;
  readonly dataset: Dataset;
}): void {
  let needsPlugin = false;
  for (const { id, name, cd_values } of source.run(quote(at), () => dataset.filters)) {
    if (id >= 1 && id <= OWN.length) continue;
    const inner = id === 32001 ? BLOSC_WITHOUT[Number(cd_values[6])] : undefined;
    if (id in PLUGINS && inner === undefined) {
      needsPlugin = true;
      continue;
    }
    const known = [...OWN.slice(0, 3), ...Object.values(PLUGINS)].join(", ");
    const got = inner === undefined ? `the filter ${quote(name)} (number ${id})` : `Blosc with ${inner}`;
    throw new FileError(
      `${source.call}: expected ${quote(at)} compressed with one of ${known} or not at all, got ${got} in ${source.path}; write it anew, for example: h5repack -f GZIP=4 in.h5 out.h5`,
      { path: source.path, dataset: at, filter: name },
    );
  }
  if (needsPlugin) usePlugins();
}
