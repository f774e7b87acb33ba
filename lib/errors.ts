// The errors that this library throws on purpose. Grammar of a message:
// `call: expected ..., got ...; remedy`. The typed fields say the same to a program.

/**
 * Any error that operandose throws on purpose; `fields` holds what a program needs to react.
 *
 * @example
 * try {
 *   Cube.load().bin(0);
 * } catch (error) {
 *   if (error instanceof OperandoseError) console.log(error.message, error.fields);
 * }
 */
export class OperandoseError extends Error {
  override readonly name: string = "OperandoseError";
  constructor(
    message: string,
    readonly fields: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * An argument or an option has a value that cannot mean anything here.
 *
 * @example
 * try {
 *   massAttenuation("Nix", 8390);
 * } catch (error) {
 *   error instanceof ArgumentError; // true
 * }
 */
export class ArgumentError extends OperandoseError {
  override readonly name = "ArgumentError";
}

/**
 * Arrays disagree in shape or length.
 *
 * @example
 * try {
 *   new Mask({ values: [1, 0, 1], width: 2, height: 2 });
 * } catch (error) {
 *   error instanceof ShapeError; // true
 * }
 */
export class ShapeError extends OperandoseError {
  override readonly name = "ShapeError";
}

/**
 * A verb was called on a cube that lacks what it needs; thrown at the call, before anything is read.
 *
 * @example
 * try {
 *   Cube.load().mask([0.7, 1.0]); // there is no dose-rate map yet
 * } catch (error) {
 *   error instanceof SchemaError; // true
 * }
 */
export class SchemaError extends OperandoseError {
  override readonly name = "SchemaError";
}

/**
 * A file is missing, truncated or inconsistent; `fields` has `path` and, where known, `frame` and `offset`.
 *
 * @example
 * try {
 *   openExperiment("no-such-folder");
 * } catch (error) {
 *   if (error instanceof FileError) console.log(error.fields.path);
 * }
 */
export class FileError extends OperandoseError {
  override readonly name = "FileError";
}

/**
 * The numbers do not allow an answer (no edge in the range, no signal, a singular system).
 *
 * @example
 * try {
 *   findE0([8300, 8310, 8320, 8330, 8340, 8350, 8360, 8370], [1, 1, 1, 1, 1, 1, 1, 1]); // no edge in it
 * } catch (error) {
 *   error instanceof OperandoseError; // true
 * }
 */
export class DataError extends OperandoseError {
  override readonly name = "DataError";
}

/** The value of an error as one short line, for messages that quote another error. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A value as it is quoted in a message: short, on one line, strings in quotes. */
export function quote(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : inspect(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function inspect(value: unknown): string {
  if (typeof value === "number" || value === null || value === undefined) return String(value);
  if (typeof value === "function") return `function ${value.name || "(anonymous)"}`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${(value as Uint8Array).length})`;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
