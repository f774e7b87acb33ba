// What a file or folder is, what a dose map still needs, and the line that loads it.
import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { inspect } from "node:util";
import { ArgumentError, FileError, quote } from "../errors.js";
import { energyRange, type FileDescription, problemOf } from "../io/description.js";
import { inBytes, systemError } from "../io/disk-errors.js";
import { MANIFEST, openExperiment } from "../io/experiment.js";
import type { Format } from "../io/format.js";
import { formatOf, formats } from "../io/formats.js";
import { withHead } from "../io/head.js";
import { isRecipe } from "../io/recipe.js";
import { isZarr } from "../io/zarr-store.js";
import { Cube } from "./cube.js";
import { describeFolder } from "./describe-folder.js";
import { cubeFacts, missingFor, sampleLine } from "./describe-images.js";
import { describeByRecipe, describeRecipe } from "./describe-recipe.js";
import { describePlan } from "./plan-file.js";

/**
 * What `describe` returns; printed, it is the text of `npx operandose inspect`.
 *
 * @example
 * const { what, facts, missing, code } = await describe(demonstrationFolder());
 * missing; // []
 * code.startsWith("const cube = Cube.load("); // true
 */
export class Description implements FileDescription {
  readonly path: string;
  /** "EDF", "images of a scan", "experiment, LiNiO2 at C/4". */
  readonly what: string;
  /** In the order of their interest. */
  readonly facts: Readonly<Record<string, string>>;
  /** What a dose map needs and this file or folder does not state. */
  readonly missing: readonly string[];
  /** The code that loads it; empty where the library cannot read it. */
  readonly code: string;

  constructor(path: string, of: FileDescription & { readonly missing?: readonly string[] }) {
    this.path = path;
    this.what = of.what;
    this.facts = of.facts;
    this.missing = of.missing ?? [];
    this.code = of.code;
  }

  toString(): string {
    const width = Math.max(...Object.keys(this.facts).map((name) => name.length), 0);
    const lines = [
      `${this.path}: ${this.what}`,
      ...Object.entries(this.facts).map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
      ...(this.missing.length > 0 ? ["a dose map needs, and this does not state:"] : []),
      ...this.missing.map((one) => `  ${one}`),
      ...(this.code === "" ? [] : ["load it with:", ...this.code.split("\n").map((line) => `  ${line}`)]),
    ];
    // Text from files must not move the cursor of a terminal.
    return lines.map((line) => line.replace(/\p{Cc}/gu, " ")).join("\n");
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

const CALL = "describe";

/**
 * What a file or folder is: what is in it, what a dose map needs beside it, and the line of code that loads it.
 * Numbers of images are not read: the memory does not depend on the size of a file.
 *
 * @param path of a file of any format, a folder of images, an experiment, or a saved cube
 * @returns a description, which a notebook and the prompt print as text; of an unknown format it has no `code`
 * @throws FileError when there is nothing at the path, or it is damaged or not readable
 * @example
 * const found = await describe(demonstrationFolder());
 * found.facts.edge; // "Ni K, 8333 eV"
 * found.code; // the line that loads it
 */
export async function describe(path: string): Promise<Description> {
  if (typeof path !== "string" || path === "") {
    throw new ArgumentError(`${CALL}: expected the path of a file or folder, got ${quote(path)}`, { path });
  }
  return new Description(path, await descriptionOf(path));
}

type Content = FileDescription & { readonly missing?: readonly string[] };

async function descriptionOf(path: string): Promise<Content> {
  let isFolder: boolean | undefined;
  try {
    isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
  } catch (error) {
    throw systemError(CALL, path, error);
  }
  if (isFolder) {
    if (existsSync(join(path, MANIFEST))) return experiment(path);
    return isZarr(path)
      ? savedCube(path)
      : ((await describeByRecipe(CALL, path)) ?? describeFolder(CALL, path));
  }
  if (basename(path) === MANIFEST) return experiment(dirname(path));
  const { size, start, isJson } = withHead(CALL, path, ({ text, size }) => ({
    size,
    start: text.slice(0, 32),
    isJson: /^\s*\{\s*["}]/.test(text),
  }));
  if (isJson && isRecipe(withHead(CALL, path, ({ text }) => text))) return describeRecipe(CALL, path);
  const json = isJson ? describePlan(path) : undefined;
  if (json) return json;
  let format: Format;
  try {
    format = formatOf(path, CALL);
  } catch (error) {
    if (!(error instanceof FileError) || size === 0) throw error;
    return {
      what: "file of a format that the library does not know",
      facts: {
        size: inBytes(size),
        "begins with": quote(start),
        "known formats": formats.map(({ name }) => name).join(", "),
      },
      code: "",
    };
  }
  const content = await format.describe(path);
  if (!format.frames) return content;
  const byRecipe = format.frames.axes && (await describeByRecipe(CALL, path));
  if (byRecipe) return { ...byRecipe, facts: { ...byRecipe.facts, ...content.facts } };
  return images(path, content);
}

/** A file of images, as the scan of a sample where it is one. */
function images(path: string, content: FileDescription): Content {
  try {
    const { schema } = Cube.load({ sample: path });
    const { format, ...facts } = content.facts;
    return {
      what: "images of a scan",
      facts: { ...cubeFacts(schema), format, ...facts },
      missing: missingFor(schema),
      code: sampleLine({ sample: path }, schema),
    };
  } catch (error) {
    const facts: Record<string, string> = { ...content.facts, "as a scan": problemOf(error) };
    // A dark has no energies.
    const isDark = /dark/i.test(basename(path));
    const isList = /^\d+ of /.test(facts.images ?? "") && !facts.images.startsWith("1 of");
    if (isList && !isDark && /give \{ energies \}/.test(facts["as a scan"])) {
      const missing = ["energies: one for each image, in eV, as a list or a text file", ...missingFor({})];
      return { ...content, facts, missing, code: sampleLine({ sample: path, energies: "energies.txt" }, {}) };
    }
    const stack = Object.keys(facts).find(
      (name) => name.startsWith("/") && /^\d+ x \d+ x \d+, (U?Int|Float)/.test(facts[name]),
    );
    if (stack === undefined) return { ...content, facts };
    // Images that lie elsewhere than where NeXus has them.
    const sample = `${path}::${stack}`;
    return {
      what: content.what,
      facts,
      code: sampleLine({ sample }, {}),
      missing: ["energies: of each image, in eV", ...missingFor({})],
    };
  }
}

function experiment(path: string): Content {
  const opened = openExperiment(path);
  const { manifest } = opened;
  const { edge, flux, stack } = manifest;
  let files = `${opened.files.length}, all there`;
  try {
    opened.check();
  } catch (error) {
    files = problemOf(error);
  }
  const parts = Object.entries(manifest.parts).map(([name, { kind, shape, pixelSize, files }]) => [
    `part ${name}`,
    `${kind}, ${files.length} ${files.length === 1 ? "file" : "files"} of ${shape[1]} x ${shape[0]} pixels of ${pixelSize} um`,
  ]);
  const samples = opened.partNames.filter((name) => manifest.parts[name].kind === "sample");
  const part = samples.includes("charge") ? "charge" : samples[0];
  return {
    what: `experiment, ${manifest.title}`,
    facts: {
      edge: `${edge.element} ${edge.shell}, ${edge.energy} eV`,
      energies: energyRange(manifest.energies),
      flux: `${flux.value.toExponential()} ph/s at ${flux.energy} eV`,
      stack: stack.layers.map(({ name }) => name).join(", "),
      ...Object.fromEntries(parts),
      files,
    },
    missing: samples.length > 0 ? [] : ["a part of the kind sample"],
    code: `const cube = Cube.load(${JSON.stringify(path)}, { part: ${JSON.stringify(part ?? "charge")} });`,
  };
}

function savedCube(path: string): Content {
  const { schema } = Cube.load(path);
  return {
    what: "saved cube",
    facts: { ...cubeFacts(schema), quantity: schema.quantity, maps: schema.maps.join(", ") || "none" },
    code: `const cube = Cube.load(${JSON.stringify(path)});`,
  };
}
