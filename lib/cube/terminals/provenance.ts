// What a result is made from, and how, is written down when a terminal verb has run.
import { withLinked } from "../../io/linked-files.js";
import { fingerprintOf, stampOf } from "../../io/stamp.js";
import type { InputFile, Provenance } from "../provenance.js";
import { type Source, UNSATURATED } from "../recorded.js";
import { stepsNeed } from "../verbs/index.js";
import type { Plan } from "../verbs/verb.js";
import { libraryVersion } from "../version.js";

/** All files that a plan reads. */
export function inputsOf({ source, steps }: Plan): InputFile[] {
  const used = [source.sample];
  if (source.flat && stepsNeed(steps, "flat")) used.push(source.flat);
  if (source.foil && stepsNeed(steps, "foil")) used.push(source.foil, source.foil.flat);
  const files = used.flatMap((recorded) => [...recorded.files, ...recorded.dark]);
  return [...new Set(files.flatMap((f) => withLinked(f.path)))].map(inputOf);
}

/** Provenance of a terminal verb that has just run on a plan. */
export function provenanceOf(plan: Plan, terminal: string): Provenance {
  const { source, steps } = plan;
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
    inputs: inputsOf(plan),
    ...(source.store && { saved: source.store.provenance }),
  };
}

function saturationOf({ saturation, store }: Source): number | "full scale" | null {
  if (saturation === undefined) return store ? null : "full scale";
  return saturation === UNSATURATED ? null : saturation;
}

/** A file as it is now. */
export function inputOf(path: string): InputFile {
  const { bytes, modified, version, settled } = stampOf(path);
  const made = known.get(path);
  if (made?.version === version) return made.file;
  const file = { path, bytes, modified, fingerprint: fingerprintOf(path) };
  if (settled) known.set(path, { version, file });
  return file;
}

const known = new Map<string, { readonly version: string; readonly file: InputFile }>();
