// Runs the pass over a flat (flat-sums.ts), in threads where it is large. Groups of frames are added in their
// order: the sum does not depend on the number of threads.
import { startProgress } from "../../compute/progress.js";
import type { SummedFrames } from "../../dose/dose-rate-map.js";
import { prepareFrames } from "../../io/frame-file.js";
import { whileUnchanged } from "../../io/unchanged.js";
import { loadedFiles, type Recorded } from "../recorded.js";
import { isFrameStep } from "../verbs/index.js";
import type { Plan } from "../verbs/verb.js";
import { FlatRunner, type FlatSumJob, groupsOf } from "./flat-sums.js";
import { absorbedBin, keepsValues, recordedWindow } from "./geometry.js";
import { pathsOf } from "./job.js";
import { eachInThreads } from "./pool.js";
import { recentReference, sharedFlatLogs, sharedRecording } from "./shared-recordings.js";
import { shared } from "./shared.js";
import { listen, type RunOptions, workersFor } from "./stream.js";

let jobs = 0;

/**
 * The sum over all frames of the plan's flat of weight x frame / (counts of the frame), in parts.
 *
 * @param weights one for each frame
 * @param add receives the parts in the order of the frames, and the first frame of each
 */
export async function sumFlat(
  plan: Plan,
  label: string,
  weights: Float64Array,
  options: RunOptions,
  add: (first: number, part: SummedFrames) => void,
): Promise<void> {
  const { source } = plan;
  const flat = source.flat as Recorded; // verbs that need one refuse a cube without
  const { reference, energies, height, width, saturation } = source;
  const recorded = [energies.length, height, width] as const;
  const paths = [...pathsOf({ sample: flat, reference })];
  const { signal } = options;
  const stop = shared(Int32Array, 1);
  const onAbort = (): void => {
    Atomics.store(stop, 0, 1);
  };
  signal?.addEventListener("abort", onAbort);
  const progress = startProgress(label);
  try {
    await prepareFrames(paths);
    const files = await sharedRecording(flat, { recorded, reference }, async () => {
      await listen();
      signal?.throwIfAborted();
    });
    const scaledTo = recentReference(source);
    const id = `flat-${process.pid}-${++jobs}`;
    const bins = binsOf(plan);
    const own = { sample: flat, reference, shared: files, scaledTo, saturation, weights, bins, stop };
    const run = (): Promise<void> => runGroups({ id, ...own }, workersFor({ recorded, sample: flat }, options));
    await whileUnchanged(label, paths, run, loadedFiles(source));
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", onAbort);
    progress.done();
  }

  async function runGroups(job: FlatSumJob, workers: number): Promise<void> {
    const groups = Array.from({ length: groupsOf(job) }, (_, group) => group);
    const waiting = new Map<number, SummedFrames>();
    let next = 0;
    let first = 0;
    const done = (part: SummedFrames, group: number): void => {
      waiting.set(group, part);
      for (let own = waiting.get(next); own; own = waiting.get(next)) {
        waiting.delete(next++);
        add(first, own);
        first += own.counts.length;
      }
      progress.update(next / groups.length, label);
    };
    if (workers > 1) {
      await eachInThreads(
        "sumFrames",
        groups.map((group) => ({ job, group })),
        workers,
        onAbort,
        done,
      );
      signal?.throwIfAborted();
      return;
    }
    const runner = new FlatRunner(job);
    try {
      for (const group of groups) {
        done(runner.run(group), group);
        await listen();
        signal?.throwIfAborted();
      }
    } finally {
      runner.close();
    }
  }
}

/** Where the logarithms of the flat are kept, if whole recorded frames hold the bins of the chain. */
function binsOf({ source, steps, schema }: Plan): FlatSumJob["bins"] {
  const frameSteps = steps.filter(isFrameStep);
  const used = absorbedBin(frameSteps);
  if (!used || !frameSteps.slice(0, used.end - 2).every(keepsValues)) return undefined;
  const { saturation, reference, flat, energies } = source;
  const recorded = [energies.length, source.height, source.width] as const;
  const { height, width } = schema;
  const logs = sharedFlatLogs({ steps: frameSteps, height, width, saturation, recorded, reference, flat });
  if (!logs) return undefined;
  const { top, left } = recordedWindow(frameSteps.slice(0, used.end), logs.window);
  const whole = logs.window.right - logs.window.left === Math.floor(source.width / used.factor);
  return top === 0 && left === 0 && whole ? { logs, factor: used.factor } : undefined;
}
