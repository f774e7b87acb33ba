// HDF5 files as plain data: all datasets below a path, or a set of arrays into a new file. Cubes that are too large for
// memory are read row by row instead, see nexus-file.ts.
import type { Attribute, Dataset, Group } from "h5wasm/node";
import { ArgumentError, FileError, quote, ShapeError } from "../errors.js";
import { atomically } from "./disk.js";
import { numberTypeOf } from "./edf-types.js";
import { checkFilters, guarded, hdf5, loadHdf5, openHdf5 } from "./hdf5-library.js";

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
}

/** What `readHdf5` returns; all paths begin with "/". */
export interface Hdf5Content {
  readonly datasets: Readonly<Record<string, Hdf5Dataset>>;
  /** Attributes of the groups that have any; "/" is the file itself. */
  readonly groups: Readonly<Record<string, Readonly<Record<string, Hdf5Value>>>>;
  /** What could not be read, and why: dangling and external links, types that are no numbers and no text. */
  readonly skipped: Readonly<Record<string, string>>;
}

/** Options of `readHdf5`. */
export interface Hdf5Options {
  /** Paths of datasets or groups; default everything. What is named here has to be readable. */
  readonly select?: string | readonly string[];
}

/**
 * Reads an HDF5 file into memory.
 *
 * @throws FileError naming path and dataset when the file is missing, no HDF5, truncated or corrupt, when a selected path is
 *   not in it, or when a dataset has a filter that cannot be undone; ArgumentError for a selection that is no path
 */
export async function readHdf5(path: string, options: Hdf5Options = {}): Promise<Hdf5Content> {
  const call = "readHdf5";
  const select = options.select === undefined ? ["/"] : [options.select].flat();
  const wrong = select.find((one) => typeof one !== "string" || one === "");
  if (wrong !== undefined || select.length === 0) {
    throw new ArgumentError(
      `${call}: expected select to be paths such as "/entry/data", got ${quote(options.select)}`,
    );
  }
  await loadHdf5();
  const file = openHdf5(call, path);
  const content = { datasets: {}, groups: {}, skipped: {} } as Collected;
  try {
    for (const one of select) {
      const at = one === "/" ? "/" : `/${one.replace(/^\/+|\/+$/g, "")}`;
      const entity = at === "/" ? file : guarded(call, path, quote(at), () => file.get(at));
      if (!isGroup(entity) && !isDataset(entity)) {
        throw new FileError(
          `${call}: expected a group or dataset ${quote(at)} in ${path}, got ${entity ? "a link that leads nowhere" : "none"}; there are ${file.keys().map(quote).join(", ") || "none"}`,
          { path, dataset: at },
        );
      }
      collect(call, path, at, entity, content, options.select !== undefined && isDataset(entity));
    }
  } finally {
    file.close();
  }
  return content;
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

/**
 * Writes an HDF5 file; it is there completely or not at all. Arrays of more than 1000 numbers are compressed with gzip.
 *
 * @throws ShapeError when data and shape disagree, ArgumentError for what HDF5 cannot hold, FileError when the disk refuses
 */
export async function writeHdf5(path: string, tree: Hdf5Tree): Promise<void> {
  const call = "writeHdf5";
  for (const [name, input] of Object.entries(tree.datasets)) checkInput(call, name, input);
  const { File } = await loadHdf5();
  atomically(call, path, (temporary) => {
    const file = guarded(call, path, "the new file", () => new File(temporary, "w"));
    try {
      for (const [name, attributes] of Object.entries(tree.groups ?? {})) {
        addAttributes(groupAt(file, name), attributes);
      }
      for (const [name, input] of Object.entries(tree.datasets)) {
        guarded(call, path, quote(name), () => addDataset(file, name, input));
      }
    } finally {
      file.close();
    }
  });
}

interface Collected {
  readonly datasets: Record<string, Hdf5Dataset>;
  readonly groups: Record<string, Record<string, Hdf5Value>>;
  readonly skipped: Record<string, string>;
}

function collect(
  call: string,
  path: string,
  at: string,
  entity: unknown,
  content: Collected,
  needed: boolean,
): void {
  if (isDataset(entity)) {
    const unreadable = whyUnreadable(entity);
    if (unreadable === undefined) content.datasets[at] = readDataset(call, path, at, entity);
    else if (needed) {
      throw new FileError(
        `${call}: expected numbers or text in ${quote(at)}, got ${unreadable} in ${path}; convert it first`,
        { path, dataset: at },
      );
    } else content.skipped[at] = unreadable;
  } else if (isGroup(entity)) {
    const attributes = readAttributes(call, path, entity);
    if (Object.keys(attributes).length > 0) content.groups[at] = attributes;
    for (const key of entity.keys()) {
      const inside = `${at === "/" ? "" : at}/${key}`;
      collect(
        call,
        path,
        inside,
        guarded(call, path, quote(inside), () => entity.get(key)),
        content,
        false,
      );
    }
  } else content.skipped[at] = "a link that leads out of the file or nowhere";
}

/** Numbers of this class are integers, floats, text, or an enumeration such as h5py's booleans. */
const CLASSES: Readonly<Record<number, string>> = { 0: "integers", 1: "floats", 3: "text", 8: "enumeration" };

function whyUnreadable({ metadata }: Dataset): string | undefined {
  if (metadata.type in CLASSES) return undefined;
  return `data of another class (HDF5 class ${metadata.type}: neither numbers nor text)`;
}

function readDataset(call: string, path: string, at: string, dataset: Dataset): Hdf5Dataset {
  checkFilters(call, path, dataset);
  const value = guarded(call, path, quote(at), () => dataset.value);
  return {
    shape: [...(dataset.shape ?? [])],
    data: plain(call, path, at, value),
    attributes: readAttributes(call, path, dataset),
  };
}

function readAttributes(
  call: string,
  path: string,
  of: { attrs: Record<string, Attribute> },
): Record<string, Hdf5Value> {
  const out: Record<string, Hdf5Value> = {};
  for (const [name, attribute] of Object.entries(of.attrs)) {
    if (!(attribute.metadata.type in CLASSES)) continue;
    out[name] = plain(
      call,
      path,
      name,
      guarded(call, path, quote(name), () => attribute.value),
    );
  }
  return out;
}

/** 64-bit integers as doubles where they fit; everything else as it came. */
function plain(call: string, path: string, name: string, value: unknown): Hdf5Value {
  if (typeof value === "bigint") return whole(value);
  if (value instanceof BigInt64Array || value instanceof BigUint64Array)
    return Float64Array.from(value, whole);
  if (typeof value === "number" || typeof value === "string") return value;
  if (typeof value === "boolean") return Number(value);
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value;
  if (numberTypeOf(value)) return value as Hdf5Array;
  throw new FileError(
    `${call}: expected numbers or text in ${quote(name)}, got ${quote(value)} in ${path}; convert it first`,
    { path, dataset: name },
  );

  function whole(big: bigint): number {
    const number = Number(big);
    if (Number.isSafeInteger(number)) return number;
    throw new FileError(
      `${call}: expected whole numbers within 2^53 in ${quote(name)}, got ${big} in ${path}; convert it to doubles`,
      { path, dataset: name },
    );
  }
}

function checkInput(call: string, name: string, { data, shape }: Hdf5Input): void {
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

function isGroup(entity: unknown): entity is Group {
  return entity instanceof hdf5().Group;
}

function isDataset(entity: unknown): entity is Dataset {
  return entity instanceof hdf5().Dataset;
}
