// Numbers and texts of HDF5 as plain data.
import type { Attribute } from "h5wasm/node";
import { FileError, quote } from "../errors.js";
import { numberTypeOf } from "./edf-types.js";
import { READABLE } from "./hdf5-numbers.js";
import type { Hdf5Source } from "./hdf5-source.js";

/**
 * Typed arrays as HDF5 holds them. 64-bit integers come as Float64Array, and are refused where they would be
 * rounded.
 */
export type Hdf5Array =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/**
 * A value of an attribute, or of a dataset: numbers in a typed array, a number, a text, or a list of texts.
 */
export type Hdf5Value = Hdf5Array | number | string | readonly string[];

/** An attribute as plain data. @throws FileError where it is neither numbers nor text */
export function readAttribute(source: Hdf5Source, name: string, of: () => Attribute): Hdf5Value {
  const value = source.run(quote(name), () => {
    const attribute = of();
    return attribute.metadata.type in READABLE ? attribute.value : undefined;
  });
  return plainValue(source.call, source.path, name, value);
}

/**
 * Values as the library gives them as plain data: 64-bit integers as doubles, texts decoded.
 *
 * @throws FileError for integers that a double would round, and for what is neither numbers nor text
 */
export function plainValue(call: string, path: string, name: string, value: unknown): Hdf5Value {
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
