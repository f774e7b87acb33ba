// What a pass over the files can compute from a cube's spectra. One kind of request is one file of this
// folder.
import type { FitOptions } from "../../../chemometrics/fit/fit-components.js";

/** What is computed. */
export type Request =
  /** Mean over the selected pixels: one spectrum per time step. */
  | { readonly kind: "mean" }
  /** Every selected pixel's spectrum. */
  | { readonly kind: "spectra" }
  /** Every selected pixel's spectrum, into the array `data` of a Zarr folder. */
  | { readonly kind: "save"; readonly path: string }
  /** Edge step of every selected pixel. */
  | { readonly kind: "edgeStep" }
  /** The image at one energy (eV), interpolated linearly between the two neighboring frames. */
  | { readonly kind: "image"; readonly energy: number }
  /** Sum over the energies of every selected pixel. */
  | { readonly kind: "total" }
  /** Mean images over pieces of consecutive energies. */
  | { readonly kind: "pieces"; readonly pieces: number }
  /** Concentrations of given components in every selected pixel; S is [nComponents, nEnergies]. */
  | {
      readonly kind: "fit";
      readonly S: Float64Array;
      readonly nComponents: number;
      readonly options: FitOptions;
    };

/** The arrays that all workers write to, each band into its own part; the first axis is the time. */
export interface SharedOutput {
  /** Its content is described by each kind. */
  readonly data: Float64Array | Float32Array;
  /** mean: sums over some rows, and how many pixels each has, both [nTimes, nSums, nEnergies] of a block. */
  readonly sums?: Float64Array;
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

/** A request with its pixels, and the memory for its result. */
export interface Target {
  readonly request: Request;
  /** For each final pixel its place among the selected ones, or -1. */
  readonly place: Int32Array;
  readonly nSelected: number;
  readonly shared: SharedOutput;
}
