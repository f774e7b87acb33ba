// The streaming executor: bands of rows through workers, each band through all time steps, memory bounded by the band.
// Sums are kept a band and added in the order of the bands, so results do not depend on the number of workers.
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import Tinypool from "tinypool";
import { startProgress } from "../../compute/progress.js";
import { ArgumentError, DataError, FileError, OperandoseError, quote } from "../../errors.js";
import { prepareFrames } from "../../io/frame-file.js";
import { BandRunner } from "./band.js";
import { type Job, type Output, pathsOf } from "./job.js";
import { requestKind } from "./requests/index.js";
import type { BandReply } from "./worker.js";

/** How a plan is run. */
export interface RunOptions {
  /** Cancels between two bands. */
  readonly signal?: AbortSignal;
  /** Threads; default all cores for large plans and this thread for small ones. */
  readonly workers?: number;
}

/** Below this many recorded bytes starting threads costs more than it saves. */
const SMALL = 64e6;

/** Runs a job and returns the answers to its questions, in their order. */
export async function stream(job: Job, label: string, options: RunOptions = {}): Promise<Output[]> {
  const [nFrames, height, width] = job.recorded;
  const bytes = 2 * nFrames * height * width * (job.sample.files.length + (job.flat?.files.length ?? 0));
  // Workers are files of their own and exist only where the library is built.
  const built = import.meta.url.endsWith(".js");
  if (options.workers !== undefined && !(Number.isInteger(options.workers) && options.workers >= 1)) {
    throw new ArgumentError(`workers: expected a whole number >= 1, got ${quote(options.workers)}`);
  }
  const workers = Math.min(options.workers ?? (bytes < SMALL ? 1 : availableParallelism()), job.nBands);
  const progress = startProgress(label);
  let finished = 0;
  const step = (): void => {
    options.signal?.throwIfAborted();
    progress.update(++finished / job.nBands, label);
  };
  try {
    options.signal?.throwIfAborted();
    if (workers <= 1 || !built) await runHere(job, step);
    else await runInWorkers(job, workers, step);
  } finally {
    progress.done();
  }
  return collect(job);
}

async function runHere(job: Job, step: () => void): Promise<void> {
  await prepareFrames(pathsOf(job));
  const runner = new BandRunner(job);
  try {
    for (let band = 0; band < job.nBands; band++) {
      await runner.run(band);
      step();
      // Lets progress be drawn and an abort be heard.
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    runner.close();
  }
}

async function runInWorkers(job: Job, workers: number, step: () => void): Promise<void> {
  const pool = new Tinypool({
    filename: fileURLToPath(new URL("./worker.js", import.meta.url)),
    runtime: "worker_threads",
    minThreads: workers,
    maxThreads: workers,
  });
  try {
    const bands = Array.from({ length: job.nBands }, async (_, band) => {
      const reply: BandReply = await pool.run({ job, band });
      if (reply.error) throw revive(reply.error);
      step();
    });
    await Promise.all(bands);
  } finally {
    await pool.destroy().catch(() => {});
  }
}

function revive({ message, name, fields }: NonNullable<BandReply["error"]>): Error {
  if (name === "FileError") return new FileError(message, fields);
  if (name === "DataError") return new DataError(message, fields);
  return new OperandoseError(message, fields);
}

function collect(job: Job): Output[] {
  const invalid = [0, 0, 0];
  for (let band = 0; band < job.nBands; band++)
    for (let i = 0; i < 3; i++) invalid[i] += job.invalid[band * 3 + i];
  const [saturated, nonPositive, total] = invalid;
  return job.targets.map((target) => {
    const { counts: _, ...answer } = target.shared;
    const data = requestKind(target.request).collect?.(job, target) ?? answer.data;
    const pixels = new Int32Array(target.nSelected);
    for (let p = 0; p < target.place.length; p++) if (target.place[p] >= 0) pixels[target.place[p]] = p;
    return { ...answer, data, pixels, nTimes: job.nTimes, invalid: { saturated, nonPositive, total } };
  });
}
