// What can be asked of a cube's spectra, and what every kind of question has to bring: room for its answer, and something
// that takes up spectra as they come. One kind is one file of this folder.
import type { FitOptions } from "../../../chemometrics/fit/fit-components.js";
import type { Job } from "../job.js";

/** Which numbers are asked for. */
export type Request =
  /** Mean over the selected pixels: one spectrum per time step. */
  | { readonly kind: "mean" }
  /** Every selected pixel's spectrum. */
  | { readonly kind: "spectra" }
  /** Every selected pixel's spectrum, into the array `data` of a Zarr folder. */
  | { readonly kind: "save"; readonly path: string }
  /** Edge step of every selected pixel. */
  | { readonly kind: "edgeStep" }
  /** The image at one energy (eV), interpolated linearly between the two neighbouring frames. */
  | { readonly kind: "image"; readonly energy: number }
  /** Concentrations of given components in every selected pixel; S is [nComponents, nEnergies]. */
  | {
      readonly kind: "fit";
      readonly S: Float64Array;
      readonly nComponents: number;
      readonly options: FitOptions;
    };

/** The arrays that all workers write to, each band into its own part. */
export interface SharedOutput {
  /** Each kind says what lies in it. */
  readonly data: Float64Array | Float32Array;
  /** mean: how many pixels each sum has, [nBands, nTimes, nEnergies]. */
  readonly counts?: Int32Array;
  /** fit, all [nTimes, nPixels]. */
  readonly rFactor?: Float64Array;
  readonly flags?: Uint8Array;
  readonly chiSquare?: Float64Array;
  /** fit: [nTimes, nPixels, nComponents]. */
  readonly standardErrors?: Float64Array;
  /** fit with bounds: concentrations without them, [nTimes, nPixels, nComponents]. */
  readonly unbounded?: Float64Array;
  /** fit, robust: energies without weight, [nTimes, nPixels]. */
  readonly glitches?: Uint16Array;
}

/** One question to a job: which pixels, what of them, and where the answer goes. */
export interface Target {
  readonly request: Request;
  /** For each final pixel its place among the selected ones, or -1. */
  readonly place: Int32Array;
  readonly nSelected: number;
  readonly shared: SharedOutput;
}

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

type TypedArrayConstructor<T> = { new (buffer: SharedArrayBuffer): T; readonly BYTES_PER_ELEMENT: number };

/** A typed array in shared memory. */
export function shared<T>(TypedArray: TypedArrayConstructor<T>, length: number): T {
  return new TypedArray(new SharedArrayBuffer(length * TypedArray.BYTES_PER_ELEMENT));
}
