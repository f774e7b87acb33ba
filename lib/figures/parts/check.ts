// Checks of the input of figures: arrays of numbers, colors, sizes.
import { color as parseColor } from "d3";
import { Matrix } from "ml-matrix";
import { type MatrixLike, toVector } from "../../compute/matrix.js";
import { ArgumentError, quote, ShapeError } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { theme } from "./theme.js";

/** Width of a figure: a journal's column (340 px) or page (700 px), px, or both sides in px. */
export type Size = "column" | "page" | number | { readonly width: number; readonly height: number };

/**
 * A vector as a copy; null and undefined entries become NaN.
 *
 * @throws ShapeError when it is not an array of numbers, is empty, or does not have the expected length
 */
export function vector(call: string, name: string, value: unknown, length?: number): Float64Array {
  if (!isList(value)) {
    throw new ShapeError(`${call}: expected an array of numbers as ${name}, got ${quote(value)}`, {
      option: name,
    });
  }
  if (length !== undefined && value.length !== length) {
    throw new ShapeError(
      `${call}: expected ${length} values in ${name}, got ${value.length}; every point needs one value`,
      { option: name, expected: length, got: value.length },
    );
  }
  if (value.length === 0) {
    throw new ShapeError(`${call}: expected at least one value in ${name}, got none`, { option: name });
  }
  return Float64Array.from(toVector(value as ArrayLike<number>, call, name));
}

/** Rows of a matrix as copies, each with `length` values. */
export function rowsOf(call: string, name: string, value: MatrixLike, length: number): Float64Array[] {
  const list: unknown = Matrix.isMatrix(value) ? value.to2DArray() : value;
  if (!Array.isArray(list) || list.length === 0) {
    throw new ShapeError(
      `${call}: expected ${name} as rows (ml-matrix Matrix or number[][]), got ${quote(value)}`,
      {
        option: name,
      },
    );
  }
  return list.map((row, i) => vector(call, `${name}[${i}]`, row, length));
}

/** Smallest and largest finite value of some arrays; null where there is none. */
export function extentOf(...arrays: readonly ArrayLike<number>[]): [number, number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const array of arrays) {
    for (let i = 0; i < array.length; i++) {
      const value = array[i];
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : null;
}

/** An interval [lo, hi] of finite numbers with lo < hi. */
export function interval(call: string, name: string, value: unknown): [number, number] {
  const ok = isList(value) && value.length === 2 && Array.from(value).every((v) => Number.isFinite(v));
  const [low, high] = ok ? (value as ArrayLike<number> & [number, number]) : [0, 0];
  if (!ok || !(low < high)) {
    throw new ArgumentError(`${call}: expected ${name} as [low, high] with low < high, got ${quote(value)}`, {
      option: name,
      value,
    });
  }
  return [low, high];
}

/** A finite number above zero. */
export function positive(call: string, name: string, value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value) && value > 0) return value;
  throw new ArgumentError(`${call}: expected ${name} as a number above 0, got ${quote(value)}`, {
    option: name,
    value,
  });
}

/** A whole number above zero. */
export function count(call: string, name: string, value: unknown): number {
  if (Number.isInteger(value) && (value as number) > 0) return value as number;
  throw new ArgumentError(`${call}: expected ${name} as a whole number above 0, got ${quote(value)}`, {
    option: name,
    value,
  });
}

/** A CSS color, as #rrggbb. */
export function color(call: string, name: string, value: unknown): string {
  const parsed = typeof value === "string" ? parseColor(value) : null;
  if (parsed) return parsed.formatHex();
  throw new ArgumentError(`${call}: expected a CSS color such as "#0072B2" as ${name}, got ${quote(value)}`, {
    option: name,
    value,
  });
}

/** The entries of an option that may be left out. @throws ArgumentError for anything else than an array */
export function entriesOf<T>(call: string, name: string, value: readonly T[] | undefined): readonly T[] {
  if (value === undefined || Array.isArray(value)) return value ?? [];
  throw new ArgumentError(`${call}: expected an array as ${name}, got ${quote(value)}`, {
    option: name,
    value,
  });
}

/** A list of strings, of a given length where one is needed. */
export function strings(call: string, name: string, value: unknown, length?: number): string[] {
  if (!Array.isArray(value) || value.some((entry) => typeof entry !== "string")) {
    throw new ArgumentError(`${call}: expected strings as ${name}, got ${quote(value)}`, {
      option: name,
      value,
    });
  }
  if (length !== undefined && value.length !== length) {
    throw new ShapeError(`${call}: expected ${length} strings in ${name}, got ${value.length}`, {
      option: name,
      expected: length,
      got: value.length,
    });
  }
  return value;
}

const SIDES: OptionNames<{ width: number; height: number }> = { width: true, height: true };

/** Width and height of a figure in px; `aspect` is height over width if only a width is given. */
export function sizeOf(call: string, size: Size, aspect: number): { width: number; height: number } {
  if (typeof size === "object" && size !== null) {
    const { width, height } = checkOptions(`${call}, size`, size, SIDES);
    return { width: side(call, "size.width", width), height: side(call, "size.height", height) };
  }
  const width = widthOf(call, size);
  // A page-wide figure has a smaller aspect ratio.
  return { width, height: Math.round(width * (width > 500 ? 0.78 * aspect : aspect)) };
}

/** Width of a figure in px. */
export function widthOf(call: string, size: Size): number {
  if (size === "column" || size === "page") return theme.width[size];
  if (typeof size === "object" && size !== null) {
    return side(call, "size.width", checkOptions(`${call}, size`, size, SIDES).width);
  }
  return side(call, "size", size);
}

function side(call: string, name: string, value: unknown): number {
  if (typeof value === "number" && value >= 120 && value <= 4000) return Math.round(value);
  throw new ArgumentError(
    `${call}: expected ${name} as "column", "page" or a number of px from 120 to 4000, got ${quote(value)}`,
    { option: name, value },
  );
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}
