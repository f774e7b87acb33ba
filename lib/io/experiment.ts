// An experiment on disk: a folder with experiment.json and the recorded files that it names.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ArgumentError, FileError, quote, reason } from "../errors.js";
import { writeWhole } from "./atomic.js";
import { makeFolder } from "./disk.js";
import { systemError } from "./disk-errors.js";
import {
  type Manifest,
  type ManifestInput,
  type ManifestPart,
  manifestSchema,
  staysInside,
} from "./manifest.js";
import { describeIssues } from "./manifest-problems.js";
import { splitPlace } from "./place.js";

export type { Manifest, ManifestInput, ManifestPart } from "./manifest.js";

/** Name of the manifest in the folder of an experiment. */
export const MANIFEST = "experiment.json";

/** One recording of an experiment: an entry of the manifest and its name. */
export interface Part extends ManifestPart {
  readonly name: string;
}

/** An experiment folder whose manifest has been read and found valid. */
export class Experiment {
  constructor(
    readonly folder: string,
    readonly manifest: Manifest,
  ) {}

  /** Names of all parts, in the order of the manifest. */
  get partNames(): string[] {
    return Object.keys(this.manifest.parts);
  }

  /** One part by its name. @throws ArgumentError naming the parts that there are */
  part(name: string): Part {
    const { parts } = this.manifest;
    if (typeof name === "string" && Object.hasOwn(parts, name)) return { name, ...parts[name] };
    throw new ArgumentError(
      `experiment.part: expected one of ${this.partNames.join(", ") || "no parts at all"}, got ${quote(name)} (${this.folder})`,
      { part: name, parts: this.partNames },
    );
  }

  /** The parts that a part refers to: recorded in the same camera mode, those that there are. */
  references(name: string): { dark?: Part; flat?: Part; foil?: Part } {
    const { dark, flat, foil } = this.part(name);
    return {
      ...(dark !== undefined && { dark: this.part(dark) }),
      ...(flat !== undefined && { flat: this.part(flat) }),
      ...(foil !== undefined && { foil: this.part(foil) }),
    };
  }

  /**
   * Where a file of the experiment lies.
   *
   * @throws ArgumentError when the path is not relative or leaves the folder
   */
  path(relative: string): string {
    if (typeof relative === "string" && staysInside(relative)) return join(this.folder, relative);
    throw new ArgumentError(
      `experiment.path: expected a path relative to ${this.folder} that does not leave it, got ${quote(relative)}`,
      { path: relative },
    );
  }

  /** Paths of all files that the manifest names, relative to the folder. */
  get files(): string[] {
    const { parts, electrochemistry, spectra = [] } = this.manifest;
    return [
      ...Object.values(parts).flatMap((part) => part.files.map((file) => file.path)),
      ...(electrochemistry ? [electrochemistry, ...(electrochemistry.comparisons ?? [])] : []).map(
        ({ file }) => file,
      ),
      ...spectra.map((spectrum) => spectrum.file),
    ];
  }

  /**
   * Checks that every file of the manifest is there.
   *
   * @throws FileError naming the first that is missing, and how many
   */
  check(): void {
    const missing = this.files.filter(
      (file) => !statSync(splitPlace(this.path(file)).path, { throwIfNoEntry: false })?.isFile(),
    );
    if (missing.length === 0) return;
    const path = this.path(missing[0]);
    const others = missing.length > 1 ? ` (and ${missing.length - 1} more)` : "";
    throw new FileError(
      `experiment.check: expected all files of ${MANIFEST}, got no file ${path}${others}; copy the folder completely`,
      { path, missing },
    );
  }
}

/** The experiment, if it is one. @throws ArgumentError for a path or anything else */
export function checkExperiment(call: string, value: unknown): Experiment {
  if (value instanceof Experiment) return value;
  throw new ArgumentError(
    `${call}: expected an experiment, got ${quote(value)}; open its folder with openExperiment(folder)`,
    { value },
  );
}

/**
 * Opens an experiment folder; reads and validates only its manifest.
 *
 * @throws FileError when the folder or its manifest is missing, is no JSON, or does not follow the schema;
 *   the message lists every problem with its place, `fields.problems` has them one by one
 * @example
 * const { manifest, partNames } = openExperiment(demonstrationFolder());
 * manifest.edge.element; // "Ni"
 */
export function openExperiment(folder: string): Experiment {
  const call = "openExperiment";
  const path = join(folder, MANIFEST);
  if (!existsSync(folder)) {
    throw new FileError(`${call}: expected a folder, got nothing at ${folder}; check the path`, {
      path: folder,
    });
  }
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw systemError(call, path, error);
    throw new FileError(
      `${call}: expected ${MANIFEST} in ${folder}, got none; give the folder of an experiment, or write its manifest first; describe(folder) says what it holds`,
      { path },
      { cause: error },
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(content.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new FileError(
      `${call}: expected JSON, got ${reason(error)} in ${path}; correct the file`,
      { path },
      { cause: error },
    );
  }
  const { manifest, problems } = validate(value);
  if (!manifest) throw new FileError(problemText(call, path, problems), { path, problems });
  return new Experiment(folder, manifest);
}

/**
 * Validates a manifest and writes it as experiment.json, making the folder where needed; never a half-written
 * one.
 *
 * @throws ArgumentError listing what does not follow the schema; FileError when the disk refuses
 * @example
 * const { manifest } = openExperiment(demonstrationFolder());
 * writeExperiment("copy", { ...manifest, title: "The same files under another title" });
 */
export function writeExperiment(folder: string, manifest: ManifestInput): void {
  const call = "writeExperiment";
  const path = join(folder, MANIFEST);
  const { manifest: valid, problems } = validate(manifest);
  if (!valid) throw new ArgumentError(problemText(call, path, problems), { path, problems });
  makeFolder(call, folder);
  writeWhole(call, path, format(valid));
}

function validate(value: unknown): { manifest?: Manifest; problems: string[] } {
  const result = manifestSchema.safeParse(value, { reportInput: true });
  return result.success
    ? { manifest: result.data, problems: [] }
    : { problems: describeIssues(result.error.issues, value) };
}

function problemText(call: string, path: string, problems: readonly string[]): string {
  const shown = problems.slice(0, 20).map((problem) => `\n  ${problem}`);
  const more = problems.length > shown.length ? `\n  and ${problems.length - shown.length} more` : "";
  const count = problems.length === 1 ? "one entry" : `${problems.length} entries`;
  return `${call}: expected a valid manifest, got ${count} that cannot be in ${path}; correct:${shown.join("")}${more}`;
}

/** Readable JSON, but a list of numbers on one line: energies have hundreds. */
function format(manifest: Manifest): string {
  const text = JSON.stringify(manifest, null, 2);
  return `${text.replace(/\[\n\s*([-+\d.eE,\s]+?)\s*\n\s*\]/g, (_, list: string) => `[${list.replace(/\s+/g, " ")}]`)}\n`;
}
