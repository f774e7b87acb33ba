import { ArgumentError, quote, SchemaError } from "../../errors.js";
import { checkOptions } from "../../options.js";
import { Normalizer } from "../../xas/normalizer.js";
import {
  checkNormalizeOptions,
  type NormalizeOptions as WindowOptions,
  windowsFor,
} from "../../xas/windows.js";
import { requireEdge } from "../source.js";
import { extend, type Plan, requireOnce } from "./verb.js";

/** Windows in eV relative to e0, both ends included; what is not given follows from the range of the scan. */
export interface NormalizeOptions extends WindowOptions {
  /** eV; default the experiment's edge, the same for all pixels, so that one linear map serves them all. */
  readonly e0?: number;
  /** Removes the post-edge curvature above e0 (Athena's flattened spectra); default true. */
  readonly flatten?: boolean;
}

const NAMES = { e0: true, pre: true, post: true, preDegree: true, degree: true, flatten: true } as const;

/** Pre-edge line and post-edge polynomial of each spectrum; the edge step becomes 1. */
export function normalize(plan: Plan, options: NormalizeOptions = {}, implied = false): Plan {
  const { flatten = true, ...rest } = checkOptions<NormalizeOptions>("normalize", options, NAMES);
  const given = checkNormalizeOptions("normalize", rest);
  if (typeof flatten !== "boolean") {
    throw new ArgumentError(`normalize: expected flatten as true or false, got ${quote(flatten)}`, {
      option: "flatten",
      value: flatten,
    });
  }
  requireOnce(plan, "normalize");
  if (plan.schema.quantity !== "absorbance") {
    throw new SchemaError(
      `normalize: expected absorbance, got ${plan.schema.quantity}; call .absorb() first`,
      { quantity: plan.schema.quantity },
    );
  }
  const { energies } = plan.schema;
  const e0 =
    given.e0 ?? requireEdge(plan.source, implied ? "normalize (implied)" : "normalize", "{ e0 } in eV");
  const windows = windowsFor(energies, e0, given, "normalize");
  // Made here once for its checks: windows that hold too few energies are refused now, not after the files were read.
  const { pre, post, preDegree, degree } = windows;
  new Normalizer(energies, { e0, pre, post, preDegree, degree });
  return extend(plan, { verb: "normalize", e0, ...windows, flatten, implied }, { quantity: "normalized" });
}
