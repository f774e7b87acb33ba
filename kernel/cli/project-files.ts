// Files of a new project.
import { readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { installed, place, root } from "../places.js";
import { KERNEL } from "./kernelspec.js";

/** Contents by file name. */
export function projectFiles(name: string): Record<string, string> {
  return {
    "package.json": lines({
      name: packageName(name),
      private: true,
      type: "module",
      dependencies: { operandose: dependency() },
    }),
    "first.ipynb": lines(notebook(name)),
    "experiment.json": lines(experiment),
    ".gitignore": "node_modules/\nrecordings/\nsite/\n.ipynb_checkpoints/\n",
  };
}

function lines(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** A name that npm accepts. */
function packageName(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, "-")
      .replace(/^[^a-z0-9]+/, "") || "experiment"
  );
}

/** Where this copy came from: a packed file, a clone, or the registry. */
function dependency(): string {
  if (!installed) return `file:${resolve(root)}`;
  const { version } = JSON.parse(readFileSync(place("package.json"), "utf8")) as { version: string };
  const modules = root.slice(0, root.lastIndexOf(`${sep}node_modules${sep}`) + `${sep}node_modules`.length);
  try {
    const record = JSON.parse(readFileSync(join(modules, ".package-lock.json"), "utf8")) as {
      packages: Record<string, { resolved?: string }>;
    };
    const entry = record.packages[relative(join(modules, ".."), root).split(sep).join("/")];
    if (entry?.resolved?.startsWith("file:")) {
      return `file:${resolve(modules, "..", entry.resolved.slice("file:".length))}`;
    }
  } catch {
    // Other package managers keep other records.
  }
  return `^${version}`;
}

/** What only the user knows is null, which no reader accepts: the error lists what is still to be filled in. */
const experiment = {
  format: "operandose-experiment",
  version: 1,
  title: null,
  instrument: null,
  sample: null,
  edge: { element: null, shell: null, energy: null },
  energies: null,
  flux: { value: null, energy: null },
  stack: {
    layers: [
      { name: "Window", solid: { formula: null, density: null }, thickness: null },
      {
        name: "Electrode",
        solid: { formula: null, density: null },
        liquid: { formula: null, density: null },
        thickness: null,
        porosity: null,
      },
    ],
    absorber: "Electrode",
  },
  exposure: [{ spot: "A", start: null, end: null }],
  parts: {
    dark: { kind: "dark", pixelSize: null, shape: [null, null], files: [file("dark.edf")] },
    flat: { kind: "flat", pixelSize: null, shape: [null, null], dark: "dark", files: [file("flat.edf")] },
    foil: {
      kind: "foil",
      pixelSize: null,
      shape: [null, null],
      dark: "dark",
      flat: "flat",
      files: [file("foil.edf")],
    },
    charge: {
      kind: "sample",
      spot: "A",
      pixelSize: null,
      shape: [null, null],
      dark: "dark",
      flat: "flat",
      foil: "foil",
      files: [file("charge.edf")],
    },
  },
};

function file(path: string) {
  return { path, start: null, end: null };
}

function notebook(name: string) {
  const cells = [
    ["markdown", QUESTION.replace("NAME", name)],
    ["code", 'import { Cube, figures } from "operandose";'],
    ["code", 'const cube = Cube.load("."); // experiment.json beside this notebook names the files\ncube'],
    ["markdown", STEPS],
    ["code", "const absorbance = cube.calibrate().absorb().bin(4);\n(await absorbance.spectrum()).show()"],
    [
      "markdown",
      "## The dose\n\nThe dose rate of each pixel, from the flat field, the flux and the layers in experiment.json.",
    ],
    ["code", '(await absorbance.doseRate().map("doseRate")).show()'],
  ];
  return {
    cells: cells.map(([cell_type, source], i) => ({
      cell_type,
      id: `first-${i}`,
      metadata: {},
      source: source.split(/(?<=\n)/),
      ...(cell_type === "code" && { execution_count: null, outputs: [] }),
    })),
    metadata: {
      kernelspec: { display_name: "TypeScript (operandose)", language: "typescript", name: KERNEL },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

const QUESTION = `# NAME

**Did the beam change the sample, where, and from which dose on?**

Put the recorded files beside this notebook: the sample (one cube per file), the flat field, the foil, the dark.
Then fill in \`experiment.json\`: each \`null\` stands for something that only you know. The next cell
lists what is still missing. \`npx operandose inspect FILE\` shows the shape and the energies of a file.

Without \`experiment.json\`, name the files here:
\`Cube.load({ sample: "cubes/*.edf", flat: "flat.edf", foil: "foil.edf", dark: "dark.edf", edge: "Ni K", pixelSize: 6.5 })\`.`;

const STEPS = `## The mean spectrum

The energy axis of each pixel from the foil, counts to absorbance, the mean of 4 x 4 pixels.`;
