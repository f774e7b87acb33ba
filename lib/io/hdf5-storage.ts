// Which images of a dataset an HDF5 file holds. The library reads images as zeros that were not written, or
// whose file is missing.
import type { Dataset } from "h5wasm/node";
import { FileError, quote, reason } from "../errors.js";
import { storedChunks } from "./hdf5-chunks.js";
import { checkFilters } from "./hdf5-filters.js";
import { halfFloats } from "./hdf5-half.js";
import { type DatasetHeader, datasetHeader } from "./hdf5-header.js";
import type { Found } from "./hdf5-source.js";
import { type VirtualPart, virtualParts } from "./hdf5-virtual.js";

/** What a dataset lacks. */
export interface Missing {
  /** 1 for each place along the first dimension that is not there, or only in part. */
  readonly rows: Uint8Array;
  readonly count: number;
  /** The reason, for a message. */
  readonly why: string;
}

/** The reason of a dataset that was created and not written. */
export const NEVER = "never written";

/** The error of a dataset that lacks images. */
export function missingError(
  { found: { source, at }, shape }: Described,
  { rows, count, why }: Missing,
  images: "images" | "rows" = shape.length === 3 ? "images" : "rows",
): FileError {
  const first = rows.indexOf(1);
  const which = count === rows.length ? "all of them" : `${count}, the first of them number ${first}`;
  const remedy =
    count === rows.length
      ? "put it there, or record again"
      : 'use { incomplete: "keep" } for those that exist, or record again';
  return new FileError(
    `${source.call}: expected ${rows.length} ${images} in ${quote(at)} of ${source.path}, got a file that lacks ${which} (${why}); ${remedy}`,
    { path: source.path, dataset: at, missing: count, first },
  );
}

/** A recording has fewer images, and a list fewer numbers. */
const MOST_ROWS = 2 ** 28;
/** Virtual datasets that may be made of each other. */
const MOST_LEVELS = 16;

/** A dataset with its path, the library's description, and its header. */
export interface Described {
  readonly found: Found;
  readonly dataset: Dataset;
  readonly shape: readonly number[];
  readonly header: DatasetHeader;
}

/** Reads the header of a dataset. @throws FileError where it is damaged, or its shape is absurd */
export function describe(found: Found): Described {
  const { source, at } = found;
  const raw = found.dataset as Dataset;
  const { shape: known, type, size } = source.run(quote(at), () => raw.metadata);
  const shape = known ?? [];
  const dataset = type === 1 && size === 2 ? halfFloats(raw) : raw;
  const total = shape.reduce((product, n) => product * n, 1);
  if (!Number.isSafeInteger(total) || shape[0] > MOST_ROWS) {
    throw new FileError(
      `${source.call}: expected a dataset of a possible size in ${quote(at)}, got ${shape.join(" x ")} in ${source.path}; correct the file`,
      { path: source.path, dataset: at, shape },
    );
  }
  const address = source.address(at);
  return { found, dataset, shape, header: source.bytes((bytes) => datasetHeader(bytes, address)) };
}

/**
 * What a dataset lacks.
 *
 * @returns undefined where it is complete
 * @throws FileError where the file is damaged, or the numbers lie in files that are no HDF5
 */
export function missingRows({ found, shape, header }: Described, level = 0): Missing | undefined {
  const { source, at } = found;
  const n = shape[0] ?? 1;
  if (shape.includes(0)) return undefined;
  const { layout } = header;
  if (layout.kind === "external") {
    throw new FileError(
      `${source.call}: expected the numbers of ${quote(at)} in ${source.path}, got a list of files that are no HDF5; write the dataset anew with h5repack`,
      { path: source.path, dataset: at },
    );
  }
  if (layout.kind === "contiguous") {
    if (Number.isNaN(layout.address)) return { rows: new Uint8Array(n).fill(1), count: n, why: NEVER };
    ofContiguous(found, shape, header);
    return undefined;
  }
  if (layout.kind === "chunked") return ofChunks(found, shape, header);
  if (layout.kind !== "virtual") return undefined;
  const parts = source.bytes((bytes) => virtualParts(bytes, layout.heap, layout.entry));
  if (!parts || level >= MOST_LEVELS) {
    throw new FileError(
      `${source.call}: expected a virtual dataset whose sources are listed one by one, got ${parts ? "one made of itself" : "numbered or unlimited sources"} in ${quote(at)} of ${source.path}; write it anew with h5repack, or read its sources`,
      { path: source.path, dataset: at },
    );
  }
  return ofParts(found, shape, parts, level);
}

/** Notes where the numbers of a dataset without chunks lie. @throws FileError where that cannot be */
function ofContiguous({ source, at }: Found, shape: readonly number[], header: DatasetHeader): void {
  const { layout, width } = header;
  if (layout.kind !== "contiguous" || width === undefined) return;
  const bytes = shape.reduce((product, n) => product * n, width);
  source.bytes((file) => {
    if (!Number.isNaN(layout.bytes) && layout.bytes !== bytes) {
      throw file.damaged(`${bytes} bytes for ${shape.join(" x ")} numbers of ${quote(at)}`);
    }
    if (source.isFirst(at)) file.data(at, layout.address, bytes);
  });
}

function ofChunks(
  { source, at }: Found,
  shape: readonly number[],
  header: DatasetHeader,
): Missing | undefined {
  const { layout } = header;
  if (layout.kind !== "chunked") return undefined;
  const grid = shape.map((n, i) => Math.ceil(n / layout.chunk[i]));
  const isFirst = source.isFirst(at);
  const inner = grid.slice(1).reduce((product, n) => product * n, 1);
  const written = new Map<number, Set<number>>();
  source.bytes((file) => {
    for (const { place, address, bytes } of storedChunks(file, header, shape)) {
      if (isFirst) file.data(at, address, bytes);
      if (!place) continue;
      const rest = place.slice(1).reduce((sum, k, i) => sum * grid[i + 1] + k, 0);
      const row = written.get(place[0] ?? 0) ?? new Set();
      written.set(place[0] ?? 0, row.add(rest));
    }
  });
  const rows = new Uint8Array(shape[0] ?? 1);
  const depth = layout.chunk[0] ?? 1;
  for (let row = 0; row < rows.length; row++) {
    if ((written.get(Math.floor(row / depth))?.size ?? 0) < inner) rows[row] = 1;
  }
  return missing(rows, written.size === 0 ? NEVER : "their chunks were never written");
}

function ofParts(
  { source, at }: Found,
  shape: readonly number[],
  parts: readonly VirtualPart[],
  level: number,
): Missing | undefined {
  const rows = new Uint8Array(shape[0] ?? 1).fill(1);
  const lacking: number[] = [];
  const reasons = new Set<string>();
  for (const part of parts) {
    const places = part.target?.rows ?? Array.from(rows.keys());
    for (const row of places) rows[row] = 0;
    let gaps: readonly number[];
    try {
      gaps = gapsOf(part);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      reasons.add(reason(error).replace(/^[^:]*: /, ""));
      gaps = places.map((_, k) => k);
    }
    for (const gap of gaps) lacking.push(places[gap]);
  }
  for (const row of lacking) if (row < rows.length) rows[row] = 1;
  return missing(rows, [...reasons].join("; ") || "without a source");

  /** Rows of a part, counted from its first, that its source does not hold. */
  function gapsOf(part: VirtualPart): number[] {
    const nPlaces = part.target?.rows.length ?? rows.length;
    const all = Array.from({ length: nPlaces }, (_, k) => k);
    const found = source.other(part.file).find(part.dataset);
    const name = `${quote(part.dataset)} of ${quote(part.file)}`;
    if (!found?.dataset) {
      reasons.add(`the source ${name} is not there`);
      return all;
    }
    if (found.source === source && found.at === at) {
      reasons.add("it is made of itself");
      return all;
    }
    const described = describe(found);
    checkFilters(described);
    const {
      from,
      to,
      rows: taken,
    } = part.source ?? {
      from: described.shape.map(() => 0),
      to: described.shape,
      rows: Array.from({ length: described.shape[0] ?? 1 }, (_, k) => k),
    };
    // A source that is taken as a whole has the number of images that the virtual dataset gives.
    const isWhole = part.source !== undefined || described.shape[0] === nPlaces;
    const fits =
      isWhole &&
      from.length === described.shape.length &&
      to.slice(1).every((n, i) => n <= described.shape[i + 1]);
    if (!fits || (taken.length !== nPlaces && to[0] > described.shape[0])) {
      reasons.add(`the source ${name} has the shape ${described.shape.join(" x ")}`);
      return all;
    }
    const inside = missingRows(described, level + 1);
    const gaps = taken.map((row) => row >= (described.shape[0] ?? 1) || inside?.rows[row] === 1);
    if (!gaps.includes(true)) return [];
    reasons.add(`the source ${name} holds ${gaps.filter((gap) => !gap).length} of ${taken.length} images`);
    return taken.length === nPlaces ? all.filter((k) => gaps[k]) : all;
  }
}

function missing(rows: Uint8Array, why: string): Missing | undefined {
  const count = rows.reduce((sum, one) => sum + one, 0);
  return count === 0 ? undefined : { rows, count, why };
}
