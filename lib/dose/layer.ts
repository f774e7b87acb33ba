// A layer of the cell: a porous solid whose pores are filled with a liquid, or empty.
import { ArgumentError, quote } from "../errors.js";
import { type OptionNames, requireOptions } from "../options.js";
import { inUnit } from "../units.js";
import type { AttenuationTables } from "./attenuation.js";
import { nonEmpty, positive, within } from "./check.js";
import type { Convention } from "./convention.js";
import { type Escape, layerEscape } from "./escape.js";
import { Material, type MaterialOptions } from "./material.js";

/** Input of a layer. */
export interface LayerOptions {
  readonly name: string;
  readonly solid: Material | MaterialOptions;
  /** Liquid in the pores. Without it the pores are empty: they have no mass and do not absorb. */
  readonly liquid?: Material | MaterialOptions;
  /** um */
  readonly thickness: number;
  /** Volume fraction of the pores, 0 <= porosity < 1; default 0. Required where there is a liquid. */
  readonly porosity?: number;
}

const NAMES: OptionNames<LayerOptions> = {
  name: true,
  solid: true,
  liquid: true,
  thickness: true,
  porosity: true,
};

/** A layer as plain data, as in `experiment.json`. */
export interface LayerJson extends LayerOptions {
  readonly solid: MaterialOptions;
  readonly liquid?: MaterialOptions;
}

/**
 * A layer of the stack; immutable. Its linear attenuation is mu = (1 - p) mu_s + p mu_l, for solid and liquid
 * mixed finely compared with the size of a pixel.
 *
 * @example
 * const cathode = new Layer({
 *   name: "Cathode",
 *   solid: { formula: "LiNiO2", density: 4.716 }, // g/cm3
 *   liquid: material("LP57"),
 *   thickness: 10, // um
 *   porosity: 0.36,
 * });
 * cathode.absorption(8390); // 0.452, absorbed fraction of the photons
 */
export class Layer {
  readonly name: string;
  readonly solid: Material;
  readonly liquid: Material | undefined;
  /** um */
  readonly thickness: number;
  /** Volume fraction of the pores. */
  readonly porosity: number;

  /** @throws ArgumentError for a thickness that is not above zero, or a porosity outside [0, 1) */
  constructor(layer: LayerOptions) {
    const { name, solid, liquid, thickness, porosity } = requireOptions("Layer", layer, NAMES);
    this.name = nonEmpty("Layer", "name", name);
    const call = `Layer ${this.name}`;
    if (liquid !== undefined && porosity === undefined) {
      throw new ArgumentError(
        `${call}: expected a porosity for the liquid to fill, got none; give porosity: 0..1`,
      );
    }
    if (porosity !== undefined && !(typeof porosity === "number" && porosity >= 0 && porosity < 1)) {
      throw new ArgumentError(
        `${call}: expected 0 <= porosity < 1 (fraction of the volume, not percent), got ${quote(porosity)}`,
        { porosity },
      );
    }
    this.solid = material(call, "solid", solid);
    this.liquid = liquid === undefined ? undefined : material(call, "liquid", liquid);
    this.thickness = inUnit(call, "thickness", "thickness", positive(call, "thickness", thickness, "um"));
    this.porosity = porosity ?? 0;
    Object.freeze(this);
  }

  /** Contribution of the solid to the linear attenuation, (1 - p) mu_s, 1/cm. @param energy eV */
  solidAttenuation(energy: number, tables?: AttenuationTables): number {
    return (1 - this.porosity) * this.solid.linearAttenuation(energy, tables);
  }

  /** Linear attenuation of the liquid, p mu_l, 1/cm; 0 where pores are empty. @param energy eV */
  liquidAttenuation(energy: number, tables?: AttenuationTables): number {
    return this.porosity > 0 && this.liquid
      ? this.porosity * this.liquid.linearAttenuation(energy, tables)
      : 0;
  }

  /** Optical depth, mu times thickness. @param energy eV */
  opticalDepth(energy: number, tables?: AttenuationTables): number {
    const mu = this.solidAttenuation(energy, tables) + this.liquidAttenuation(energy, tables);
    return mu * this.thickness * CM_PER_UM;
  }

  /** Fraction of the photons that is not transmitted, 1 - exp(-mu t). @param energy eV */
  absorption(energy: number, tables?: AttenuationTables): number {
    return -Math.expm1(-this.opticalDepth(energy, tables));
  }

  /** Fraction of the absorbed power that is absorbed in the solid, (1 - p) mu_s / mu. @param energy eV */
  solidShare(energy: number, tables?: AttenuationTables): number {
    const solid = this.solidAttenuation(energy, tables);
    return solid / (solid + this.liquidAttenuation(energy, tables));
  }

  /**
   * Fractions of the power absorbed in this layer that leave it as fluorescence and scattered photons,
   * through the face where the beam enters (front) and the one where it exits (back).
   *
   * @param energy eV, 1 to 100 keV
   * @returns fractions of the absorbed power, 0..1, see {@link layerEscape}; 1 - total remains
   */
  escape(energy: number): Escape {
    return layerEscape(this, energy);
  }

  /**
   * Mass of the density convention per area of the layer; for `phase` that of the solid.
   *
   * @returns kg/m2
   */
  arealMass(convention: Convention): number {
    const solid = (1 - this.porosity) * this.solid.density;
    const density =
      convention === "dense"
        ? this.solid.density
        : convention === "composite"
          ? solid + this.liquidDensity()
          : solid;
    return density * this.thickness * KG_M2_PER_G_CM3_UM;
  }

  /** Mass of the liquid per area of the layer, kg/m2; 0 where there is none. */
  liquidArealMass(): number {
    return this.liquidDensity() * this.thickness * KG_M2_PER_G_CM3_UM;
  }

  toJSON(): LayerJson {
    return {
      name: this.name,
      solid: this.solid.toJSON(),
      ...(this.liquid && { liquid: this.liquid.toJSON() }),
      thickness: this.thickness,
      porosity: this.porosity,
    };
  }

  private liquidDensity(): number {
    return this.liquid ? this.porosity * this.liquid.density : 0;
  }
}

const CM_PER_UM = 1e-4;
const KG_M2_PER_G_CM3_UM = 1e-3;

function material(call: string, role: string, value: Material | MaterialOptions): Material {
  if (value instanceof Material) return value;
  if (typeof value !== "object" || value === null) {
    throw new ArgumentError(
      `${call}: expected ${role} as a Material or { formula, density }, got ${quote(value)}`,
      { [role]: value },
    );
  }
  return within(`${call}, ${role}`, () => new Material(value));
}
