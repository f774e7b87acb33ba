// HDF5 files as plain data: all datasets below a path. Cubes that are too large for memory are read row by
// row instead, see nexus-file.ts.
import type { Dataset, Group } from "h5wasm/node";
import { ArgumentError, FileError, quote } from "../errors.js";
import { checkOptions, type OptionNames, oneOf } from "../options.js";
import { memoryBytes } from "./disk.js";
import type { Format } from "./format.js";
import { signatureAt } from "./hdf5-bytes.js";
import { describeHdf5 } from "./hdf5-describe.js";
import { checkFilters } from "./hdf5-filters.js";
import { hdf5IsLoaded, loadHdf5 } from "./hdf5-library.js";
import { readNumbers, whyUnreadable } from "./hdf5-numbers.js";
import { type Found, Hdf5Source } from "./hdf5-source.js";
import { describe, missingError, missingRows, NEVER } from "./hdf5-storage.js";
import { type Hdf5Value, plainValue, readAttribute } from "./hdf5-values.js";
import { INCOMPLETE, type Incomplete } from "./incomplete.js";
import { NexusFile } from "./nexus-file.js";

/** One dataset. */
export interface Hdf5Dataset {
  /** Empty for a single value. */
  readonly shape: readonly number[];
  readonly data: Hdf5Value;
  readonly attributes: Readonly<Record<string, Hdf5Value>>;
  /** Places along the first dimension that exist, where { incomplete: "keep" } left others out. */
  readonly kept?: readonly number[];
}

/** What `readHdf5` returns; all paths begin with "/". */
export interface Hdf5Content {
  readonly datasets: Readonly<Record<string, Hdf5Dataset>>;
  /** Attributes of the groups that have any; "/" is the file itself. */
  readonly groups: Readonly<Record<string, Readonly<Record<string, Hdf5Value>>>>;
  /**
   * What could not be read, and why, by its path (attributes as "/entry/data@units"): links that lead nowhere
   * or in a circle, types that are no numbers and no text, datasets without numbers, damaged groups.
   */
  readonly skipped: Readonly<Record<string, string>>;
}

/** Options of `readHdf5`. */
export interface Hdf5Options {
  /** Paths of datasets or groups; default everything. What is named here has to be readable. */
  readonly select?: string | readonly string[];
  /**
   * What to do with images (or rows) that a dataset has room for but that were never written, because the
   * scan stopped, or whose file is not there: "refuse" (default), or "keep" those that exist and leave the
   * others out.
   */
  readonly incomplete?: Incomplete;
}

const OPTIONS: OptionNames<Hdf5Options> = { select: true, incomplete: true };

/**
 * Reads an HDF5 file into memory.
 *
 * @returns what could be read; what is no number and no text, or whose place in the file is damaged, is in
 *   `skipped`
 * @throws FileError naming path and dataset when the file is missing, no HDF5, truncated, still being written
 *   or corrupt, when a selected path is not in it, when numbers are damaged, were never written or do not fit
 *   into memory, or when nothing can be read; ArgumentError for a selection that is no path and for an
 *   unknown option
 * @example
 * await writeHdf5("scan.h5", { datasets: { "/entry/energy": { data: Float64Array.of(8330, 8340) } } });
 * const { datasets } = await readHdf5("scan.h5", { select: "/entry/energy" });
 * datasets["/entry/energy"].data; // [8330, 8340]
 */
export async function readHdf5(path: string, options: Hdf5Options = {}): Promise<Hdf5Content> {
  const call = "readHdf5";
  checkOptions(call, options, OPTIONS);
  const incomplete = oneOf(call, "incomplete", options.incomplete ?? "refuse", INCOMPLETE);
  const select = options.select === undefined ? ["/"] : [options.select].flat();
  const wrong = select.find((one) => typeof one !== "string" || one === "");
  if (wrong !== undefined || select.length === 0) {
    throw new ArgumentError(
      `${call}: expected select to be paths such as "/entry/data", got ${quote(options.select)}`,
    );
  }
  await loadHdf5();
  const source = Hdf5Source.open(call, path);
  try {
    const walk = new Walk(incomplete, memoryBytes() / 2);
    for (const one of select) {
      const at = one === "/" ? "/" : `/${one.replace(/^\/+|\/+$/g, "")}`;
      const found = source.find(at);
      if (!found?.group && !found?.dataset) {
        const there = source.keys({ source, at: "/", group: source.root }).map(quote);
        throw new FileError(
          `${call}: expected a group or dataset ${quote(at)} in ${path}, got ${found ? "a committed type" : "none"}; there are ${there.join(", ") || "none"}`,
          { path, dataset: at },
        );
      }
      walk.item(at, found, options.select !== undefined && found.dataset !== undefined);
    }
    source.checkPlaces();
    return walk.content();
  } finally {
    source.close();
  }
}

/** HDF5, and in it NeXus, as a format. */
export const hdf5Format = {
  name: "hdf5" as const,
  detect: ({ size, bytes }) => signatureAt(size, bytes) !== undefined,
  options: OPTIONS,
  read: readHdf5,
  describe: describeHdf5,
  frames: {
    axes: true,
    library: { isLoaded: hdf5IsLoaded, load: loadHdf5 },
    open: (place) => NexusFile.openSync(place),
  },
} satisfies Format<Hdf5Content, Hdf5Options>;

/** Groups within each other, and items in all: more is a circle of another kind. */
const MOST_LEVELS = 256;
const MOST_ITEMS = 2 ** 17;

/** Goes through a file, item by item. */
class Walk {
  readonly #datasets: Record<string, Hdf5Dataset> = {};
  readonly #groups: Record<string, Record<string, Hdf5Value>> = {};
  readonly #skipped: Record<string, string> = {};
  /** Groups that the present item is in, by file and address. */
  readonly #inside: string[] = [];
  #items = 0;
  #failure: FileError | undefined;

  constructor(
    private readonly incomplete: Incomplete,
    private memory: number,
  ) {}

  item(at: string, found: Found, needed: boolean): void {
    if (found.dataset) this.#dataset(at, found, needed);
    else if (found.group) this.#group(at, found);
    else this.#skipped[at] = "a committed type";
  }

  content(): Hdf5Content {
    const nothing = [this.#datasets, this.#groups].every((one) => Object.keys(one).length === 0);
    if (nothing && this.#failure) throw this.#failure;
    return { datasets: this.#datasets, groups: this.#groups, skipped: this.#skipped };
  }

  #group(at: string, found: Found): void {
    const { source } = found;
    const identity = `${source.path}:${source.address(found.at)}`;
    if (this.#inside.includes(identity) || this.#inside.length >= MOST_LEVELS) {
      this.#skipped[at] = "a group that contains itself";
      return;
    }
    this.#inside.push(identity);
    const attributes = this.#attributes(at, found);
    if (Object.keys(attributes).length > 0) this.#groups[at] = attributes;
    for (const key of source.keys(found)) {
      if (++this.#items > MOST_ITEMS) {
        throw new FileError(
          `${source.call}: expected at most ${MOST_ITEMS} items in ${source.path}, got more; name what you need with { select }`,
          { path: source.path },
        );
      }
      const inside = `${at === "/" ? "" : at}/${key}`;
      try {
        const item = source.find(`${found.at}/${key}`);
        if (item) this.item(inside, item, false);
        else this.#skipped[inside] = "a link that leads nowhere";
      } catch (error) {
        this.#skip(inside, error);
      }
    }
    this.#inside.pop();
  }

  /** Leaves an item out; errors of the numbers themselves and of the library are thrown. */
  #skip(at: string, error: unknown): void {
    const isReason = error instanceof FileError && !(error instanceof NumbersError);
    if (!isReason || error.fields.interrupted) throw error;
    this.#failure ??= error;
    this.#skipped[at] = whyOf(error);
  }

  #dataset(at: string, found: Found, needed: boolean): void {
    const { source } = found;
    const described = describe(found);
    const unreadable = whyUnreadable(described);
    if (unreadable !== undefined) {
      if (needed) {
        throw new FileError(
          `${source.call}: expected numbers or text in ${quote(at)}, got ${unreadable} in ${source.path}; convert it first`,
          { path: source.path, dataset: at },
        );
      }
      this.#skipped[at] = unreadable;
      return;
    }
    const missing = numbers(() => missingRows(described));
    if (missing?.why === NEVER && !needed) {
      this.#skipped[at] = missing.why;
      return;
    }
    if (missing && (this.incomplete === "refuse" || missing.count === missing.rows.length)) {
      numbers(() => {
        throw missingError(described, missing);
      });
    }
    checkFilters(described);
    const { shape, data, kept } = numbers(() => readNumbers(described, missing, this.memory));
    try {
      const values = plainValue(source.call, source.path, at, data);
      if (typeof values === "object") this.memory -= 8 * values.length;
      const attributes = this.#attributes(at, found);
      this.#datasets[at] = { shape, data: values, attributes, ...(kept && { kept }) };
    } catch (error) {
      if (needed) throw error;
      this.#skip(at, error);
    }
  }

  #attributes(at: string, { source, at: inFile, group, dataset }: Found): Record<string, Hdf5Value> {
    const out: Record<string, Hdf5Value> = {};
    const of = (group ?? dataset) as Group | Dataset;
    try {
      const attributes = source.run(`the attributes of ${quote(inFile)}`, () => of.attrs);
      for (const name of Object.keys(attributes)) {
        try {
          out[name] = readAttribute(source, `${inFile}@${name}`, () => attributes[name]);
        } catch (error) {
          this.#skip(`${at}@${name}`, error);
        }
      }
    } catch (error) {
      this.#skip(`${at}@`, error);
    }
    return out;
  }
}

/** An error of the numbers themselves. It is thrown, whereas an item of an unknown kind is left out. */
class NumbersError extends FileError {}

function numbers<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new NumbersError(error.message, error.fields, { cause: error.cause });
  }
}

/** The reason in a message of the library. */
function whyOf(error: FileError): string {
  const got = error.message.match(/, got (.*); [^;]*$/)?.[1];
  return got?.replace(` in ${error.fields.path}`, "") ?? error.message;
}
