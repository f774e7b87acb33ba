// The number types of TIFF pages.
import { type NumberType, numberType } from "./edf-types.js";

/** Names of the types by sample format (1 unsigned, 2 signed, 3 floating point) and bits. */
const NAMES: Readonly<Record<string, string>> = {
  "1 8": "UnsignedByte",
  "1 16": "UnsignedShort",
  "1 32": "UnsignedInteger",
  "2 8": "SignedByte",
  "2 16": "SignedShort",
  "2 32": "SignedInteger",
  "3 32": "FloatValue",
  "3 64": "DoubleValue",
};

/** The number type of a page; undefined for bits that do not fill bytes, and for others. */
export function numberTypeOfPage(bits: number, sampleFormat: number): NumberType | undefined {
  const name = NAMES[`${sampleFormat} ${bits}`];
  return name === undefined ? undefined : numberType(name);
}
