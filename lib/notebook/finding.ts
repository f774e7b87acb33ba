// A result of a notebook in one sentence, for the first page of the site.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ArgumentError, quote } from "../errors.js";
import { makeFolder } from "../io/disk.js";
import { isKebab } from "./kebab.js";

/**
 * States a result in one sentence. Where npm start builds the site (folder OPERANDOSE_SITE), the first page
 * shows it with a link to the cell. The sentence is built from the numbers of the analysis, with units and
 * intervals.
 *
 * @param id lower-case words with hyphens, such as `onset-farther`
 * @param sentence ends with a full stop
 * @returns the sentence, for display in the cell
 * @throws ArgumentError for an invalid name, for something that is no sentence, and where a number is missing
 *   in it (NaN, undefined, null)
 * @example
 * const [onset, low, high] = [27.72, 23.7, 34];
 * finding("onset", `Cp3 is level up to ${onset.toFixed(0)} MGy (95 % interval ${low} to ${high} MGy).`);
 */
export function finding(id: string, sentence: string): string {
  if (!isKebab(id)) {
    throw new ArgumentError(
      `finding: expected a name of lower-case words with hyphens such as "onset-farther", got ${quote(id)}`,
      { id },
    );
  }
  const text = typeof sentence === "string" ? sentence.replace(/\s+/g, " ").trim() : "";
  if (text.length < 10 || !text.endsWith(".") || /\b(NaN|undefined|null|Infinity)\b/.test(text)) {
    throw new ArgumentError(
      `finding(${quote(id)}): expected a sentence with all its numbers and a full stop, got ${quote(sentence)}`,
      { id, sentence },
    );
  }
  const site = process.env.OPERANDOSE_SITE;
  if (site) {
    const folder = join(site, "findings");
    makeFolder("finding", folder);
    writeFileSync(join(folder, `${id}.txt`), `${text}\n`);
  }
  return text;
}
