// Registry of the damage models: a new one is one file and one line here.
import { ArgumentError, quote } from "../../errors.js";
import { calibratedDamage } from "./calibrated.js";
import type { DamageModel } from "./model.js";
import { noDamage } from "./none.js";
import { thresholdDamage } from "./threshold.js";

export type { DamageModel, DoseRates, Irradiation, Rates, SpotDamage } from "./model.js";
export { thresholdDamage } from "./threshold.js";

/**
 * The models, with their default parameters.
 *
 * @example
 * await simulate("farther", {
 *   scale: "tiny",
 *   seed: 1,
 *   out: "recordings/no-damage",
 *   damage: "none",
 *   only: ["holdC"],
 * });
 * damageModels.none; // the model of that name
 */
export const damageModels = {
  calibrated: calibratedDamage,
  none: noDamage,
  threshold: thresholdDamage(),
} as const satisfies Record<string, DamageModel>;

/** Name of a damage model. */
export type DamageName = keyof typeof damageModels;

/** Name of a damage model, or another model. */
export type DamageLike = DamageName | DamageModel;

/**
 * A damage model by name, or the object itself.
 *
 * @throws ArgumentError for an unknown name, or an invalid model
 */
export function resolveDamage(damage: DamageLike = "calibrated", call = "simulate"): DamageModel {
  if (typeof damage === "string" && Object.hasOwn(damageModels, damage)) return damageModels[damage];
  if (isModel(damage)) return damage;
  const names = Object.keys(damageModels).map(quote).join(", ");
  throw new ArgumentError(
    `${call}: expected damage ${names} or a model { name, parameters, on }, got ${quote(damage)}`,
    { damage },
  );
}

function isModel(value: unknown): value is DamageModel {
  if (typeof value !== "object" || value === null) return false;
  const { name, parameters, on } = value as Partial<DamageModel>;
  return (
    typeof name === "string" &&
    name !== "" &&
    typeof parameters === "object" &&
    parameters !== null &&
    typeof on === "function"
  );
}
