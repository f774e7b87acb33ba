// A series in blocks of time steps. Bands read a file in strips, one in each frame, which is slow from a disk:
// therefore a block is read ahead (read-ahead.ts), and what has to fit into memory does not depend on the length
// of the series.
import { addEdgeSteps, edgeStepRange } from "./edge-steps.js";
import { sliceTimes } from "./geometry.js";
import { INVALID, type Job, type Probe } from "./job.js";
import { requestKind } from "./requests/index.js";
import type { SharedOutput, Target } from "./requests/request.js";
import { shared } from "./shared.js";
import { sharedFlatLogs } from "./shared-recordings.js";

/** Counts of a block, bytes, where one time step has no more. */
const BLOCK_BYTES = 2e9;

/** Time steps of a block. */
export function timesOfBlock(
  job: Parameters<typeof sharedFlatLogs>[0] & Pick<Job, "nTimes" | "together" | "store">,
): number {
  const { nTimes, together, recorded, flat, store } = job;
  const [nFrames, height, width] = recorded;
  // Where the flat is not kept, each block would have to read it again.
  if (store !== undefined || (flat && !sharedFlatLogs(job))) return nTimes;
  return Math.max(1, Math.min(nTimes, Math.floor(BLOCK_BYTES / (2 * nFrames * height * width * together))));
}

/**
 * The job in blocks of time steps, each a job of its own that writes to its part of the results. A block is made
 * when it is wanted: it has memory of its own.
 */
export function* blocksOf(job: Job, length = timesOfBlock(job)): Generator<Job, undefined> {
  for (let from = 0; from < job.nTimes; from += length) {
    yield timesOf(job, from, Math.min(from + length, job.nTimes));
  }
}

/** The time steps [from, to) of a job as a job of its own, which looks at no file of the others. */
export function timesOf(job: Job, from: number, to: number): Job {
  const { together, sample, targets, probe, edgeSteps, nTimes, nBands, energies, steps, shift } = job;
  const files = sample.files.slice(from * together, to * together);
  const paths = (of: Job["sample"]["files"]) =>
    new Set(of.flatMap(({ loaded = [] }) => loaded.map(({ path }) => path)));
  const [ofAll, ofThese] = [paths(sample.files), paths(files)];
  const block = {
    ...job,
    id: `${job.id}-${from}`,
    sample: { ...sample, files },
    loaded: job.loaded.filter(({ path }) => ofThese.has(path) || !ofAll.has(path)),
    steps: sliceTimes(steps, from, to),
    shift: shift && partOfShift(shift, job, from, to),
    nTimes: to - from,
    firstTime: job.firstTime + from,
    probe: probe && partOfProbe(probe, from * energies.length, to * energies.length),
    edgeSteps: edgeSteps && edgeStepRange(edgeSteps.least.length),
    invalid: shared(Float64Array, nBands * INVALID),
    bytes: shared(Float64Array, nBands),
  };
  const own = (target: Target): Target => {
    const arrays = Object.entries(target.shared).map(([name, array]) => {
      if (name === "whole") return [name, array];
      const length = array.length / nTimes;
      return [name, array.subarray(from * length, to * length)];
    });
    const more = requestKind(target.request).allocateBlock?.(block);
    return { ...target, shared: { ...(Object.fromEntries(arrays) as SharedOutput), ...more } };
  };
  return { ...block, targets: targets.map(own) };
}

function partOfShift(shift: Float64Array, { height, width }: Job, from: number, to: number): Float64Array {
  const pixels = height * width;
  return shift.length === pixels ? shift : shift.subarray(from * pixels, to * pixels);
}

function partOfProbe({ band, means }: Probe, from: number, to: number): Probe {
  return { band, means: means.subarray(from, to) };
}

/** Adds to the job what a block, which is complete, has found. */
export function finishBlock(job: Job, block: Job): void {
  for (const target of block.targets) requestKind(target.request).finishBlock?.(block, target);
  for (let i = 0; i < job.invalid.length; i++) job.invalid[i] += block.invalid[i];
  for (let i = 0; i < job.bytes.length; i++) job.bytes[i] += block.bytes[i];
  if (job.edgeSteps && block.edgeSteps) addEdgeSteps(job.edgeSteps, block.edgeSteps);
}
