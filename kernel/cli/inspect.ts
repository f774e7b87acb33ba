// operandose inspect: what a file or folder is, what a dose map still needs, and the line that loads it.
import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Cube, FileContent } from "operandose";
import { printable } from "../jupyter/display/printable.js";
import type { CommandFile } from "./command.js";
import { bytes } from "./say.js";

/** What is known about a file. */
interface Inspection {
  path: string;
  /** "EDF, 3 images" or "experiment". */
  what: string;
  /** Facts in the order of their interest. */
  facts: Record<string, string>;
  /** What a dose map needs and this file or folder does not state. */
  missing: string[];
  /** The code that loads it. */
  code: string;
}

/** The command `inspect`. */
export const inspectCommand: CommandFile = {
  name: "inspect",
  group: "Files and doses",
  define(command, context) {
    command
      .description("what a recorded file or a folder is, and the line that loads it")
      .argument("<FILE>", "file of a known format, folder of an experiment, or saved cube")
      .option("--json", "prints JSON instead of text")
      .action(async (path: string, { json }: { json?: boolean }) => {
        const found = await inspect(path);
        context.out(json ? `${JSON.stringify(found, null, 2)}\n` : text(found));
      });
  },
};

function text({ path, what, facts, missing, code }: Inspection): string {
  const width = Math.max(...Object.keys(facts).map((name) => name.length), 0);
  return [
    `${path}: ${what}`,
    ...Object.entries(facts).map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    ...(missing.length > 0
      ? ["a dose map needs, and this does not state:", ...missing.map((m) => `  ${m}`)]
      : []),
    "load it with:",
    ...code.split("\n").map((line) => `  ${line}`),
  ]
    .map(printable)
    .join("\n")
    .concat("\n");
}

/** Name of the manifest in the folder of an experiment. */
const MANIFEST = "experiment.json";

/** Larger files are not read into memory, bytes. */
const LARGE = 1e9;

/** @throws OperandoseError for what is missing, not readable, or of no known format */
async function inspect(path: string): Promise<Inspection> {
  const { read } = await import("operandose");
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry?.isDirectory()) {
    return existsSync(join(path, MANIFEST)) ? experiment(path) : savedCube(path);
  }
  if (basename(path) === MANIFEST) return experiment(dirname(path));
  const cube = await cubeOf(path);
  if (cube && entry && entry.size > LARGE) return images(path, cube, { size: bytes(entry.size) });
  const content = await read(path);
  if (
    content.format === "edf" ||
    content.format === "tiff" ||
    content.format === "xrm" ||
    content.format === "hdf5"
  ) {
    const facts = content.format === "hdf5" ? hdf5Facts(content) : imageFacts(content);
    if (cube) return images(path, cube, facts);
    const reader = { edf: "readEdf", tiff: "readTiff", xrm: "readXrm", hdf5: "readHdf5" }[content.format];
    const code = `const content = await ${reader}(${JSON.stringify(path)});`;
    return { path, what: content.format.toUpperCase(), facts, missing: [], code };
  }
  return { path, missing: [], ...tableOf(path, content) };
}

/** The file as the recording of a sample; null where it is none. */
async function cubeOf(path: string): Promise<Cube | null> {
  const { Cube, OperandoseError } = await import("operandose");
  try {
    return Cube.load({ sample: path });
  } catch (error) {
    if (error instanceof OperandoseError) return null;
    throw error;
  }
}

function images(path: string, { schema }: Cube, facts: Record<string, string>): Inspection {
  const { edge } = schema;
  const known = edge?.name ?? (edge && `${edge.energy} eV`);
  const given = [
    'flat: "flat.edf"',
    ...(edge ? [] : ['edge: "Ni K"']),
    "pixelSize: 6.5",
    "flux: 1e12",
    "fluxEnergy: 8390",
  ];
  return {
    path,
    what: "images of a scan",
    facts: { ...axes(schema), edge: known ? `${known}, from the energies` : "not determined", ...facts },
    missing: [
      "flat: the flat field of the same camera (and its dark)",
      ...(edge ? [] : ["edge: element and shell"]),
      "pixelSize: um at the sample",
      "flux in ph/s on the stack, and fluxEnergy in eV at which it was measured",
      "stack: the layers of the cell, for .doseRate(stack)",
    ],
    code: `// the values of this line are examples: state your own\nconst cube = Cube.load({ sample: ${JSON.stringify(path)}, ${given.join(", ")} });`,
  };
}

function axes({ energies, height, width, pixelSize }: Cube["schema"]): Record<string, string> {
  return {
    energies: range(energies),
    image: `${width} x ${height} pixels (width x height)${pixelSize === undefined ? "" : ` of ${pixelSize} um`}`,
  };
}

function range(energies: ArrayLike<number>): string {
  const list = Array.from(energies);
  return `${list.length}, from ${Math.min(...list)} to ${Math.max(...list)} eV`;
}

async function experiment(path: string): Promise<Inspection> {
  const { openExperiment, OperandoseError } = await import("operandose");
  const opened = openExperiment(path);
  const { manifest } = opened;
  const { edge, flux, stack } = manifest;
  let files = `${opened.files.length}, all there`;
  try {
    opened.check();
  } catch (error) {
    if (!(error instanceof OperandoseError)) throw error;
    files = error.message;
  }
  const parts = Object.entries(manifest.parts).map(([name, { kind, shape, pixelSize, files }]) => [
    `part ${name}`,
    `${kind}, ${files.length} ${files.length === 1 ? "file" : "files"} of ${shape[1]} x ${shape[0]} pixels of ${pixelSize} um`,
  ]);
  const samples = opened.partNames.filter((name) => manifest.parts[name].kind === "sample");
  const part = samples.includes("charge") ? "charge" : samples[0];
  return {
    path,
    what: `experiment, ${manifest.title}`,
    facts: {
      edge: `${edge.element} ${edge.shell}, ${edge.energy} eV`,
      energies: range(manifest.energies),
      flux: `${flux.value.toExponential()} ph/s at ${flux.energy} eV`,
      stack: stack.layers.map(({ name }) => name).join(", "),
      ...Object.fromEntries(parts),
      files,
    },
    missing: samples.length > 0 ? [] : ["a part of the kind sample"],
    code: `const cube = Cube.load(${JSON.stringify(path)}, { part: ${JSON.stringify(part ?? "charge")} });`,
  };
}

async function savedCube(path: string): Promise<Inspection> {
  const { Cube } = await import("operandose");
  const { schema } = Cube.load(path);
  return {
    path,
    what: "saved cube",
    facts: { ...axes(schema), quantity: schema.quantity, maps: schema.maps.join(", ") || "none" },
    missing: [],
    code: `const cube = Cube.load(${JSON.stringify(path)});`,
  };
}

type Of<Format> = Extract<FileContent, { format: Format }>;

/** Entries of headers that the library or its users look for. */
const INTERESTING =
  /energy|expo|count_time|current|srcur|^time|date|title|motor_|counter_|binning|Dim_|DataType/i;

function imageFacts({ format, frames }: Of<"edf"> | Of<"tiff"> | Of<"xrm">): Record<string, string> {
  const shapes = new Set(frames.map(({ shape }) => `${shape[1]} x ${shape[0]}`));
  const entries = Object.entries(frames[0]?.header ?? {}).filter(([name]) => INTERESTING.test(name));
  return {
    format: format.toUpperCase(),
    images: `${frames.length} of ${[...shapes].join(", ")} pixels, ${frames[0]?.data.constructor.name.replace("Array", "")}`,
    ...Object.fromEntries(entries.slice(0, 20).map(([name, value]) => [`header ${name}`, value])),
  };
}

function hdf5Facts({ datasets, skipped }: Of<"hdf5">): Record<string, string> {
  const entries = Object.entries(datasets).map(([name, { shape, data, attributes }]) => [
    name,
    `${shape.join(" x ") || "one value"}, ${data?.constructor.name}${attributes.units === undefined ? "" : `, ${attributes.units}`}`,
  ]);
  return {
    format: "HDF5",
    ...Object.fromEntries(entries.slice(0, 40)),
    ...(entries.length > 40 && { others: `${entries.length - 40} more datasets` }),
    ...Object.fromEntries(Object.entries(skipped).map(([name, why]) => [name, `not read: ${why}`])),
  };
}

function tableOf(
  path: string,
  content: Exclude<FileContent, Of<"edf"> | Of<"tiff"> | Of<"xrm"> | Of<"hdf5">>,
): Pick<Inspection, "what" | "facts" | "code"> {
  const load = (reader: string) => `const content = await ${reader}(${JSON.stringify(path)});`;
  switch (content.format) {
    case "mpt": {
      const names = Object.keys(content.columns);
      return {
        what: "record of a potentiostat (EC-Lab)",
        facts: { rows: String(content.columns[names[0]]?.length ?? 0), columns: names.join(", ") },
        code: `const record = await loadElectrochemistry(${JSON.stringify(path)}, { start: 0 }); // s, of its time zero`,
      };
    }
    case "xdi":
      return {
        what: "spectrum (XDI)",
        facts: {
          ...(content.energy && { energies: range(content.energy) }),
          columns: content.labels.join(", "),
          ...Object.fromEntries(Object.entries(content.headers).slice(0, 20)),
        },
        code: load("readXdi"),
      };
    case "athena":
      return {
        what: "project of Athena",
        facts: { spectra: content.groups.map(({ label }) => label).join(", ") },
        code: load("readAthena"),
      };
    case "columns":
      return {
        what: "columns of numbers",
        facts: { rows: String(content.columns[0]?.length ?? 0), columns: content.labels.join(", ") },
        code: load("readColumns"),
      };
  }
}
