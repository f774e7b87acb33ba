// What this process may use of its machine.
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/**
 * Cores: those that the system lets this process run on, and no more than a job of Slurm was given, which some
 * clusters only count.
 */
export function cores(): number {
  const given = Number(process.env.SLURM_CPUS_PER_TASK);
  const all = availableParallelism();
  return Number.isInteger(given) && given >= 1 ? Math.min(given, all) : all;
}

/** Files that one process may have open where the system does not tell. */
const USUAL_LIMIT = 256;
/** Files of the process itself: its libraries, threads, and outputs. */
const OWN = 100;

let limit: number | undefined;

/** Files that one reader of a thread may have open: every thread has two, of the sample and of the flat. */
export function openFilesPerReader(most: number): number {
  limit ??= openFilesLimit();
  return Math.min(most, Math.max(2, Math.floor((limit - OWN) / (2 * cores()))));
}

function openFilesLimit(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    return soft === undefined ? USUAL_LIMIT : Number(soft);
  } catch {
    return USUAL_LIMIT;
  }
}
