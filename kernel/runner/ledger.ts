// Record of completed work with its inputs, site/.runs.json. Work with unchanged inputs is not repeated.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { home, place, root } from "../places.js";
import { filesBelow, hashOf } from "../stamp.mjs";

export interface LedgerEntry {
  /** Stamp of the inputs; empty after a failure. */
  inputs: string;
  /** Duration, s. */
  seconds: number;
  /** Its files in the site, with the cell of each. */
  files: Record<string, number>;
}

export interface Ledger {
  get(name: string): LedgerEntry | undefined;
  set(name: string, entry: LedgerEntry): void;
  /** Names of all entries. */
  names(): string[];
  remove(name: string): void;
}

/** Ledger of a site; empty if it does not exist or is incomplete, so that all work is repeated. */
export function openLedger(site: string): Ledger {
  const path = join(site, ".runs.json");
  const entries = new Map<string, LedgerEntry>(Object.entries(readJson(path)));
  const save = () => writeFileSync(path, JSON.stringify(Object.fromEntries(entries), null, 1));
  return {
    get: (name) => entries.get(name),
    set(name, entry) {
      entries.set(name, entry);
      save();
    },
    names: () => [...entries.keys()],
    remove(name) {
      entries.delete(name);
      save();
    },
  };
}

/**
 * Common inputs of all notebooks as one stamp: the compiled library, the runner, data, packages, recordings.
 * Pages are always written, so their code is not included.
 */
export function commonInputs(): string {
  const dist = place("dist");
  const compiled = filesBelow(dist, /\.(js|wasm)$/).filter((path) => {
    const inKernel = path.slice(dist.length).split(/[\\/]/)[1] === "kernel";
    return !inKernel || /[\\/](jupyter|runner)[\\/]/.test(path.slice(dist.length));
  });
  // The content of a recording follows from its manifests.
  const manifests = filesBelow(join(home, "recordings"), /^(experiment|simulation)\.json$/);
  const others = [...filesBelow(place("data"), /./), place("package-lock.json"), ...manifests];
  return `${hashOf([...compiled, ...others].filter(existsSync), root)} Node ${process.versions.node}`;
}

function readJson(path: string): Record<string, LedgerEntry> {
  try {
    const entries: Record<string, LedgerEntry> = JSON.parse(readFileSync(path, "utf8"));
    const valid = Object.entries(entries).filter(([, entry]) => typeof entry?.files === "object");
    return Object.fromEntries(valid);
  } catch {
    return {};
  }
}
