// The registry of verbs: a new verb is one file, one line here, and its method in cube.ts. Contract tests run
// over all of it.
import { SchemaError } from "../../errors.js";
import type { MapName } from "../maps.js";
import {
  type FrameStep,
  type FrameSteps,
  freeze,
  type OtherStep,
  type OtherSteps,
  type Step,
} from "../plan.js";
import { absorb } from "./absorb.js";
import { align } from "./align.js";
import { average } from "./average.js";
import { bin } from "./bin.js";
import { calibrate } from "./calibrate.js";
import { crop } from "./crop.js";
import { deglitch } from "./deglitch.js";
import { dose } from "./dose.js";
import { doseRate } from "./dose-rate.js";
import { mask } from "./mask.js";
import { normalize } from "./normalize.js";
import type { AddedMap, Addition, FrameVerb, OtherVerb, Plan, Selection, Verb } from "./verb.js";

/** All verbs by name. */
export const verbs: { readonly [V in keyof FrameSteps]: FrameVerb<FrameSteps[V]> } & {
  readonly [V in keyof OtherSteps]: OtherVerb<OtherSteps[V]>;
} = { average, absorb, align, bin, crop, deglitch, calibrate, normalize, doseRate, dose, mask };

/** Whether the step works on one image at a time. */
export function isFrameStep(step: Step): step is FrameStep {
  return verbs[step.verb].kind === "frame";
}

/** What the library knows of a step's verb. */
export function verbOf(step: FrameStep): FrameVerb;
export function verbOf(step: OtherStep): OtherVerb;
export function verbOf(step: Step): Verb;
export function verbOf(step: Step): Verb {
  return verbs[step.verb] as Verb;
}

/** A verb with its arguments. */
export type AddableVerb<Arguments extends unknown[]> = Pick<Verb, "name" | "kind" | "once"> & {
  add(plan: Plan, ...args: Arguments): Addition<Step>;
};

/** The plan with one more step; refuses what the verb, or its place in the chain, does not allow. */
export function addStep<Arguments extends unknown[]>(
  verb: AddableVerb<Arguments>,
  plan: Plan,
  ...args: Arguments
): Plan {
  const { name, kind, once } = verb;
  const turned = kind === "frame" && plan.steps.find(turnsToSpectra);
  if (turned) {
    throw new SchemaError(
      `${name}: expected images, got spectra (${turned.verb} comes before it); call .${name}() before .${turned.verb}()`,
      { verb: name, after: turned.verb },
    );
  }
  if (once && plan.steps.some((step) => step.verb === name)) {
    throw new SchemaError(
      `${name}: expected at most one .${name}() in a chain, got a second; drop one of them`,
      { verb: name },
    );
  }
  const { step, schema } = verb.add(plan, ...args);
  const after = freeze({ ...plan.schema, ...schema });
  for (const before of plan.steps) verbOf(before).checkLater?.(before as never, after, name);
  return { source: plan.source, steps: [...plan.steps, freeze(step)], schema: after };
}

/** Whether frames are turned to spectra at this step: they never turn back. */
export function turnsToSpectra(step: Step): boolean {
  return !isFrameStep(step) && verbOf(step).turns === true;
}

/** Steps that change numbers of spectra; the others add maps or select pixels. */
export function spectralSteps(steps: readonly Step[]): Step[] {
  return steps.filter((step) => ["frame", "spectrum"].includes(verbOf(step).kind));
}

/** What those steps compute, as JSON: plans with the same work on the same files have the same spectra. */
export function workOf(steps: readonly Step[]): unknown {
  return spectralSteps(steps).map((step) => (isFrameStep(step) ? step : (verbOf(step).work?.(step) ?? step)));
}

/** What masks keep. */
export function selections(steps: readonly Step[]): Selection[] {
  return steps.flatMap((step) => (isFrameStep(step) ? [] : (verbOf(step).selects?.(step) ?? [])));
}

/** The step that adds a map, and how it computes it; undefined where no step does. */
export function addedMap(
  steps: readonly Step[],
  name: MapName,
): { readonly step: OtherStep; readonly map: AddedMap; readonly aligns?: boolean } | undefined {
  return addedMaps(steps).find(({ map }) => map.name === name);
}

/** All steps that add maps. */
export function addedMaps(
  steps: readonly Step[],
): { readonly step: OtherStep; readonly map: AddedMap; readonly aligns?: boolean }[] {
  return steps.flatMap((step) => {
    if (isFrameStep(step)) return [];
    const { map, aligns } = verbOf(step);
    return map ? [{ step, map: map as AddedMap, aligns }] : [];
  });
}

/** Whether a recording beside the sample is needed. */
export function stepsNeed(steps: readonly Step[], recording: "flat" | "foil"): boolean {
  return steps.some((step) => verbOf(step).needs?.includes(recording));
}
