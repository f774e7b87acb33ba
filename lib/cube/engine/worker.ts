// What threads do. A task receives plain data, and replies with its result or with an error as data.
import { OperandoseError } from "../../errors.js";
import { prepareFrames } from "../../io/frame-file.js";
import { alignPixels } from "../../xas/calibrate-foil.js";
import { BandRunner } from "./band.js";
import { FlatRunner, type FlatSumJob } from "./flat-sums.js";
import { pathsOf, type SharedJob } from "./job.js";

/** The tasks by name. */
export interface Tasks {
  readonly runBand: (input: { job: SharedJob; band: number }) => Promise<void>;
  readonly sumFrames: (input: { job: FlatSumJob; group: number }) => void;
  readonly alignFoil: (input: Parameters<typeof alignPixels>) => ReturnType<typeof alignPixels>;
}

/** An error that can be sent between threads. */
export interface TaskError {
  readonly message: string;
  readonly name: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** What a task replies. */
export type Reply<T> = { readonly result: T } | { readonly error: TaskError };

/** What this thread keeps for all tasks of the same job. */
let current: { readonly id: string; readonly runner: BandRunner | FlatRunner } | undefined;

function closeCurrent(): void {
  const last = current;
  current = undefined;
  last?.runner.close();
}

async function reply<T>(run: () => T | Promise<T>): Promise<Reply<Awaited<T>>> {
  try {
    return { result: await run() };
  } catch (error) {
    try {
      closeCurrent();
    } catch {
      // The first error is reported.
    }
    const e = error instanceof Error ? error : new Error(String(error));
    const fields = e instanceof OperandoseError ? e.fields : undefined;
    return { error: { message: e.message, name: e.name, fields } };
  }
}

async function runnerOf<R extends BandRunner | FlatRunner>(
  { id, paths }: { readonly id: string; readonly paths: Iterable<string> },
  make: () => R,
): Promise<R> {
  if (current?.id !== id) {
    closeCurrent();
    await prepareFrames(paths);
    current = { id, runner: make() };
  }
  return current.runner as R;
}

/** Runs one band of a job. */
export function runBand({ job, band }: Parameters<Tasks["runBand"]>[0]): Promise<Reply<void>> {
  return reply(async () => {
    // The stop flag is in shared memory: no event has to be received.
    const make = (): BandRunner => new BandRunner(job, async () => {});
    await (await runnerOf({ id: job.id, paths: pathsOf(job) }, make)).run(band);
  });
}

/** Sums a group of frames of a flat. */
export function sumFrames({ job, group }: Parameters<Tasks["sumFrames"]>[0]) {
  return reply(async () => {
    const make = (): FlatRunner => new FlatRunner(job);
    return (await runnerOf({ id: job.id, paths: pathsOf(job) }, make)).run(group);
  });
}

/** Aligns some pixels of a foil. */
export function alignFoil(input: Parameters<Tasks["alignFoil"]>[0]) {
  return reply(() => alignPixels(...input));
}
