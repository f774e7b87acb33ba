import { absorbRows } from "../../compute/image-rows.js";
import { SchemaError } from "../../errors.js";
import type { FrameVerb } from "./verb.js";

/** ln(I0 / I). */
export interface AbsorbStep {
  readonly verb: "absorb";
}
declare module "../plan.js" {
  interface FrameSteps {
    absorb: AbsorbStep;
  }
}

/** Counts to absorbance, ln(I0 / I), against the flat of the same camera mode. */
export const absorb: FrameVerb<AbsorbStep, []> = {
  name: "absorb",
  kind: "frame",
  needs: ["flat"],

  add({ schema: { quantity }, source }) {
    if (quantity !== "counts") {
      throw new SchemaError(
        `absorb: expected counts, got ${quantity}; call .absorb() once, on a loaded cube`,
        { quantity },
      );
    }
    if (!source.flat) {
      throw new SchemaError(
        `absorb: expected a flat-field (I0) recording for ${source.name}, got none; name one in the manifest or in Cube.load({ sample, flat })`,
      );
    }
    return { step: { verb: "absorb" }, schema: { quantity: "absorbance" } };
  },

  again: () => [],

  sentence: () =>
    "absorb: ln(I0 / I) in each pixel; without a value where either is not above the dark or saturated",

  evaluate(_, images, t, k, window, out) {
    const i0 = images.flat(k, window);
    images.leaveOut(absorbRows(images.frame(t, k, window), i0, out));
  },
};
