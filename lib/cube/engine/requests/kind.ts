// What every kind of request defines: the memory for its result, and a writer that receives the spectra tile
// by tile.
import type { Job } from "../job.js";
import type { Request, SharedOutput, Target } from "./request.js";

/** Sizes of a result. */
export interface Sizes {
  readonly nTimes: number;
  readonly nSelected: number;
  readonly nEnergies: number;
}

/** Pixels as the frame steps left them. */
export interface Measured {
  /** Energy k of the tile's spectrum j is at `at + j + k * pitch`. */
  readonly frames: Float32Array;
  readonly pitch: number;
  readonly at: number;
  /** Place of the first pixel among the shifts of the energy axis. */
  readonly shiftAt: number;
}

/** Spectra of neighboring pixels of one time step, after the spectrum steps. */
export interface Tile {
  /** [count, nEnergies] */
  readonly spectra: Float32Array;
  /** [count]; NaN where nothing is normalized. */
  readonly edgeSteps: Float64Array;
  readonly count: number;
  /** Final pixel of the first spectrum. */
  readonly first: number;
  readonly t: number;
  readonly band: number;
  /** The same pixels before the spectrum steps. */
  readonly measured: Measured;
  /** Adds the chosen spectra; see SpectrumPipeline. */
  addRows(chosen: Uint8Array, sums: Float64Array): number;
}

/** Receives the spectra of one band after another. */
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
  /** True where results depend on the bands, which must then not depend on the number of workers. */
  readonly byBand?: boolean;
  /** Memory for the result, shared by all workers. */
  allocate(request: Extract<Request, { kind: K }>, sizes: Sizes): SharedOutput;
  writer(job: Job, target: Target, request: Extract<Request, { kind: K }>): Writer | Promise<Writer>;
  /** More memory, for a block of time steps at a time. */
  allocateBlock?(job: Job): Partial<SharedOutput>;
  /** Completes the result of a block, when all of its bands are complete. */
  finishBlock?(job: Job, target: Target): void;
}
