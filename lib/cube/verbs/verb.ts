// What all verbs share: they take a plan and their arguments, check both, and return a new plan with one more step.
import { SchemaError } from "../../errors.js";
import type { Pass } from "../engine/pass.js";
import { freeze, type Schema, type Step } from "../plan.js";
import type { Source } from "../source.js";

/** A source, what is done to it, and what comes out. Immutable. */
export interface Plan {
  readonly source: Source;
  readonly steps: readonly Step[];
  readonly schema: Schema;
  /** Chains that share their pass over the files with others. */
  readonly pass?: Pass;
}

/** The plan with one more step, and what that step does to the schema. */
export function extend(plan: Plan, step: Step, change: Partial<Schema>): Plan {
  return {
    ...plan,
    steps: [...plan.steps, freeze(step)],
    schema: freeze({ ...plan.schema, ...change }),
  };
}

/** Refuses a frame verb once the data has been turned from frames to spectra: it never turns back. */
export function requireFrames(plan: Plan, verb: string): void {
  const turned = plan.steps.find((s) => s.verb === "normalize" || s.verb === "mask");
  if (turned) {
    throw new SchemaError(
      `${verb}: expected images, got spectra (${turned.verb} comes before it); call .${verb}() before .${turned.verb}()`,
      { verb, after: turned.verb },
    );
  }
}

/** Refuses a verb that may stand in a chain only once. */
export function requireOnce(plan: Plan, verb: Step["verb"]): void {
  if (plan.steps.some((s) => s.verb === verb)) {
    throw new SchemaError(
      `${verb}: expected at most one .${verb}() in a chain, got a second; drop one of them`,
      { verb },
    );
  }
}
