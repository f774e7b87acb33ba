// A homogeneous material: a formula and a density.
import { ArgumentError } from "../errors.js";
import { type OptionNames, requireOptions } from "../options.js";
import { type AttenuationTables, compoundAttenuation, inRange } from "./attenuation.js";
import { nonEmpty, positive, within } from "./check.js";
import { type Constituent, parseFormula } from "./formula.js";
import { type MixtureOptions, mix, type Part, type SolutionOptions, solve } from "./mixture.js";
import { type SecondaryPhotons, secondaryPhotons } from "./secondary.js";

/** Input of a material; `toJSON` returns it. */
export interface MaterialOptions {
  /** Displayed name; default the formula. */
  readonly name?: string;
  /** Chemical formula of elements H to U, for example "LiNi0.8Mn0.1Co0.1O2" or "(CH2)3CO3". */
  readonly formula: string;
  /** Density without pores, g/cm3. */
  readonly density: number;
}

const NAMES: OptionNames<MaterialOptions> = { name: true, formula: true, density: true };

/**
 * A homogeneous material; immutable.
 *
 * @example
 * const oxide = new Material({ formula: "LiNiO2", density: 4.716 }); // g/cm3
 * const electrode = Material.mixture([
 *   { material: oxide, weight: 95 },
 *   { material: material("PVDF"), weight: 5 },
 * ]);
 * electrode.density; // 4.357 g/cm3
 * oxide.linearAttenuation(8390); // 933.9 1/cm
 */
export class Material {
  readonly name: string;
  readonly formula: string;
  /** g/cm3 */
  readonly density: number;
  readonly #compound: readonly Constituent[];

  /** @throws ArgumentError for a formula that cannot be read or a density that is not above zero */
  constructor(material: MaterialOptions) {
    const { name, formula, density } = requireOptions("Material", material, NAMES);
    const label = name === undefined ? undefined : nonEmpty("Material", "name", name);
    this.#compound =
      label === undefined ? parseFormula(formula) : within(`Material ${label}`, () => parseFormula(formula));
    this.formula = formula;
    this.name = label ?? formula;
    this.density = positive(`Material ${this.name}`, "density", density, "g/cm3");
    if (this.density > DENSEST) {
      throw new ArgumentError(
        `Material ${this.name}: expected density in g/cm3, at most ${DENSEST}, got ${density}; divide kg/m3 by 1000`,
        { density },
      );
    }
    Object.freeze(this);
  }

  /**
   * A fine mixture of several materials as one material, with the elements of all parts.
   *
   *     Material.mixture([{ material: lno, weight: 95 }, { material: pvdf, weight: 5 }], { name: "electrode" })
   *
   * @param parts each with its weight, or each with its volume, in any common unit
   * @param settings name, and the measured density (g/cm3); by default the volumes of the parts add up
   * @throws ArgumentError for no parts, for both weights and volumes, or for an amount that is not positive
   */
  static mixture(parts: readonly Part<Material>[], settings: MixtureOptions = {}): Material {
    return new Material(mix(parts, settings));
  }

  /**
   * A solvent with dissolved salts as one material, for example 1 mol/L of LiPF6 in EC:DMC.
   *
   * @param solution salts as formula and concentration (mol per litre of solution), solvent, density of the
   *   solution
   * @throws ArgumentError for a concentration or a density not above zero, or salts that weigh more than the
   *   solution
   */
  static solution(solution: SolutionOptions<Material>): Material {
    return new Material(solve(solution));
  }

  /** Elements and their counts. */
  get constituents(): readonly Constituent[] {
    return this.#compound;
  }

  /**
   * Linear attenuation coefficient: mass attenuation (total) times density.
   *
   * @param energy eV, 1 to 100 keV
   * @returns 1/cm
   */
  linearAttenuation(energy: number, tables: AttenuationTables = "elam"): number {
    return compoundAttenuation(this.#compound, inRange("Material", energy), "total", tables) * this.density;
  }

  /** Fluorescence and scattered photons per incident photon and cm; `rate` in 1/cm. @param energy eV */
  secondaryPhotons(energy: number): SecondaryPhotons[] {
    return secondaryPhotons(this.#compound, inRange("Material", energy)).map((photons) => ({
      ...photons,
      rate: photons.rate * this.density,
    }));
  }

  toJSON(): MaterialOptions {
    return { name: this.name, formula: this.formula, density: this.density };
  }
}

/** A higher density is a wrong unit: osmium, the densest element, has 22.6 g/cm3. */
const DENSEST = 30;
