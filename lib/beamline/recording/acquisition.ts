// Records the files of an experiment: in this thread, or in several workers that take one file after another.
// The bytes are the same.
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { FileError, OperandoseError } from "../../errors.js";
import { loadHdf5 } from "../../io/hdf5-library.js";
import type { Configuration } from "../configurations.js";
import { Recorder, type RecordingJob } from "./recorder.js";

/** Start data of a worker. */
export interface WorkerSetup {
  readonly configuration: Configuration;
  readonly seed: number;
  /** Set to 1 to stop the recording. */
  readonly stop: Int32Array;
}

/** A message of a worker. */
export type WorkerMessage =
  | { readonly bytes: number; readonly label: string }
  | { readonly done: true }
  | { readonly error: { readonly message: string; readonly fields: Record<string, unknown> } };

/** Number of frames between two reports. */
const REPORT_EVERY = 20;

/**
 * Records files.
 *
 * @param workers number of threads; one or fewer records in this thread, as does running from TypeScript
 *   sources
 * @param report called with the bytes written since the last call, and their part
 * @throws FileError of the first file that fails, or the reason of the signal; incomplete files are removed
 */
export async function recordAll(
  jobs: readonly RecordingJob[],
  setup: { configuration: Configuration; seed: number },
  workers: number,
  report: (bytes: number, label: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  // The largest files first, so that the threads finish together.
  const queue = [...jobs].sort((a, b) => size(b) - size(a));
  const threads = import.meta.url.endsWith(".ts") ? 1 : Math.min(workers, queue.length);
  if (threads > 1) await inWorkers(queue, setup, threads, report, signal);
  else await inThisThread(queue, setup, report, signal);
}

/**
 * Records one file with regular reports; `stopped` is called after each frame. Returns whether the file is
 * complete.
 */
export async function recordOne(
  recorder: Recorder,
  job: RecordingJob,
  report: (bytes: number, label: string) => void,
  stopped: () => boolean,
): Promise<boolean> {
  if (job.format === "nexus") await loadHdf5();
  let bytes = 0;
  let frames = 0;
  for (const written of recorder.record(job)) {
    bytes += written;
    if (stopped()) return false;
    if (++frames % REPORT_EVERY > 0) continue;
    report(bytes, job.part.name);
    bytes = 0;
    // Yields to messages, timers and interrupts.
    await setImmediate();
  }
  report(bytes, job.part.name);
  return true;
}

async function inThisThread(
  queue: readonly RecordingJob[],
  { configuration, seed }: { configuration: Configuration; seed: number },
  report: (bytes: number, label: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const recorder = new Recorder(configuration, seed);
  for (const job of queue) {
    signal?.throwIfAborted();
    await recordOne(recorder, job, report, () => signal?.aborted ?? false);
  }
  signal?.throwIfAborted();
}

async function inWorkers(
  queue: RecordingJob[],
  { configuration, seed }: { configuration: Configuration; seed: number },
  threads: number,
  report: (bytes: number, label: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const halt = () => Atomics.store(stop, 0, 1);
  signal?.addEventListener("abort", halt);
  if (signal?.aborted) halt();
  const one = async () => {
    const workerData: WorkerSetup = { configuration, seed, stop };
    const worker = new Worker(new URL("./record-worker.js", import.meta.url), { workerData, execArgv: [] });
    try {
      for (let job = queue.shift(); job && stop[0] === 0; job = queue.shift())
        await handOver(worker, job, report);
    } catch (error) {
      halt();
      throw error;
    } finally {
      await worker.terminate();
    }
  };
  try {
    const results = await Promise.allSettled(Array.from({ length: threads }, one));
    signal?.throwIfAborted();
    const failed = results.find((result): result is PromiseRejectedResult => result.status === "rejected");
    if (failed) throw failed.reason;
  } finally {
    signal?.removeEventListener("abort", halt);
  }
}

function handOver(
  worker: Worker,
  job: RecordingJob,
  report: (bytes: number, label: string) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (then: () => void) => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      then();
    };
    const onMessage = (message: WorkerMessage) => {
      if ("bytes" in message) report(message.bytes, message.label);
      else if ("done" in message) settle(resolve);
      else settle(() => reject(new FileError(message.error.message, message.error.fields)));
    };
    const onError = (error: unknown) => settle(() => reject(error));
    const onExit = (code: number) =>
      settle(() => {
        const text = `simulate: expected ${job.path} to be recorded, got a worker that ended with code ${code}; try workers: 1`;
        reject(new OperandoseError(text, { path: job.path, code }));
      });
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    worker.postMessage(job);
  });
}

function size({ part }: RecordingJob): number {
  return part.frames * part.grid.rows * part.grid.columns;
}
