// No damage: all places react like a fresh spot.
import { opening1, opening2 } from "../kinetics/redox.js";
import type { DamageModel } from "./model.js";

/** The model without damage. */
export const noDamage: DamageModel = {
  name: "none",
  parameters: {},
  local: true,
  on: () => ({
    rates({ voltage, rate1, rate2 }, _, out) {
      out.step1.fill(rate1 * opening1(voltage, 0));
      out.step2.fill(rate2 * opening2(voltage, 0));
      out.deactivation1.fill(0);
      out.deactivation2.fill(0);
    },
  }),
};
