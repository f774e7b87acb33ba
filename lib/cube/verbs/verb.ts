// The definition of a verb. Each file of this folder exports one, and declares its step in plan.ts.
import type { SummedFrames } from "../../dose/dose-rate-map.js";
import type { FoilAlignment, FoilModel } from "../../xas/calibrate-foil.js";
import type { Window } from "../engine/window.js";
import type { MapName } from "../maps.js";
import type { FrameStep, OtherStep, Schema, Step } from "../plan.js";
import type { Recorded, Source } from "../recorded.js";

/**
 * What a cube is computed from, as data: `JSON.stringify(cube.plan)` holds everything that decides its
 * numbers.
 *
 * - `source`: the recorded files by their absolute paths (sample, flat, foil, dark, the reference for
 *   exposure and energies), the energies, image and pixel size, edge, saturation, flux, stack, exposure
 *   history, and the manifest; of a saved cube its path and its identity.
 * - `steps`: every step with all of its parameters, defaults included, in the order of the chain.
 * - `schema`: axes, quantity and maps after the steps; it follows from the other two.
 *
 * It holds no numbers of the recordings, no options of a run (workers, signal), and nothing of a run in
 * progress.
 */
export interface Plan {
  readonly source: Source;
  readonly steps: readonly Step[];
  readonly schema: Schema;
}

/** A step, and what it changes in the schema. */
export interface Addition<S extends Step> {
  readonly step: S;
  readonly schema: Partial<Schema>;
}

/** A verb. */
export interface Verb<S extends Step = Step, Arguments extends unknown[] = never[]> {
  readonly name: S["verb"];
  /**
   * "frame": works on one image at a time; "spectrum": on one spectrum at a time; "map": adds a map; "mask":
   * selects pixels.
   */
  readonly kind: "frame" | "spectrum" | "map" | "mask";
  /** At most one such step in a chain. */
  readonly once?: boolean;
  /** Recordings that it reads beside the sample. */
  readonly needs?: readonly ("flat" | "foil")[];
  /** Checks the arguments against the plan, long before anything is read. */
  add(plan: Plan, ...args: Arguments): Addition<S>;
  /**
   * The arguments that add the step again to a cube with such a schema: what makes a plan that was written to
   * a file pass the same checks as a call.
   */
  again(step: S, before: Schema): readonly unknown[];
  /** The step as a sentence, for explain(). */
  sentence(step: S, before?: Step): string;
  /** Refuses a later step, `call`, after which the cube would lack what this step needs. */
  checkLater?(step: S, after: Schema, call: string): void;
}

/** A verb that works on one image at a time. */
export interface FrameVerb<S extends FrameStep = FrameStep, Arguments extends unknown[] = never[]>
  extends Verb<S, Arguments> {
  readonly kind: "frame";
  /** Part of the image before that a window of the image needs; default the same part. */
  windowBefore?(step: S, window: Window): Window;
  /** Streamed form: a window of frame k at time step t into `out`. Default: the values stay as they are. */
  evaluate?(step: S, images: Images, t: number, k: number, window: Window, out: Float32Array): void;
  /**
   * A map of the whole image before, such as the dose rate, after the step; default: maps stay as they are.
   */
  reshape?(step: S, map: ImageMap): ImageMap;
  /** How many pixels before lie along a side of one pixel; default 1. */
  factor?(step: S): number;
  /** How many time steps before one time step is the mean of; default 1. */
  cubes?(step: S): number;
  /** The same step as a mean of so many time steps; present where `cubes` is. */
  regroup?(step: S, cubes: number): S;
  /** First frame before that is kept; default 0. */
  firstFrame?(step: S): number;
  /** The same step for the time steps [from, to) before it; default the step itself. */
  slice?(step: S, from: number, to: number): S;
  /** Windows before it reach beyond those after it: neighboring bands read the same rows. */
  readonly overlaps?: boolean;
  /** It follows the sample: other recordings, which the camera sees where it is, go without it. */
  readonly ofSample?: boolean;
}

/** A verb that works on one spectrum at a time, adds a map, or selects pixels. */
export interface OtherVerb<S extends OtherStep = OtherStep, Arguments extends unknown[] = never[]>
  extends Verb<S, Arguments> {
  readonly kind: "spectrum" | "map" | "mask";
  /** After it there are spectra, and no frame verb may follow. */
  readonly turns?: boolean;
  /** The map that it adds. */
  readonly map?: AddedMap<S>;
  /** Its map is the energy shift of each pixel, which is applied where spectra are interpolated. */
  readonly aligns?: boolean;
  /** What the step computes: two steps with the same work give the same numbers. Default: the step itself. */
  work?(step: S): unknown;
  /** Which pixels it keeps; absent: all of them. */
  selects?(step: S): Selection;
}

/** A map that a verb adds to the cube. */
export interface AddedMap<S extends OtherStep = OtherStep> {
  readonly name: MapName;
  /** True: it is computed for the recorded image and then binned and cropped with it. */
  readonly recorded?: boolean;
  /** Values in the unit of the map, [height, width]; NaN where it has none. */
  compute(step: S, plan: Plan, tools: MapTools): Promise<ArrayLike<number>>;
  /** How many frames it reads, of the whole flat or of the foil and its flat; none where it reads no file. */
  reads?(step: S, plan: Plan): { readonly of: "flat" | "foil"; readonly frames: number };
}

/** What maps are computed with. */
export interface MapTools {
  /** The frame steps of the plan, without means over time and what follows the sample. */
  readonly frameSteps: readonly FrameStep[];
  /**
   * Another map of the plan.
   *
   * @param weights of the places of the sample, one per time step before align(); default the sweeps in each
   */
  map(name: MapName, weights?: readonly number[]): Promise<ArrayLike<number>>;
  /** All spectra of a plan, [nTimes, height * width, nEnergies]. @param label for the progress bar */
  spectra(plan: Plan, label: string): Promise<Float32Array>;
  /** The sum over all frames of the flat of weight x frame / (counts of the frame). */
  sumFlat(label: string, weights: Float64Array): Promise<SummedFrames>;
  /** The alignment of each pixel of a foil. @param spectra as `spectra` returned them */
  alignFoil(model: FoilModel, spectra: Float32Array): Promise<FoilAlignment>;
  /** What `make` returns, or what it returned before for the same parameters and recordings. */
  keep<T>(
    parameters: Readonly<Record<string, unknown>>,
    recordings: readonly (Recorded | undefined)[],
    make: () => Promise<T>,
  ): Promise<T>;
}

/** The images before a frame step. */
export interface Images {
  /** Time steps. */
  readonly nTimes: number;
  /** Sweeps in one time step. */
  weight(t: number): number;
  /** A window of a frame; valid until the next call. */
  frame(t: number, k: number, window: Window): Float32Array;
  /** The same of the flat, after the same steps; kept for the other time steps of the same window. */
  flat(k: number, window: Window): Float32Array;
  /** Adds to the number of samples that are not above the dark. */
  leaveOut(nonPositive: number): void;
  /** Adds to the number of samples that are glitches. */
  replaced(glitches: number): void;
}

/** A map of the image, row-major. */
export interface ImageMap {
  readonly values: Float32Array;
  readonly height: number;
  readonly width: number;
}

/** Pixels that a mask keeps. */
export interface Selection {
  /** What it keeps, as text. */
  readonly words: string;
  /** The map that decides; undefined: the pixels are known without one. */
  readonly map?: MapName;
  /** 1 or 0 for each pixel. @param values of the map */
  pixels(height: number, width: number, values: ArrayLike<number>): Uint8Array;
}

/** The first step of a verb. */
export function findStep<S extends Step>(steps: readonly Step[], verb: Verb<S>): S | undefined {
  return steps.find((step): step is S => isStep(verb, step));
}

/** Whether a step is one of this verb. */
export function isStep<S extends Step>(verb: Verb<S>, step?: Step): step is S {
  return step?.verb === verb.name;
}
