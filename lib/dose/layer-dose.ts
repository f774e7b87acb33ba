// Power and dose of each layer of a stack in a beam, in all density conventions.
import { JOULE_PER_EV } from "../units.js";
import type { AttenuationTables } from "./attenuation.js";
import type { Beam } from "./beam.js";
import type { Escape } from "./escape.js";
import type { Layer } from "./layer.js";

/** A dose (Gy) or dose rate (Gy/s) in each density convention, see {@link Convention}. */
export interface ConventionDose {
  readonly dense: number;
  readonly composite: number;
  readonly porous: number;
  /** `liquid` is NaN in a layer without liquid. */
  readonly phase: { readonly solid: number; readonly liquid: number };
}

/** Results of one layer. For a scan, every number is the mean over its time. */
export interface LayerDose {
  /** Name of the layer. */
  readonly layer: string;
  /**
   * Fraction of the photons that is transmitted by this layer: of a scan the mean over its time, of a
   * polychromatic beam the mean over the photons that enter.
   */
  readonly transmission: number;
  /** ph/s behind this layer. */
  readonly transmittedFlux: number;
  /** W, in the whole cross section of the beam. */
  readonly absorbedPower: number;
  /** Gy/s */
  readonly doseRate: ConventionDose;
  /** Gy after the beam's exposure. */
  readonly dose: ConventionDose;
}

/** Escape from one layer. */
export interface LayerEscape extends Escape {
  /** Name of the layer. */
  readonly layer: string;
}

/**
 * One entry per layer, in order. All energy that a photon loses is deposited where it is lost. Fluorescence
 * and scattered photons that leave are not subtracted, see {@link layerEscapes}.
 */
export function layerDoses(layers: readonly Layer[], beam: Beam, tables: AttenuationTables): LayerDose[] {
  const lines = beam.lines;
  // ph/s that enter the current layer, mean over time.
  const flux = lines.map((line) => line.flux * line.share);
  return layers.map((layer) => {
    const weights = beam.polychromatic && flux.some((n) => n > 0) ? [...flux] : lines.map((l) => l.share);
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    let transmission = 0;
    let absorbed = 0;
    let inSolid = 0;
    lines.forEach(({ energy }, k) => {
      const share = layer.absorption(energy, tables);
      const here = flux[k] * share * energy * JOULE_PER_EV;
      transmission += (weights[k] / all) * (1 - share);
      absorbed += here;
      inSolid += here * layer.solidShare(energy, tables);
      flux[k] *= Math.exp(-layer.opticalDepth(energy, tables));
    });
    const doseRate = doseRates(layer, absorbed / beam.area, inSolid / beam.area);
    return {
      layer: layer.name,
      transmission,
      transmittedFlux: flux.reduce((sum, n) => sum + n, 0),
      absorbedPower: absorbed,
      doseRate,
      dose: scale(doseRate, beam.exposure),
    };
  });
}

/**
 * One entry per layer, in order: the mean over the energies of the beam, weighted by the power absorbed in
 * the layer.
 */
export function layerEscapes(layers: readonly Layer[], beam: Beam, tables: AttenuationTables): LayerEscape[] {
  const lines = beam.lines;
  const power = lines.map((line) => line.flux * line.share * line.energy);
  return layers.map((layer) => {
    const mean = { front: 0, back: 0, fluorescence: 0, scattered: 0, total: 0 };
    const lost = lines.map(({ energy }, k) => power[k] * layer.absorption(energy, tables));
    const all = lost.reduce((sum, p) => sum + p, 0);
    lines.forEach(({ energy }, k) => {
      const leaves = layer.escape(energy);
      const weight = all > 0 ? lost[k] / all : 1 / lines.length;
      for (const key of Object.keys(mean) as (keyof Escape)[]) mean[key] += weight * leaves[key];
      power[k] -= lost[k];
    });
    return { layer: layer.name, ...mean };
  });
}

// absorbed and inSolid are in W/m2.
function doseRates(layer: Layer, absorbed: number, inSolid: number): ConventionDose {
  const liquidMass = layer.liquidArealMass();
  return {
    dense: absorbed / layer.arealMass("dense"),
    composite: absorbed / layer.arealMass("composite"),
    porous: absorbed / layer.arealMass("porous"),
    phase: {
      solid: inSolid / layer.arealMass("phase"),
      liquid: liquidMass > 0 ? (absorbed - inSolid) / liquidMass : Number.NaN,
    },
  };
}

function scale({ dense, composite, porous, phase }: ConventionDose, seconds: number): ConventionDose {
  return {
    dense: dense * seconds,
    composite: composite * seconds,
    porous: porous * seconds,
    phase: { solid: phase.solid * seconds, liquid: phase.liquid * seconds },
  };
}
