import { SchemaError } from "../../errors.js";
import { addStep } from "../verbs/index.js";
import { type NormalizeStep, normalization, normalize } from "../verbs/normalize.js";
import type { Plan } from "../verbs/verb.js";

/**
 * The plan with normalized spectra: where the chain has none, the default normalization (or that of another
 * cube) is applied, and shown as implied.
 *
 * @throws SchemaError for counts
 */
export function withNormalize(plan: Plan, call: string, like?: NormalizeStep): Plan {
  if (plan.schema.quantity === "normalized") return plan;
  if (plan.schema.quantity === "counts") {
    throw new SchemaError(
      `${call}: expected absorbance or normalized spectra, got counts; call .absorb() first`,
    );
  }
  return addStep(normalize, plan, like && { ...normalization(like), flatten: like.flatten }, true);
}
