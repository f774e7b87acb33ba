// What a list of frame steps does to images, time steps and frames taken together.
import type { FrameStep, Step } from "../plan.js";
import { absorb } from "../verbs/absorb.js";
import { bin } from "../verbs/bin.js";
import { isFrameStep, verbOf } from "../verbs/index.js";
import { type ImageMap, isStep } from "../verbs/verb.js";
import type { Window } from "./window.js";

/** What a window needs of the image before a step. */
export function windowBefore(step: FrameStep, w: Window): Window {
  return verbOf(step).windowBefore?.(step, w) ?? w;
}

/** What a window of the final image needs of the recorded one. */
export function recordedWindow(steps: readonly FrameStep[], w: Window): Window {
  return steps.reduceRight((window, step) => windowBefore(step, window), w);
}

/** How many recorded rows one final row needs. */
export function rowFactor(steps: readonly FrameStep[]): number {
  return steps.reduce((factor, step) => factor * (verbOf(step).factor?.(step) ?? 1), 1);
}

/** How many time steps before a step one time step is the mean of. */
export function cubesOf(step: FrameStep): number {
  return verbOf(step).cubes?.(step) ?? 1;
}

/** Whether a step is a mean over time steps: a flat, which has one, passes it as it is. */
export function isOverTime(step: FrameStep): boolean {
  return verbOf(step).cubes !== undefined;
}

/** Whether a step does the same to a recording without a time axis, which shows no sample that moves. */
export function isOfCamera(step: FrameStep): boolean {
  return !isOverTime(step) && !verbOf(step).ofSample;
}

/** The steps for the time steps [from, to) after all of them. */
export function sliceTimes<S extends Step>(steps: readonly S[], from: number, to: number): S[] {
  let [first, end] = [from, to];
  const own = [...steps];
  for (let i = own.length - 1; i >= 0; i--) {
    const step: Step = own[i];
    if (!isFrameStep(step)) continue;
    own[i] = (verbOf(step).slice?.(step, first, end) ?? step) as S;
    const cubes = cubesOf(step);
    [first, end] = [first * cubes, end * cubes];
  }
  return own;
}

/** Whether a step leaves the values as they are, but for a mean over time steps. */
export function keepsValues(step: FrameStep): boolean {
  return isOverTime(step) || !verbOf(step).evaluate;
}

/** First recorded frame that is left. */
export function firstFrame(steps: readonly FrameStep[]): number {
  return steps.reduce((first, step) => first + (verbOf(step).firstFrame?.(step) ?? 0), 0);
}

/** Steps that change a map of the image. */
export function mapSteps(steps: readonly FrameStep[]): FrameStep[] {
  return steps.filter((step) => verbOf(step).reshape);
}

/** A map of the recorded image, such as the dose rate, at the final geometry. */
export function reshapeMap(map: ImageMap, steps: readonly FrameStep[]): Float32Array {
  return steps.reduce((one, step) => verbOf(step).reshape?.(step, one) ?? one, map).values;
}

/**
 * Absorbance that is binned at once, what nearly every chain begins with: the engine does both steps in one.
 *
 * @returns how many steps there are up to and with the bin, and its factor; undefined where no bin directly
 *   follows absorb
 */
export function absorbedBin(
  steps: readonly FrameStep[],
): { readonly end: number; readonly factor: number } | undefined {
  const at = steps.findIndex((step) => isStep(absorb, step));
  const next = steps[at + 1];
  return at >= 0 && isStep(bin, next) ? { end: at + 2, factor: next.factor } : undefined;
}
