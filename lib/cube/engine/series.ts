// A series into a saved cube, one time step after the other: what is there is left as it is, so that work that was
// ended goes on where it was, and open files and memory do not depend on the length of the series.
import { startProgress } from "../../compute/progress.js";
import { DataError, FileError, reason } from "../../errors.js";
import { writeError } from "../../io/disk-errors.js";
import { withLinked } from "../../io/linked-files.js";
import { openZarrArray } from "../../io/zarr.js";
import { EDGE_STEPS } from "../store/create.js";
import { failStep, finishStep, isWhole } from "../store/steps.js";
import { timesOf } from "./blocks.js";
import { type Job, type Output, pathsOf } from "./job.js";
import { readAhead } from "./read-ahead.js";
import { type RunOptions, stream } from "./stream.js";

/** A series that is being saved. */
export interface Series {
  readonly path: string;
  /** All time steps. */
  readonly job: Job;
  /** The first failure ends it. */
  readonly strict: boolean;
}

/** A time step without numbers, and why. */
export interface FailedStep {
  readonly step: number;
  readonly reason: string;
}

/**
 * Computes time steps, and writes them.
 *
 * @returns those that failed
 * @throws the error of a time step that no other one can be computed after, such as a full disk
 */
export async function saveSteps(
  series: Series,
  steps: readonly number[],
  options: RunOptions,
): Promise<FailedStep[]> {
  const { path, job, strict } = series;
  const failures: FailedStep[] = [];
  const progress = startProgress("save");
  const begun = performance.now();
  const parts = steps.map((step) => () => timesOf(job, step, step + 1));
  let ahead = steps.length > 0 ? readAhead(parts[0]()) : undefined;
  try {
    for (const [i, step] of steps.entries()) {
      options.signal?.throwIfAborted();
      const part = parts[i]();
      await ahead;
      ahead = i + 1 < steps.length ? readAhead(parts[i + 1]()) : undefined;
      // Another process may have been here meanwhile.
      if (isWhole(path, step, job.nBands)) continue;
      const update = (fraction: number): void => {
        const done = (i + fraction) / steps.length;
        progress.update(done, `save: cube ${i + 1} of ${steps.length}${remaining(done, begun)}`);
      };
      try {
        const [output] = await stream(part, "save", options, () => ({ update, done() {} }));
        await finish(series, step, part, output);
      } catch (error) {
        if (isOfStore(error, path)) throw writeError("save", path, error, bytesOf(job));
        if (strict || !isOfCube(error, part)) throw error;
        failures.push({ step, reason: reason(error) });
        await writeNothing(path, step, job);
        failStep("save", path, step, reason(error));
      }
    }
  } finally {
    progress.done();
  }
  return failures;
}

/** Time that is left, as the end of a label; empty in the first seconds. */
function remaining(done: number, begun: number): string {
  const seconds = (performance.now() - begun) / 1e3;
  if (seconds < 5 || done <= 0) return "";
  const left = (seconds * (1 - done)) / done;
  if (left < 90) return `, ${Math.ceil(left)} s left`;
  return left < 5400 ? `, ${Math.round(left / 60)} min left` : `, ${(left / 3600).toFixed(1)} h left`;
}

async function finish({ path, job }: Series, step: number, part: Job, output: Output): Promise<void> {
  const { saturated, nonPositive, total, disturbed } = output.invalid;
  if (part.edgeSteps) {
    const { least } = part.edgeSteps;
    // Infinity: no value, as NaN is elsewhere.
    const own = least.map((value) => (value === Number.POSITIVE_INFINITY ? Number.NaN : value));
    await writeEdgeSteps(path, step, job, own);
  }
  finishStep("save", path, step, job.nBands, {
    saturated,
    nonPositive,
    total,
    ...(disturbed && { disturbed: disturbed.energies.map(([low, high]): [number, number] => [low, high]) }),
  });
}

async function writeEdgeSteps(path: string, step: number, { height, width }: Job, values: Float32Array) {
  const array = await openZarrArray(path, EDGE_STEPS);
  await array.write(
    [
      [step, step + 1],
      [0, height],
      [0, width],
    ],
    values,
  );
}

/** NaN for a whole time step: chunks that are not there are those that have not been computed yet. */
async function writeNothing(path: string, step: number, job: Job): Promise<void> {
  const { height, width, bandRows, energies, edgeSteps } = job;
  const array = await openZarrArray(path, "data");
  for (let from = 0; from < height; from += bandRows) {
    const to = Math.min(from + bandRows, height);
    const nothing = new Float32Array(energies.length * (to - from) * width).fill(Number.NaN);
    await array.write(
      [
        [step, step + 1],
        [0, energies.length],
        [from, to],
        [0, width],
      ],
      nothing,
    );
  }
  if (edgeSteps) await writeEdgeSteps(path, step, job, new Float32Array(height * width).fill(Number.NaN));
}

/** Whether something of the store could not be written. */
function isOfStore(error: unknown, path: string): boolean {
  return error instanceof FileError && String(error.fields.path).startsWith(path);
}

/** Bytes of one time step. */
function bytesOf({ energies, height, width }: Job): number {
  return 4 * energies.length * height * width;
}

/** Codes of errors that are those of this process, whatever file it wanted to open. */
const OF_PROCESS = ["EMFILE", "ENFILE", "ENOMEM"];

/** Whether an error is that of a cube, and not of what all cubes need. */
function isOfCube(error: unknown, { sample, flat, reference }: Job): boolean {
  if (error instanceof DataError) return true;
  if (!(error instanceof FileError) || OF_PROCESS.includes(String(error.fields.code))) return false;
  const all = (files: Iterable<string>) => [...files].flatMap(withLinked);
  const shared = flat ? [...flat.files, ...flat.dark] : [];
  const others = all([reference, ...shared, ...sample.dark].map(({ path }) => path));
  const own = all(pathsOf({ sample, reference })).filter((path) => !others.includes(path));
  return own.includes(String(error.fields.path));
}
