// The dose of one layer as a fast function of all uncertain inputs, for Monte Carlo. Tests compare it with
// `stack.dose`.
import { JOULE_PER_EV } from "../../units.js";
import type { AttenuationTables } from "../attenuation.js";
import type { Beam } from "../beam.js";
import type { Convention } from "../convention.js";
import type { Layer } from "../layer.js";
import type { Stack } from "../stack.js";

/** Index of each input in the vector that {@link DoseModel.value} takes. */
export const SLOTS = { flux: 0, exposure: 1, area: 2, tables: 3, layers: 4 } as const;

/** Inputs of a layer, in the order after `SLOTS.layers + LAYER_SLOTS.length * index`. */
export const LAYER_SLOTS = ["thickness", "density", "liquidDensity", "porosity"] as const;
export type LayerSlot = (typeof LAYER_SLOTS)[number];

/** Index of a layer's input in the vector. */
export function layerSlot(layer: number, input: LayerSlot): number {
  return SLOTS.layers + LAYER_SLOTS.length * layer + LAYER_SLOTS.indexOf(input);
}

/** Difference of the tables: one fraction for all coefficients, or other tables. */
export type TableSpread = number | AttenuationTables;

interface Medium {
  /** Without pores, one per energy, 1/cm. */
  readonly mu: Float64Array;
  /** Relative change of mu per unit of the input `tables`, one per energy. */
  readonly spread: Float64Array;
}

interface LayerModel {
  readonly layer: Layer;
  readonly solid: Medium;
  readonly liquid: Medium | null;
}

/** Dose (Gy) or dose rate (Gy/s) of the absorber. */
export class DoseModel {
  /** Nominal inputs: factors of 1, `tables` of 0, porosities. */
  readonly nominal: Float64Array;
  private readonly before: readonly LayerModel[];
  private readonly absorber: LayerModel;
  private readonly index: number;
  /** Power per area of the beam, one per energy, W/m2. */
  private readonly power: Float64Array;
  private readonly seconds: number;

  constructor(
    stack: Stack,
    beam: Beam,
    { quantity, tables }: { quantity: "dose" | "doseRate"; tables: TableSpread },
  ) {
    const lines = beam.lines;
    const energies = lines.map((line) => line.energy);
    const medium = mediumOf(energies, stack.tables, tables);
    const models = stack.layers.map(
      (layer): LayerModel => ({
        layer,
        solid: medium(layer.solid),
        liquid: layer.liquid ? medium(layer.liquid) : null,
      }),
    );
    this.index = stack.layers.indexOf(stack.absorber);
    this.before = models.slice(0, this.index);
    this.absorber = models[this.index];
    this.power = Float64Array.from(
      lines,
      ({ energy, flux, share }) => (flux * share * energy * JOULE_PER_EV) / beam.area,
    );
    this.seconds = quantity === "dose" ? beam.exposure : 1;
    this.nominal = new Float64Array(layerSlot(models.length, "thickness")).fill(1);
    this.nominal[SLOTS.tables] = 0;
    models.forEach(({ layer }, i) => {
      this.nominal[layerSlot(i, "porosity")] = layer.porosity;
    });
  }

  /**
   * The dose at inputs x.
   *
   * @param x factors on flux, exposure, area, thicknesses and densities; `tables` in units of its spread;
   *   porosities
   */
  value(x: ArrayLike<number>, convention: Convention): number {
    const { before, absorber, index, power } = this;
    let total = 0;
    for (let k = 0; k < power.length; k++) {
      let depth = 0;
      for (let i = 0; i < index; i++) depth += opticalDepth(before[i], i, x, k, false);
      const all = opticalDepth(absorber, index, x, k, false);
      const share = convention === "phase" ? opticalDepth(absorber, index, x, k, true) / all : 1;
      total += power[k] * Math.exp(-depth) * -Math.expm1(-all) * share;
    }
    const rate = (total * x[SLOTS.flux]) / x[SLOTS.area] / this.arealMass(x, convention);
    return rate * this.seconds * x[SLOTS.exposure];
  }

  // Mass per area, kg/m2.
  private arealMass(x: ArrayLike<number>, convention: Convention): number {
    const { layer } = this.absorber;
    const at = (input: LayerSlot): number => x[layerSlot(this.index, input)];
    const porosity = at("porosity");
    const dense = layer.solid.density * at("density");
    const solid = convention === "dense" ? dense : (1 - porosity) * dense;
    const liquid =
      convention === "composite" && layer.liquid ? porosity * layer.liquid.density * at("liquidDensity") : 0;
    return (solid + liquid) * layer.thickness * at("thickness") * KG_M2_PER_G_CM3_UM;
  }
}

const CM_PER_UM = 1e-4;
const KG_M2_PER_G_CM3_UM = 1e-3;

function mediumOf(energies: readonly number[], tables: AttenuationTables, spread: TableSpread) {
  return (material: Layer["solid"]): Medium => {
    const mu = Float64Array.from(energies, (energy) => material.linearAttenuation(energy, tables));
    const other = (k: number): number => material.linearAttenuation(energies[k], spread as AttenuationTables);
    return {
      mu,
      spread: mu.map((value, k) => (typeof spread === "number" ? spread : other(k) / value - 1)),
    };
  };
}

function opticalDepth(
  { layer, solid, liquid }: LayerModel,
  index: number,
  x: ArrayLike<number>,
  k: number,
  solidOnly: boolean,
): number {
  // Thickness, density, liquidDensity, porosity.
  const first = SLOTS.layers + LAYER_SLOTS.length * index;
  const porosity = x[first + 3];
  const tables = x[SLOTS.tables];
  let mu = (1 - porosity) * solid.mu[k] * x[first + 1] * (1 + tables * solid.spread[k]);
  if (liquid && !solidOnly) mu += porosity * liquid.mu[k] * x[first + 2] * (1 + tables * liquid.spread[k]);
  return mu * layer.thickness * x[first] * CM_PER_UM;
}
