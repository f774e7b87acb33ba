// The argument checks that materials, layers, beams and maps share.
import { ArgumentError, quote } from "../errors.js";

/** The value, when it is a finite number above zero. @throws ArgumentError otherwise */
export function positive(call: string, name: string, value: unknown, unit: string): number {
  if (typeof value === "number" && Number.isFinite(value) && value > 0) return value;
  throw new ArgumentError(`${call}: expected ${name} > 0 ${unit}, got ${quote(value)}`, { [name]: value });
}

/** The value, when it is text that is not empty. @throws ArgumentError otherwise */
export function nonEmpty(call: string, name: string, value: unknown): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  throw new ArgumentError(`${call}: expected ${name} as text, got ${quote(value)}`, { [name]: value });
}

/** The value, when it is an object with named options. @throws ArgumentError otherwise */
export function options<T extends object>(call: string, value: T, example: string): T {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new ArgumentError(`${call}: expected ${example}, got ${quote(value)}`);
}
