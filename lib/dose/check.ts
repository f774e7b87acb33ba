// The argument checks that materials, layers, beams and maps share.
import { ArgumentError, OperandoseError, quote } from "../errors.js";

/** The value, when it is a finite number above zero. @throws ArgumentError otherwise */
export function positive(call: string, name: string, value: unknown, unit: string): number {
  if (typeof value === "number" && Number.isFinite(value) && value > 0) return value;
  throw new ArgumentError(`${call}: expected ${name} > 0 ${unit}, got ${quote(value)}`, { [name]: value });
}

/** The value, when it is a whole number above zero. @throws ArgumentError otherwise */
export function whole(call: string, name: string, value: unknown, unit: string): number {
  if (Number.isInteger(value) && (value as number) > 0) return value as number;
  throw new ArgumentError(
    `${call}: expected ${name} as a whole number of ${unit} above 0, got ${quote(value)}`,
    { [name]: value },
  );
}

/** The value, when it is text that is not empty. @throws ArgumentError otherwise */
export function nonEmpty(call: string, name: string, value: unknown): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  throw new ArgumentError(`${call}: expected ${name} as text, got ${quote(value)}`, { [name]: value });
}

/**
 * The value, when it is an object with named options.
 *
 * @param names all that the object may have; a misspelt option is an error, not a default
 * @throws ArgumentError otherwise
 */
export function options<T extends object>(
  call: string,
  value: T,
  example: string,
  names?: readonly string[],
): T {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ArgumentError(`${call}: expected ${example}, got ${quote(value)}`);
  }
  const unknown = names && Object.keys(value).find((key) => !names.includes(key));
  if (unknown !== undefined) {
    throw new ArgumentError(
      `${call}: expected ${example}, got an option ${quote(unknown)}; correct its name`,
      {
        option: unknown,
      },
    );
  }
  return value;
}

/** What `make` returns; what it refuses is told with the place where it was asked for. @throws ArgumentError */
export function within<T>(place: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof OperandoseError)) throw error;
    throw new ArgumentError(`${place}: ${error.message}`, { ...error.fields, place }, { cause: error });
  }
}
