// A plan is frozen, printable data: what will be read, and the steps that will be done to it, in order.
// The schema says what a cube is after the steps; a verb checks it when it is called, long before anything is read.
import type { Convention, StackJson } from "../dose/stack.js";
import type { NormalizeOptions, Windows } from "../xas/windows.js";

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

/** What a cube is after its steps: axes with units, quantity, named layers. */
export interface Schema {
  readonly quantity: Quantity;
  /** eV, in recording order. */
  readonly energies: readonly number[];
  readonly height: number;
  readonly width: number;
  /** um at the sample, of the pixels as they are now; undefined where it is not known. */
  readonly pixelSize?: number;
  /** Undefined where it is not known: calibrate and normalize then ask for it. */
  readonly edge?: Edge;
  readonly times: readonly TimeStep[];
  /** Maps that belong to the cube: doseRate (Gy/s), dose (Gy), shift (eV). */
  readonly layers: readonly LayerName[];
  readonly calibrated: boolean;
  readonly masked: boolean;
}

/** Names of the maps that verbs add to a cube. */
export type LayerName = "doseRate" | "dose" | "shift";

/** Mean over groups of `group` consecutive cubes, weighted by the sweeps they hold. */
export interface AverageStep {
  readonly verb: "average";
  readonly group: number;
}
/** ln(I0 / I). */
export interface AbsorbStep {
  readonly verb: "absorb";
}
/** Mean over factor x factor pixels; incomplete bins at the right and lower border are left out. */
export interface BinStep {
  readonly verb: "bin";
  readonly factor: number;
}
/** Pixels [from, to) along x and y, frames [from, to) along the energy axis. */
export interface CropStep {
  readonly verb: "crop";
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly frames: readonly [number, number];
}
/** Energy axis from the foil: its first inflection is `reference` eV. */
export interface CalibrateStep {
  readonly verb: "calibrate";
  readonly reference: number;
  /** Degree of the smooth shift map. */
  readonly degree: number;
}
/** Pre-edge and post-edge polynomials with the windows that are used, whether they were given or not. */
export interface NormalizeStep extends Windows {
  readonly verb: "normalize";
  /** eV */
  readonly e0: number;
  readonly flatten: boolean;
  /** True where a terminal verb put it in because chemometrics needs it. */
  readonly implied: boolean;
}
/** Layer `doseRate`, Gy/s: Eqs. 1-3 of the paper. */
export interface DoseRateStep {
  readonly verb: "doseRate";
  readonly stack: StackJson;
  /** ph/s incident on the stack. */
  readonly flux: number;
  /** eV at which the flux was measured; null where it holds for each energy of the scan alike. */
  readonly fluxEnergy: number | null;
  readonly convention: Convention;
}
/** Layer `dose`, Gy: dose rate times `seconds` of beam. */
export interface DoseStep {
  readonly verb: "dose";
  readonly seconds: number;
}
/** Keeps pixels whose layer lies in one of the half-open intervals [low, high) (Gy/s, Gy, eV). */
export interface LayerMaskStep {
  readonly verb: "mask";
  readonly layer: LayerName;
  readonly intervals: readonly (readonly [number, number])[];
}
/** Keeps the pixels of a Mask: numbers of pixels that are left out and kept, in turn. */
export interface PixelMaskStep {
  readonly verb: "mask";
  readonly runs: readonly number[];
  /** What the mask selects, for people. */
  readonly label: string;
}
export type MaskStep = LayerMaskStep | PixelMaskStep;

/** A step that works on one image at a time. */
export type FrameStep = AverageStep | AbsorbStep | BinStep | CropStep;
/** A step that works on one spectrum at a time, or adds a layer. */
export type SpectrumStep = CalibrateStep | NormalizeStep | DoseRateStep | DoseStep | MaskStep;
export type Step = FrameStep | SpectrumStep;

/** Whether the step works on frames. */
export function isFrameStep(step: Step): step is FrameStep {
  return step.verb === "average" || step.verb === "absorb" || step.verb === "bin" || step.verb === "crop";
}

/** What a step gives to `normalize` and `Normalizer`. */
export function normalization({
  e0,
  pre,
  post,
  preDegree,
  degree,
}: NormalizeStep): Required<NormalizeOptions> {
  return { e0, pre, post, preDegree, degree };
}

/** The only step of that verb, or undefined. */
export function findStep<V extends Step["verb"]>(
  steps: readonly Step[],
  verb: V,
): Extract<Step, { verb: V }> | undefined {
  return steps.find((s): s is Extract<Step, { verb: V }> => s.verb === verb);
}

/** Freezes a value and all that it holds; typed arrays cannot be frozen and have no place in a plan. */
export function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freeze(inner);
  }
  return value;
}
