// What a pass over the files can compute from a cube's spectra. One kind of request is one file of this
// folder.
import type { FitOptions } from "../../../chemometrics/fit/fit-components.js";
import type { EdgeFeatureName } from "../../../xas/edge-features.js";

/** What is computed. */
export type Request =
  /** Mean over the selected pixels: one spectrum per time step. */
  | { readonly kind: "mean" }
  /** Every selected pixel's spectrum. */
  | { readonly kind: "spectra" }
  /** Every selected pixel's spectrum, into the array `data` of a Zarr folder. */
  | { readonly kind: "save"; readonly path: string }
  /** A feature of every selected pixel's edge with its standard error; e0 is the nominal edge energy, eV. */
  | {
      readonly kind: "feature";
      readonly feature: EdgeFeatureName | "edgeStep";
      readonly e0: number;
      readonly reach: number;
    }
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
    }
  /** The same, into the array `values` of a Zarr folder, in the order of `fitQuantities`. */
  | {
      readonly kind: "fitTo";
      readonly path: string;
      readonly S: Float64Array;
      readonly nComponents: number;
      readonly options: FitOptions;
    }
  /** Sums over the selected pixels of all time steps, from which their principal components follow. */
  | { readonly kind: "rowSums" }
  /** Scores of every selected pixel and what they leave, into the array `values` of a Zarr folder. */
  | {
      readonly kind: "scoresTo";
      readonly path: string;
      /** Orthonormal, [nComponents, nEnergies]. */
      readonly loadings: Float64Array;
      readonly nComponents: number;
      /** Taken off each spectrum, and what each energy is then divided by. */
      readonly mean: Float64Array;
      readonly scaling: Float64Array;
    };

/**
 * The arrays that all workers write to, each band into its own part; the first axis is the time, but for
 * `whole`.
 */
export interface SharedOutput {
  /** Its content is described by each kind. */
  readonly data: Float64Array | Float32Array;
  /** mean: sums over some rows, and how many pixels each has, both [nTimes, nSums, nEnergies] of a block. */
  readonly sums?: Float64Array;
  readonly counts?: Int32Array;
  /** rowSums: those of all time steps, and of each band of a block; see RowSums. */
  readonly whole?: Float64Array;
  readonly parts?: Float64Array;
  /** fit, all [nTimes, nPixels]. */
  readonly rFactor?: Float64Array;
  readonly flags?: Uint8Array;
  readonly chiSquare?: Float64Array;
  /** fit: [nTimes, nPixels, nComponents]; feature: [nTimes, nPixels]. */
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
