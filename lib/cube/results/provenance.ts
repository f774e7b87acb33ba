// What a result was made from and how: enough to make it again, and to see that a file has changed since.
import { readFileSync } from "node:fs";
import { fingerprintOf, stampOf } from "../../io/stamp.js";
import type { InvalidCount } from "../engine/job.js";
import type { Edge, Step } from "../plan.js";
import type { Source } from "../source.js";
import type { Plan } from "../verbs/verb.js";

/** A file that was read. */
export interface InputFile {
  readonly path: string;
  readonly bytes: number;
  /** ISO 8601. */
  readonly modified: string;
  /** SHA-256 of the content, of large files of samples of it: {@link fingerprintOf}. */
  readonly fingerprint: string;
}

/** Where a result comes from. */
export interface Provenance {
  readonly library: string;
  readonly node: string;
  /** ISO 8601. */
  readonly created: string;
  readonly source: string;
  /** How the files were read: what the manifest or the caller said of them. */
  readonly settings: {
    readonly energies: readonly number[];
    /** um; null: not known, as is the edge. */
    readonly pixelSize: number | null;
    readonly edge: Edge | null;
    /** Counts; null: no pixel counts as saturated. "full scale": where counts of 8 or 16 bits end. */
    readonly saturation: number | "full scale" | null;
  };
  readonly steps: readonly Step[];
  readonly terminal: string;
  readonly inputs: readonly InputFile[];
  /** Of a saved cube: what its numbers lack. */
  readonly invalid?: InvalidCount;
  /** How the cube was made that this one was loaded from, where it had been saved. */
  readonly saved?: Provenance;
}

/** Provenance of a terminal verb that has just run on a plan. */
export function provenanceOf(plan: Plan, terminal: string): Provenance {
  const { source, steps } = plan;
  const used = [source.sample];
  const needsFlat = steps.some((s) => s.verb === "absorb" || s.verb === "doseRate" || s.verb === "calibrate");
  if (source.flat && needsFlat) used.push(source.flat);
  if (source.foil && plan.schema.calibrated) used.push(source.foil, source.foil.flat);
  const files = used.flatMap((recorded) => [...recorded.files, ...recorded.dark]);
  const inputs = [...new Set(files.map((f) => f.path))].map(inputFile);
  return {
    library: `operandose ${libraryVersion()}`,
    node: process.version,
    created: new Date().toISOString(),
    source: source.name,
    settings: {
      energies: source.energies,
      pixelSize: source.pixelSize ?? null,
      edge: source.edge ?? null,
      saturation: saturationOf(source),
    },
    steps,
    terminal,
    inputs,
    ...(source.store && { saved: source.store.provenance }),
  };
}

function saturationOf({ saturation, store }: Source): number | "full scale" | null {
  if (saturation === undefined) return store ? null : "full scale";
  return Number.isFinite(saturation) ? saturation : null;
}

/** A file as it is now. */
function inputFile(path: string): InputFile {
  const { bytes, modified, version, settled } = stampOf(path);
  const made = known.get(path);
  if (made?.version === version) return made.file;
  const file = { path, bytes, modified, fingerprint: fingerprintOf(path) };
  if (settled) known.set(path, { version, file });
  return file;
}

const known = new Map<string, { readonly version: string; readonly file: InputFile }>();

let version: string | undefined;

/** Version of this library. */
export function libraryVersion(): string {
  version ??= JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"))
    .version as string;
  return version;
}
