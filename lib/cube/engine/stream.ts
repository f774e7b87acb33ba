// The streaming executor: bands of rows through workers, each band through all time steps, memory bounded by
// the band. Sums are kept per band and added in the order of the bands, so results do not depend on the
// number of workers.
import { type ProgressFactory, startProgress } from "../../compute/progress.js";
import { ArgumentError, quote } from "../../errors.js";
import { prepareFrames } from "../../io/frame-file.js";
import { whileUnchanged } from "../../io/unchanged.js";
import { metadataOf } from "../../io/zarr-store.js";
import type { OptionNames } from "../../options.js";
import { BandRunner } from "./band.js";
import { blocksOf, finishBlock, timesOfBlock } from "./blocks.js";
import { cores } from "./cores.js";
import { disturbedEnergies, disturbedOf } from "./disturbance.js";
import { clearEdgeSteps, countEdgeSteps } from "./edge-steps.js";
import { INVALID, type Job, type Output, pathsOf, type SharedJob } from "./job.js";
import { eachInThreads } from "./pool.js";
import { readAhead } from "./read-ahead.js";
import { shareRecordings } from "./shared-recordings.js";
import { noteThroughput } from "./throughput.js";

/** How a plan is run. */
export interface RunOptions {
  /** Cancels, within about a tenth of a second. */
  readonly signal?: AbortSignal;
  /** Threads; default all cores for large plans and this thread for small ones. */
  readonly workers?: number;
}

/** All of them: what every terminal verb takes beside its own. */
export const runNames: OptionNames<RunOptions> = { signal: true, workers: true };

/** Below this many recorded bytes starting threads costs more than it saves. */
const SMALL = 64e6;

/**
 * Runs a job and returns the results of its queries, in their order.
 *
 * @param start makes the sink of its progress
 */
export async function stream(
  job: Job,
  label: string,
  options: RunOptions = {},
  start: ProgressFactory = startProgress,
): Promise<Output[]> {
  const { signal } = options;
  const workers = Math.min(workersFor(job, options), job.nBands);
  signal?.throwIfAborted();
  const progress = start(label);
  const stop = (): void => {
    Atomics.store(job.stop, 0, 1);
  };
  signal?.addEventListener("abort", stop);
  const leaveOut: NonNullable<Disturbed>[number][] = [];
  const nBands = Math.ceil(job.nTimes / timesOfBlock(job)) * job.nBands;
  let finished = 0;
  const step = (): void => progress.update(++finished / nBands, label);
  try {
    await prepareFrames(pathsOf(job));
    const begun = performance.now();
    const read = job.store === undefined ? [...pathsOf(job)] : [metadataOf(job.store)];
    const runBlock = async (block: Job, first: number): Promise<void> => {
      const shared = await shareRecordings(block, async () => {
        await listen();
        signal?.throwIfAborted();
      });
      const pass = (one: SharedJob): Promise<Disturbed> =>
        workers <= 1 ? runHere(one, step) : runInWorkers(one, workers, step, stop);
      const found = await pass(shared);
      signal?.throwIfAborted();
      for (let t = 0; t < block.nTimes; t++) leaveOut.push(found?.[t] ?? []);
      if (!found) return;
      // What was computed so far is computed again, with other fits.
      Atomics.store(job.stop, 0, 0);
      finished = first;
      if (block.edgeSteps) clearEdgeSteps(block.edgeSteps);
      await pass({ ...shared, id: `${shared.id}-again`, probe: undefined, leaveOut: found });
    };
    const run = async (): Promise<void> => {
      const blocks = blocksOf(job);
      let block = blocks.next().value;
      let ahead = block && readAhead(block);
      for (let first = 0; block; first += job.nBands) {
        await ahead;
        // A block that is computed, and the next on its way.
        const following = blocks.next().value;
        ahead = following && readAhead(following);
        await runBlock(block, first);
        signal?.throwIfAborted();
        finishBlock(job, block);
        block = following;
      }
    };
    await whileUnchanged(label, read, run, job.loaded);
    signal?.throwIfAborted();
    const bytes = job.bytes.reduce((sum, n) => sum + n, 0);
    noteThroughput(bytes, (performance.now() - begun) / 1e3, workers);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
    progress.done();
  }
  return collect({ ...job, leaveOut: leaveOut.some((list) => list.length > 0) ? leaveOut : undefined });
}

/** Threads that a job is worth. */
export function workersFor(
  { recorded, sample, flat }: Pick<Job, "recorded" | "sample" | "flat">,
  options: RunOptions,
): number {
  const [nFrames, height, width] = recorded;
  const files = sample.files.length + (flat?.files.length ?? 0);
  return threadsFor(2 * nFrames * height * width * files, options);
}

/** Threads that work on so many bytes is worth. */
export function threadsFor(bytes: number, { workers }: RunOptions): number {
  if (workers !== undefined && !(Number.isInteger(workers) && workers >= 1)) {
    throw new ArgumentError(`workers: expected a whole number >= 1, got ${quote(workers)}`);
  }
  // Workers are files of their own and exist only where the library is built.
  if (!import.meta.url.endsWith(".js")) return 1;
  return workers ?? (bytes < SMALL ? 1 : cores());
}

/** Lets progress be drawn and an abort be heard. */
export function listen(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Energies that the fits of each time step have to leave out, if there are any. */
type Disturbed = ReturnType<typeof disturbedEnergies>;

/** All bands, the one first that finds disturbed energies. */
function bandsOf({ nBands, probe }: Job): number[] {
  const bands = Array.from({ length: nBands }, (_, band) => band);
  return probe ? [probe.band, ...bands.filter((band) => band !== probe.band)] : bands;
}

/** Runs all bands, unless the first finds disturbed energies, which are then returned. */
async function runHere(job: SharedJob, step: () => void): Promise<Disturbed> {
  const runner = new BandRunner(job, listen);
  try {
    for (const band of bandsOf(job)) {
      await runner.run(band);
      step();
      await listen();
      const found = band === job.probe?.band ? disturbedEnergies(job) : undefined;
      if (found) return found;
    }
    return undefined;
  } finally {
    runner.close();
  }
}

/** The same in threads; the other bands are stopped where the first finds disturbed energies. */
async function runInWorkers(
  job: SharedJob,
  workers: number,
  step: () => void,
  stop: () => void,
): Promise<Disturbed> {
  const bands = bandsOf(job);
  let found: Disturbed;
  const done = (_: unknown, at: number): void => {
    step();
    if (bands[at] === job.probe?.band) found = disturbedEnergies(job);
    if (found) stop();
  };
  try {
    await eachInThreads(
      "runBand",
      bands.map((band) => ({ job, band })),
      workers,
      stop,
      done,
    );
  } catch (error) {
    // Bands that were stopped fail.
    if (!found) throw error;
  }
  return found;
}

function collect(job: Job): Output[] {
  const sums = new Array<number>(INVALID).fill(0);
  for (let i = 0; i < job.invalid.length; i++) sums[i % INVALID] += job.invalid[i];
  const [saturated, nonPositive, total, glitches] = sums;
  const disturbed = disturbedOf(job);
  return job.targets.map((target) => {
    const { counts: _, sums: __, parts: ___, ...answer } = target.shared;
    const pixels = new Int32Array(target.nSelected);
    for (let p = 0; p < target.place.length; p++) if (target.place[p] >= 0) pixels[target.place[p]] = p;
    const edgeSteps = job.edgeSteps && countEdgeSteps(job.edgeSteps, target.place);
    const found = { ...(edgeSteps && { edgeSteps }), ...(disturbed && { disturbed }) };
    const invalid = { saturated, nonPositive, total, ...(glitches > 0 && { glitches }), ...found };
    return { ...answer, pixels, nTimes: job.nTimes, invalid };
  });
}
