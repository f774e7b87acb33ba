// What a description says of a cube: its axes, what a dose map needs beside it, and the line that loads it.
import { energyRange } from "../io/description.js";
import type { RecipeOptions } from "./file-options.js";
import type { Schema } from "./plan.js";

/** Axes and edge of a cube. */
export function cubeFacts({
  energies,
  height,
  width,
  pixelSize,
  edge,
  times,
}: Schema): Record<string, string> {
  const pixels = `${width} x ${height} pixels (width x height)`;
  const known = edge?.name ?? (edge && `${edge.energy} eV`);
  const from = edge?.from === "energies" ? ", from the energies" : "";
  return {
    energies: energyRange(energies),
    image: pixelSize === undefined ? pixels : `${pixels} of ${pixelSize} um`,
    ...(times.length > 1 && { cubes: `${times.length}, one after the other` }),
    edge: known === undefined ? "not determined" : `${known}${from}`,
  };
}

/** What is given beside the sample. */
type Given = Partial<Pick<RecipeOptions, "recipe" | "path" | "sample" | "flat" | "dark" | "foil">>;

/** What a dose map needs beside these files. */
export function missingFor(
  { edge, pixelSize }: Partial<Schema>,
  given: { readonly flat?: unknown; readonly dark?: unknown } = {},
): string[] {
  const dark = given.dark ? "" : " (and its dark)";
  return [
    ...(given.flat ? [] : [`flat: the flat field of the same camera${dark}`]),
    ...(edge ? [] : ["edge: element and shell"]),
    ...(pixelSize === undefined ? ["pixelSize: um at the sample"] : []),
    "flux in ph/s on the stack, and fluxEnergy in eV at which it was measured",
    "stack: the layers of the cell, for .doseRate(stack)",
    "exposure history: the seconds of beam on this spot, for .dose({ seconds })",
  ];
}

/** The line that loads the files; what is missing stands in it as an example. */
export function sampleLine(
  given: Given,
  { edge, pixelSize }: Partial<Schema>,
  hasFlat = given.flat !== undefined,
): string {
  const files = Object.entries(given).map(([name, paths]) => `${name}: ${JSON.stringify(paths)}`);
  const entries = [
    ...files,
    ...(hasFlat ? [] : ['flat: "flat.edf"']),
    ...(edge ? [] : ['edge: "Ni K"']),
    ...(pixelSize === undefined ? ["pixelSize: 6.5"] : []),
    "flux: 1e12",
    "fluxEnergy: 8390",
  ];
  return `// the values behind the paths are examples: state your own\nconst cube = Cube.load({ ${entries.join(", ")} });`;
}
