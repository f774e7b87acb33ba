// A job is what an executor is given: everything about a plan that the number crunching needs, as plain data that can
// be sent to a worker. Arrays that workers write to are shared.
import type { FitOptions } from "../../chemometrics/fit-components.js";
import type { FrameStep, NormalizeStep } from "../plan.js";
import type { Recorded, RecordedFile } from "../source.js";

/** Which numbers are asked for. */
export type Request =
  /** Mean over the selected pixels: one spectrum a time step. */
  | { readonly kind: "mean" }
  /** Every selected pixel's spectrum. */
  | { readonly kind: "spectra" }
  /** The image at one energy (eV), interpolated linearly between the two neighbouring frames. */
  | { readonly kind: "image"; readonly energy: number }
  /** Edge step of every selected pixel. */
  | { readonly kind: "edgeStep" }
  /** Concentrations of given components in every selected pixel; S is [nComponents, nEnergies]. */
  | {
      readonly kind: "fit";
      readonly S: Float64Array;
      readonly nComponents: number;
      readonly options: Required<FitOptions>;
    };

/** Answer to a request; rows are times (and selected pixels within a time), as `nTimes` and `pixels` say. */
export interface Output {
  readonly nTimes: number;
  /** Indices of the selected pixels in the final image, ascending. */
  readonly pixels: Int32Array;
  /**
   * mean [nTimes, nEnergies] | spectra [nTimes, nPixels, nEnergies] | image, edgeStep [nTimes, nPixels] |
   * fit: concentrations [nTimes, nPixels, nComponents].
   */
  readonly data: Float64Array | Float32Array;
  /** fit only: R-factors and flags, [nTimes, nPixels]. */
  readonly rFactor?: Float64Array;
  readonly flags?: Uint8Array;
  /** Samples of the recorded images that had no value and were left out. */
  readonly invalid: InvalidCount;
}

/** Recorded samples without a value: at or above saturation, or not above the dark. */
export interface InvalidCount {
  readonly saturated: number;
  readonly nonPositive: number;
  readonly total: number;
}

/** What can be sent to a worker. */
export interface Job {
  /** Tells a worker whether it knows this job already. */
  readonly id: string;
  readonly sample: Recorded;
  readonly flat?: Recorded;
  /** What frames are scaled to. */
  readonly reference: RecordedFile;
  /** Files of the sample that one frame may need at the same time. */
  readonly together: number;
  readonly saturation: number;
  /** Recorded frames: number, height, width. */
  readonly recorded: readonly [number, number, number];
  readonly steps: readonly FrameStep[];
  /** Recorded frames [from, to) that are left after cropping. */
  readonly frames: readonly [number, number];
  /** eV, of those frames. */
  readonly energies: Float64Array;
  readonly nTimes: number;
  readonly height: number;
  readonly width: number;
  /** Final rows a band. */
  readonly bandRows: number;
  readonly nBands: number;
  /** eV, one a final pixel. */
  readonly shift?: Float64Array;
  readonly normalize?: NormalizeStep;
  /** For each final pixel its place among the selected ones, or -1. */
  readonly place: Int32Array;
  readonly nSelected: number;
  readonly request: Request;
  readonly shared: SharedOutput;
}

/** The arrays that all workers write to, each band into its own part. */
export interface SharedOutput {
  /** mean: sums [nBands, nTimes, nEnergies]; otherwise as in Output. */
  readonly data: Float64Array | Float32Array;
  /** mean only: how many pixels each sum has, [nBands, nTimes, nEnergies]. */
  readonly counts?: Int32Array;
  readonly rFactor?: Float64Array;
  readonly flags?: Uint8Array;
  /** saturated, nonPositive, total; [nBands, 3]. */
  readonly invalid: Float64Array;
}
