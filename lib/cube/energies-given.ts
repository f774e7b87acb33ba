// The energies that a person gives: a list, or a text file of them.
import { readFileSync } from "node:fs";
import { ArgumentError, FileError, quote } from "../errors.js";
import { parseColumns } from "../io/columns.js";
import { systemError } from "../io/disk-errors.js";

const CALL = "Cube.load";

/**
 * Energies as numbers: of a text file its only column, or the one that is labeled as energy.
 *
 * @throws ArgumentError for what is neither a list nor a path, FileError where the file is no such text
 */
export function energiesGiven(given: ArrayLike<number> | string | undefined): number[] | undefined {
  if (given === undefined) return undefined;
  if (typeof given === "string") return ofFile(given);
  if (typeof given === "object" && given !== null && typeof given.length === "number") {
    return Array.from(given);
  }
  throw new ArgumentError(
    `${CALL}: expected energies as a list of numbers in eV, or as the path of a text file, got ${quote(given)}`,
    { option: "energies", value: given },
  );
}

function ofFile(path: string): number[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw systemError(CALL, path, error);
  }
  const { columns, labels } = parseColumns(CALL, path, text.replace(/^\uFEFF/, ""));
  const labeled = labels.findIndex((label) => /^(photon[_ ]?)?energy|^e\b|eV\b/i.test(label));
  const column = columns.length === 1 ? 0 : labeled;
  if (column >= 0) return Array.from(columns[column]);
  throw new FileError(
    `${CALL}: expected one column of energies in ${path}, or one that is labeled energy, got ${columns.length} columns${labels.length > 0 ? ` (${labels.map(quote).join(", ")})` : ""}; give { energies: [...] }`,
    { path, columns: columns.length },
  );
}
