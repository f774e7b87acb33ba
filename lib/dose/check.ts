// Checks of single arguments: positive numbers, whole numbers, text.
import { ArgumentError, OperandoseError, quote } from "../errors.js";

/** The value, if it is a finite number above zero. @throws ArgumentError otherwise */
export function positive(call: string, name: string, value: unknown, unit: string): number {
  if (typeof value === "number" && Number.isFinite(value) && value > 0) return value;
  throw new ArgumentError(`${call}: expected ${name} > 0 ${unit}, got ${quote(value)}`, { [name]: value });
}

/** The value, if it is a whole number above zero. @throws ArgumentError otherwise */
export function whole(call: string, name: string, value: unknown, unit: string): number {
  if (Number.isInteger(value) && (value as number) > 0) return value as number;
  throw new ArgumentError(
    `${call}: expected ${name} as a whole number of ${unit} above 0, got ${quote(value)}`,
    { [name]: value },
  );
}

/** The value, if it is non-empty text. @throws ArgumentError otherwise */
export function nonEmpty(call: string, name: string, value: unknown): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  throw new ArgumentError(`${call}: expected ${name} as text, got ${quote(value)}`, { [name]: value });
}

/** What `make` returns. Its ArgumentError gets the place in the input. @throws ArgumentError */
export function within<T>(place: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof OperandoseError)) throw error;
    throw new ArgumentError(`${place}: ${error.message}`, { ...error.fields, place }, { cause: error });
  }
}
