// From a plan to a job: geometry, bands, and the shared arrays that workers write to.
import { DataError } from "../../errors.js";
import { findStep, isFrameStep } from "../plan.js";
import type { Plan } from "../verbs/verb.js";
import { rowFactor } from "./frames.js";
import type { Job, Request, SharedOutput } from "./job.js";

/** A band holds at most this much of the recorded flat, in bytes, as float32. */
const BAND_BYTES = 48e6;
/** Bands at the least, so that several workers have something to do and progress moves. */
const MIN_BANDS = 8;

let jobs = 0;

/**
 * The job of a plan.
 *
 * @param select final pixels to use, 1 or 0; default all
 * @param shift eV, one a final pixel; where the plan is calibrated
 */
export function prepare(plan: Plan, request: Request, select?: Uint8Array, shift?: ArrayLike<number>): Job {
  const { source, schema } = plan;
  const { height, width, energies, times } = schema;
  const steps = plan.steps.filter(isFrameStep);
  const recorded = [source.energies.length, source.height, source.width] as const;
  const factor = rowFactor(steps);
  const bytesPerRow = recorded[0] * recorded[2] * 4 * factor;
  const bandRows = Math.max(1, Math.min(Math.floor(BAND_BYTES / bytesPerRow), Math.ceil(height / MIN_BANDS)));
  const nBands = Math.ceil(height / bandRows);
  const place = shared(Int32Array, height * width);
  let nSelected = 0;
  for (let p = 0; p < place.length; p++) place[p] = select === undefined || select[p] ? nSelected++ : -1;
  if (nSelected === 0) {
    const masks = plan.steps.flatMap((s) =>
      s.verb === "mask" ? [`${s.layer} in ${JSON.stringify(s.intervals)}`] : [],
    );
    throw new DataError(
      `mask: expected at least one pixel, got none with ${masks.join(" and ")}; look at .map("${findStep(plan.steps, "mask")?.layer}") for its range`,
    );
  }
  const sharedShift = shift && shared(Float64Array, shift.length);
  sharedShift?.set(shift as ArrayLike<number>);
  return {
    id: `${process.pid}-${++jobs}`,
    sample: source.sample,
    flat: steps.some((s) => s.verb === "absorb") ? source.flat : undefined,
    reference: source.reference,
    together: steps.reduce((n, step) => (step.verb === "average" ? n * step.group : n), 1),
    saturation: source.saturation,
    recorded,
    steps,
    frames: keptFrames(plan),
    energies: Float64Array.from(energies),
    nTimes: times.length,
    height,
    width,
    bandRows,
    nBands,
    shift: sharedShift,
    normalize: findStep(plan.steps, "normalize"),
    place,
    nSelected,
    request,
    shared: output(request, { nBands, nTimes: times.length, nSelected, nEnergies: energies.length }),
  };
}

function keptFrames(plan: Plan): readonly [number, number] {
  let from = 0;
  for (const step of plan.steps) if (step.verb === "crop") from += step.frames[0];
  return [from, from + plan.schema.energies.length];
}

interface Sizes {
  readonly nBands: number;
  readonly nTimes: number;
  readonly nSelected: number;
  readonly nEnergies: number;
}

function output(request: Request, { nBands, nTimes, nSelected, nEnergies }: Sizes): SharedOutput {
  const invalid = shared(Float64Array, nBands * 3);
  const rows = nTimes * nSelected;
  switch (request.kind) {
    case "mean": {
      const length = nBands * nTimes * nEnergies;
      return { data: shared(Float64Array, length), counts: shared(Int32Array, length), invalid };
    }
    case "spectra":
      return { data: shared(Float32Array, rows * nEnergies), invalid };
    case "image":
    case "edgeStep":
      return { data: shared(Float64Array, rows), invalid };
    case "fit":
      return {
        data: shared(Float64Array, rows * request.nComponents),
        rFactor: shared(Float64Array, rows),
        flags: shared(Uint8Array, rows),
        invalid,
      };
  }
}

type TypedArrayConstructor<T> = { new (buffer: SharedArrayBuffer): T; readonly BYTES_PER_ELEMENT: number };

function shared<T>(TypedArray: TypedArrayConstructor<T>, length: number): T {
  return new TypedArray(new SharedArrayBuffer(length * TypedArray.BYTES_PER_ELEMENT));
}
