// Numbers and texts that a recipe names in an HDF5 file.
import { FileError, quote } from "../errors.js";
import { type Quantity, toOurUnit, unitFactor } from "./file-units.js";
import { checkFilters } from "./hdf5-filters.js";
import { readNumbers, whyUnreadable } from "./hdf5-numbers.js";
import type { Hdf5Source } from "./hdf5-source.js";
import { describe, missingError, missingRows } from "./hdf5-storage.js";
import { plainValue, readAttribute } from "./hdf5-values.js";
import { type Choices, datasetsMatching } from "./recipe-patterns.js";

/** More numbers than one per image are no list beside images. */
const MOST = 2 ** 24;

/** Where a recipe has a quantity. */
interface Where {
  readonly dataset: string | readonly string[];
  readonly unit: string;
}

/**
 * Numbers in our unit: the unit is that of the file's attribute `units`, that behind a number in a text, or the
 * recipe's.
 *
 * @returns undefined where none of the datasets is there
 * @throws FileError where several are, or what lies there is no list of numbers
 */
export function quantityAt(
  source: Hdf5Source,
  what: string,
  quantity: Quantity,
  { dataset, unit }: Where,
  choices: Choices,
): { readonly at: string; readonly numbers: number[] } | undefined {
  for (const pattern of [dataset].flat()) {
    const found = datasetsMatching(source, pattern, choices);
    if (found.length === 0) continue;
    const { call, path } = source;
    if (found.length > 1) {
      throw new FileError(
        `${call}: expected one dataset with ${what}, got ${found.map(({ at }) => quote(at)).join(", ")} in ${path}; give { values } for the placeholders in ${quote(pattern)}`,
        { path, pattern },
      );
    }
    const [{ at }] = found;
    const value = valueAt(source, at);
    const own = typeof value === "string" ? /^\s*([-+\d.eE]+)\s*([^\d\s]*)\s*$/.exec(value) : undefined;
    const list =
      own !== undefined
        ? [Number(own?.[1] ?? Number.NaN)]
        : typeof value === "object"
          ? Array.from(value as ArrayLike<number>)
          : [value as number];
    const bad = list.findIndex((number) => typeof number !== "number" || !Number.isFinite(number));
    if (bad >= 0 || list.length === 0) {
      throw new FileError(
        `${call}: expected numbers for ${what} in ${quote(at)}, got ${quote(own === undefined ? list[bad] : value)} in ${path}; correct the file, or the recipe`,
        { path, dataset: at },
      );
    }
    const named = own?.[2] || unitAt(source, at) || unit;
    const factor = unitFactor(call, path, quote(at), quantity, named);
    return { at, numbers: list.map((number) => toOurUnit(number, factor)) };
  }
  return undefined;
}

/** A text; undefined where there is none. */
export function textAt(source: Hdf5Source, pattern: string, choices: Choices): string | undefined {
  const [found] = datasetsMatching(source, pattern, choices);
  if (!found) return undefined;
  const value = valueAt(source, found.at);
  const one = Array.isArray(value) ? value[0] : value;
  return typeof one === "string" ? one : undefined;
}

function valueAt(source: Hdf5Source, at: string): ReturnType<typeof plainValue> {
  const { call, path } = source;
  const described = describe(source.find(at) as NonNullable<ReturnType<Hdf5Source["find"]>>);
  const total = described.shape.reduce((product, n) => product * n, 1);
  const odd =
    whyUnreadable(described) ?? (total > MOST ? `${described.shape.join(" x ")} values` : undefined);
  if (odd !== undefined) {
    throw new FileError(
      `${call}: expected numbers or a text in ${quote(at)}, got ${odd} in ${path}; correct the recipe`,
      { path, dataset: at },
    );
  }
  const missing = missingRows(described);
  if (missing) throw missingError(described, missing, "rows");
  checkFilters(described);
  return plainValue(call, path, at, readNumbers(described, undefined, 8 * MOST).data);
}

function unitAt(source: Hdf5Source, at: string): string | undefined {
  const found = source.find(at);
  if (!found?.dataset) return undefined;
  const { dataset } = found;
  const attributes = found.source.run(`the attributes of ${quote(at)}`, () => dataset.attrs);
  if (!("units" in attributes)) return undefined;
  const value = readAttribute(found.source, `${at}@units`, () => attributes.units);
  const one = Array.isArray(value) ? value[0] : value;
  return typeof one === "string" && one.trim() !== "" ? one : undefined;
}
