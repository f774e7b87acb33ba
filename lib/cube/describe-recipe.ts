// Recordings in a layout that one of the library's recipes describes.
import { FileError } from "../errors.js";
import { type FileDescription, problemOf } from "../io/description.js";
import { loadHdf5 } from "../io/hdf5-library.js";
import { openRecipe, recipeNames } from "../io/recipe.js";
import { Cube } from "./cube.js";
import { cubeFacts, missingFor, sampleLine } from "./describe-images.js";

type Content = FileDescription & { readonly missing?: readonly string[] };

/** A file or folder by the first recipe that fits; undefined where none does. */
export async function describeByRecipe(call: string, path: string): Promise<Content | undefined> {
  await loadHdf5();
  for (const name of recipeNames()) {
    const { title, source } = openRecipe(call, name);
    const facts = { recipe: `${name}: ${title}`, ...(source && { layout: source }) };
    const given = { recipe: name, path };
    try {
      const { schema, plan } = Cube.load(given);
      const { sample, flat } = plan.source;
      const roles = { flat, dark: sample.dark.length > 0 };
      return {
        what: "recording in a known layout",
        facts: { ...cubeFacts(schema), ...facts, ...found(plan.source) },
        missing: missingFor(schema, roles),
        code: sampleLine(given, schema, flat !== undefined),
      };
    } catch (error) {
      // It has the images, and leaves something to be chosen.
      const isThis = error instanceof FileError && ("placeholder" in error.fields || "place" in error.fields);
      if (isThis) {
        const problem = { "as a scan": problemOf(error) };
        const what = "recording in a known layout";
        return { what, facts: { ...facts, ...problem }, code: sampleLine(given, {}, true) };
      }
      problemOf(error);
    }
  }
  return undefined;
}

function found({ sample, flat, foil }: Cube["plan"]["source"]): Record<string, string> {
  const roles = { sample: sample.files, flat: flat?.files, dark: sample.dark, foil: foil?.files };
  return Object.fromEntries(
    Object.entries(roles).flatMap(([role, files]) => {
      const [first, ...others] = files ?? [];
      return first ? [[role, `${first.path}${others.length > 0 ? ` and ${others.length} more` : ""}`]] : [];
    }),
  );
}

/** What a file of JSON is, where it is a recipe. @throws FileError for a recipe that is not valid */
export function describeRecipe(call: string, path: string): FileDescription {
  const { name, title, files, sample, flat, dark, energies } = openRecipe(call, path);
  const facts = {
    name,
    title,
    files: sample.files ?? files,
    sample: [sample.dataset ?? "whole files"].flat().join(" or "),
    ...(flat && { flat: [flat.dataset ?? flat.files ?? "whole files"].flat().join(" or ") }),
    ...(dark && { dark: [dark.dataset ?? dark.files ?? "whole files"].flat().join(" or ") }),
    ...(energies && {
      energies: "file" in energies ? energies.file : [energies.dataset].flat().join(" or "),
    }),
  };
  const code = `const cube = Cube.load({ recipe: ${JSON.stringify(path)}, path: "a recording" });`;
  return { what: "recipe", facts, code };
}
