// The lists beside the images of a NeXus file: one energy, exposure time and ring current per image, and what
// each image shows.
import { FileError, quote } from "../errors.js";
import { memoryBytes } from "./disk.js";
import { type Quantity, toOurUnit, unitFactor } from "./file-units.js";
import type { ImageKind } from "./frames.js";
import { checkFilters } from "./hdf5-filters.js";
import { readNumbers, whyUnreadable } from "./hdf5-numbers.js";
import type { Hdf5Source } from "./hdf5-source.js";
import { type Described, describe, missingError, missingRows } from "./hdf5-storage.js";
import { readAttribute } from "./hdf5-values.js";

/**
 * Image keys: 0, 1 and 2 are those of NXtomo, 4 is that of this library for the reference foil.
 */
export const IMAGE_KEYS: Readonly<Record<ImageKind, number>> = { sample: 0, flat: 1, dark: 2, foil: 4 };

/** Where the lists lie, the first place that is there; our own writer uses the first of each. */
const PLACES = {
  image_key: ["/entry/instrument/detector/image_key"],
  energy: ["/entry/instrument/monochromator/energy", "/entry/data/energy", "/entry/energy"],
  exposure_time: ["/entry/instrument/detector/count_time"],
  ring_current: ["/entry/instrument/source/current"],
  time: ["/entry/instrument/detector/time"],
  cubes: ["/entry/instrument/detector/cubes"],
} as const;

/** Quantities of the lists that have units; without a `units` attribute they are eV, s and mA. */
const QUANTITIES: Partial<Record<keyof typeof PLACES, Quantity>> = {
  energy: "energy",
  exposure_time: "time",
  ring_current: "current",
  time: "time",
};

/**
 * One number per image; a single number counts for all. Undefined where the file has none.
 *
 * @param used the images whose numbers are needed
 * @param keys the kinds of all images: darks have no energies, and may be left out of their list
 */
export function readList(
  source: Hdf5Source,
  name: keyof typeof PLACES,
  n: number,
  used?: readonly number[],
  keys?: ArrayLike<number>,
): ArrayLike<number> | undefined {
  const { call, path } = source;
  for (const at of PLACES[name]) {
    const found = source.find(at);
    if (!found?.dataset) continue;
    const described = describe(found);
    const odd = whyUnreadable(described);
    const isText = found.dataset.metadata.type === 3;
    if (odd !== undefined || isText) {
      throw new FileError(
        `${call}: expected one number an image (${n}) in ${quote(at)}, got ${odd ?? "text"} in ${path}; correct the file`,
        { path, dataset: at },
      );
    }
    checkFilters(described);
    const missing = missingRows(described);
    const { data } = readNumbers(described, undefined, memoryBytes() / 2);
    const whole = typeof data === "number" || typeof data === "bigint" ? [data] : data;
    const list = Array.from(whole as ArrayLike<number | bigint>, Number);
    const factor = factorOf(described, name);
    const scaled = factor === 1 ? list : list.map((value) => toOurUnit(value, factor));
    const numbers = spread(scaled, n, name, keys);
    const needed = used ?? Array.from({ length: n }, (_, k) => k);
    if (missing && (list.length === 1 || needed.some((k) => missing.rows[k] === 1))) {
      throw missingError(described, missing, "rows");
    }
    if (numbers && needed.every((k) => !Number.isNaN(numbers[k]))) return numbers;
    const got = numbers ? `NaN for image ${needed.find((k) => Number.isNaN(numbers[k]))}` : list.length;
    throw new FileError(
      `${call}: expected one number an image (${n}) in ${quote(at)}, got ${got} in ${path}; correct the file`,
      { path, dataset: at },
    );
  }
  return undefined;
}

/** How many numbers a list of the file has; undefined where there is no such list. */
export function listLength(source: Hdf5Source, name: keyof typeof PLACES): number | undefined {
  for (const at of PLACES[name]) {
    const found = source.find(at);
    if (found?.dataset) return describe(found).shape.reduce((product, n) => product * n, 1);
  }
  return undefined;
}

/** A list with one number for each image; undefined where its length does not fit the images. */
function spread(
  list: readonly number[],
  n: number,
  name: keyof typeof PLACES,
  keys: ArrayLike<number> | undefined,
): ArrayLike<number> | undefined {
  if (list.length === n) return list;
  if (list.length === 1) return new Float64Array(n).fill(list[0]);
  if (name !== "energy" || !keys) return undefined;
  const lit = Array.from({ length: n }, (_, k) => k).filter((k) => keys[k] !== IMAGE_KEYS.dark);
  if (lit.length !== list.length) return undefined;
  const all = new Float64Array(n).fill(Number.NaN);
  for (const [i, k] of lit.entries()) all[k] = list[i];
  return all;
}

/** The factor that converts the numbers of a list, from its attribute `units`. */
function factorOf({ found, dataset }: Described, name: keyof typeof PLACES): number {
  const quantity = QUANTITIES[name];
  if (quantity === undefined) return 1;
  const { source, at } = found;
  const attributes = source.run(`the attributes of ${quote(at)}`, () => dataset.attrs);
  if (!("units" in attributes)) return 1;
  const value = readAttribute(source, `${at}@units`, () => attributes.units);
  const units =
    typeof value === "string" ? value : Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (units === "") return 1;
  return unitFactor(
    source.call,
    source.path,
    quote(at),
    quantity,
    typeof units === "string" ? units : quote(units),
  );
}
