import { SchemaError } from "../../errors.js";
import { Normalizer } from "../../xas/normalizer.js";
import { extend, type Plan, requireOnce } from "./verb.js";

/** Windows in eV relative to e0, both ends included. */
export interface NormalizeOptions {
  /** eV; default the experiment's edge, the same for all pixels, so that one linear map serves them all. */
  readonly e0?: number;
  /** Default -60 to -20. */
  readonly pre?: readonly [number, number];
  /** Default 50 to 540. */
  readonly post?: readonly [number, number];
  /** Of the post-edge polynomial; default 2. */
  readonly degree?: number;
  /** Removes the post-edge curvature above e0 (Athena's flattened spectra); default true. */
  readonly flatten?: boolean;
}

/** Pre-edge line and post-edge polynomial of each spectrum; the edge step becomes 1. */
export function normalize(plan: Plan, options: NormalizeOptions = {}, implied = false): Plan {
  requireOnce(plan, "normalize");
  if (plan.schema.quantity !== "absorbance") {
    throw new SchemaError(
      `normalize: expected absorbance, got ${plan.schema.quantity}; call .absorb() first`,
      {
        quantity: plan.schema.quantity,
      },
    );
  }
  const step = {
    verb: "normalize" as const,
    e0: options.e0 ?? plan.source.edge,
    pre: options.pre ?? ([-60, -20] as const),
    post: options.post ?? ([50, 540] as const),
    degree: options.degree ?? 2,
    flatten: options.flatten ?? true,
    implied,
  };
  // Made here once for its checks: windows that miss the axis are refused now, not after the files were read.
  new Normalizer(plan.schema.energies, step);
  return extend(plan, step, { quantity: "normalized" });
}
