// What a recipe finds in a recording: the options that Cube.load takes for files.
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { FileError, quote } from "../errors.js";
import { unitProblem } from "../units.js";
import { systemError } from "./disk-errors.js";
import { signatureAt } from "./hdf5-bytes.js";
import { Hdf5Source } from "./hdf5-source.js";
import { describe } from "./hdf5-storage.js";
import { withHead } from "./head.js";
import { splitPlace } from "./place.js";
import type { Recipe, RecipeRole } from "./recipe.js";
import { type Choices, datasetsMatching, filesMatching, type Values } from "./recipe-patterns.js";
import { type PerRole, type RecipeRequest, type Resolved, ROLES, type Role } from "./recipe-request.js";
import { quantityAt, textAt } from "./recipe-values.js";

/** Images of one role in one file. */
interface Images {
  readonly place: string;
  readonly values: Values;
  readonly energies?: number[];
  readonly exposure?: number[];
  readonly ringCurrent?: number[];
  readonly pixelSize?: number[];
}

/** Energies of sample and flat may differ by rounding, eV. */
const SAME_ENERGY = 0.5;

/**
 * Finds what a recipe describes. The HDF5 library has to be loaded where the recipe names datasets.
 *
 * @throws FileError where files or datasets are missing, where several could be meant, or where their energies
 *   differ
 */
export function resolveRecipe(call: string, { recipe, path, values, given }: RecipeRequest): Resolved {
  const { files, folder } = mainFiles(call, recipe, path, values);
  const sample = given.sample
    ? imagesIn(call, recipe, "sample", given.sample, values)
    : imagesOf(call, recipe, "sample", files, folder, values);
  const found = withEnergies(call, recipe, sample, path);
  // References are other scans: of what was given for the sample, only what a recording has once is theirs.
  const chosen: Choices = single(call, recipe, found, path);
  const own = Object.fromEntries(
    ROLES.filter((role) => role !== "sample").map((role) => {
      const paths = given[role];
      // A reference of another file lies where the sample, or this role, lies in its own.
      const images = paths
        ? imagesIn(call, recipe, role, paths, chosen)
        : recipe[role]
          ? imagesOf(call, recipe, role, files, folder, chosen)
          : [];
      const lit = images.filter(({ energies }) => (energies?.length ?? 0) > 1);
      return [role, role !== "dark" && !paths && lit.length > 0 ? lit : images];
    }),
  ) as Record<Exclude<Role, "sample">, Images[]>;
  // A scan that was given as a reference is no sample, whatever its title says.
  const taken = new Set(Object.values(own).flatMap((images) => images.map(({ place }) => place)));
  const usable = given.sample ? found : found.filter(({ place }) => !taken.has(place));
  if (usable.length === 0) {
    throw new FileError(
      `${call}: expected images of a sample beside its references in ${path}, got ${found.map(({ place }) => place).join(", ")} as a reference; give { sample }, or other references`,
      { path, recipe: recipe.name },
    );
  }
  const axis = energiesOf(call, recipe, usable, own, path);
  const energyFile =
    recipe.energies && "file" in recipe.energies
      ? one(
          call,
          filesMatching(call, folder, recipe.energies.file, undefined, chosen),
          recipe,
          "energies",
          folder,
        ).at
      : undefined;
  const lists = (quantity: "exposure" | "ringCurrent"): PerRole | undefined => {
    const roles = { sample: usable, flat: own.flat, foil: own.foil };
    const found = Object.entries(roles).flatMap(([role, images]) => {
      const all = images.map((image) => image[quantity]);
      return all.length > 0 && all.every((list) => list !== undefined) ? [[role, all] as const] : [];
    });
    return found.length > 0 ? (Object.fromEntries(found) as PerRole) : undefined;
  };
  const [exposure, ringCurrent] = [lists("exposure"), lists("ringCurrent")];
  const pixelSize = pixelSizeOf(call, recipe, usable, path);
  const { frames, axes, sampleIs } = recipe;
  const energies = energyFile ?? axis;
  return {
    sample: usable.map(({ place }) => place),
    ...Object.fromEntries(
      Object.entries(own).flatMap(([role, images]) =>
        images.length > 0 ? [[role, images.map(({ place }) => place)]] : [],
      ),
    ),
    ...(energies !== undefined && { energies }),
    ...(exposure && { exposure }),
    ...(ringCurrent && { ringCurrent }),
    ...(pixelSize !== undefined && { pixelSize }),
    ...(frames && { frames }),
    ...(axes && { axes }),
    ...(sampleIs && { sampleIs }),
  };
}

function mainFiles(
  call: string,
  recipe: Recipe,
  path: string,
  values: Choices,
): { files: { at: string; values: Values }[]; folder: string } {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw systemError(call, path, Object.assign(new Error("missing"), { code: "ENOENT" }));
  if (!stat.isDirectory()) return { files: [{ at: path, values: {} }], folder: dirname(path) };
  return { files: filesMatching(call, path, recipe.files, undefined, values), folder: path };
}

/** The images of a role where the recipe says. */
function imagesOf(
  call: string,
  recipe: Recipe,
  role: Role,
  files: readonly { at: string; values: Values }[],
  folder: string,
  values: Choices,
): Images[] {
  const where = recipe[role] as RecipeRole;
  const own = where.files === undefined ? files : filesMatching(call, folder, where.files, where.not, values);
  const images = own.flatMap(({ at, values: ofFile }) => inFile(call, recipe, where, at, values, ofFile));
  if (images.length > 0 || role !== "sample") return images;
  const names = where.files ?? recipe.files;
  const what =
    where.dataset === undefined ? "" : ` with images in ${[where.dataset].flat().map(quote).join(" or ")}`;
  const remedy = "check the path and { values }, or look into it with describe(path)";
  throw new FileError(
    `${call}: expected files ${quote(names)}${what}, as the recipe ${recipe.name} has them, got none in ${files.length === 1 && where.files === undefined ? files[0].at : folder}; ${remedy}`,
    { path: folder, recipe: recipe.name },
  );
}

/** The images of files that were given: where the role has them, or else the sample. */
function imagesIn(
  call: string,
  recipe: Recipe,
  role: Role,
  paths: readonly string[],
  values: Choices,
): Images[] {
  const where = [recipe[role], recipe.sample].filter((one) => one !== undefined);
  return paths.flatMap((place) => {
    const { path, dataset } = splitPlace(place);
    const isHdf5 = withHead(call, path, ({ size, bytes }) => signatureAt(size, bytes) !== undefined);
    if (where[0].dataset === undefined || !isHdf5) return [{ place, values: {} }];
    for (const one of where) {
      const found = inFile(call, recipe, { ...one, where: undefined }, path, values, {});
      const named = dataset === undefined ? found : found.filter(({ place: own }) => own === place);
      if (named.length > 0) return named;
    }
    if (dataset !== undefined) return [{ place, values: {} }];
    throw new FileError(
      `${call}: expected images of the ${role} in ${[where[0].dataset ?? []].flat().map(quote).join(" or ")} of ${path}, got none; name the dataset as in "file.h5::/entry/data"`,
      { path },
    );
  });
}

function inFile(
  call: string,
  recipe: Recipe,
  { dataset, where = {} }: RecipeRole,
  path: string,
  choices: Choices,
  ofFile: Values,
): Images[] {
  if (dataset === undefined) return [{ place: path, values: ofFile }];
  const source = Hdf5Source.open(call, path);
  try {
    for (const pattern of [dataset].flat()) {
      const found = datasetsMatching(source, pattern, { ...choices, ...ofFile }).filter(({ at, values }) => {
        const { shape, dataset: own } = describe(source.find(at) as never);
        const isImage = shape.length >= 2 && own.metadata.type <= 1;
        return (
          isImage &&
          Object.entries(where).every(([text, expression]) => {
            const value = textAt(source, text, { ...choices, ...ofFile, ...values });
            return value !== undefined && new RegExp(expression).test(value);
          })
        );
      });
      const images = found.map(({ at, values }): Images => {
        const all = { ...choices, ...ofFile, ...values };
        const numbers = (name: "exposure" | "ringCurrent", quantity: "time" | "current") =>
          recipe[name] && quantityAt(source, name, quantity, recipe[name], all)?.numbers;
        const energies =
          recipe.energies && "dataset" in recipe.energies
            ? quantityAt(source, "energies", "energy", recipe.energies, all)?.numbers
            : undefined;
        const pixelSize =
          recipe.pixelSize && "dataset" in recipe.pixelSize
            ? quantityAt(source, "pixelSize", "length", recipe.pixelSize, all)?.numbers
            : undefined;
        return {
          place: `${path}::${at}`,
          values: { ...ofFile, ...values },
          energies,
          exposure: numbers("exposure", "time"),
          ringCurrent: numbers("ringCurrent", "current"),
          pixelSize,
        };
      });
      if (images.length > 0) return images;
    }
    return [];
  } finally {
    source.close();
  }
}

/** Images over energies: a file also holds images at one energy, from other scans. */
function withEnergies(
  call: string,
  recipe: Recipe,
  images: readonly Images[],
  path: string,
): readonly Images[] {
  if (!recipe.energies || !("dataset" in recipe.energies)) return images;
  const usable =
    recipe.frames === "files"
      ? images.filter(({ energies }) => energies?.length === 1)
      : images.filter(({ energies }) => (energies?.length ?? 0) > 1);
  if (usable.length > 0) return usable;
  const names = [recipe.energies.dataset].flat().map(quote).join(" or ");
  throw new FileError(
    `${call}: expected images with their energies in ${names}, got ${images.map(({ place, energies }) => `${place} with ${energies?.length ?? "no"} ${energies?.length === 1 ? "energy" : "energies"}`).join(", ")} in ${path}; give { energies }, or another recipe`,
    { path, recipe: recipe.name },
  );
}

/** Placeholders of which a recording has one value. @throws FileError where several are there */
function single(call: string, recipe: Recipe, images: readonly Images[], path: string): Values {
  const entries = (recipe.choose ?? []).flatMap((name) => {
    const found = [...new Set(images.map(({ values }) => values[name]).filter((one) => one !== undefined))];
    if (found.length > 1) {
      throw new FileError(
        `${call}: expected one ${name} in ${path}, got ${found.map(quote).join(", ")}; choose one with { values: { ${name}: ${quote(found[0])} } }`,
        { path, placeholder: name, found },
      );
    }
    return found.map((value) => [name, value] as const);
  });
  return Object.fromEntries(entries);
}

/** The energies of one cube. @throws FileError where the cubes of a role have others */
function energiesOf(
  call: string,
  recipe: Recipe,
  sample: readonly Images[],
  others: Readonly<Record<string, readonly Images[]>>,
  path: string,
): number[] | undefined {
  const [first] = sample;
  if (first.energies === undefined) return undefined;
  if (recipe.frames === "files") return sample.flatMap(({ energies = [] }) => energies);
  const { energies } = first;
  // A dark has no energy, whatever the file says.
  const all = [...sample, ...(others.flat ?? []), ...(others.foil ?? [])];
  for (const { place, energies: own } of all) {
    if (own === undefined) continue;
    const k = own.findIndex((energy, i) => !(Math.abs(energy - energies[i]) <= SAME_ENERGY));
    if (own.length === energies.length && k < 0) continue;
    const got =
      own.length === energies.length ? `${own[k]} eV instead of ${energies[k]} eV` : `${own.length} energies`;
    throw new FileError(
      `${call}: expected the ${energies.length} energies of ${first.place} in all cubes of ${path}, got ${got} in ${place}; choose scans with { values }`,
      { path, place },
    );
  }
  return energies;
}

function pixelSizeOf(
  call: string,
  recipe: Recipe,
  sample: readonly Images[],
  path: string,
): number | undefined {
  const value = statedPixelSize(recipe, sample);
  const problem = value === undefined ? undefined : unitProblem("pixelSize", value);
  if (!problem) return value;
  throw new FileError(
    `${call}: expected the pixel size of ${path} as ${problem.expected}, got ${value} um by the recipe ${recipe.name}; ${problem.remedy}`,
    { path, pixelSize: value },
  );
}

function statedPixelSize(recipe: Recipe, sample: readonly Images[]): number | undefined {
  const { pixelSize } = recipe;
  if (pixelSize && "value" in pixelSize) {
    const factor = { um: 1, mm: 1e3, cm: 1e4, m: 1e6, nm: 1e-3 }[pixelSize.unit as "um"];
    return pixelSize.value * factor;
  }
  return sample[0].pixelSize?.[0];
}

function one<Found>(
  call: string,
  found: readonly Found[],
  recipe: Recipe,
  what: string,
  folder: string,
): Found {
  if (found.length === 1) return found[0];
  throw new FileError(
    `${call}: expected one file with ${what}, as the recipe ${recipe.name} has it, got ${found.length} in ${folder}; give { ${what} }`,
    { path: folder, recipe: recipe.name },
  );
}
