// Writes arrays and texts as a new HDF5 file.
import type { Dataset, Group } from "h5wasm/node";
import { ArgumentError, quote, ShapeError } from "../errors.js";
import { checkOptions, type OptionNames } from "../options.js";
import { atomically } from "./atomic.js";
import { numberTypeOf } from "./edf-types.js";
import { closeHdf5, createHdf5, guarded, loadHdf5 } from "./hdf5-library.js";
import type { Hdf5Value } from "./hdf5-values.js";

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
 * Writes an HDF5 file; it is there completely or not at all. Arrays of more than 1000 numbers are compressed
 * with gzip.
 *
 * @throws ShapeError when data and shape disagree, ArgumentError for what HDF5 cannot hold, FileError when
 *   the disk refuses
 * @example
 * const energy = { data: Float64Array.of(8330, 8340), attributes: { units: "eV" } };
 * await writeHdf5("scan.h5", { datasets: { "/entry/energy": energy } });
 */
export async function writeHdf5(path: string, tree: Hdf5Tree): Promise<void> {
  const call = "writeHdf5";
  checkOptions(call, tree, TREE);
  if (typeof tree?.datasets !== "object" || tree.datasets === null) {
    throw new ArgumentError(
      `${call}: expected { datasets } with one input for each path, got ${quote(tree?.datasets)}; for example { datasets: { "/energy": { data } } }`,
      { option: "datasets" },
    );
  }
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
        // The first failure is reported.
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

/** Arrays of more numbers are compressed. */
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

/**
 * Largest number of values per chunk: with 8 bytes each it fits into the 1 MB that HDF5 libraries cache by
 * default.
 */
const CHUNK = 2 ** 17;

/** Chunks of whole images or rows. */
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
