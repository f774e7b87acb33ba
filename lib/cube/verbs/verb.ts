// What the library has to know of a verb. Each verb is one file that exports one of these, and declares its step in plan.ts.
import type { Window } from "../engine/window.js";
import type { FrameStep, LayerName, OtherStep, Schema, Step } from "../plan.js";
import type { Source } from "../recorded.js";

/** A source, what is done to it, and what comes out. Immutable, and plain data. */
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
  /** "frame": it works on one image at a time; "spectrum": on one spectrum at a time; "map": it adds a map; "mask": it selects pixels. */
  readonly kind: "frame" | "spectrum" | "map" | "mask";
  /** At most one such step in a chain. */
  readonly once?: boolean;
  /** Recordings that it reads beside the sample. */
  readonly needs?: readonly ("flat" | "foil")[];
  /** Checks the arguments against the plan, long before anything is read. */
  add(plan: Plan, ...args: Arguments): Addition<S>;
  /** The step in words, for explain(). */
  sentence(step: S, before?: Step): string;
}

/** A verb that works on one image at a time. */
export interface FrameVerb<S extends FrameStep = FrameStep, Arguments extends unknown[] = never[]>
  extends Verb<S, Arguments> {
  readonly kind: "frame";
  /** Part of the image before that a window of the image needs; default the same part. */
  windowBefore?(step: S, window: Window): Window;
  /** Streamed form: a window of frame k at time step t into `out`. Default: the values stay as they are. */
  evaluate?(step: S, images: Images, t: number, k: number, window: Window, out: Float32Array): void;
  /** A map of the whole image before, such as the dose rate, after the step; default: maps stay as they are. */
  reshape?(step: S, map: ImageMap): ImageMap;
  /** How many pixels before lie along a side of one pixel; default 1. */
  factor?(step: S): number;
  /** How many time steps before one time step is the mean of; default 1. */
  cubes?(step: S): number;
  /** First frame before that is kept; default 0. */
  firstFrame?(step: S): number;
}

/** A verb that works on one spectrum at a time, adds a map, or selects pixels. */
export interface OtherVerb<S extends OtherStep = OtherStep, Arguments extends unknown[] = never[]>
  extends Verb<S, Arguments> {
  readonly kind: "spectrum" | "map" | "mask";
  /** After it there are spectra, and no frame verb may follow. */
  readonly turns?: boolean;
  /** The map that it adds. */
  readonly layer?: LayerName;
  /** What the step computes: two steps with the same work give the same numbers. Default: the step itself. */
  work?(step: S): unknown;
  /** Which pixels it keeps; absent: all of them. */
  selects?(step: S): Selection;
}

/** What a frame step can ask for: images as they are before it. */
export interface Images {
  /** Time steps. */
  readonly nTimes: number;
  /** Sweeps in one time step. */
  weight(t: number): number;
  /** A window of a frame; valid until the next call. */
  frame(t: number, k: number, window: Window): Float32Array;
  /** The same of the flat, after the same steps; kept for the other time steps of the same window. */
  flat(k: number, window: Window): Float32Array;
  /** Counts samples that were not above the dark. */
  leaveOut(nonPositive: number): void;
}

/** A map of the image, row-major. */
export interface ImageMap {
  readonly values: Float32Array;
  readonly height: number;
  readonly width: number;
}

/** Pixels that a mask keeps. */
export interface Selection {
  /** What it keeps, in words. */
  readonly words: string;
  /** The map that decides; undefined: the pixels are known without one. */
  readonly layer?: LayerName;
  /** 1 or 0 for each pixel. @param values of the layer */
  pixels(height: number, width: number, values: ArrayLike<number>): Uint8Array;
}

/** Whether a step is one of this verb. */
export function isStep<S extends Step>(verb: Verb<S>, step?: Step): step is S {
  return step?.verb === verb.name;
}
