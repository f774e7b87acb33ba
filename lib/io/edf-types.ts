// The number types of EDF: names, aliases that programs use, widths and typed arrays. WebAssembly and the
// machines that run it store the low byte first, so that only HighByteFirst is swapped.

/**
 * Any typed array of numbers that EDF can hold. 64-bit integers come as Float64Array, see {@link numberType}.
 */
export type NumericArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** What the writer takes: the numeric arrays, and the two 64-bit integer arrays. */
export type EdfData = NumericArray | BigInt64Array | BigUint64Array;

/** One number type of EDF. */
export interface NumberType {
  /** Canonical value of the header key `DataType`. */
  readonly name: string;
  /** Bytes of one number. */
  readonly width: 1 | 2 | 4 | 8;
  /** How the bytes are seen; `int64` and `uint64` are converted to doubles. */
  readonly kind:
    | "int8"
    | "uint8"
    | "int16"
    | "uint16"
    | "int32"
    | "uint32"
    | "int64"
    | "uint64"
    | "float32"
    | "float64";
}

const types: readonly (NumberType & { readonly aliases: readonly string[] })[] = [
  { name: "SignedByte", width: 1, kind: "int8", aliases: ["Signed8", "SignedChar"] },
  { name: "UnsignedByte", width: 1, kind: "uint8", aliases: ["Unsigned8", "UnsignedChar"] },
  { name: "SignedShort", width: 2, kind: "int16", aliases: ["Signed16", "SignedShortInteger"] },
  { name: "UnsignedShort", width: 2, kind: "uint16", aliases: ["Unsigned16", "UnsignedShortInteger"] },
  {
    name: "SignedInteger",
    width: 4,
    kind: "int32",
    aliases: ["Signed32", "SignedLong", "SignedLongInteger", "Integer"],
  },
  {
    name: "UnsignedInteger",
    width: 4,
    kind: "uint32",
    aliases: ["Unsigned32", "UnsignedLong", "UnsignedLongInteger"],
  },
  { name: "Signed64", width: 8, kind: "int64", aliases: ["SignedLongLong"] },
  { name: "Unsigned64", width: 8, kind: "uint64", aliases: ["UnsignedLongLong"] },
  { name: "FloatValue", width: 4, kind: "float32", aliases: ["Float", "Float32", "FloatIEEE32", "Real"] },
  {
    name: "DoubleValue",
    width: 8,
    kind: "float64",
    aliases: ["Double", "Float64", "FloatIEEE64", "DoubleIEEE64"],
  },
];

const byName = new Map<string, NumberType>();
for (const type of types) {
  for (const name of [type.name, ...type.aliases]) byName.set(name.toLowerCase(), type);
}

/** Canonical names of all number types, for messages and tests. */
export const numberTypeNames: readonly string[] = types.map((type) => type.name);

/**
 * The number type that a `DataType` value names (any case, with or without blanks and underscores, aliases
 * included); undefined when unknown.
 *
 * `SignedLong` and `UnsignedLong` are 32 bits wide, as in every program that writes them. 64-bit integers are
 * handed out as doubles, because every other part of the library computes with doubles; a value beyond 2^53
 * is an error, never rounded.
 */
export function numberType(name: string): NumberType | undefined {
  return byName.get(name.toLowerCase().replace(/[\s_-]/g, ""));
}

/** A type as its typed array is named: "Uint16". */
export function typeName({ kind }: NumberType): string {
  return `${kind[0].toUpperCase()}${kind.slice(1)}`;
}

/** The number type that holds a typed array without loss; undefined for anything that is no such array. */
export function numberTypeOf(data: unknown): NumberType | undefined {
  if (data instanceof Int8Array) return byName.get("signedbyte");
  if (data instanceof Uint8Array || data instanceof Uint8ClampedArray) return byName.get("unsignedbyte");
  if (data instanceof Int16Array) return byName.get("signedshort");
  if (data instanceof Uint16Array) return byName.get("unsignedshort");
  if (data instanceof Int32Array) return byName.get("signedinteger");
  if (data instanceof Uint32Array) return byName.get("unsignedinteger");
  if (data instanceof BigInt64Array) return byName.get("signed64");
  if (data instanceof BigUint64Array) return byName.get("unsigned64");
  if (data instanceof Float32Array) return byName.get("floatvalue");
  if (data instanceof Float64Array) return byName.get("doublevalue");
  return undefined;
}

/** The first `n` numbers in a buffer as they lie there; 64-bit integers as pairs of 32-bit words. */
export function numbersIn(memory: ArrayBuffer, type: NumberType, n: number): NumericArray {
  switch (type.kind) {
    case "int8":
      return new Int8Array(memory, 0, n);
    case "uint8":
      return new Uint8Array(memory, 0, n);
    case "int16":
      return new Int16Array(memory, 0, n);
    case "uint16":
      return new Uint16Array(memory, 0, n);
    case "int32":
      return new Int32Array(memory, 0, n);
    case "uint32":
      return new Uint32Array(memory, 0, n);
    case "int64":
    case "uint64":
      return new Uint32Array(memory, 0, 2 * n);
    case "float32":
      return new Float32Array(memory, 0, n);
    case "float64":
      return new Float64Array(memory, 0, n);
  }
}

/** Reverses the bytes of every number in place; `width` 1 leaves them as they are. */
export function swapBytes(bytes: Uint8Array, width: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (width === 2) buffer.swap16();
  else if (width === 4) buffer.swap32();
  else if (width === 8) buffer.swap64();
}

/**
 * Converts numbers as {@link numbersIn} gives them into doubles or floats.
 *
 * @returns the index of the first 64-bit integer that a double cannot hold exactly, or -1
 */
export function convertNumbers(
  source: NumericArray,
  type: NumberType,
  out: Float32Array | Float64Array,
): number {
  if (type.kind === "int64" || type.kind === "uint64") return fromInt64(source, type.kind === "int64", out);
  // The conversion of the JavaScript engine is vectorized: 0.3 ns per number; a loop over the elements takes
  // 3 to 6 ns.
  out.set(source);
  return -1;
}

function fromInt64(words: NumericArray, signed: boolean, out: Float32Array | Float64Array): number {
  for (let i = 0; 2 * i < words.length; i++) {
    const high = signed ? words[2 * i + 1] | 0 : words[2 * i + 1];
    const value = high * 4294967296 + words[2 * i];
    if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) return i;
    out[i] = value;
  }
  return -1;
}
