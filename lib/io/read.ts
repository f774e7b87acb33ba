// Reads any file whose format the library knows.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { ArgumentError, FileError, quote } from "../errors.js";
import { checkOptions, type OptionNames } from "../options.js";
import { systemError } from "./disk-errors.js";
import { MANIFEST } from "./experiment.js";
import type { Format } from "./format.js";
import { formatOf, formats, type KnownFormat } from "./formats.js";
import { isZarr } from "./zarr-store.js";

type ContentOf<One extends KnownFormat> = Awaited<ReturnType<One["read"]>>;

/** What `read` returns: the content as the reader of its format gives it, and the name of that format. */
export type FileContent = {
  [One in KnownFormat as One["name"]]: { readonly format: One["name"] } & ContentOf<One>;
}[KnownFormat["name"]];

type OptionsOf<One> = One extends { read(path: string, options?: infer Options): unknown } ? Options : never;
type All<Options> = (Options extends unknown ? (one: Options) => void : never) extends (all: infer O) => void
  ? O
  : never;

/** Options of `read`: those of all formats. A file takes those of its own format. */
export type ReadOptions = All<NonNullable<OptionsOf<KnownFormat>>>;

/**
 * Reads a file of any known format into memory. The format is recognized by the content, whatever the name of
 * the file; files compressed with gzip or bzip2 are unpacked, except HDF5.
 *
 * | `format` | content | options | reader |
 * | --- | --- | --- | --- |
 * | `"edf"` | `frames`: header, shape and data of each image | `incomplete` | `readEdf` |
 * | `"tiff"` | `frames`: header, shape and data of each image | `incomplete` | `readTiff` |
 * | `"xrm"` | `frames`, `pixelSize` in um | | `readXrm` |
 * | `"hdf5"` | `datasets`, `groups`, `skipped` | `select`, `incomplete` | `readHdf5` |
 * | `"mpt"` | `header`, `columns` by name (EC-Lab) | | `readMpt` |
 * | `"cycler"` | `time` in s, `voltage` in V, `current` in mA; `recipe`, `started` (Arbin, Neware) | | `loadElectrochemistry` |
 * | `"xdi"` | `headers`, `comments`, `labels`, `columns`, `energy` in eV, `mu` | | `readXdi` |
 * | `"athena"` | `groups` with `energy` in eV, `mu`, `normalization`; `journal`, `skipped` | | `readAthena` |
 * | `"columns"` | `labels`, `columns`, `comments` | | `readColumns` |
 *
 * @param path of a file; recordings that are larger than the memory are read with `Cube.load`
 * @throws FileError when the file is missing, no file, not readable, empty, damaged, or of no known format;
 *   ArgumentError for an option that no format has, or that the format of this file does not have
 * @example
 * writeColumns("edge.csv", { labels: ["energy_eV", "mu"], columns: [[8330, 8340], [0.1, 0.6]] });
 * const content = await read("edge.csv");
 * if (content.format === "columns") content.columns[1]; // [0.1, 0.6]
 */
export async function read(path: string, options: ReadOptions = {}): Promise<FileContent> {
  const call = "read";
  checkOptions(
    call,
    options,
    Object.assign({}, ...formats.map((one) => one.options)) as OptionNames<ReadOptions>,
  );
  if (typeof path !== "string" || path === "") {
    throw new ArgumentError(`${call}: expected the path of a file, got ${quote(path)}`, { path });
  }
  checkFolder(call, path);
  const format: Format = formatOf(path, call);
  const other = Object.keys(options).find((name) => !Object.hasOwn(format.options, name));
  if (other !== undefined) {
    const known = Object.keys(format.options).join(", ") || "no options";
    throw new ArgumentError(
      `${call}: expected ${known} for the format ${format.name}, got ${quote(other)} with ${path}; drop it`,
      { option: other, format: format.name, path },
    );
  }
  return { format: format.name, ...(await format.read(path, options)) } as FileContent;
}

/** @throws FileError for a folder, with what it is, and for a name that the system refuses */
function checkFolder(call: string, path: string): void {
  let isFolder: boolean | undefined;
  try {
    isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
  } catch (error) {
    throw systemError(call, path, error);
  }
  if (!isFolder) return;
  const [what, remedy] = isZarr(path)
    ? ["a saved cube or another Zarr folder", "load a cube with Cube.load"]
    : existsSync(join(path, MANIFEST))
      ? ["the folder of an experiment", "use Cube.load or openExperiment"]
      : ["a folder", "give the path of a file; describe(folder) says what it holds"];
  throw new FileError(`${call}: expected a file, got ${what}: ${path}; ${remedy}`, { path });
}
