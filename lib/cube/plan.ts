// A plan is frozen, printable data: what will be read, and the steps that will be done to it, in order. The
// schema says what a cube is after the steps; a verb checks it when it is called, long before anything is
// read.
import type { MapName } from "./maps.js";

/** What the numbers of a cube are. Absorbance is the natural logarithm of I0/I. */
export type Quantity = "counts" | "absorbance" | "normalized";

/** One recorded or averaged cube of a series, and how many sweeps it holds. */
export interface TimeStep {
  /** Seconds on the experiment's clock; undefined where neither a manifest nor a `period` tells them. */
  readonly start?: number;
  readonly end?: number;
  readonly cubes: number;
}

/** The absorption edge of a scan, and how it is known. */
export interface Edge {
  /** eV */
  readonly energy: number;
  /** "Ni K"; undefined where only an energy was given. */
  readonly name?: string;
  /** `energies`: it is the only K or L3 edge within the scan. */
  readonly from: "manifest" | "option" | "energies";
}

/** What a cube is after its steps: axes with units, quantity, names of its maps. */
export interface Schema {
  readonly quantity: Quantity;
  /** eV, in recording order. */
  readonly energies: readonly number[];
  readonly height: number;
  readonly width: number;
  /** um at the sample, of the pixels as they are now; undefined where it is not known. */
  readonly pixelSize?: number;
  /** Undefined where it is not known: calibrate and normalize then need it as an option. */
  readonly edge?: Edge;
  readonly times: readonly TimeStep[];
  /** Maps that belong to the cube: doseRate (Gy/s), dose (Gy), shift (eV). */
  readonly maps: readonly MapName[];
  readonly calibrated: boolean;
  readonly masked: boolean;
}

/** Steps of the verbs that work on one image at a time, by name. Each file in verbs/ adds its own. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declarations in verbs/
export interface FrameSteps {}
/** Steps of the verbs that work on one spectrum at a time, add a map, or select pixels. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declarations in verbs/
export interface OtherSteps {}

export type FrameStep = FrameSteps[keyof FrameSteps];
export type OtherStep = OtherSteps[keyof OtherSteps];
export type Step = FrameStep | OtherStep;

/** Freezes a value and all that it holds; typed arrays cannot be frozen and have no place in a plan. */
export function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freeze(inner);
  }
  return value;
}
