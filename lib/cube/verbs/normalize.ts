import { ArgumentError, quote, SchemaError } from "../../errors.js";
import { checkOptions } from "../../options.js";
import { Normalizer } from "../../xas/normalizer.js";
import {
  checkNormalizeOptions,
  type NormalizeOptions as WindowOptions,
  type Windows,
  windowsFor,
  windowsText,
} from "../../xas/windows.js";
import { requireEdge } from "../edge.js";
import type { OtherVerb } from "./verb.js";

/** Windows in eV relative to e0, both ends included; what is not given follows from the range of the scan. */
export interface NormalizeOptions extends WindowOptions {
  /** eV; default the experiment's edge, the same for all pixels, so that one linear map serves them all. */
  readonly e0?: number;
  /** Removes the post-edge curvature above e0 (Athena's flattened spectra); default true. */
  readonly flatten?: boolean;
}

const NAMES = { e0: true, pre: true, post: true, preDegree: true, degree: true, flatten: true } as const;

/** Pre-edge and post-edge polynomials with the windows that are used, whether they were given or not. */
export interface NormalizeStep extends Windows {
  readonly verb: "normalize";
  /** eV */
  readonly e0: number;
  readonly flatten: boolean;
  /** True where a terminal verb put it in because chemometrics needs it. */
  readonly implied: boolean;
}
declare module "../plan.js" {
  interface OtherSteps {
    normalize: NormalizeStep;
  }
}

/** Pre-edge line and post-edge polynomial of each spectrum; the edge step becomes 1. */
export const normalize: OtherVerb<NormalizeStep, [options?: NormalizeOptions, implied?: boolean]> = {
  name: "normalize",
  kind: "spectrum",
  once: true,
  turns: true,

  add({ schema: { quantity, energies }, source }, options = {}, implied = false) {
    const { flatten = true, ...rest } = checkOptions<NormalizeOptions>("normalize", options, NAMES);
    const given = checkNormalizeOptions("normalize", rest);
    if (typeof flatten !== "boolean") {
      throw new ArgumentError(`normalize: expected flatten as true or false, got ${quote(flatten)}`, {
        option: "flatten",
        value: flatten,
      });
    }
    if (quantity !== "absorbance") {
      throw new SchemaError(`normalize: expected absorbance, got ${quantity}; call .absorb() first`, {
        quantity,
      });
    }
    const e0 = given.e0 ?? requireEdge(source, implied ? "normalize (implied)" : "normalize", "{ e0 } in eV");
    const windows = windowsFor(energies, e0, given, "normalize");
    // Constructed for its checks: windows with too few energies are refused before any file is read.
    const { pre, post, preDegree, degree } = windows;
    new Normalizer(energies, { e0, pre, post, preDegree, degree });
    return {
      step: { verb: "normalize", e0, ...windows, flatten, implied },
      schema: { quantity: "normalized" },
    };
  },

  again({ e0, flatten, implied, byRule, ...windows }) {
    const { pre, post, preDegree, degree } = windows;
    const given = Object.entries({ pre, post, preDegree, degree }).filter(
      ([name]) => !byRule.includes(name as (typeof byRule)[number]),
    );
    return [{ e0, flatten, ...Object.fromEntries(given) }, implied];
  },

  sentence: (step) =>
    `normalize${step.implied ? " (implied)" : ""}: e0 ${step.e0} eV, ${windowsText(step)}${step.flatten ? ", flattened" : ""}; the fits leave glitches and lost beam out`,

  // It is the same whether it was written or implied, its windows given or not.
  work: (step) => ({ ...step, implied: false, byRule: [] }),
};

/** What a step gives to `normalize` and `Normalizer` of lib/xas. */
export function normalization({ e0, pre, post, preDegree, degree }: NormalizeStep): Required<WindowOptions> {
  return { e0, pre, post, preDegree, degree };
}
