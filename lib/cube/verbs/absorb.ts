import { SchemaError } from "../../errors.js";
import { extend, type Plan, requireFrames } from "./verb.js";

/** Counts to absorbance, ln(I0 / I), against the flat of the same camera mode. */
export function absorb(plan: Plan): Plan {
  requireFrames(plan, "absorb");
  if (plan.schema.quantity !== "counts") {
    throw new SchemaError(
      `absorb: expected counts, got ${plan.schema.quantity}; call .absorb() once, on a loaded cube`,
      {
        quantity: plan.schema.quantity,
      },
    );
  }
  if (!plan.source.flat) {
    throw new SchemaError(
      `absorb: expected a flat-field (I0) recording for ${plan.source.name}, got none; name one in the manifest or in Cube.load({ sample, flat })`,
    );
  }
  return extend(plan, { verb: "absorb" }, { quantity: "absorbance" });
}
