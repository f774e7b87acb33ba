// The truth of a simulated experiment, for tests and benches that compare it with the analysis. No experiment
// folder contains it, and no analysis may use it: the import law forbids imports from other files of the
// library, and the package does not contain it (`files` of package.json).

import { type ConfigurationLike, resolveConfiguration } from "./configurations.js";
import { REFERENCE_PIXEL } from "./devices/beam-profile.js";
import { cellDepth, foilDepth } from "./devices/cell.js";
import { displacement } from "./devices/drift.js";
import { FRAMES, scanEnergies, shiftOnGrid } from "./devices/monochromator.js";
import { electrodes } from "./kinetics/concentrations.js";
import { onPixels } from "./kinetics/interpolate-map.js";
import { doseRateAt } from "./kinetics/spot.js";
import type { Grid } from "./recording/grid.js";
import { gridOf, type Mode, planOf, type Scale } from "./recording/scales.js";
import { normalizedSpectrum, SPECIES } from "./spectra.js";
import { timetableOf } from "./time/timetable.js";

/** The truth on one grid of pixels. */
export interface Truth {
  readonly grid: Grid;
  /** Nominal energies in the order of recording, eV. */
  readonly energies: Float64Array;
  /** Dose rate of the electrode at spot C, kGy/s (convention porous), shape [rows, columns]. */
  readonly doseRate: Float64Array;
  /** True minus nominal energy, eV, shape [rows, columns]. */
  readonly shift: Float64Array;
  /**
   * Concentrations of the three species, each of shape [rows, columns].
   *
   * @param time s since the start of the charge
   * @param spot default "C"; all others are fresh
   */
  concentrations(time: number, spot?: string): [Float32Array, Float32Array, Float32Array];
  /** Normalized spectra of the three species at true energies, eV. */
  spectra(energies: ArrayLike<number>): [Float64Array, Float64Array, Float64Array];
  /** Normalized spectrum of the Ni foil at true energies, eV. */
  foil(energies: ArrayLike<number>): Float64Array;
  /**
   * Absorbance of the cell with one pure species (0, 1, 2), relative to the open beam, at true energies, eV.
   */
  absorbance(species: number, energies: ArrayLike<number>): Float64Array;
  /** Absorbance of the foil, at true energies, eV. */
  foilAbsorbance(energies: ArrayLike<number>): Float64Array;
  /**
   * Where the sample is, um from its place at the start of the charge, [x, y].
   *
   * @param time s since the start of the charge
   * @param frame of the scan; default its middle
   */
  displacement(time: number, frame?: number): readonly [number, number];
  /** Start of the cubes at 4.3 V at each spot, s. */
  readonly holdCubes: Readonly<Record<string, number>>;
}

/**
 * The truth of an experiment.
 *
 * @param where a scale, or a grid of pixels; `{}` has the 6.5 um of the paper
 * @param mode camera mode of the scale; default "static"
 * @throws ArgumentError for an unknown config or scale
 */
export function truth(
  config: ConfigurationLike,
  where: Scale | Partial<Grid> = {},
  mode: Mode = "static",
): Truth {
  const configuration = resolveConfiguration(config, "truth");
  const [rows, columns] = configuration.field;
  const grid: Grid =
    typeof where === "string"
      ? gridOf(configuration, planOf(where, "truth").modes[mode])
      : { rows, columns, pixelSize: REFERENCE_PIXEL, ...where };
  const electrodeAt = electrodes(configuration);
  const along = (energies: ArrayLike<number>, f: (energy: number) => number): Float64Array =>
    Float64Array.from(energies, f);
  const species = SPECIES.map((name) => (energy: number) => normalizedSpectrum(name, energy));

  return {
    grid,
    energies: scanEnergies(),
    doseRate: doseRateAt(configuration, grid),
    shift: shiftOnGrid(grid),
    concentrations(time, spot = "C") {
      const state = electrodeAt(spot).at(time);
      const [c1, c2] = onPixels(state, grid);
      return [c1, c2, c1.map((c, p) => 1 - c - c2[p])];
    },
    spectra: (energies) => [
      along(energies, species[0]),
      along(energies, species[1]),
      along(energies, species[2]),
    ],
    foil: (energies) => along(energies, (energy) => normalizedSpectrum("foil", energy)),
    absorbance: (index, energies) => along(energies, cellDepth(SPECIES[index])),
    foilAbsorbance: (energies) => along(energies, foilDepth()),
    displacement: (time, frame = (FRAMES - 1) / 2) => displacement(configuration.drift ?? {}, time, frame),
    holdCubes: timetableOf(configuration).holdCubes,
  };
}
