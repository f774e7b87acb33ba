// A homogeneous material: a formula and a density.
import { compoundAttenuation, inRange } from "./attenuation.js";
import { nonEmpty, options, positive } from "./check.js";
import { type Constituent, parseFormula } from "./formula.js";

/** What a material is made from, and what its `toJSON` gives back. */
export interface MaterialOptions {
  /** For people; the formula when left out. */
  readonly name?: string;
  /** Chemical formula of elements H to U, for example "LiNi0.8Mn0.1Co0.1O2" or "(CH2)3CO3". */
  readonly formula: string;
  /** Density without pores, g/cm3. */
  readonly density: number;
}

/** A homogeneous material; immutable. */
export class Material {
  readonly name: string;
  readonly formula: string;
  /** g/cm3 */
  readonly density: number;
  readonly #compound: readonly Constituent[];

  /** @throws ArgumentError for a formula that cannot be read or a density that is not above zero */
  constructor(material: MaterialOptions) {
    const { name, formula, density } = options("Material", material, "{ name?, formula, density }");
    this.#compound = parseFormula(formula);
    this.formula = formula;
    this.name = name === undefined ? formula : nonEmpty("Material", "name", name);
    this.density = positive(`Material ${this.name}`, "density", density, "g/cm3");
    Object.freeze(this);
  }

  /**
   * Linear attenuation coefficient: mass attenuation (total) times density.
   *
   * @param energy eV, 1 to 100 keV
   * @returns 1/cm
   */
  linearAttenuation(energy: number): number {
    return compoundAttenuation(this.#compound, inRange("Material", energy), "total") * this.density;
  }

  toJSON(): MaterialOptions {
    return { name: this.name, formula: this.formula, density: this.density };
  }
}
