// What workers need to know of the files besides their counts: where the frames are, the mean dark, the
// logarithms of the flat. It lies in shared memory and outlives the job: the next cube on the same flat uses
// it again. A few recent ones are kept.
import { placeKey } from "../../io/frames.js";
import { versions } from "../../io/stamp.js";
import type { Recorded, RecordedFile, Source } from "../recorded.js";
import { meanDark } from "./dark.js";
import { type FrameTable, frameTable } from "./frame-table.js";
import { absorbedBin, isOverTime, recordedWindow } from "./geometry.js";
import type { Job, SharedFlatLogs, SharedJob, SharedRecording } from "./job.js";
import { axisOf, type LoadedAxis, type Reference, referenceOf } from "./reference.js";
import { shared } from "./shared.js";
import { areaOf } from "./window.js";

/** Logarithms of a flat that take more than this are not shared: each band makes its own. */
const LARGEST_FLAT = 300e6;

const references = new Map<string, Reference>();
const tables = new Map<string, FrameTable>();
const darks = new Map<string, Float64Array>();
const flats = new Map<string, SharedFlatLogs>();

/**
 * The job with what its workers need to know of the files.
 *
 * @param breathe called now and then: a place to stop
 */
export async function shareRecordings(job: Job, breathe: () => Promise<void>): Promise<SharedJob> {
  if (job.store !== undefined) return job;
  const reference = referenceOn(job.reference, job.axis);
  const sample = await sharedRecording(job.sample, job, breathe);
  const flat = job.flat && (await sharedRecording(job.flat, job, breathe));
  return { ...job, recordings: { reference, sample, flat, flatLogs: sharedFlatLogs(job) } };
}

/** What is known of the files of one recording. */
export async function sharedRecording(
  { files, dark }: Recorded,
  { recorded, reference: against }: Pick<Job, "recorded" | "reference">,
  breathe: () => Promise<void>,
): Promise<SharedRecording> {
  const [, height, width] = recorded;
  const key = stampsOf([against, ...files]);
  const table = recent(tables, 6, `${recorded} ${key}`, () => frameTable(files.length, recorded));
  if (dark.length === 0) return { table, dark: null };
  const darkKey = stampsOf(dark);
  const image = darks.get(darkKey) ?? (await meanDark(dark, height, width, breathe));
  return { table, dark: recent(darks, 4, darkKey, () => image) };
}

/** Reference of a recording, remembered. */
export function recentReference(source: Pick<Source, "reference" | "energies" | "correction">): Reference {
  return referenceOn(source.reference, axisOf(source));
}

function referenceOn(file: RecordedFile, axis: LoadedAxis): Reference {
  const key = JSON.stringify([stampsOf([file]), axis]);
  return recent(references, 4, key, () => referenceOf(file, axis));
}

/** Where the logarithms of a flat are kept for all jobs that need the same; undefined where they are not. */
export function sharedFlatLogs(
  job: Pick<Job, "steps" | "height" | "width" | "saturation" | "recorded" | "reference"> & {
    readonly flat?: Recorded;
  },
): SharedFlatLogs | undefined {
  const { steps, flat, height, width, saturation, recorded, reference } = job;
  const used = absorbedBin(steps);
  if (!flat || !used) return undefined;
  const [nFrames] = recorded;
  const window = recordedWindow(steps.slice(used.end), { top: 0, bottom: height, left: 0, right: width });
  const rows = window.bottom - window.top;
  const length = nFrames * areaOf(window);
  if (4 * length > LARGEST_FLAT) return undefined;
  const files = stampsOf([reference, ...flat.files, ...flat.dark]);
  // A flat has one time step, and all of its frames are kept.
  const before = steps.slice(0, used.end).filter((step) => !isOverTime(step));
  const geometry = before.map((step) => ({ ...step, frames: undefined }));
  const key = JSON.stringify([files, geometry, window, String(saturation), recorded]);
  return recent(flats, 1, key, () => ({
    window,
    logs: shared(Float32Array, length),
    ready: shared(Uint8Array, nFrames * rows),
    saturated: shared(Uint32Array, nFrames * rows),
  }));
}

/** Bins of the largest band right after absorb and bin. */
export function binsOfBand({
  steps,
  bandRows,
  height,
  width,
}: Pick<Job, "steps" | "bandRows" | "height" | "width">): number {
  const after = steps.slice(absorbedBin(steps)?.end ?? 0);
  let most = 0;
  for (let top = 0; top < height; top += bandRows) {
    const band = { top, bottom: Math.min(top + bandRows, height), left: 0, right: width };
    most = Math.max(most, areaOf(recordedWindow(after, band)));
  }
  return most;
}

/** Each file as it is now. */
function stampsOf(files: readonly RecordedFile[]): string {
  const version = versions();
  return files.map((file) => `${placeKey(file)}|${file.cubes}|${version(file.path)}`).join("\n");
}

/** A value by its key, made where it is not there; the `most` that were asked for last are kept. */
function recent<T>(known: Map<string, T>, most: number, key: string, make: () => T): T {
  const value = known.get(key) ?? make();
  known.delete(key);
  known.set(key, value);
  while (known.size > most) known.delete(known.keys().next().value as string);
  return value;
}
