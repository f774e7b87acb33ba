// What is asked of a recipe, and what it finds: plain data, which go to another process and back.
import type { Axis } from "./frames.js";
import type { Recipe } from "./recipe.js";
import type { Choices } from "./recipe-patterns.js";

/** Kinds of images that a recipe can find. */
export const ROLES = ["sample", "flat", "dark", "foil"] as const;
export type Role = (typeof ROLES)[number];

export interface RecipeRequest {
  readonly recipe: Recipe;
  /** A file, or a folder of files. */
  readonly path: string;
  readonly values: Choices;
  /** Files of a role in the place of those that the recipe finds, absolute. */
  readonly given: Partial<Readonly<Record<Role, readonly string[]>>>;
}

/** One list for each file, or for each cube. */
export type PerRole = Partial<Record<"sample" | "flat" | "foil", number[][]>>;

/** What a recipe finds, as options of Cube.load. */
export interface Resolved {
  readonly sample: string[];
  readonly flat?: string[];
  readonly dark?: string[];
  readonly foil?: string[];
  /** eV, or the path of a text file. */
  readonly energies?: number[] | string;
  /** s */
  readonly exposure?: PerRole;
  /** mA */
  readonly ringCurrent?: PerRole;
  /** um */
  readonly pixelSize?: number;
  readonly frames?: "cubes" | "files";
  readonly axes?: readonly Axis[];
  readonly sampleIs?: "counts" | "transmission";
}
