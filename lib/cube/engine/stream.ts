// The streaming executor: bands of rows through workers, each band through all time steps, memory bounded by
// the band. Sums are kept per band and added in the order of the bands, so results do not depend on the
// number of workers.
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import Tinypool from "tinypool";
import { startProgress } from "../../compute/progress.js";
import { ArgumentError, DataError, FileError, OperandoseError, quote } from "../../errors.js";
import { prepareFrames } from "../../io/frame-file.js";
import { withLinked } from "../../io/linked-files.js";
import { whileUnchanged } from "../../io/unchanged.js";
import { metadataOf } from "../../io/zarr-store.js";
import type { OptionNames } from "../../options.js";
import { BandRunner } from "./band.js";
import { countEdgeSteps } from "./edge-steps.js";
import { type Job, type Output, pathsOf, type SharedJob } from "./job.js";
import { requestKind } from "./requests/index.js";
import { shareRecordings } from "./shared-recordings.js";
import { noteThroughput } from "./throughput.js";
import type { BandReply } from "./worker.js";

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

/** Runs a job and returns the results of its queries, in their order. */
export async function stream(job: Job, label: string, options: RunOptions = {}): Promise<Output[]> {
  const { signal } = options;
  const workers = Math.min(workersFor(job, options), job.nBands);
  signal?.throwIfAborted();
  const progress = startProgress(label);
  const stop = (): void => {
    Atomics.store(job.stop, 0, 1);
  };
  signal?.addEventListener("abort", stop);
  let finished = 0;
  const step = (): void => progress.update(++finished / job.nBands, label);
  try {
    await prepareFrames(pathsOf(job));
    const start = performance.now();
    const read = job.store === undefined ? [...pathsOf(job)].flatMap(withLinked) : [metadataOf(job.store)];
    const run = async (): Promise<void> => {
      const shared = await shareRecordings(job, async () => {
        await listen();
        signal?.throwIfAborted();
      });
      await (workers <= 1 ? runHere(shared, step) : runInWorkers(shared, workers, step, stop));
    };
    await whileUnchanged(label, read, run, job.loaded);
    signal?.throwIfAborted();
    const bytes = job.bytes.reduce((sum, n) => sum + n, 0);
    noteThroughput(bytes, (performance.now() - start) / 1e3, workers);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
    progress.done();
  }
  return collect(job);
}

/** Threads that a job is worth. */
export function workersFor(
  { recorded, sample, flat }: Pick<Job, "recorded" | "sample" | "flat">,
  { workers }: RunOptions,
): number {
  if (workers !== undefined && !(Number.isInteger(workers) && workers >= 1)) {
    throw new ArgumentError(`workers: expected a whole number >= 1, got ${quote(workers)}`);
  }
  // Workers are files of their own and exist only where the library is built.
  if (!import.meta.url.endsWith(".js")) return 1;
  const [nFrames, height, width] = recorded;
  const bytes = 2 * nFrames * height * width * (sample.files.length + (flat?.files.length ?? 0));
  return workers ?? (bytes < SMALL ? 1 : availableParallelism());
}

/** Lets progress be drawn and an abort be heard. */
function listen(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function runHere(job: SharedJob, step: () => void): Promise<void> {
  const runner = new BandRunner(job, listen);
  try {
    for (let band = 0; band < job.nBands; band++) {
      await runner.run(band);
      step();
      await listen();
    }
  } finally {
    runner.close();
  }
}

/** Idle threads are kept so long, ms: a notebook's next cell needs no new ones. */
const IDLE = 15_000;

const pools = new Map<number, Tinypool>();

function poolOf(workers: number): Tinypool {
  let pool = pools.get(workers);
  if (!pool) {
    pool = new Tinypool({
      filename: fileURLToPath(new URL("./worker.js", import.meta.url)),
      runtime: "worker_threads",
      minThreads: 0,
      maxThreads: workers,
      idleTimeout: IDLE,
      isolateWorkers: false,
    });
    pools.set(workers, pool);
  }
  return pool;
}

async function runInWorkers(
  job: SharedJob,
  workers: number,
  step: () => void,
  stop: () => void,
): Promise<void> {
  const pool = poolOf(workers);
  let first: unknown;
  const bands = Array.from({ length: job.nBands }, async (_, band) => {
    try {
      const reply: BandReply = await pool.run({ job, band });
      if (reply.error) throw revive(reply.error);
      step();
    } catch (error) {
      // The others stop, too; what they then say is of no interest.
      first ??= error;
      stop();
    }
  });
  await Promise.all(bands);
  if (first !== undefined) throw first;
}

function revive({ message, name, fields }: NonNullable<BandReply["error"]>): Error {
  if (name === "FileError") return new FileError(message, fields);
  if (name === "DataError") return new DataError(message, fields);
  return new OperandoseError(message, fields);
}

function collect(job: Job): Output[] {
  const sums = [0, 0, 0];
  for (let band = 0; band < job.nBands; band++)
    for (let i = 0; i < 3; i++) sums[i] += job.invalid[band * 3 + i];
  const [saturated, nonPositive, total] = sums;
  return job.targets.map((target) => {
    const { counts: _, ...answer } = target.shared;
    const data = requestKind(target.request).collect?.(job, target) ?? answer.data;
    const pixels = new Int32Array(target.nSelected);
    for (let p = 0; p < target.place.length; p++) if (target.place[p] >= 0) pixels[target.place[p]] = p;
    const edgeSteps = job.edgeSteps && countEdgeSteps(job.edgeSteps, target.place);
    const invalid = { saturated, nonPositive, total, ...(edgeSteps && { edgeSteps }) };
    return { ...answer, data, pixels, nTimes: job.nTimes, invalid };
  });
}
