// What is there of a cube that is being saved: one record for each time step, written when all of its numbers are
// on the disk. The records lie in the folder of the array, where readers of Zarr look for no other arrays.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { syncFile, writeWhole } from "../../io/atomic.js";
import { makeFolder } from "../../io/disk.js";

const done = z.strictObject({
  /** Bytes of each chunk. */
  chunks: z.array(z.int().positive()),
  saturated: z.number(),
  nonPositive: z.number(),
  total: z.number(),
  /** eV, ranges that the fits of the normalization leave out. */
  disturbed: z.array(z.tuple([z.number(), z.number()])).optional(),
});

const failed = z.strictObject({ failed: z.string() });

const record = z.union([done, failed]);

/** What is known of a time step: its chunks and what its numbers lack, or why it has none. */
export type StepRecord = z.output<typeof record>;

/** A time step that has its numbers. */
export type DoneStep = z.output<typeof done>;

const folderOf = (store: string): string => join(store, "data", "steps");
const pathOf = (store: string, step: number): string => join(folderOf(store), `${step}.json`);

/** Files of all numbers of a time step. */
function chunksOf(store: string, step: number, nBands: number): string[] {
  const own = join(store, "data", "c", String(step), "0");
  return Array.from({ length: nBands }, (_, band) => join(own, String(band), "0"));
}

/** The record of a time step; undefined where there is none. */
export function readStep(store: string, step: number): StepRecord | undefined {
  try {
    return record.parse(JSON.parse(readFileSync(pathOf(store, step), "utf8")));
  } catch {
    // Not there, or cut off by a disk that failed.
    return undefined;
  }
}

/** Whether a time step has all of its numbers: those that failed are computed again. */
export function isWhole(store: string, step: number, nBands: number): boolean {
  const known = readStep(store, step);
  if (known === undefined || !("chunks" in known) || known.chunks.length !== nBands) return false;
  const sizes = chunksOf(store, step, nBands).map((path) => statSync(path, { throwIfNoEntry: false })?.size);
  return known.chunks.every((bytes, band) => bytes === sizes[band]);
}

/** Brings the numbers of a time step to the disk, and notes that they are there. */
export function finishStep(
  call: string,
  store: string,
  step: number,
  nBands: number,
  lacks: Omit<DoneStep, "chunks">,
): void {
  const paths = chunksOf(store, step, nBands);
  for (const path of paths) syncFile(path);
  write(call, store, step, { chunks: paths.map((path) => statSync(path).size), ...lacks });
}

/** Notes why a time step has no numbers. */
export function failStep(call: string, store: string, step: number, reason: string): void {
  write(call, store, step, { failed: reason });
}

function write(call: string, store: string, step: number, content: StepRecord): void {
  makeFolder(call, folderOf(store));
  writeWhole(call, pathOf(store, step), `${JSON.stringify(content)}\n`);
}

/** Time steps that have a record, in order. */
export function recordedSteps(store: string): number[] {
  if (!existsSync(folderOf(store))) return [];
  return readdirSync(folderOf(store))
    .flatMap((name) => (/^\d+\.json$/.test(name) ? [Number.parseInt(name, 10)] : []))
    .sort((a, b) => a - b);
}
