// Recipes: where the files of a beamline have images, energies, exposures and the size of a pixel. A recipe is a
// JSON file; docs/recipes.md describes it for users.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { ArgumentError, FileError, quote, reason } from "../errors.js";
import { didYouMean } from "../options.js";
import { systemError } from "./disk-errors.js";
import { unitsOf } from "./file-units.js";
import { AXES } from "./frames.js";
import { describeIssues } from "./manifest-problems.js";

const text = z.string().min(1);

const expression = text.refine(isExpression, { error: "a regular expression" });

const dataset = z
  .union([text, z.array(text).min(1)])
  .describe("path in an HDF5 file, or several of which the first that is there counts");

/** Where the images of one kind are. */
const role = z.strictObject({
  files: text.optional().describe("names of files beside the recording; default those of the recording"),
  not: text.optional().describe("names among these that do not belong to it"),
  dataset: dataset.optional(),
  where: z
    .record(text, expression)
    .optional()
    .describe("texts in the file, and the regular expressions that they match"),
});

const quantity = (of: Parameters<typeof unitsOf>[0]) =>
  z.strictObject({
    dataset,
    unit: z
      .enum(unitsOf(of) as [string, ...string[]])
      .describe("unit of the numbers where the file has no attribute units"),
  });

const recipeSchema = z
  .strictObject({
    format: z.literal("operandose-recipe"),
    version: z.literal(1),
    name: text.regex(/^[a-z][a-z0-9-]*$/, "a name of small letters, digits and -"),
    title: text,
    source: text.optional().describe("where the layout is described"),
    files: text.describe("names of the files of a recording"),
    choose: z.array(text).optional().describe("placeholders of which one recording has one value"),
    frames: z.enum(["cubes", "files"]).optional(),
    axes: z.array(z.enum(AXES)).optional(),
    sampleIs: z.enum(["counts", "transmission"]).optional(),
    sample: role,
    flat: role.optional(),
    dark: role.optional(),
    foil: role.optional(),
    energies: z.union([quantity("energy"), z.strictObject({ file: text })]).optional(),
    exposure: quantity("time").optional(),
    ringCurrent: quantity("current").optional(),
    pixelSize: z
      .union([
        quantity("length"),
        z.strictObject({ value: z.number().positive(), unit: z.enum(unitsOf("length") as [string]) }),
      ])
      .optional(),
  })
  .superRefine((recipe, context) => {
    const known = new Set(placeholdersOf(JSON.stringify([recipe.files, recipe.sample])));
    for (const [i, name] of (recipe.choose ?? []).entries()) {
      if (known.has(name)) continue;
      const message = `a placeholder of files or sample (${[...known].join(", ") || "none"})`;
      context.addIssue({ code: "custom", path: ["choose", i], message, input: name });
    }
    const isHdf5 = recipe.sample.dataset !== undefined;
    for (const name of ["exposure", "ringCurrent"] as const) {
      if (isHdf5 || recipe[name] === undefined) continue;
      const message = "no such entry beside a sample without dataset: headers tell it";
      context.addIssue({ code: "custom", path: [name], message, input: recipe[name] });
    }
  });

/** A recipe that was found valid. */
export type Recipe = z.output<typeof recipeSchema>;
export type RecipeRole = z.output<typeof role>;

/** What a file of JSON says to be a recipe. */
export const isRecipe = (start: string): boolean => /"format"\s*:\s*"operandose-recipe"/.test(start);

/** Names in braces. */
export function placeholdersOf(pattern: string): string[] {
  return [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
}

const FOLDER = fileURLToPath(new URL("../../data/recipes", import.meta.url));

/** Names of the recipes that the library has. */
export function recipeNames(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json"))
    .map((name) => basename(name, ".json"))
    .sort();
}

/**
 * A recipe by its name, or from a file.
 *
 * @throws ArgumentError for an unknown name, FileError for a file that is no valid recipe: it lists every problem
 */
export function openRecipe(call: string, given: unknown): Recipe {
  if (typeof given !== "string" || given === "") {
    throw new ArgumentError(
      `${call}: expected recipe as a name (${recipeNames().join(", ")}) or as the path of a JSON file, got ${quote(given)}`,
      { recipe: given },
    );
  }
  const own = join(FOLDER, `${given}.json`);
  const isName = /^[\w-]+$/.test(given);
  const path = isName && existsSync(own) ? own : given;
  if (isName && path === given && !statSync(given, { throwIfNoEntry: false })?.isFile()) {
    throw new ArgumentError(
      `${call}: expected one of the recipes ${recipeNames().join(", ")}, or the path of a JSON file, got ${quote(given)}${didYouMean(given, recipeNames())}`,
      { recipe: given },
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw systemError(call, path, error);
    throw new FileError(
      `${call}: expected a recipe in JSON, got ${reason(error)} in ${path}; correct the file`,
      { path },
      { cause: error },
    );
  }
  const result = recipeSchema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const problems = describeIssues(result.error.issues, value);
  throw new FileError(
    `${call}: expected a valid recipe, got ${problems.length} ${problems.length === 1 ? "entry" : "entries"} that cannot be in ${path}; correct:${problems.map((one) => `\n  ${one}`).join("")}`,
    { path, problems },
  );
}

function isExpression(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
