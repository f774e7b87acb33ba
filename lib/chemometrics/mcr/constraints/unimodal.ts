// Profiles with one maximum.
import type { Constraint } from "./constraint.js";
import { makeUnimodal } from "./isotonic.js";
import { choice, positive, refuse } from "./read.js";
import { type OnProfiles, shapeConstraint } from "./shape.js";

/** One maximum per profile (and block). */
export interface UnimodalOptions extends OnProfiles {
  /**
   * Treatment of a second rise: "least-squares" (default), the nearest unimodal profile; "horizontal"
   * replaces it by the lowest value between it and the maximum; "vertical" sets it to zero.
   */
  readonly by?: "least-squares" | "horizontal" | "vertical";
  /**
   * Factor by which a value may exceed the lowest one between it and the maximum; default 1. Values of 1.05
   * to 1.1 are common for noise. A profile within the tolerance is not changed.
   */
  readonly tolerance?: number;
}

/**
 * @see A. de Juan, Y. Vander Heyden, R. Tauler, D. L. Massart, Analytica Chimica Acta 346 (1997) 307 (the
 *   variants)
 */
export const unimodal: Constraint<UnimodalOptions | readonly UnimodalOptions[]> = {
  read(option, problem) {
    if (option === undefined) return null;
    return shapeConstraint("unimodal", option, { by: true, tolerance: true }, problem, (part) => {
      const kinds = ["least-squares", "horizontal", "vertical"] as const;
      const by = choice("unimodal.by", part.by ?? "least-squares", kinds);
      const tolerance = positive("unimodal.tolerance", part.tolerance, 1);
      if (tolerance < 1) throw refuse("unimodal.tolerance", "a factor of 1 or more", tolerance);
      return (profile) => {
        if (isUnimodal(profile, tolerance)) return;
        if (by === "least-squares") makeUnimodal(profile);
        else cut(profile, tolerance, by);
      };
    });
  },
};

function isUnimodal(profile: Float64Array, tolerance: number): boolean {
  const copy = profile.slice();
  cut(copy, tolerance, "horizontal");
  for (let i = 0; i < copy.length; i++) if (copy[i] !== profile[i]) return false;
  return true;
}

/** Applies the variant from the maximum outwards. */
function cut(profile: Float64Array, tolerance: number, by: "horizontal" | "vertical"): void {
  let top = 0;
  for (let i = 1; i < profile.length; i++) if (profile[i] > profile[top]) top = i;
  for (const step of [-1, 1]) {
    let lowest = profile[top];
    for (let i = top + step; i >= 0 && i < profile.length; i += step) {
      if (profile[i] > lowest + (tolerance - 1) * Math.abs(lowest)) {
        if (by === "vertical") lowest = Math.min(lowest, 0);
        profile[i] = lowest;
      } else lowest = Math.min(lowest, profile[i]);
    }
  }
}
