// Runs the pass over a flat (flat-sums.ts), in threads where it is large.
import { startProgress } from "../../compute/progress.js";
import type { SummedFrames } from "../../dose/dose-rate-map.js";
import { prepareFrames } from "../../io/frame-file.js";
import { whileUnchanged } from "../../io/unchanged.js";
import { loadedFiles, type Recorded } from "../recorded.js";
import { isFrameStep } from "../verbs/index.js";
import type { Plan } from "../verbs/verb.js";
import { FlatRunner, type FlatSumJob, flatSums, groupsOf } from "./flat-sums.js";
import { absorbedBin, keepsValues, recordedWindow } from "./geometry.js";
import { pathsOf } from "./job.js";
import { eachInThreads } from "./pool.js";
import { shared } from "./shared.js";
import { recentReference, sharedFlatLogs, sharedRecording } from "./shared-recordings.js";
import { listen, type RunOptions, workersFor } from "./stream.js";

let jobs = 0;

/**
 * The sum over all frames of the plan's flat of weight x frame / (counts of the frame). It does not depend on the
 * number of threads.
 *
 * @param weights one for each frame
 */
export async function sumFlat(
  plan: Plan,
  label: string,
  weights: Float64Array,
  options: RunOptions,
): Promise<SummedFrames> {
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
    const workers = workersFor({ recorded, sample: flat }, options);
    const job: FlatSumJob = {
      id: `flat-${process.pid}-${++jobs}`,
      sample: flat,
      reference,
      shared: files,
      scaledTo: recentReference(source),
      saturation,
      bins: binsOf(plan),
      stop,
      ...flatSums(weights, height * width, workers),
    };
    await whileUnchanged(label, paths, () => runGroups(job, workers), loadedFiles(source));
    const [sum, ...others] = job.sums;
    for (const other of others) for (let p = 0; p < sum.length; p++) sum[p] += other[p];
    return { counts: job.counts, sum };
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", onAbort);
    progress.done();
  }

  async function runGroups(job: FlatSumJob, workers: number): Promise<void> {
    const groups = Array.from({ length: groupsOf(job) }, (_, group) => group);
    let finished = 0;
    const done = (): void => progress.update(++finished / groups.length, label);
    if (workers > 1) {
      const inputs = groups.map((group) => ({ job, group }));
      await eachInThreads("sumFrames", inputs, workers, onAbort, done);
      signal?.throwIfAborted();
      return;
    }
    const runner = new FlatRunner(job);
    try {
      for (const group of groups) {
        runner.run(group);
        done();
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
