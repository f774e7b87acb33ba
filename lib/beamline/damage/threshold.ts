// A sharp dose threshold: a place reacts like a fresh one until its own dose exceeds the threshold, and then
// more slowly or not at all. Damage does not spread.
import { ArgumentError, quote } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { opening1, opening2 } from "../kinetics/redox.js";
import type { DamageModel } from "./model.js";

/** Parameters of {@link thresholdDamage}. */
export interface ThresholdParameters {
  /** MGy; default 35, the critical dose of the paper */
  readonly dose?: number;
  /** fraction of both rates that remains above it, 0 to 1; default 0: the reaction stops */
  readonly left?: number;
}

const NAMES: OptionNames<ThresholdParameters> = { dose: true, left: true };

/**
 * A model with a sharp dose threshold and without spreading.
 *
 * @throws ArgumentError for a dose that is not positive, or a fraction outside 0..1
 * @example
 * const sharp = thresholdDamage({ dose: 35, left: 0.2 }); // above 35 MGy a fifth of the reaction is left
 * await simulate("farther", {
 *   scale: "tiny",
 *   seed: 1,
 *   out: "recordings/sharp",
 *   damage: sharp,
 *   only: ["holdC"],
 * });
 */
export function thresholdDamage(parameters: ThresholdParameters = {}): DamageModel {
  const { dose = 35, left = 0 } = checkOptions("thresholdDamage", parameters, NAMES);
  if (!(dose > 0 && Number.isFinite(dose))) {
    throw new ArgumentError(`thresholdDamage: expected dose above 0 MGy, got ${quote(dose)}`, { dose });
  }
  if (!(left >= 0 && left <= 1)) {
    throw new ArgumentError(
      `thresholdDamage: expected left as a fraction of the rates, 0 to 1, got ${quote(left)}`,
      {
        left,
      },
    );
  }
  return {
    name: "threshold",
    parameters: { dose, left },
    local: true,
    on: ({ values }) => ({
      rates({ voltage, rate1, rate2 }, { exposure }, out) {
        const step1 = rate1 * opening1(voltage, 0);
        const step2 = rate2 * opening2(voltage, 0);
        for (let p = 0; p < values.length; p++) {
          const factor = (values[p] * exposure) / 1000 > dose ? left : 1;
          out.step1[p] = step1 * factor;
          out.step2[p] = step2 * factor;
        }
        out.deactivation1.fill(0);
        out.deactivation2.fill(0);
      },
    }),
  };
}
