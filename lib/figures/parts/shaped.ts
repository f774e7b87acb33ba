// Results of other calls that a figure is drawn of: damaged ones are refused with the member that is wrong.
import { z } from "zod";
import { ArgumentError, quote } from "../../errors.js";

/** An array of numbers, typed or not; NaN and infinite ones are numbers. */
export const numbers = z.custom<ArrayLike<number>>(
  (value) =>
    (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))) &&
    Array.from(value as ArrayLike<unknown>).every((entry) => typeof entry === "number"),
  "expected an array of numbers",
);

/** A number, infinite or NaN included. */
export const number = z.custom<number>((value) => typeof value === "number", "expected a number");

/**
 * Checks the members of a result that a figure reads.
 *
 * @param what the value and where it comes from, for the message
 * @throws ArgumentError that names the first wrong member
 */
export function checkShape(call: string, what: string, shape: z.ZodType, value: unknown): void {
  const issue = shape.safeParse(value).error?.issues[0];
  if (!issue) return;
  const at = issue.path.length > 0 ? `; ${issue.path.join(".")}: ${issue.message}` : "";
  throw new ArgumentError(`${call}: expected ${what}, got ${quote(value)}${at}`, {
    value,
    member: issue.path,
  });
}
