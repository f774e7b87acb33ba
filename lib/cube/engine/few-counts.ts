// How far the mean of logarithms over a bin is off where counts are few, from the counts themselves.
//
// absorb().bin(n) takes the mean of ln(I0 / I) over n x n pixels. The mean logarithm of noisy counts is low
// by half their relative variance, 1 / (2 N) for N detected photons: absorbance is too large where the sample
// has fewer counts than the flat, and more so above the edge. bin(n).absorb() takes the logarithm of the
// mean, whose bias is n x n times smaller. The difference of both in the same bins needs neither the gain of
// the camera nor a model of its noise. Structure finer than a bin makes a difference, too: it is reported
// only where the noise from one energy to the next is large enough to explain it.
import type { FewCounts } from "../invalid.js";
import type { FrameStep } from "../plan.js";
import { absorb } from "../verbs/absorb.js";
import { isFrameStep, verbOf } from "../verbs/index.js";
import { isStep, type Plan } from "../verbs/verb.js";
import { FramePipeline } from "./frames.js";
import { absorbedBin, cubesOf, firstFrame, isOverTime } from "./geometry.js";
import { Recording } from "./recording.js";
import { recentReference, sharedRecording } from "./shared-recordings.js";

/** Largest number of rows of bins that are read, and of bins in each: a few MB for any recording. */
const ROWS = 12;
const COLUMNS = 64;
/** The golden ratio: places along the rows that are spread evenly, whatever the number of rows. */
const GOLDEN = (1 + Math.sqrt(5)) / 2;
/** Smallest bias that is reported: relative for the edge step, absolute for the absorbance. */
const LEAST = 0.01;
/** Cubes that are read of those that an average is of, at most: its bias follows from theirs. */
const MEMBERS = 3;
/** Places of the two means, eV from the edge. */
const PLACES = [-30, 60] as const;

/**
 * The bias of absorb().bin(n) in some of the bins, at one time step.
 *
 * @param pixels final pixels that the answer is of
 * @returns undefined where the chain does not bin absorbance, or where the bias is below 0.01 or not above
 *   its noise
 */
export async function fewCounts(plan: Plan, pixels: Int32Array): Promise<FewCounts | undefined> {
  const { source, schema } = plan;
  // Neither where the sample is nor its glitches change how many counts there are.
  const frameSteps = plan.steps.filter(isFrameStep).filter((step) => !verbOf(step).ofSample);
  const steps = binBeforeAverages(frameSteps);
  const bin = absorbedBin(steps);
  if (!bin || bin.factor < 2 || !source.flat || source.store || schema.energies.length < 8) {
    return undefined;
  }
  const { flat } = source;
  const few = members(source.sample, steps);
  const { sample } = few;
  const recorded = [source.energies.length, source.height, source.width] as const;
  const open = async (of: typeof sample): Promise<Recording> => {
    const { table, dark } = await sharedRecording(
      of,
      { recorded, reference: source.reference },
      async () => {},
    );
    return new Recording(of.files, table, source.saturation, dark, recentReference(source));
  };
  const [counts, i0] = [await open(sample), await open(flat)];
  const { end } = absorbedBin(few.steps) ?? bin;
  const swapped: FrameStep[] = [
    ...few.steps.slice(0, end - 2),
    ...few.steps.slice(end - 2, end).reverse(),
    ...few.steps.slice(end),
  ];
  const pipelines = [few.steps, swapped].map(
    (list) => new FramePipeline(list, counts, i0, undefined, sample.files.length),
  );
  try {
    return estimate(plan, bin.factor, pixels, pipelines, few);
  } finally {
    counts.close();
    i0.close();
  }
}

/** The same steps with a bin that follows averages of absorbance before these averages: both are means. */
function binBeforeAverages(steps: readonly FrameStep[]): FrameStep[] {
  const absorbed = steps.findIndex((step) => isStep(absorb, step)) + 1;
  const [head, tail] = [steps.slice(0, absorbed), steps.slice(absorbed)];
  const averages = tail.findIndex((step) => !isOverTime(step));
  if (averages < 1) return [...steps];
  const moved = [...head, tail[averages], ...tail.slice(0, averages), ...tail.slice(averages + 1)];
  return absorbedBin(moved) ? moved : [...steps];
}

/** A few cubes of the middle time step, and the factor from their bias to that of the whole mean. */
interface Members {
  readonly sample: Plan["source"]["sample"];
  readonly steps: readonly FrameStep[];
  /** The bias of the whole mean over that of these cubes: 1 / (2 N) is inverse to the counts. */
  readonly share: number;
  /**
   * Cubes whose absorbance is averaged: the variance is so many times lower than that of one, the bias is
   * not.
   */
  readonly averaged: number;
}

/** The middle time step by itself, of a few of its cubes. */
function members({ files, dark }: Plan["source"]["sample"], steps: readonly FrameStep[]): Members {
  const group = steps.reduce((n, step) => n * cubesOf(step), 1);
  const first = Math.floor((Math.ceil(files.length / group) - 1) / 2) * group;
  const own = files.slice(first, first + group);
  const kept = Math.min(MEMBERS, own.length);
  const chosen = Array.from({ length: kept }, (_, i) => own[Math.floor(((i + 0.5) * own.length) / kept)]);
  const cubes = (list: typeof files): number => list.reduce((sum, file) => sum + file.cubes, 0);
  // The first average takes all of them, later ones have nothing left to do. Means of absorbance keep the
  // bias of each.
  const averages = steps.filter(isOverTime);
  const before = averages.length > 0 && steps.indexOf(averages[0]) < (absorbedBin(steps)?.end ?? 0);
  return {
    sample: { files: chosen, dark },
    steps: steps.flatMap((step): FrameStep[] => {
      if (!isOverTime(step)) return [step];
      return step === averages[0] ? [verbOf(step).regroup?.(step, kept) ?? step] : [];
    }),
    share: before ? cubes(chosen) / cubes(own) : 1,
    averaged: before ? 1 : cubes(chosen),
  };
}

function estimate(
  { steps, schema }: Plan,
  factor: number,
  pixels: Int32Array,
  pipelines: readonly FramePipeline[],
  { share, averaged }: Members,
): FewCounts | undefined {
  const { energies, width, edge } = schema;
  const first = firstFrame(steps.filter(isFrameStep));
  const n = energies.length;
  const places = PLACES.map((offset, i) => {
    const wanted = edge ? edge.energy + offset : energies[Math.round((n - 1) * (0.1 + 0.8 * i))];
    const nearest = energies.reduce(
      (best, e, k) => (Math.abs(e - wanted) < Math.abs(energies[best] - wanted) ? k : best),
      0,
    );
    return Math.min(n - 2, Math.max(1, nearest));
  });
  // Below and above the edge, whatever the direction of the scan.
  places.sort((a, b) => energies[a] - energies[b]);
  const [low, high] = [new Moments(), new Moments()];
  const change = new Moments();
  const step = new Moments();
  const noise = new Moments();
  for (const part of partsOf(pixels, width)) {
    const row = Math.floor(part[0] / width);
    const left = part[0] % width;
    const window = { top: row, bottom: row + 1, left, right: (part[part.length - 1] % width) + 1 };
    // [place][energy beside it][order of steps][column]
    for (const pipeline of pipelines) pipeline.newWindow();
    const values = places.map((place) =>
      [-1, 0, 1].map((d) =>
        pipelines.map((pipeline) => {
          const out = new Float32Array(window.right - left);
          pipeline.frame(0, first + place + d, window, out);
          return out;
        }),
      ),
    );
    for (const p of part) {
      const c = (p % width) - left;
      const at = values.map((three) => three.map(([logs, means]) => [logs[c], means[c]]));
      if (at.flat(2).some(Number.isNaN)) continue;
      const scale = (share * factor ** 2) / (factor ** 2 - 1) / 3;
      const [below, above] = at.map((three) => scale * three.reduce((sum, [a, b]) => sum + a - b, 0));
      low.add(below);
      high.add(above);
      change.add(above - below);
      step.add(at[1].reduce((sum, [, b]) => sum + b / 3, 0) - at[0].reduce((sum, [, b]) => sum + b / 3, 0));
      // Second differences along the energy are noise; that of a pixel is n x n times that of a bin.
      for (const three of at) noise.add((three[0][0] - 2 * three[1][0] + three[2][0]) ** 2 / 6);
    }
  }
  const absorbance = [low.mean, high.mean] as const;
  const largest = Math.max(...absorbance.map(Math.abs));
  const edgeStep = change.mean / step.mean;
  const clear = (of: Moments): boolean => Math.abs(of.mean) > 3 * of.error;
  const matters =
    (Math.abs(edgeStep) > LEAST && clear(change)) || (largest > LEAST && (clear(low) || clear(high)));
  const explained = share * averaged * noise.mean * factor ** 2 > largest;
  return matters && explained ? { factor, absorbance, edgeStep } : undefined;
}

/**
 * Pixels of evenly spaced rows. Of a long row those that follow each other from a place that differs from row
 * to row, so that rows and columns are both covered.
 */
function partsOf(pixels: Int32Array, width: number): Int32Array[] {
  const starts: number[] = [];
  for (let i = 0, row = -1; i < pixels.length; i++) {
    const own = Math.floor(pixels[i] / width);
    if (own !== row) starts.push(i);
    row = own;
  }
  const n = Math.min(ROWS, starts.length);
  return Array.from({ length: n }, (_, i) => {
    const at = Math.floor(((i + 0.5) * starts.length) / n);
    const own = pixels.subarray(starts[at], starts[at + 1]);
    const from = Math.round(((i * GOLDEN) % 1) * Math.max(0, own.length - COLUMNS));
    const near = own.subarray(from, from + COLUMNS);
    return near.filter((p) => p < near[0] + COLUMNS);
  });
}

/** Mean and its standard error. */
class Moments {
  #n = 0;
  #sum = 0;
  #squares = 0;

  add(value: number): void {
    this.#n++;
    this.#sum += value;
    this.#squares += value * value;
  }

  get mean(): number {
    return this.#sum / this.#n;
  }

  get error(): number {
    const variance = this.#squares / this.#n - this.mean ** 2;
    return Math.sqrt(Math.max(0, variance) / Math.max(1, this.#n - 1));
  }
}
