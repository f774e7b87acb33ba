// HDF5 files as plain data: all datasets below a path, or a set of arrays into a new file. Cubes that are too large for
// memory are read row by row instead, see nexus-file.ts.
import type { Attribute, Dataset, Group } from "h5wasm/node";
import { ArgumentError, FileError, quote, ShapeError } from "../errors.js";
import { checkOptions, type OptionNames, oneOf } from "../options.js";
import { atomically } from "./disk.js";
import { numberTypeOf } from "./edf-types.js";
import { closeHdf5, createHdf5, guarded, loadHdf5 } from "./hdf5-library.js";
import { checkFilters, memoryForNumbers, READABLE, readNumbers, whyUnreadable } from "./hdf5-numbers.js";
import { type Found, Hdf5Source } from "./hdf5-source.js";
import { describe, missingError, missingRows, NEVER } from "./hdf5-storage.js";
import { INCOMPLETE, type Incomplete } from "./incomplete.js";

/** Typed arrays as HDF5 holds them. 64-bit integers come as Float64Array, and are refused where they would be rounded. */
export type Hdf5Array =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** A value of an attribute, or of a dataset: numbers in a typed array, a number, a text, or a list of texts. */
export type Hdf5Value = Hdf5Array | number | string | readonly string[];

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
   * What could not be read, and why, by its path (attributes as "/entry/data@units"): links that lead nowhere or in a circle,
   * types that are no numbers and no text, datasets without numbers, damaged groups.
   */
  readonly skipped: Readonly<Record<string, string>>;
}

/** Options of `readHdf5`. */
export interface Hdf5Options {
  /** Paths of datasets or groups; default everything. What is named here has to be readable. */
  readonly select?: string | readonly string[];
  /**
   * What to do with images (or rows) that a dataset has room for but that were never written, because the scan stopped, or
   * whose file is not there: "refuse" (default), or "keep" those that exist and leave the others out.
   */
  readonly incomplete?: Incomplete;
}

const OPTIONS: OptionNames<Hdf5Options> = { select: true, incomplete: true };

/**
 * Reads an HDF5 file into memory.
 *
 *     const { datasets } = await readHdf5("scan.h5", { select: "/entry/energy" });
 *
 * @returns what could be read; what is no number and no text, or whose place in the file is damaged, is in `skipped`
 * @throws FileError naming path and dataset when the file is missing, no HDF5, truncated, still being written or corrupt,
 *   when a selected path is not in it, when numbers are damaged, were never written or do not fit into memory, or when nothing
 *   can be read; ArgumentError for a selection that is no path and for an unknown option
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
    const walk = new Walk(incomplete, memoryForNumbers());
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

/** One dataset to write. */
export interface Hdf5Input {
  readonly data: Hdf5Value;
  /** Default: one dimension. */
  readonly shape?: readonly number[];
  readonly attributes?: Readonly<Record<string, Hdf5Value>>;
}

/** What `writeHdf5` writes. Groups on the way to a dataset are made. */
export interface Hdf5Tree {
  readonly datasets: Readonly<Record<string, Hdf5Input>>;
  /** Attributes by path; "/" is the file itself. */
  readonly groups?: Readonly<Record<string, Readonly<Record<string, Hdf5Value>>>>;
}

const TREE: OptionNames<Hdf5Tree> = { datasets: true, groups: true };
const INPUT: OptionNames<Hdf5Input> = { data: true, shape: true, attributes: true };

/**
 * Writes an HDF5 file; it is there completely or not at all. Arrays of more than 1000 numbers are compressed with gzip.
 *
 * @throws ShapeError when data and shape disagree, ArgumentError for what HDF5 cannot hold, FileError when the disk refuses
 */
export async function writeHdf5(path: string, tree: Hdf5Tree): Promise<void> {
  const call = "writeHdf5";
  checkOptions(call, tree, TREE);
  for (const [name, input] of Object.entries(tree.datasets)) checkInput(call, name, input);
  await loadHdf5();
  const write = (temporary: string): void => {
    const opened = createHdf5(call, temporary);
    const file = opened.handle;
    try {
      for (const [name, attributes] of Object.entries(tree.groups ?? {})) {
        guarded(call, path, quote(name), () => addAttributes(groupAt(file, name), attributes));
      }
      for (const [name, input] of Object.entries(tree.datasets)) {
        guarded(call, path, quote(name), () => addDataset(file, name, input));
      }
    } catch (error) {
      try {
        closeHdf5(call, opened);
      } catch {
        // The first failure is what is told.
      }
      throw error;
    }
    closeHdf5(call, opened);
  };
  const needed = Object.values(tree.datasets).reduce((sum, { data }) => sum + bytesOf(data), 0);
  atomically(call, path, write, needed);
}

function bytesOf(data: Hdf5Value): number {
  if (typeof data !== "object") return String(data).length;
  return "byteLength" in data ? data.byteLength : data.reduce((sum, text) => sum + text.length, 0);
}

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

  /** Leaves an item out; what went wrong with the numbers themselves, or with the library, is thrown on. */
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
      const values = plain(source.call, source.path, at, data);
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

/** What keeps numbers from being read; unlike an item that cannot be understood, it is never left out. */
class NumbersError extends FileError {}

function numbers<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new NumbersError(error.message, error.fields, { cause: error.cause });
  }
}

/** The reason in a message of ours. */
function whyOf(error: FileError): string {
  const got = error.message.match(/, got (.*); [^;]*$/)?.[1];
  return got?.replace(` in ${error.fields.path}`, "") ?? error.message;
}

/** An attribute as plain data. @throws FileError where it is neither numbers nor text */
export function readAttribute(source: Hdf5Source, name: string, of: () => Attribute): Hdf5Value {
  const value = source.run(quote(name), () => {
    const attribute = of();
    return attribute.metadata.type in READABLE ? attribute.value : undefined;
  });
  return plain(source.call, source.path, name, value);
}

/** 64-bit integers as doubles where they fit; everything else as it came. */
function plain(call: string, path: string, name: string, value: unknown): Hdf5Value {
  if (typeof value === "bigint") return whole(value);
  if (value instanceof BigInt64Array || value instanceof BigUint64Array)
    return Float64Array.from(value, whole);
  if (typeof value === "number") return value;
  if (typeof value === "string") return decoded(value);
  if (typeof value === "boolean") return Number(value);
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.map(decoded);
  if (numberTypeOf(value)) return value as Hdf5Array;
  throw new FileError(
    `${call}: expected numbers or text in ${quote(name)}, got ${value === null ? "no value" : value === undefined ? "data of another class" : quote(value)} in ${path}; convert it first`,
    { path, dataset: name },
  );

  function whole(big: bigint): number {
    const number = Number(big);
    if (Number.isSafeInteger(number)) return number;
    throw new FileError(
      `${call}: expected whole numbers within 2^53 in ${quote(name)}, got ${big}, which a double does not hold, in ${path}; convert it to doubles`,
      { path, dataset: name },
    );
  }
}

/** Text that was written as UTF-8 without saying so: its bytes came as letters of Latin-1. */
function decoded(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\0-\xff]/.test(text)) return text;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(text, "latin1"));
  } catch {
    return text;
  }
}

function checkInput(call: string, name: string, input: Hdf5Input): void {
  const { data, shape } = checkOptions(`${call}, ${quote(name)}`, input, INPUT);
  const isText =
    typeof data === "string" || (Array.isArray(data) && data.every((v) => typeof v === "string"));
  if (!/^\/?[^/]+(\/[^/]+)*$/.test(name)) {
    throw new ArgumentError(
      `${call}: expected the path of a dataset such as "/entry/data", got ${quote(name)}`,
    );
  }
  if (!isText && typeof data !== "number" && !numberTypeOf(data)) {
    throw new ArgumentError(
      `${call}: expected a typed array, a number or text for ${quote(name)}, got ${quote(data)}`,
    );
  }
  if (shape && typeof data === "object") {
    const expected = shape.reduce((product, n) => product * n, 1);
    if (expected === data.length) return;
    throw new ShapeError(
      `${call}: expected ${shape.join(" x ")} = ${expected} values for ${quote(name)}, got ${data.length}`,
      { expected, got: data.length },
    );
  }
}

/** Numbers from which on compression is worth its while. */
const LARGE = 1000;

function addDataset(root: Group, name: string, { data, shape, attributes }: Hdf5Input): void {
  const steps = name.split("/").filter((step) => step !== "");
  const last = steps.pop() as string;
  const group = groupAt(root, steps.join("/"));
  const size = typeof data === "object" ? data.length : 1;
  const dimensions = shape ? [...shape] : typeof data === "object" ? [size] : [];
  const large = numberTypeOf(data) && size > LARGE;
  const dataset = group.create_dataset({
    name: last,
    data: data as never,
    shape: dimensions,
    ...(large && { chunks: chunksOf(dimensions), compression: "gzip" as const, compression_opts: 4 }),
  });
  if (attributes) addAttributes(dataset, attributes);
}

/** Numbers of a chunk: with 8 bytes each it still fits into the megabyte that HDF5 libraries keep inflated. */
const CHUNK = 2 ** 17;

/** Whole images or rows a chunk. */
function chunksOf(shape: readonly number[]): number[] {
  const chunks = [...shape];
  for (let i = 0; i < chunks.length; i++) {
    const inner = shape.slice(i + 1).reduce((product, n) => product * n, 1);
    chunks[i] = Math.max(1, Math.min(shape[i], Math.floor(CHUNK / inner)));
    if (chunks[i] > 1) break;
  }
  return chunks;
}

function groupAt(root: Group, path: string): Group {
  let group = root;
  for (const step of path.split("/").filter((one) => one !== "")) {
    group = group.keys().includes(step) ? (group.get(step) as Group) : group.create_group(step);
  }
  return group;
}

function addAttributes(
  to: Pick<Group | Dataset, "create_attribute">,
  attributes: Readonly<Record<string, Hdf5Value>>,
): void {
  for (const [name, value] of Object.entries(attributes)) to.create_attribute(name, value as never);
}
