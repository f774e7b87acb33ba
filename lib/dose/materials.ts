// The library of materials, from data/materials.json.
import { readFileSync } from "node:fs";
import { ArgumentError, quote } from "../errors.js";
import { Material } from "./material.js";

/** A material of the library. */
export interface LibraryMaterial {
  /** Name for `material`. */
  readonly name: string;
  /** Description. */
  readonly title: string;
  /**
   * cathode, anode, solid electrolyte, binder, conductive additive, solvent, electrolyte, separator, foil,
   * window, gas.
   */
  readonly group: string;
  /** Formula; of mixtures and solutions for a hundred atoms. */
  readonly formula: string;
  /** g/cm3 without pores; of gases at 20 C and 101325 Pa. */
  readonly density: number;
  /** Source of the density, and its uncertainty where it matters. */
  readonly source: string;
  /** Of commercial products: thickness (um) and porosity. */
  readonly layer?: { readonly thickness: number; readonly porosity: number };
}

/**
 * A material of the library by its name, upper or lower case: `material("NMC811")`, `material("LP30")`,
 * `material("air")`.
 *
 * Densities are those of a typical sample. For a measured density use `new Material({ formula, density })`.
 *
 * @throws ArgumentError for a name that the library does not have
 * @example
 * material("LP30").density; // 1.29 g/cm3
 */
export function material(name: string): Material {
  const entry = typeof name === "string" ? library().get(name.toLowerCase()) : undefined;
  if (entry) return entry.material;
  throw new ArgumentError(
    `material: expected a name of the library, got ${quote(name)}; materials() lists them, ` +
      "new Material({ formula, density }) makes any other",
    { name },
  );
}

/**
 * All materials of the library, with densities and their sources.
 *
 * @example
 * materials().map(({ name, density, source }) => `${name}: ${density} g/cm3, ${source}`);
 */
export function materials(): LibraryMaterial[] {
  return Array.from(library().values(), ({ entry, material: { formula, density } }) => {
    const { name, title, group, source, layer } = entry;
    return { name, title, group, formula, density, source, ...(layer && { layer }) };
  });
}

interface Share {
  /** Either a formula, or the name of an earlier material in this file. */
  readonly formula?: string;
  readonly material?: string;
  readonly weight?: number;
  readonly volume?: number;
}

// One of formula, mixture and solution is given.
interface Entry {
  readonly name: string;
  readonly title: string;
  readonly group: string;
  readonly formula?: string;
  readonly mixture?: readonly Share[];
  readonly solution?: {
    readonly salts: readonly { readonly formula: string; readonly molarity: number }[];
    readonly solvent: readonly Share[];
  };
  readonly density: number;
  readonly source: string;
  readonly layer?: { readonly thickness: number; readonly porosity: number };
}

interface Known {
  readonly entry: Entry;
  readonly material: Material;
}

let known: Map<string, Known> | undefined;

function library(): ReadonlyMap<string, Known> {
  known ??= read();
  return known;
}

// The path is the same from lib/dose and from dist/dose.
function read(): Map<string, Known> {
  const text = readFileSync(new URL("../../data/materials.json", import.meta.url), "utf8");
  const entries = (JSON.parse(text) as { materials: Entry[] }).materials;
  const made = new Map<string, Known>();
  for (const entry of entries) made.set(entry.name.toLowerCase(), { entry, material: make(entry, made) });
  return made;
}

function make({ name, formula, density, mixture, solution }: Entry, before: Map<string, Known>): Material {
  if (formula !== undefined) return new Material({ name, formula, density });
  const parts = (shares: readonly Share[]) =>
    shares.map(({ formula, material, weight, volume }) => ({
      material: material
        ? (before.get(material.toLowerCase()) as Known).material
        : // Only the composition of this material is used.
          new Material({ formula: formula as string, density: 1 }),
      weight,
      volume,
    }));
  if (mixture) return Material.mixture(parts(mixture), { name, density });
  const { salts, solvent } = solution as NonNullable<Entry["solution"]>;
  return Material.solution({ name, salts, solvent: Material.mixture(parts(solvent)), density });
}
