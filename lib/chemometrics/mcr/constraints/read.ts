// Common checks of the options of constraints.
import { ArgumentError, quote } from "../../../errors.js";
import { checkOptions, type OptionNames } from "../../../options.js";
import type { Problem, Side } from "./problem.js";

/** An error for an option of a constraint. */
export function refuse(name: string, expected: string, value: unknown, remedy?: string): ArgumentError {
  return new ArgumentError(
    `mcrAls: expected ${name} to be ${expected}, got ${quote(value)}${remedy ? `; ${remedy}` : ""}`,
    { option: `constraints.${name}`, value },
  );
}

/**
 * An options object, or an array of them, as an array. Unknown options are refused.
 *
 * @throws ArgumentError otherwise
 */
export function parts<Part extends object>(
  name: string,
  option: Part | readonly Part[],
  names: OptionNames<Part>,
): readonly Part[] {
  const list = Array.isArray(option) ? (option as readonly Part[]) : [option as Part];
  for (const part of list) {
    if (typeof part !== "object" || part === null || Array.isArray(part)) {
      const known = Object.keys(names).join(", ");
      throw refuse(name, "an options object or an array of them", part, `its options are ${known}`);
    }
    checkOptions(`mcrAls, constraints.${name}`, part, names);
  }
  return list;
}

/** One of the values listed. */
export function choice<Value>(name: string, value: unknown, values: readonly Value[]): Value {
  if (values.includes(value as Value)) return value as Value;
  const last = quote(values[values.length - 1]);
  const expected = [values.slice(0, -1).map(quote).join(", "), last].filter(Boolean).join(" or ");
  throw refuse(name, expected, value);
}

/** The matrix that a part applies to. */
export function side(name: string, value: unknown): Side {
  return choice(`${name}.on`, value, ["C", "S"] as const);
}

/** Indices of components among those requested; all if undefined. */
export function components(name: string, value: unknown, problem: Problem): readonly number[] {
  if (value === undefined) return Array.from({ length: problem.wanted }, (_, j) => j);
  const valid =
    Array.isArray(value) &&
    value.length > 0 &&
    new Set(value).size === value.length &&
    value.every((j) => Number.isInteger(j) && j >= 0 && j < problem.wanted);
  if (valid) return value;
  throw refuse(`${name}.components`, `a list of components, counted from 0 to ${problem.wanted - 1}`, value);
}

/** The same as places among the resolved components. */
export function places(name: string, value: unknown, problem: Problem): readonly number[] {
  return components(name, value, problem)
    .map((j) => problem.places[j])
    .filter((place) => place >= 0);
}

/** Bounds of the blocks along the profiles of C or S. */
export function blockBounds(side: Side, problem: Problem): readonly number[] {
  return side === "C" ? problem.rowBounds : problem.columnBounds;
}

/** Index of a block, or undefined for all blocks. */
export function block(name: string, value: unknown, side: Side, problem: Problem): number | undefined {
  if (value === undefined) return undefined;
  const count = blockBounds(side, problem).length - 1;
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) < count) return value as number;
  const of = side === "C" ? "blocks that are stacked" : "blocks side by side";
  throw refuse(`${name}.block`, `one of the ${count} ${of}, counted from 0`, value);
}

/** A number above zero, finite. */
export function positive(name: string, value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value === "number" && value > 0 && Number.isFinite(value)) return value;
  throw refuse(name, "a number above 0", value);
}
