// What a description says of a cube: its axes, what a dose map needs beside it, and the line that loads it.
import { energyRange } from "../io/description.js";
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
type Given = Partial<
  Record<"recipe" | "path" | "energies" | "sample" | "flat" | "dark" | "foil", string | Matching>
>;

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

/** Files of a folder that no pattern with `*` tells from the others. */
export class Matching {
  constructor(
    readonly folder: string,
    readonly names: RegExp,
  ) {}
}

/** The lines that load the files; what is missing stands in them as an example. */
export function sampleLine(
  given: Given,
  { edge, pixelSize }: Partial<Schema>,
  hasFlat = given.flat !== undefined,
): string {
  const lists = Object.values(given).filter((one) => one instanceof Matching);
  const files = Object.entries(given).map(([name, paths]) => `${name}: ${pathsText(paths)}`);
  const entries = [
    ...files,
    ...(hasFlat ? [] : ['flat: "flat.edf"']),
    ...(edge ? [] : ['edge: "Ni K"']),
    ...(pixelSize === undefined ? ["pixelSize: 6.5"] : []),
    "flux: 1e12",
    "fluxEnergy: 8390",
  ];
  const folder = lists.length > 0 ? JSON.stringify(lists[0].folder) : "";
  return [
    "// the values behind the paths are examples: state your own",
    ...(lists.length > 0
      ? [
          `const names = readdirSync(${folder}).sort(new Intl.Collator("en", { numeric: true }).compare);`,
          `const files = (pattern: RegExp) => names.filter((name) => pattern.test(name)).map((name) => join(${folder}, name));`,
        ]
      : []),
    `const cube = Cube.load({ ${entries.join(", ")} });`,
  ].join("\n");
}

function pathsText(paths: unknown): string {
  return paths instanceof Matching ? `files(${paths.names})` : JSON.stringify(paths);
}
