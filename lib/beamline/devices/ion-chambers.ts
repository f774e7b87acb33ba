// Quick-XAS without the camera: three ion chambers before the cell, behind it, and behind a Ni foil, with
// slits of 0.5 x 0.5 mm2 in the center of the spot.
import { type Random, random } from "../../compute/random.js";
import type { Configuration } from "../configurations.js";
import type { CoarseState } from "../kinetics/concentrations.js";
import { onPixels } from "../kinetics/interpolate-map.js";
import { depthTable } from "../recording/depth-table.js";
import { type Grid, onGrid } from "../recording/grid.js";
import { Attenuator } from "./attenuator.js";
import { beamShape } from "./beam-profile.js";
import { type Clock, Device, numbers, type Quantities, quantity, simulatedClock } from "./device.js";
import { ENERGY_RANGE, shiftOnGrid } from "./monochromator.js";

/** The opening of the slits as 5 x 5 rays, 0.1 mm and 0.34 eV apart. */
const APERTURE: Grid = { rows: 5, columns: 5, pixelSize: 100 };

const PARAMETERS = {
  flux: quantity(1.041e12, "ph/s", "paper", "behind the first chamber, measured with a calibrated diode"),
  fluxEnergy: quantity(8390, "eV", "paper", "energy at which it was measured"),
  gas: quantity("N2", "", "paper", "in all three chambers (OKEN)"),
  step: quantity(0.5, "eV", "assumed", "between two points: the average of many scans on a regular axis"),
  scale: quantity(1e5, "counts", "assumed", "reading of the first chamber in the open beam"),
  noise: quantity(1e-4, "1", "assumed", "relative noise of each after 22 minutes at 2 Hz"),
} as const satisfies Quantities;

const { step: STEP, scale: READING, noise: NOISE, ...FLUX_AT } = numbers(PARAMETERS);

/** ph/s behind the first chamber without attenuation, and the energy at which that holds, eV. */
export const FLUX: number = FLUX_AT.flux;
export const FLUX_ENERGY: number = FLUX_AT.fluxEnergy;

/** Columns of one spectrum; i2 is behind the foil. */
export interface ChamberReadings {
  readonly energy: Float64Array;
  readonly i0: Float64Array;
  readonly i1: Float64Array;
  readonly i2: Float64Array;
}

/**
 * The three chambers during a scan of the monochromator. Rays at different heights have slightly different
 * energies, and the chambers measure their sum.
 */
export function chamberSpectrum(
  configuration: Configuration,
  state: CoarseState,
  seed: number,
  ...key: number[]
): ChamberReadings {
  const source = random(seed, ...key);
  const attenuator = new Attenuator(simulatedClock(), configuration.attenuation);
  // The relative photon noise is proportional to 1 / sqrt(flux).
  const noise = NOISE / Math.sqrt(attenuator.transmission());
  const rays = APERTURE.rows * APERTURE.columns;
  const weight = onGrid(APERTURE, (x, y) => beamShape(configuration.beam, x, y));
  const total = weight.reduce((sum, w) => sum + w, 0);
  const shift = shiftOnGrid(APERTURE);
  const [c1, c2] = onPixels(state, APERTURE);
  const cell = depthTable("sample");
  const foil = depthTable("foil");
  const depths = new Float64Array(3);

  const [high, low] = ENERGY_RANGE;
  const n = Math.floor((high - low) / STEP) + 1;
  const energy = Float64Array.from({ length: n }, (_, k) => low + k * STEP);
  const [i0, i1, i2] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  for (let k = 0; k < n; k++) {
    for (let ray = 0; ray < rays; ray++) {
      const e = energy[k] + shift[ray];
      cell.frame(e, depths);
      const behind =
        (weight[ray] / total) * Math.exp(-(depths[0] + c1[ray] * depths[1] + c2[ray] * depths[2]));
      foil.frame(e, depths);
      i1[k] += behind;
      i2[k] += behind * Math.exp(-depths[0]);
    }
    const open = attenuator.transmission(energy[k]);
    const reading = (light: number) =>
      Math.round(READING * open * light * (1 + noise * source.normal()) * 1e4) / 1e4;
    i0[k] = reading(1);
    i1[k] = reading(i1[k]);
    i2[k] = reading(i2[k]);
  }
  return { energy, i0, i1, i2 };
}

/** One of the three chambers. It measures the flux of the beamline at the time of the trigger. */
export class IonChamber extends Device {
  readonly parameters = PARAMETERS;
  private reading = Number.NaN;

  /**
   * @param name i0 before the cell, i1 behind it, i2 behind the Ni foil
   * @param flux ph/s at the chamber at the time of the call
   */
  constructor(
    name: "i0" | "i1" | "i2",
    clock: Clock,
    private readonly flux: () => number,
  ) {
    super(name, clock);
  }

  /** Reads the chamber. @param source generator of the noise; without one there is none */
  trigger(source?: Random): void {
    const relative = this.flux() / FLUX;
    this.reading = READING * relative * (1 + (source ? NOISE * source.normal() : 0));
  }

  protected signals(): Quantities {
    return { reading: quantity(this.reading, "counts", "last reading", "in proportion to the flux") };
  }
}
