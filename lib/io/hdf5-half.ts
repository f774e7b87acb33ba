// Floating-point numbers of 16 bits (IEEE 754 binary16) in HDF5: the library cannot read them as numbers, but as
// words.
import type { Dataset } from "h5wasm/node";

/** A dataset of 16-bit floating-point numbers, whose values come as float32. */
export function halfFloats(dataset: Dataset): Dataset {
  const metadata = { ...dataset.metadata, type: 0, signed: false };
  const words: Dataset = Object.create(dataset, { _metadata: { value: metadata } });
  return Object.create(dataset, {
    value: { get: () => floatsOf(words.value as Uint16Array) },
    slice: {
      value: (ranges: Parameters<Dataset["slice"]>[0]) => floatsOf(words.slice(ranges) as Uint16Array),
    },
  });
}

/** The numbers that words of 16 bits stand for: 1 bit of sign, 5 of exponent, 10 of mantissa. */
function floatsOf(words: Uint16Array): Float32Array {
  return Float32Array.from(words, (word) => {
    const sign = word & 0x8000 ? -1 : 1;
    const exponent = (word >> 10) & 31;
    const mantissa = word & 1023;
    if (exponent === 0) return sign * mantissa * 2 ** -24;
    if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
  });
}
