// The demonstration: both configurations of the beamline, recorded once.
import { existsSync, mkdirSync, rmSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { estimateBytes, simulate } from "operandose";
import { place } from "../places.js";
import { terminalProgress } from "../progress/terminal.js";
import { filesBelow } from "../stamp.mjs";
import { bytes, say, seconds } from "./say.js";

const configurations = ["farther", "closer"] as const;

/** The seed of the demonstration: everybody has the same recordings. */
export const seed = 1;

/** Space that stays free beside the recordings, bytes: the rest of the disk has other uses. */
const RESERVE = 500e6;

export interface Recordings {
  folders: string[];
  bytes: number;
}

/**
 * Records what is not recorded yet, after saying how much disk that takes.
 *
 * @throws Error when the disk is too small
 */
export async function record(): Promise<Recordings> {
  const root = place("recordings");
  mkdirSync(root, { recursive: true });
  const missing = configurations.filter((name) => !existsSync(join(root, name, "experiment.json")));
  // A recording that was killed leaves files that never became whole; what did become whole is kept.
  const there = (name: string) => filesBelow(join(root, name), /./).filter((file) => existsSync(file));
  for (const file of missing.flatMap(there)) if (file.endsWith(".part")) rmSync(file);
  const recorded = (name: string) => there(name).reduce((sum, file) => sum + statSync(file).size, 0);
  const needed = missing.reduce(
    (sum, name) => sum + Math.max(0, estimateBytes(name, "demo") - recorded(name)),
    0,
  );
  if (missing.length > 0) {
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
  for (const name of configurations) {
    const started = performance.now();
    const bar = terminalProgress()(`recording ${name}`);
    try {
      await simulate(name, {
        scale: "demo",
        seed,
        out: join(root, name),
        onProgress: ({ done, total, label }) => bar.update(done / total, label),
      });
    } finally {
      bar.done();
    }
    say(missing.includes(name) ? `${name}: recorded in ${seconds(started)}` : `${name}: recorded before`);
  }
  const folders = configurations.map((name) => join(root, name));
  const size = folders
    .flatMap((folder) => filesBelow(folder, /./))
    .reduce((sum, file) => sum + statSync(file).size, 0);
  return { folders, bytes: size };
}
