// Files that a recipe finds, as the options of Cube.load for files.
import { resolve } from "node:path";
import { ArgumentError, quote } from "../errors.js";
import { hdf5IsLoaded } from "../io/hdf5-library.js";
import { inChild } from "../io/in-child.js";
import { openRecipe, placeholdersOf, type Recipe } from "../io/recipe.js";
import { type RecipeRequest, type Resolved, ROLES } from "../io/recipe-request.js";
import { resolveRecipe } from "../io/recipe-resolve.js";
import { checkOptions, refuseNull } from "../options.js";
import type { FileOptions, RecipeOptions } from "./file-options.js";
import { pathsOf } from "./paths.js";
import { FILE_OPTIONS } from "./source.js";

const CALL = "Cube.load";

/**
 * What a recipe finds at a path. Options that are given take the place of what it finds.
 *
 * @throws ArgumentError for an unknown recipe or placeholder; FileError for a recipe that is not valid, and for a
 *   recording that does not have what it says
 */
export function recipeOptions(options: RecipeOptions): FileOptions {
  const known = { ...FILE_OPTIONS, recipe: true, path: true, values: true } as const;
  const { recipe: name, path, values = {}, ...given } = refuseNull(CALL, checkOptions(CALL, options, known));
  const recipe = openRecipe(CALL, name);
  if (typeof path !== "string" || path === "") {
    throw new ArgumentError(
      `${CALL}: expected path as a file or folder of the recording beside { recipe }, got ${quote(path)}`,
      { option: "path", value: path },
    );
  }
  checkValues(recipe, values);
  const roles = ROLES.filter((role) => given[role] !== undefined);
  const paths = Object.fromEntries(roles.map((role) => [role, pathsOf(role, given[role])]));
  const found = resolved({ recipe, path: resolve(path), values, given: paths });
  const others = Object.entries(given).filter(([option]) => !(ROLES as readonly string[]).includes(option));
  return { ...found, ...Object.fromEntries(others.filter(([, value]) => value !== undefined)) };
}

/** What a recipe finds; without the HDF5 library in another process. */
function resolved(request: RecipeRequest): Resolved {
  const { recipe, path } = request;
  const isPlain = ROLES.every((role) => recipe[role]?.dataset === undefined);
  if (isPlain || hdf5IsLoaded()) return resolveRecipe(CALL, request);
  return inChild(CALL, path, { call: CALL, request });
}

/** @throws ArgumentError for values of what is no placeholder, and for what is no text */
function checkValues(recipe: Recipe, values: unknown): void {
  const known = [...new Set(placeholdersOf(JSON.stringify(recipe)))];
  const refuse = (got: unknown): ArgumentError =>
    new ArgumentError(
      `${CALL}: expected values for the placeholders of the recipe ${recipe.name} (${known.join(", ") || "it has none"}), as texts, got ${quote(got)}`,
      { option: "values", value: got },
    );
  if (typeof values !== "object" || values === null || Array.isArray(values)) throw refuse(values);
  for (const [name, value] of Object.entries(values)) {
    const list: readonly unknown[] = [value].flat();
    if (!known.includes(name)) throw refuse(name);
    if (list.length === 0 || list.some((one) => typeof one !== "string" || one === "")) throw refuse(value);
  }
}
