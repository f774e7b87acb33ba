// Mass attenuation coefficients of elements and compounds from Elam's tables.
import { ArgumentError, quote } from "../errors.js";
import { options } from "./check.js";
import type { Element, Spline } from "./elements.js";
import { type Constituent, parseFormula } from "./formula.js";

/** What takes a photon out of the beam. `total` is the sum of the three others. */
export type AttenuationKind = "total" | "photo" | "coherent" | "incoherent";

/** Lowest and highest energy of the tables as they are offered here, eV. */
export const ATTENUATION_RANGE: readonly [number, number] = [1e3, 1e5];

const PARTS: Readonly<Record<AttenuationKind, readonly (keyof Element & AttenuationKind)[]>> = {
  total: ["photo", "coherent", "incoherent"],
  photo: ["photo"],
  coherent: ["coherent"],
  incoherent: ["incoherent"],
};

/**
 * Mass attenuation coefficient of a compound: the mean of its elements', weighted by mass.
 *
 * At an absorption edge the value steps at the energy of the table (six digits of ln E; 8333.01 eV for Ni K); the edge
 * itself belongs to the upper side.
 *
 * @param formula of elements H to U, see {@link parseFormula}
 * @param energy eV, 1 to 100 keV; a number or an array of any order
 * @param kind photoabsorption, coherent or incoherent scattering, or their total (the default)
 * @returns cm2/g; a number for a number, an array of the same length for an array
 * @throws ArgumentError for a formula that cannot be read, an energy outside 1000-100000 eV, or another kind
 * @see W. T. Elam, B. D. Ravel, J. R. Sieber, Radiat. Phys. Chem. 63, 121 (2002)
 */
export function massAttenuation(
  formula: string,
  energy: number,
  options?: { kind?: AttenuationKind },
): number;
export function massAttenuation(
  formula: string,
  energy: ArrayLike<number>,
  options?: { kind?: AttenuationKind },
): Float64Array;
export function massAttenuation(
  formula: string,
  energy: number | ArrayLike<number>,
  options?: { kind?: AttenuationKind },
): number | Float64Array;
export function massAttenuation(
  formula: string,
  energy: number | ArrayLike<number>,
  settings: { kind?: AttenuationKind } = {},
): number | Float64Array {
  const { kind = "total" } = options("massAttenuation", settings, "{ kind? } after the energy");
  const compound = parseFormula(formula);
  if (!Object.hasOwn(PARTS, kind)) {
    throw new ArgumentError(
      `massAttenuation: expected kind total, photo, coherent or incoherent, got ${quote(kind)}`,
      { kind },
    );
  }
  return forEachEnergy("massAttenuation", energy, (e) => compoundAttenuation(compound, e, kind));
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

/** The energy, when the tables know it. @throws ArgumentError otherwise */
export function inRange(call: string, energy: number, index?: number): number {
  const [low, high] = ATTENUATION_RANGE;
  if (typeof energy === "number" && energy >= low && energy <= high) return energy;
  const where = index === undefined ? "" : ` at index ${index}`;
  throw new ArgumentError(
    `${call}: expected energies from ${low} to ${high} eV, got ${quote(energy)}${where}; energies are in eV, not keV`,
    { energy, index },
  );
}

/** {@link massAttenuation} of a formula that is already read, at one energy in range, cm2/g. */
export function compoundAttenuation(
  compound: readonly Constituent[],
  energy: number,
  kind: AttenuationKind,
): number {
  const x = Math.log(energy);
  let sum = 0;
  let mass = 0;
  for (const { element, count } of compound) {
    for (const part of PARTS[kind]) sum += count * element.mass * Math.exp(evaluate(element[part], x));
    mass += count * element.mass;
  }
  return sum / mass;
}

// The cubic with the given values and second derivatives at the ends of the one interval that holds x. The search takes
// the last knot at or below x: of the two knots of an edge, the upper.
function evaluate({ x: knots, y, d }: Spline, x: number): number {
  let low = 0;
  let high = knots.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (knots[middle] <= x) low = middle;
    else high = middle;
  }
  const width = knots[high] - knots[low];
  const a = (knots[high] - x) / width;
  const b = 1 - a;
  return (
    a * y[low] + b * y[high] + ((a * a - 1) * a * d[low] + (b * b - 1) * b * d[high]) * ((width * width) / 6)
  );
}
