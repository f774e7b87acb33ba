// What each layer of a stack takes up from a beam, in every density convention at once.
import { JOULE_PER_EV } from "../units.js";
import type { Beam } from "./beam.js";
import type { Layer } from "./layer.js";

/** A dose (Gy) or dose rate (Gy/s) in each density convention, see {@link Convention}. */
export interface ConventionDose {
  readonly dense: number;
  readonly composite: number;
  readonly porous: number;
  /** `liquid` is NaN in a layer without liquid: there is no mass that could take a dose. */
  readonly phase: { readonly solid: number; readonly liquid: number };
}

/** What one layer takes up. For a scan, every number is the mean over its energies. */
export interface LayerDose {
  /** Name of the layer. */
  readonly layer: string;
  /** Fraction of the photons that enter this layer and leave it again. */
  readonly transmission: number;
  /** W, in the whole cross section of the beam. */
  readonly absorbedPower: number;
  /** Gy/s */
  readonly doseRate: ConventionDose;
  /** Gy after the beam's exposure. */
  readonly dose: ConventionDose;
}

/**
 * One entry a layer, in order. All that a photon loses counts as deposited where it was lost: fluorescence and scattered
 * photons that leave again are not taken off.
 */
export function layerDoses(layers: readonly Layer[], beam: Beam): LayerDose[] {
  const lines = beam.lines;
  // power that enters the current layer, W, per energy
  const power = lines.map(({ energy, flux }) => (flux * energy * JOULE_PER_EV) / lines.length);
  return layers.map((layer) => {
    let transmission = 0;
    let absorbed = 0;
    let inSolid = 0;
    lines.forEach(({ energy }, k) => {
      const here = power[k] * layer.absorption(energy);
      transmission += Math.exp(-layer.opticalDepth(energy)) / lines.length;
      absorbed += here;
      inSolid += here * layer.solidShare(energy);
      power[k] -= here;
    });
    const doseRate = doseRates(layer, absorbed / beam.area, inSolid / beam.area);
    return {
      layer: layer.name,
      transmission,
      absorbedPower: absorbed,
      doseRate,
      dose: scale(doseRate, beam.exposure),
    };
  });
}

// absorbed and inSolid in W/m2
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
