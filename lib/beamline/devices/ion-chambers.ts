// Quick-XAS without the camera: three ion chambers before the cell, behind it, and behind a Ni foil, with the beam cut by
// slits to 0.5 x 0.5 mm2 in the centre of the spot.
import { random } from "../../compute/random.js";
import type { CoarseState } from "../concentrations.js";
import type { Configuration } from "../configurations.js";
import { depthTable } from "../depth-table.js";
import { type Grid, onGrid } from "../grid.js";
import { resample } from "../resample.js";
import { beamShape } from "./beam-profile.js";
import { ENERGY_RANGE, shiftOnGrid } from "./monochromator.js";

/** The slits' opening as rays: 5 x 5 of them, 0.1 mm and 0.34 eV apart. */
const APERTURE: Grid = { rows: 5, columns: 5, pixelSize: 100 };

/** eV between two points: the average of many scans on a regular axis. */
const STEP = 0.5;

/** Reading of the first chamber, and relative noise of each after averaging 22 minutes at 2 Hz. */
const READING = 1e5;
const NOISE = 1e-4;

/** Columns of one spectrum; i2 is behind the foil. */
export interface ChamberReadings {
  readonly energy: Float64Array;
  readonly i0: Float64Array;
  readonly i1: Float64Array;
  readonly i2: Float64Array;
}

/**
 * The three chambers while the monochromator scans. Rays at different heights carry slightly different energies, and the
 * chambers see their sum, as on the beamline.
 */
export function chamberSpectrum(
  configuration: Configuration,
  state: CoarseState,
  seed: number,
  ...key: number[]
): ChamberReadings {
  const source = random(seed, ...key);
  const rays = APERTURE.rows * APERTURE.columns;
  const weight = onGrid(APERTURE, (x, y) => beamShape(configuration.beam, x, y));
  const total = weight.reduce((sum, w) => sum + w, 0);
  const shift = shiftOnGrid(APERTURE);
  const c1 = new Float32Array(rays);
  const c2 = new Float32Array(rays);
  resample(state.c1, state.grid, APERTURE, c1);
  resample(state.c2, state.grid, APERTURE, c2);
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
    const reading = (light: number) =>
      Math.round(READING * light * (1 + NOISE * source.normal()) * 1e4) / 1e4;
    i0[k] = reading(1);
    i1[k] = reading(i1[k]);
    i2[k] = reading(i2[k]);
  }
  return { energy, i0, i1, i2 };
}
