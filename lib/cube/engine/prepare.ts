// The job of a plan: geometry, bands, and the shared arrays that workers write to.
import { loadedFiles } from "../recorded.js";
import { isFrameStep, stepsNeed, verbOf } from "../verbs/index.js";
import { normalize as normalizeVerb } from "../verbs/normalize.js";
import { findStep, type Plan } from "../verbs/verb.js";
import { timesOfBlock } from "./blocks.js";
import { probeOf } from "./disturbance.js";
import { edgeStepRange } from "./edge-steps.js";
import { cubesOf, firstFrame, rowFactor } from "./geometry.js";
import { INVALID, type Job } from "./job.js";
import { axisOf } from "./reference.js";
import { requestKind } from "./requests/index.js";
import type { Sizes } from "./requests/kind.js";
import type { Request, Target } from "./requests/request.js";
import { shared } from "./shared.js";
import { type RunOptions, workersFor } from "./stream.js";

/** A band's frames after all steps hold at most so many bytes, as float32, in each worker. */
const BAND_BYTES = 24e6;
/** Counts of one frame's window at most, bytes: with the dark beside them they stay in a core's own cache. */
const WINDOW_BYTES = 160e3;
/** Bands at the least, so that progress moves; and for each worker, so that all end at about the same time. */
const MIN_BANDS = 8;
const BANDS_PER_WORKER = 4;
/** Recorded rows at least of bands that read rows of their neighbors. */
const OVERLAPPING_ROWS = 64;
/** Sums of single rows take this much memory at most, bytes; beyond, they are those of whole bands. */
const SUM_BYTES = 256e6;

let jobs = 0;

/** A request and its final pixels (1 or 0; default all). */
export interface Query {
  readonly request: Request;
  readonly select?: Uint8Array;
}

/**
 * The job of a plan: one pass that computes all queries.
 *
 * @param shift eV, as `alignment` of maps.ts gives it; where the plan is calibrated
 */
export function prepare(
  plan: Plan,
  queries: readonly Query[],
  shift?: ArrayLike<number>,
  options: RunOptions = {},
): Job {
  const { source, schema } = plan;
  const { height, width, energies, times } = schema;
  const steps = plan.steps.filter(isFrameStep);
  const recorded = [source.energies.length, source.height, source.width] as const;
  const flat = stepsNeed(steps, "flat") ? source.flat : undefined;
  // Neither the blocks of a saved cube nor sums may depend on the number of workers.
  const together = steps.reduce((n, step) => n * cubesOf(step), 1);
  const { saturation, reference, store } = source;
  const files = { recorded, flat, reference, saturation, steps, height, width, together };
  const inBlock = timesOfBlock({ ...files, store: store?.path, nTimes: times.length });
  const sumBytes = 12 * inBlock * height * energies.length;
  const isFixed = sumBytes > SUM_BYTES || queries.some(({ request }) => isByBand(request));
  const workers = workersFor({ recorded, sample: source.sample, flat }, options);
  const bandRows = bandRowsOf(plan, isFixed ? 1 : workers);
  const nBands = Math.ceil(height / bandRows);
  const sizes = { nTimes: times.length, nEnergies: energies.length };
  const sharedShift = shift && shared(Float64Array, shift.length);
  sharedShift?.set(shift as ArrayLike<number>);
  const normalize = findStep(plan.steps, normalizeVerb);
  const targets = queries.map((query) => target(plan, query, sizes));
  return {
    id: `${process.pid}-${++jobs}`,
    sample: source.sample,
    store: store?.path,
    loaded: loadedFiles(source),
    flat,
    reference,
    axis: axisOf(source),
    together,
    saturation,
    recorded,
    steps,
    frames: [firstFrame(steps), firstFrame(steps) + energies.length],
    energies: Float64Array.from(energies),
    nTimes: times.length,
    firstTime: 0,
    allTimes: times.length,
    height,
    width,
    bandRows,
    nBands,
    sumRows: sumBytes > SUM_BYTES ? bandRows : 1,
    shift: sharedShift,
    normalize,
    edgeSteps: normalize && edgeStepRange(height * width),
    probe: normalize && probeOf(targets, { nBands, bandRows, width }, times.length * energies.length),
    targets,
    invalid: shared(Float64Array, nBands * INVALID),
    bytes: shared(Float64Array, nBands),
    stop: shared(Int32Array, 1),
  };
}

function target(plan: Plan, { request, select }: Query, sizes: Omit<Sizes, "nSelected">): Target {
  const { height, width } = plan.schema;
  const place = shared(Int32Array, height * width);
  let nSelected = 0;
  for (let p = 0; p < place.length; p++) place[p] = select === undefined || select[p] ? nSelected++ : -1;
  const output = requestKind(request).allocate(request, { ...sizes, nSelected });
  return { request, place, nSelected, shared: output };
}

function isByBand(request: Request): boolean {
  const { always, byBand } = requestKind(request);
  return always === true || byBand === true;
}

/** Final rows of a band: as many as memory and cache allow, and few enough for all workers to have bands. */
export function bandRowsOf({ source, steps, schema }: Plan, workers = 1): number {
  const frameSteps = steps.filter(isFrameStep);
  const factor = rowFactor(frameSteps);
  // A mean has a sum in float32 beside the counts.
  const averages = frameSteps.some((step) => cubesOf(step) > 1);
  const byMemory = BAND_BYTES / (4 * schema.energies.length * schema.width);
  const byCache = WINDOW_BYTES / ((averages ? 4 : 2) * source.width * factor);
  // Bands that read rows of their neighbors are higher, and do not follow the number of workers: how many samples
  // count twice must not depend on it.
  if (frameSteps.some((step) => verbOf(step).overlaps)) {
    const rows = Math.max(OVERLAPPING_ROWS / factor, schema.height / MIN_BANDS);
    return Math.max(1, Math.floor(Math.min(4 * byMemory, rows)));
  }
  const byWorkers = Math.ceil(schema.height / Math.max(MIN_BANDS, BANDS_PER_WORKER * workers));
  return Math.max(1, Math.floor(Math.min(byMemory, byCache, byWorkers)));
}
