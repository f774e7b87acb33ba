// What align() takes, and what it writes into a plan.
import type { Interpolation } from "../../compute/registration/translate.js";

/** A displacement, pixels: [x, y]. */
export type Shift = readonly [number, number];

/** An image that cubes are aligned to, such as a map. */
export interface AlignImage {
  /** Row-major, [height, width]; NaN where it has no value. */
  readonly values: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
}

/** How the drift of the sample is found and undone. */
export interface AlignOptions {
  /**
   * What cubes are aligned to: "mean" (default), the mean place of the sample over the series; the place in one
   * cube, "first" or the number of a time step; or a map of the same size.
   */
  readonly to?: "mean" | "first" | number | AlignImage;
  /**
   * Default 1: one shift for each cube. A larger number: so many pieces of consecutive energies in each scan
   * have their own shifts, and energies between the middles of two pieces the straight line between them.
   */
  readonly pieces?: number;
  /**
   * Largest shift along x and y, pixels of the image at this place of the chain; default 10, or a quarter of the
   * image where that is less. Larger shifts are refused.
   */
  readonly maximum?: number;
  /** "spline" (default): a cubic spline through 4 x 4 pixels; "integer": the nearest pixel. */
  readonly interpolation?: Interpolation;
  /**
   * Shifts that are known, pixels: [dx, dy] for each cube, or a list of them, one for each piece, or what
   * `cube.shifts()` returned. What is at (x, y) of the aligned image was at (x + dx, y + dy) of the recorded one.
   */
  readonly shifts?:
    | readonly Shift[]
    | readonly (readonly Shift[])[]
    | { readonly shifts: readonly (readonly Shift[])[]; readonly height: number; readonly width: number };
}

/** Moves each absorbance image so that the sample stays at its place. */
export interface AlignStep {
  readonly verb: "align";
  /** "mean", the number of a time step, or an image as base64 of its float32 numbers; absent with known shifts. */
  readonly to?: "mean" | number | { readonly image: string };
  readonly pieces: number;
  /** Pixels; absent with known shifts. */
  readonly maximum?: number;
  readonly interpolation: Interpolation;
  /** Size of the image. */
  readonly height: number;
  readonly width: number;
  /** Recorded frames [from, to) that the pieces divide. */
  readonly frames: readonly [number, number];
  /** Known shifts, pixels, [time][piece]; absent where they are measured when the plan runs. */
  readonly shifts?: readonly (readonly Shift[])[];
  /** Weight of each time step in maps; absent in plans, set when the plan runs. */
  readonly weights?: readonly number[];
}
declare module "../plan.js" {
  interface FrameSteps {
    align: AlignStep;
  }
}
