// What a format tells of a file without reading its numbers: what `describe` says.
import { OperandoseError } from "../errors.js";

/** What is known of the content of a file. */
export interface FileDescription {
  /** "EDF", or "spectrum (XDI)". */
  readonly what: string;
  /** In the order of their interest. */
  readonly facts: Readonly<Record<string, string>>;
  /** The code that reads the file. */
  readonly code: string;
}

/** A list of energies as text: how many, and between which. */
export function energyRange(energies: ArrayLike<number>): string {
  const list = Array.from(energies);
  const [low, high] = [list.reduce((a, b) => Math.min(a, b)), list.reduce((a, b) => Math.max(a, b))];
  return `${list.length}, from ${low} to ${high} eV`;
}

/** The line that reads a file. */
export function readLine(reader: string, path: string): string {
  return `const content = await ${reader}(${JSON.stringify(path)});`;
}

/** The reason in the message of an error, without its call. @throws what is no error of the library */
export function problemOf(error: unknown): string {
  if (error instanceof OperandoseError) return error.message.replace(/^[^:]*: /, "");
  throw error;
}
