// What a result was made from and how: enough to make it again, and to see that a file has changed since.
import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { splitPlace } from "../../io/nexus-file.js";
import { isZarr } from "../../io/zarr.js";
import type { Edge, Step } from "../plan.js";
import type { Source } from "../source.js";
import type { Plan } from "../verbs/verb.js";

/** A file that was read. */
export interface InputFile {
  readonly path: string;
  readonly bytes: number;
  /** ISO 8601. */
  readonly modified: string;
  /**
   * SHA-256 over the file's size and 16 evenly spaced blocks of 4 KiB, the first and the last among them. Hashing all of a
   * series of gigabytes would take longer than analysing it; this tells apart recordings, not malicious edits.
   */
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

const known = new Map<string, InputFile>();

/** A file as it is now. */
export function inputFile(path: string): InputFile {
  // A saved cube is a folder: its metadata stand for it, the chunks have checksums of their own.
  const file = isZarr(path) ? join(path, "zarr.json") : splitPlace(path).path;
  const descriptor = openSync(file, "r");
  try {
    const { size, mtimeMs } = fstatSync(descriptor);
    const key = `${path}\0${size}\0${mtimeMs}`;
    const cached = known.get(key);
    if (cached) return cached;
    const hash = createHash("sha256").update(String(size));
    const block = Buffer.alloc(4096);
    for (let i = 0; i < 16; i++) {
      const n = readSync(
        descriptor,
        block,
        0,
        block.length,
        Math.floor((Math.max(0, size - block.length) * i) / 15),
      );
      hash.update(block.subarray(0, n));
    }
    const made = {
      path,
      bytes: size,
      modified: new Date(mtimeMs).toISOString(),
      fingerprint: hash.digest("hex"),
    };
    known.set(key, made);
    return made;
  } finally {
    closeSync(descriptor);
  }
}

let version: string | undefined;

/** Version of this library. */
export function libraryVersion(): string {
  version ??= JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"))
    .version as string;
  return version;
}
