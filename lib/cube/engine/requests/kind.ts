// What every kind of request brings: memory for its answer, and a writer that takes up spectra as they come.
import type { Job } from "../job.js";
import type { Request, SharedOutput, Target } from "./request.js";

/** Sizes of an answer. */
export interface Sizes {
  readonly nBands: number;
  readonly nTimes: number;
  readonly nSelected: number;
  readonly nEnergies: number;
}

/** Spectra of neighbouring pixels of one time step, after the spectrum steps. */
export interface Tile {
  /** [count, nEnergies] */
  readonly spectra: Float32Array;
  /** [count]; NaN where nothing is normalised. */
  readonly edgeSteps: Float64Array;
  readonly count: number;
  /** Final pixel of the first spectrum. */
  readonly first: number;
  readonly t: number;
  readonly band: number;
  /** Adds the chosen spectra; see SpectrumPipeline. */
  addRows(chosen: Uint8Array, sums: Float64Array): number;
}

/** Takes up the spectra of one band after another. */
export interface Writer {
  /** A band and time step begin: rows [r0, r1). */
  begin?(r0: number, r1: number): void;
  /** Spectra of a tile; those of pixels that are not selected are to be passed over. */
  tile(tile: Tile): void;
  /** The band's time step is complete. */
  end?(t: number, r0: number, r1: number): void | Promise<void>;
}

/** One kind of request. */
export interface RequestKind<K extends Request["kind"]> {
  /** True where bands without a selected pixel are written, too. */
  readonly always?: boolean;
  /** Room for the answer, in shared memory. */
  allocate(request: Extract<Request, { kind: K }>, sizes: Sizes): SharedOutput;
  writer(job: Job, target: Target, request: Extract<Request, { kind: K }>): Writer | Promise<Writer>;
  /** The answer, once all bands are there; default what was allocated as data. */
  collect?(job: Job, target: Target): Float64Array | Float32Array;
}
