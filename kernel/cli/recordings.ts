// The demonstration: both configurations of the beamline, recorded once.
import { existsSync, mkdirSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { estimateBytes, simulate } from "operandose";
import { home } from "../places.js";
import { filesBelow } from "../stamp.mjs";
import { timeLeft } from "./overview.js";
import { bytes, say, seconds } from "./say.js";
import { terminalProgress } from "./terminal-progress.js";

const configurations = ["farther", "closer"] as const;

/** Seed of the demonstration, the same for all recordings. */
export const seed = 1;

/** Disk space that stays free beside the recordings, bytes. */
const RESERVE = 500e6;

export interface Recordings {
  folders: string[];
  bytes: number;
}

/**
 * Records missing configurations after a message on the disk space.
 *
 * @throws Error when the disk is too small
 */
export async function record(): Promise<Recordings> {
  const root = join(home, "recordings");
  mkdirSync(root, { recursive: true });
  const missing = configurations.filter((name) => !existsSync(join(root, name, "experiment.json")));
  if (missing.length > 0) makeSure(root, missing);
  for (const name of configurations) {
    const started = performance.now();
    const bar = terminalProgress()(`recording ${name}`);
    const left = timeLeft([{ name, expected: 60 }], 1);
    try {
      // Existing recordings are kept.
      await simulate(name, {
        scale: "demo",
        seed,
        out: join(root, name),
        onProgress: ({ done, total, label }) => {
          left.update(name, done / total);
          bar.update(done / total, `${label}${left.words()}`);
        },
      });
    } finally {
      bar.done();
    }
    say(missing.includes(name) ? `${name}: recorded in ${seconds(started)}` : `${name}: recorded before`);
  }
  const folders = configurations.map((name) => join(root, name));
  return { folders, bytes: folders.reduce((sum, folder) => sum + sizeOf(folder), 0) };
}

function makeSure(root: string, missing: readonly (typeof configurations)[number][]): void {
  const needed = missing.reduce(
    (sum, name) => sum + Math.max(0, estimateBytes(name, "demo") - sizeOf(join(root, name))),
    0,
  );
  const free = statfsSync(root);
  const available = free.bavail * free.bsize;
  say(
    `recording the demonstration (${missing.join(" and ")}): ${bytes(needed)} in ${root}, about two minutes`,
  );
  if (available < needed + RESERVE) {
    throw new Error(
      `start: expected ${bytes(needed + RESERVE)} free for the recordings, got ${bytes(available)} in ${root}; free some space`,
    );
  }
}

function sizeOf(folder: string): number {
  return filesBelow(folder, /./).reduce((sum, file) => sum + statSync(file).size, 0);
}
