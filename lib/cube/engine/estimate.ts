// What a plan will cost, before it runs, from its geometry and from the measured throughput of this process.
import { statSync } from "node:fs";
import { splitPlace } from "../../io/place.js";
import type { Recorded } from "../recorded.js";
import { addedMaps, isFrameStep, selections, stepsNeed } from "../verbs/index.js";
import type { Plan } from "../verbs/verb.js";
import { cores } from "./cores.js";
import { absorbedBin, cubesOf, recordedWindow } from "./geometry.js";
import { bandRowsOf } from "./prepare.js";
import { TILE } from "./spectra.js";
import { workersFor } from "./stream.js";
import { throughput } from "./throughput.js";
import { areaOf, windowOf } from "./window.js";

/** An estimate. */
export interface Estimate {
  /** Bytes of counts that are read of each recording, 0 where it is not needed. */
  readonly bytes: {
    readonly sample: number;
    /** For the absorbance. */
    readonly flat: number;
    /** Foil and flat near the edge, for the shift. */
    readonly foil: number;
    /** The whole flat, for the dose rate. */
    readonly doseRate: number;
    readonly dark: number;
  };
  readonly total: number;
  /** True with a mask by a map: its pixels are not known yet, and bytes are an upper limit. */
  readonly atMost: boolean;
  /** Bytes of memory of all threads and of what they share, without the results and the program itself. */
  readonly memory: { readonly threads: number; readonly shared: number };
  readonly workers: number;
  /** s */
  readonly seconds: number;
}

/** Counts are taken for 16 bits, what cameras record. */
const BYTES = 2;

/** Cost of reading and reducing all of a plan; less where results of earlier passes are still in memory. */
export function estimate(plan: Plan): Estimate {
  const { source, steps, schema } = plan;
  const frameSteps = steps.filter(isFrameStep);
  const nFrames = schema.energies.length;
  const job = { recorded: [source.energies.length, source.height, source.width] as const, ...source };
  const workers = source.store ? cores() : workersFor(job, {});
  const bandRows = bandRowsOf(plan, workers);
  const masks = selections(steps);
  const wanted = new Uint8Array(schema.height * schema.width).fill(1);
  for (const { map, pixels } of masks) {
    if (map !== undefined) continue;
    const inside = pixels(schema.height, schema.width, []);
    for (let p = 0; p < wanted.length; p++) wanted[p] &= inside[p];
  }
  // Whole rows are read, whatever columns are needed of them.
  let rows = 0;
  for (let r0 = 0; r0 < schema.height; r0 += bandRows) {
    const window = windowOf(wanted, schema.width, r0, Math.min(r0 + bandRows, schema.height));
    if (!window) continue;
    const { top, bottom } = recordedWindow(frameSteps, window);
    rows += bottom - top;
  }
  const image = source.height * source.width * BYTES;
  const files = (recorded: Recorded | undefined): number => recorded?.files.length ?? 0;
  const absorbs = stepsNeed(frameSteps, "flat");
  const framesOf = (recording: "flat" | "foil"): number =>
    addedMaps(steps).reduce((sum, { step, map }) => {
      const read = map.reads?.(step, plan);
      return read?.of === recording ? sum + read.frames : sum;
    }, 0);
  const all = { top: 0, bottom: schema.height, left: 0, right: schema.width };
  const foil = recordedWindow(frameSteps, all);
  const rowBytes = source.width * BYTES;
  const bytes = {
    sample: rows * rowBytes * nFrames * files(source.sample),
    flat: absorbs ? rows * rowBytes * nFrames * files(source.flat) : 0,
    foil:
      (foil.bottom - foil.top) *
      rowBytes *
      framesOf("foil") *
      (files(source.foil) + files(source.foil?.flat)),
    doseRate: image * framesOf("flat") * files(source.flat),
    // The number of frames is in the header; the size of the file is nearly the same.
    dark: source.sample.dark.reduce((sum, { path }) => sum + sizeOf(path), 0),
  };
  const total = Object.values(bytes).reduce((sum, n) => sum + n, 0);
  return {
    bytes,
    total,
    atMost: masks.some(({ map }) => map !== undefined),
    memory: memoryOf(plan, bandRows, workers),
    workers,
    seconds: total / (throughput() * workers),
  };
}

function sizeOf(place: string): number {
  return statSync(splitPlace(place).path, { throwIfNoEntry: false })?.size ?? 0;
}

function memoryOf({ source, steps, schema }: Plan, bandRows: number, workers: number): Estimate["memory"] {
  const frameSteps = steps.filter(isFrameStep);
  const n = schema.energies.length;
  const bandPixels = bandRows * schema.width;
  const window = { top: 0, bottom: bandRows, left: 0, right: schema.width };
  const counts = areaOf(recordedWindow(frameSteps, window));
  const averages = frameSteps.some((step) => cubesOf(step) > 1);
  // Frames and a tile of spectra; counts, their dark with its limits, and their sums where they are averaged.
  const thread = 4 * n * bandPixels + (4 + 4) * n * TILE + counts * (averages ? 29.5 : 9.5) + 16 * bandPixels;
  const flat = absorbedBin(frameSteps) ? 4 * n * schema.height * schema.width : 0;
  const dark = source.sample.dark.length > 0 ? 4 * source.height * source.width : 0;
  const tables =
    16 * source.energies.length * (source.sample.files.length + (source.flat?.files.length ?? 0));
  return { threads: workers * thread, shared: flat + dark + tables };
}
