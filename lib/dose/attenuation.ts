// Mass attenuation coefficients of elements and compounds, from Elam's or Chantler's tables.

import { ATTENUATION_RANGE } from "../elements/elements.js";
import { ArgumentError, quote } from "../errors.js";
import { checkOptions, type OptionNames, oneOf } from "../options.js";
import { inUnit } from "../units.js";
import {
  type AttenuationTables,
  chantlerAttenuation,
  elamAttenuation,
  type Process,
} from "./element-attenuation.js";
import { type Constituent, parseFormula } from "./formula.js";
import { secondaryPhotons } from "./secondary.js";

export { ATTENUATION_RANGE } from "../elements/elements.js";
export type { AttenuationTables } from "./element-attenuation.js";

/**
 * Process that removes a photon from the beam: `photo` (absorption), `coherent` or `incoherent` scattering,
 * or their sum `total`. `energyAbsorption` is the part of the total whose energy stays in the sample when all
 * fluorescence and all scattered photons leave. It is the lower limit for a thin layer; `layer.escape` gives
 * the escape from a layer of finite thickness.
 */
export type AttenuationKind = Process | "energyAbsorption";

/** Coefficient and table. */
export interface AttenuationOptions {
  /** Default: total. Chantler's tables offer total and photo. */
  readonly kind?: AttenuationKind;
  /** Default: elam. */
  readonly tables?: AttenuationTables;
}

const NAMES: OptionNames<AttenuationOptions> = { kind: true, tables: true };

const KINDS: readonly AttenuationKind[] = ["total", "photo", "coherent", "incoherent", "energyAbsorption"];
const TABLES: Readonly<Record<AttenuationTables, readonly AttenuationKind[]>> = {
  elam: KINDS,
  chantler: ["total", "photo"],
};

/**
 * Mass attenuation coefficient of a compound: the mean over its elements, weighted by mass.
 *
 * At an absorption edge Elam's value has a step at the energy of the table (six digits of ln E; 8333.01 eV
 * for Ni K); the edge itself belongs to the upper side. Chantler's value rises between the two points that
 * enclose the edge (8331.7 and 8333.9 eV for Ni K). Tables do not contain the near-edge structure of a
 * measured spectrum.
 *
 * @param formula of elements H to U, see {@link parseFormula}
 * @param energy eV, 1 to 100 keV; a number or an array in any order
 * @returns cm2/g; a number for a number, an array of the same length for an array
 * @throws ArgumentError for a formula that cannot be read, an energy outside 1000-100000 eV, another kind or
 *   table, or a kind that the table does not have
 * @see W. T. Elam, B. D. Ravel, J. R. Sieber, Radiat. Phys. Chem. 63, 121 (2002)
 * @see C. T. Chantler, J. Phys. Chem. Ref. Data 24, 71 (1995) and 29, 597 (2000)
 * @example
 * massAttenuation("LiNiO2", 8390); // 198.0 cm2/g, Elam's tables
 * massAttenuation("LiNiO2", 8390, { tables: "chantler" }); // 202.2 cm2/g
 * massAttenuation("LiNiO2", 8390, { kind: "energyAbsorption" }); // 134.1 cm2/g
 */
export function massAttenuation(formula: string, energy: number, options?: AttenuationOptions): number;
export function massAttenuation(
  formula: string,
  energy: ArrayLike<number>,
  options?: AttenuationOptions,
): Float64Array;
export function massAttenuation(
  formula: string,
  energy: number | ArrayLike<number>,
  options?: AttenuationOptions,
): number | Float64Array;
export function massAttenuation(
  formula: string,
  energy: number | ArrayLike<number>,
  settings: AttenuationOptions = {},
): number | Float64Array {
  const call = "massAttenuation";
  const { kind = "total", tables } = checkOptions(call, settings, NAMES);
  const compound = parseFormula(formula);
  oneOf(call, "kind", kind, KINDS);
  const table = checkTables(call, tables);
  if (!TABLES[table].includes(kind)) {
    throw new ArgumentError(
      `${call}: expected kind ${TABLES[table].join(" or ")} of the ${table} tables, got ${quote(kind)}; ` +
        "they list scattering as one sum; take the elam tables",
      { kind, tables: table },
    );
  }
  return forEachEnergy(call, energy, (e) => compoundAttenuation(compound, e, kind, table));
}

/** The tables; elam when undefined. @throws ArgumentError for unknown tables */
export function checkTables(call: string, tables: unknown = "elam"): AttenuationTables {
  return oneOf(call, "tables", tables, ["elam", "chantler"]);
}

/**
 * Applies a function of one energy to a number or to an array of energies.
 *
 * @throws ArgumentError when an energy lies outside {@link ATTENUATION_RANGE}
 */
export function forEachEnergy(
  call: string,
  energy: number | ArrayLike<number>,
  f: (energy: number) => number,
): number | Float64Array {
  if (typeof energy === "number") return f(inRange(call, energy));
  if (typeof energy !== "object" || energy === null || typeof energy.length !== "number") {
    throw new ArgumentError(
      `${call}: expected an energy or an array of energies in eV, got ${quote(energy)}`,
    );
  }
  const out = new Float64Array(energy.length);
  for (let i = 0; i < out.length; i++) out[i] = f(inRange(call, energy[i], i));
  return out;
}

/** The energy, after a check of its range. @throws ArgumentError */
export function inRange(call: string, energy: number, index?: number): number {
  const [low, high] = ATTENUATION_RANGE;
  if (typeof energy === "number" && energy >= low && energy <= high) return energy;
  const where = index === undefined ? "" : ` at index ${index}`;
  if (energy > 0 && Number.isFinite(energy)) inUnit(call, `energy${where}`, "energy", energy);
  throw new ArgumentError(
    `${call}: expected energies from ${low} to ${high} eV, got ${quote(energy)}${where}; the tables end there`,
    { energy, index },
  );
}

/** `massAttenuation` of a parsed formula at one energy in range, cm2/g. */
export function compoundAttenuation(
  compound: readonly Constituent[],
  energy: number,
  kind: AttenuationKind,
  tables: AttenuationTables = "elam",
): number {
  if (kind === "energyAbsorption") return energyAbsorption(compound, energy);
  const x = Math.log(energy);
  let sum = 0;
  let mass = 0;
  for (const { element, count } of compound) {
    const section =
      tables === "elam"
        ? elamAttenuation(element, x, kind)
        : chantlerAttenuation(element, x, kind as "total" | "photo");
    sum += count * element.mass * section;
    mass += count * element.mass;
  }
  return sum / mass;
}

function energyAbsorption(compound: readonly Constituent[], energy: number): number {
  return secondaryPhotons(compound, energy).reduce(
    (sum, photons) => sum - (photons.rate * photons.energy) / energy,
    compoundAttenuation(compound, energy, "total"),
  );
}
