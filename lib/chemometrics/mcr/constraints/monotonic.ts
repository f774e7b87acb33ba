// Profiles that only increase or only decrease.
import type { Constraint } from "./constraint.js";
import { makeFalling, makeRising } from "./isotonic.js";
import { choice } from "./read.js";
import { type OnProfiles, shapeConstraint } from "./shape.js";

/** Profiles that never decrease, or never increase, along the rows (or energies). */
export interface MonotonicOptions extends OnProfiles {
  readonly direction: "rising" | "falling";
}

/** The nearest monotonic profile, by least squares. */
export const monotonic: Constraint<MonotonicOptions | readonly MonotonicOptions[]> = {
  read(option, problem) {
    if (option === undefined) return null;
    return shapeConstraint("monotonic", option, { direction: true }, problem, ({ direction }) => {
      const rises = choice("monotonic.direction", direction, ["rising", "falling"] as const) === "rising";
      return rises ? (profile) => makeRising(profile) : (profile) => makeFalling(profile);
    });
  },
};
