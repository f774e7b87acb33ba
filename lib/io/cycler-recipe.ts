// Which columns of a battery cycler's table hold time, voltage and current: JSON files, which docs/recipes.md
// describes for users.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { ArgumentError, FileError, quote, reason } from "../errors.js";
import { didYouMean } from "../options.js";
import { systemError } from "./disk-errors.js";
import { type Quantity, unitsOf } from "./file-units.js";
import { describeIssues } from "./manifest-problems.js";

const text = z.string().min(1);
const column = (of: Quantity) =>
  z.strictObject({
    names: z.array(text).min(1).describe("labels without their unit, the first that is there counts"),
    unit: z.enum(unitsOf(of) as [string, ...string[]]).describe("unit of a column whose label names none"),
  });

const schema = z.strictObject({
  format: z.literal("operandose-columns"),
  version: z.literal(1),
  name: text.regex(/^[a-z][a-z0-9-]*$/, "a name of small letters, digits and -"),
  title: text,
  time: column("time"),
  date: z.array(text).optional().describe("labels of the date and time of each row"),
  voltage: column("voltage"),
  current: column("current").optional(),
});

/** A column recipe that was found valid. */
export type CyclerRecipe = z.output<typeof schema>;

const FOLDER = fileURLToPath(new URL("../../data/cyclers", import.meta.url));

/** Names of the column recipes that the library has. */
export function cyclerNames(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json"))
    .map((name) => basename(name, ".json"))
    .sort();
}

let known: readonly CyclerRecipe[] | undefined;

/** The column recipes that the library has. */
export function cyclerRecipes(): readonly CyclerRecipe[] {
  known ??= cyclerNames().map((name) => openCyclerRecipe("cyclerRecipes", name));
  return known;
}

/**
 * A column recipe by its name, or from a file.
 *
 * @throws ArgumentError for an unknown name, FileError for a file that is no valid column recipe
 */
export function openCyclerRecipe(call: string, given: unknown): CyclerRecipe {
  const names = cyclerNames();
  const isText = typeof given === "string" && given !== "";
  const isName = isText && /^[\w-]+$/.test(given);
  const path = isName && names.includes(given) ? join(FOLDER, `${given}.json`) : given;
  if (!isText || (isName && !names.includes(given) && !existsSync(given))) {
    throw new ArgumentError(
      `${call}: expected recipe as one of ${names.join(", ")}, or as the path of a JSON file, got ${quote(given)}${didYouMean(given, names)}`,
      { option: "recipe", value: given },
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path as string, "utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw systemError(call, path as string, error);
    throw new FileError(
      `${call}: expected a column recipe in JSON, got ${reason(error)} in ${path}; correct the file`,
      { path },
      { cause: error },
    );
  }
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const problems = describeIssues(result.error.issues, value);
  throw new FileError(
    `${call}: expected a valid column recipe, got ${problems.length} ${problems.length === 1 ? "entry" : "entries"} that cannot be in ${path}; correct:${problems.map((one) => `\n  ${one}`).join("")}`,
    { path, problems },
  );
}
