// Folder of a simulated experiment: permissions, and existing recordings.
import { accessSync, constants, existsSync, readdirSync, readFileSync, statfsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { FileError } from "../../errors.js";
import { writeWhole } from "../../io/atomic.js";
import { isClutter, makeFolder } from "../../io/disk.js";
import { inBytes } from "../../io/disk-errors.js";
import { MANIFEST, openExperiment } from "../../io/experiment.js";
import { discard, isLeft, isTemporary } from "../../io/temporaries.js";

/**
 * Name of the file with the parameters of the recording, beside the manifest; it contains nothing of the
 * simulation's truth.
 */
const STAMP = "simulation.json";

/** Parameters of a recording. Folders with equal stamps have equal bytes. */
export interface Stamp {
  readonly simulation: number;
  readonly config: string;
  readonly scale: string;
  readonly seed: number;
  /** name of the damage model, unless it is the calibrated one */
  readonly damage?: string;
  /** sha-256 of all parameters of the model */
  readonly parameters: string;
  readonly only?: readonly string[];
  readonly cubes?: number;
  readonly every?: number;
  readonly format?: string;
}

/**
 * Checks the folder before anything is written.
 *
 * @returns "complete" when the same recording exists, "open" when it may be written or continued
 * @throws FileError when the folder contains something else or cannot be written
 */
export function inspect(folder: string, stamp: Stamp): "complete" | "open" {
  const refuse = (expected: string, got: string, remedy: string, cause?: unknown): never => {
    throw new FileError(
      `simulate: expected ${expected}, got ${got} at ${folder}; ${remedy}`,
      { path: folder },
      { cause },
    );
  };
  if (!existsSync(folder)) {
    const parent = existingParent(folder);
    try {
      accessSync(parent, constants.W_OK | constants.X_OK);
      if (!statSync(parent).isDirectory())
        refuse("a folder to write into", `a file (${parent})`, "choose another out");
    } catch (error) {
      if (error instanceof FileError) throw error;
      refuse("a folder that can be made", `no right to write in ${parent}`, "choose another out", error);
    }
    return "open";
  }
  if (!statSync(folder).isDirectory()) refuse("a folder", "a file", "choose another out");
  const path = join(folder, STAMP);
  if (!existsSync(path)) {
    const entries = readdirSync(folder).filter((name) => !isTemporary(name) && !isClutter(name));
    if (entries.length > 0) {
      refuse(
        "an empty or a new folder",
        `other files (${entries.slice(0, 3).join(", ")})`,
        "choose another out",
      );
    }
  } else {
    const found = readStamp(path);
    if (found !== JSON.stringify(stamp)) {
      refuse(
        `a recording with ${JSON.stringify(stamp)}`,
        found ?? "an unreadable simulation.json",
        "remove the folder to record again, or choose another out",
      );
    }
    if (isComplete(folder)) return "complete";
  }
  if (!isWritable(folder)) refuse("a folder that can be written", "no right to write", "choose another out");
  return "open";
}

/** Whether a folder is writable. */
export function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Checks the free space on the disk.
 *
 * @throws FileError when it is not sufficient
 */
export function checkSpace(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(existingParent(folder));
  const free = bavail * bsize;
  if (free >= bytes * SLACK) return;
  throw new FileError(
    `simulate: expected ${inBytes(bytes)} of free disk for ${folder}, got ${inBytes(free)}; free some, or choose a smaller scale or another out`,
    { path: folder, needed: bytes, free },
  );
}

/** Creates the folders of an experiment and writes the stamp of the simulation. */
export function claim(folder: string, stamp: Stamp, files: readonly string[]): void {
  makeFolder("simulate", folder);
  // The stamp is written first, so that an interrupted recording can be identified.
  writeWhole("simulate", join(folder, STAMP), `${JSON.stringify(stamp)}\n`);
  for (const file of files) makeFolder("simulate", dirname(join(folder, file)));
}

/** Removes incomplete files of interrupted recordings, except those that another process is still writing. */
export function removeLeftovers(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (isLeft(join(folder, name))) discard(join(folder, name));
  }
}

/** Margin for headers and the folder itself. */
const SLACK = 1.02;

function readStamp(path: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}

function isComplete(folder: string): boolean {
  if (!existsSync(join(folder, MANIFEST))) return false;
  try {
    openExperiment(folder).check();
    return true;
  } catch {
    return false;
  }
}

function existingParent(folder: string): string {
  let at = resolve(folder);
  while (!existsSync(at)) at = dirname(at);
  return at;
}
