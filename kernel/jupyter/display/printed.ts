// A value as text, in a terminal and below a cell.
import { type InspectOptions, inspect } from "node:util";
import { frameText } from "./frame.js";

/**
 * A value as text: tables as tables, other values as in Node, with the values of their getters: numbers of
 * results that are computed on access are numbers, too.
 */
export function printed(value: unknown, options: InspectOptions = {}): string {
  return frameText(value) ?? inspect(value, { ...options, getters: true });
}
