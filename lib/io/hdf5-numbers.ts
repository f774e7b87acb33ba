// The numbers and texts of a dataset in an HDF5 file, in parts that fit into the library's memory.
import { FileError, quote } from "../errors.js";
import type { Described, Missing } from "./hdf5-storage.js";

/** Classes of HDF5 that are numbers or text; an enumeration is what h5py makes of booleans. */
export const READABLE: Readonly<Record<number, string>> = {
  0: "integers",
  1: "floats",
  3: "text",
  8: "enumeration",
};

const OTHERS: Readonly<Record<number, string>> = {
  2: "times",
  4: "bit fields",
  5: "opaque bytes",
  6: "compounds (complex numbers or records)",
  7: "references",
  9: "lists of different lengths",
  10: "arrays as single values",
  11: "complex numbers",
};

/** Why a dataset cannot be read as numbers or text; undefined where it can. */
export function whyUnreadable({ dataset, header, found }: Described): string | undefined {
  const { type, size, shape } = found.source.run(quote(found.at), () => dataset.metadata);
  if (!(type in READABLE)) return `${OTHERS[type] ?? `data of HDF5 class ${type}`}: neither numbers nor text`;
  if (shape === null) return "no value (a null dataspace)";
  if (type === 3) return undefined;
  if (type === 1 && ![2, 4, 8].includes(size)) return `floating-point numbers of ${8 * size} bits`;
  if (![1, 2, 4, 8].includes(size)) return `integers of ${8 * size} bits`;
  return header.oddType;
}

/** Bytes that are read at once. */
const SLAB = 2 ** 26;

/**
 * All values of a dataset, without the rows that are missing.
 *
 * @throws FileError where they are damaged, or more than the memory holds
 */
export function readNumbers(
  { found: { source, at }, dataset, shape }: Described,
  missing: Missing | undefined,
  memory: number,
): { readonly shape: readonly number[]; readonly data: unknown; readonly kept?: readonly number[] } {
  const { size, type } = dataset.metadata;
  const total = shape.reduce((product, n) => product * n, 1);
  if (total * Math.max(size, 1) > memory) {
    throw new FileError(
      `${source.call}: expected at most ${Math.floor(memory / 2 ** 20)} MB in ${quote(at)}, got ${shape.join(" x ")} values of ${size} bytes in ${source.path}; read images with Cube.load, or select another dataset`,
      { path: source.path, dataset: at, shape },
    );
  }
  const kept = missing && Array.from(missing.rows.keys()).filter((row) => missing.rows[row] === 0);
  if (!kept && (type === 3 || total * size <= SLAB)) {
    return { shape, data: source.run(quote(at), () => dataset.value) };
  }
  const inner = total / shape[0];
  const most = Math.max(1, Math.floor(SLAB / (inner * size)));
  const rows = kept ?? Array.from({ length: shape[0] }, (_, k) => k);
  const parts: ArrayLike<unknown>[] = [];
  for (let k = 0; k < rows.length; ) {
    // Rows that follow each other are read together.
    let n = 1;
    while (n < most && rows[k + n] === rows[k] + n) n++;
    const from = rows[k];
    parts.push(source.run(quote(at), () => dataset.slice([[from, from + n]])) as ArrayLike<unknown>);
    k += n;
  }
  return { shape: [rows.length, ...shape.slice(1)], data: joined(parts), ...(kept && { kept }) };
}

type Numbers = Float64Array;

function joined(parts: readonly ArrayLike<unknown>[]): unknown {
  if (parts.every(Array.isArray)) return parts.flat();
  const arrays = parts as readonly Numbers[];
  const Kind = arrays[0].constructor as new (length: number) => Numbers;
  const all = new Kind(arrays.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of arrays) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
