// Mixtures and solutions as one formula and one density; X-rays depend only on the amount of each element.
import { ArgumentError, quote } from "../errors.js";
import { checkOptions } from "../options.js";
import { positive, within } from "./check.js";
import { type Constituent, parseFormula } from "./formula.js";

/** Properties of a part that a mixture needs. */
export interface Ingredient {
  readonly name: string;
  /** g/cm3 */
  readonly density: number;
  readonly constituents: readonly Constituent[];
}

/** A part of a mixture, with its weight or its volume. */
export interface Part<M extends Ingredient> {
  readonly material: M;
  readonly weight?: number;
  readonly volume?: number;
}

/** Name and density of a mixture. */
export interface MixtureOptions {
  readonly name?: string;
  /** Measured density, g/cm3; by default the volumes of the parts add up. */
  readonly density?: number;
}

/** Salts in a solvent. */
export interface SolutionOptions<M extends Ingredient> {
  readonly name?: string;
  /** Salts with their concentrations, mol per liter of solution. */
  readonly salts: readonly { readonly formula: string; readonly molarity: number }[];
  readonly solvent: M;
  /** Density of the solution, g/cm3. */
  readonly density: number;
}

interface Mixed {
  readonly name?: string;
  readonly formula: string;
  readonly density: number;
}

/** The mixture as formula and density. @throws ArgumentError */
export function mix<M extends Ingredient>(parts: readonly Part<M>[], settings: MixtureOptions): Mixed {
  const call = "Material.mixture";
  const { name, density } = checkOptions(call, settings, { name: true, density: true });
  const by = shareOf(call, parts);
  const weights = parts.map((part) => {
    const share = positive(`${call}, ${part.material.name}`, by, part[by], `in one unit for all parts`);
    return by === "weight" ? share : share * part.material.density;
  });
  const volume = parts.reduce((sum, { material }, i) => sum + weights[i] / material.density, 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    ...(name === undefined ? {} : { name }),
    formula: formulaOf(parts.map(({ material }, i) => ({ of: material.constituents, weight: weights[i] }))),
    density: density === undefined ? total / volume : positive(call, "density", density, "g/cm3"),
  };
}

/** The solution as formula and density. @throws ArgumentError */
export function solve<M extends Ingredient>(solution: SolutionOptions<M>): Mixed {
  const call = "Material.solution";
  const { name, salts, solvent, density } = checkOptions(call, solution, {
    name: true,
    salts: true,
    solvent: true,
    density: true,
  });
  // Mass of one liter, g.
  const litre = 1000 * positive(call, "density", density, "g/cm3");
  if (!Array.isArray(salts) || salts.length === 0) {
    throw new ArgumentError(`${call}: expected salts as [{ formula, molarity }], got ${quote(salts)}`);
  }
  checkIngredient(call, "solvent", solvent);
  const dissolved = salts.map((salt) => {
    const { formula, molarity } = checkOptions(`${call}, salts`, salt, { formula: true, molarity: true });
    const of = within(call, () => parseFormula(formula));
    return { of, weight: massOf(of) * positive(`${call}, ${formula}`, "molarity", molarity, "mol/L") };
  });
  const rest = litre - dissolved.reduce((sum, { weight }) => sum + weight, 0);
  if (!(rest > 0)) {
    throw new ArgumentError(
      `${call}: expected salts that weigh less than the solution (${litre} g/L), got ${litre - rest} g/L`,
      { density },
    );
  }
  return {
    ...(name === undefined ? {} : { name }),
    formula: formulaOf([...dissolved, { of: solvent.constituents, weight: rest }]),
    density,
  };
}

function shareOf<M extends Ingredient>(call: string, parts: readonly Part<M>[]): "weight" | "volume" {
  const example = "[{ material, weight }, ...] or [{ material, volume }, ...]";
  if (!Array.isArray(parts) || parts.length === 0) {
    throw new ArgumentError(`${call}: expected ${example}, got ${quote(parts)}`);
  }
  for (const part of parts) {
    checkOptions(`${call}, parts`, part, { material: true, weight: true, volume: true });
    checkIngredient(call, "material", part.material);
  }
  if (parts.every(({ volume }) => volume === undefined)) return "weight";
  if (parts.every(({ weight }) => weight === undefined)) return "volume";
  throw new ArgumentError(`${call}: expected either weights or volumes, got both; convert one of them`);
}

function checkIngredient(call: string, role: string, value: Ingredient): void {
  if (Array.isArray(value?.constituents)) return;
  throw new ArgumentError(
    `${call}: expected ${role} as a Material, got ${quote(value)}; new Material({ formula, density }) makes one`,
  );
}

function massOf(compound: readonly Constituent[]): number {
  return compound.reduce((sum, { element, count }) => sum + count * element.mass, 0);
}

/** A formula of a hundred atoms. Eight decimals keep ten digits of a main constituent and four of a trace. */
function formulaOf(parts: readonly { of: readonly Constituent[]; weight: number }[]): string {
  const counts = new Map<string, number>();
  for (const { of, weight } of parts) {
    const units = weight / massOf(of);
    for (const { element, count } of of) {
      counts.set(element.symbol, (counts.get(element.symbol) ?? 0) + units * count);
    }
  }
  let atoms = 0;
  for (const count of counts.values()) atoms += count;
  let formula = "";
  for (const [symbol, count] of counts) {
    const digits = Number(((100 * count) / atoms).toFixed(8));
    if (digits > 0) formula += `${symbol}${digits < 1e-6 ? digits.toFixed(8) : digits}`;
  }
  return formula;
}
