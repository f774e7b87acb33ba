// Concentrations of the three species at the spots of an experiment.
import type { Configuration } from "../configurations.js";
import { resolveDamage } from "../damage/index.js";
import { REFERENCE_PIXEL } from "../devices/beam-profile.js";
import { position } from "../recording/grid.js";
import { pastOf, type Timetable, timetableOf } from "../time/timetable.js";
import { Electrode } from "./electrode.js";
import { doseRateAt } from "./spot.js";

export type { CoarseGrid, CoarseState } from "./electrode.js";

/**
 * The electrode at the spots of an experiment. Each spot is solved at its first use, and only once for the
 * timetable of the configuration.
 *
 * @param timetable of an experiment with other spots or times than the configuration
 * @returns function from the name of a spot to its electrode; all spots without beam have the same uniform
 *   one
 * @throws ArgumentError for an unknown damage model
 */
export function electrodes(
  configuration: Configuration,
  timetable?: Timetable,
): (spot: string | undefined) => Electrode {
  const known = (!timetable && solved.get(configuration)) || new Map<string, Electrode>();
  if (!timetable) solved.set(configuration, known);
  const times = timetable ?? timetableOf(configuration);
  const damage = resolveDamage(configuration.damage);
  return (spot = "") => {
    const past = pastOf(spot, times);
    const key = past.length === 0 ? "" : spot;
    let electrode = known.get(key);
    if (!electrode) {
      const history = { timetable: times, past, damage };
      if (past.length === 0) electrode = new Electrode(POINT, new Float64Array(1), history);
      else {
        const { grid, doseRate } = damage.local ? doseRates(configuration) : coarseDoseRate(configuration);
        electrode = new Electrode(grid, doseRate, history);
      }
      known.set(key, electrode);
    }
    return electrode;
  };
}

const solved = new WeakMap<Configuration, Map<string, Electrode>>();

/** Everywhere the same. */
const POINT = { rows: 1, columns: 1, left: 0, top: 0, pitch: 1 };

/** Pixels of 6.5 um per side with one solution of the kinetics. */
const COARSENING = 4;

function coarseDoseRate(configuration: Configuration) {
  const [rows, columns] = configuration.field;
  const fine = doseRateAt(configuration, { rows, columns, pixelSize: REFERENCE_PIXEL });
  const grid = {
    rows: Math.floor(rows / COARSENING),
    columns: Math.floor(columns / COARSENING),
    // The last, incomplete row of blocks is left out, so the coarse map is not centered.
    left: (position(0, columns, REFERENCE_PIXEL) + position(COARSENING - 1, columns, REFERENCE_PIXEL)) / 2,
    top: (position(0, rows, REFERENCE_PIXEL) + position(COARSENING - 1, rows, REFERENCE_PIXEL)) / 2,
    pitch: COARSENING * REFERENCE_PIXEL * 1e-3,
  };
  return { grid, doseRate: blockMeans(fine, columns, grid.rows, grid.columns) };
}

/** Number of dose rates of the kinetics: 0.06 MGy apart at the end of the charge. */
const DOSE_RATES = 2000;

function doseRates(configuration: Configuration) {
  const { beam, field, attenuation } = configuration;
  const [rows, columns] = field;
  const fine = doseRateAt(configuration, { rows, columns, pixelSize: REFERENCE_PIXEL });
  const pitch = fine.reduce((most, rate) => Math.max(most, rate), 0) / (DOSE_RATES - 1);
  const grid = { rows: 1, columns: DOSE_RATES, left: 0, top: 0, pitch, along: { beam, field, attenuation } };
  return { grid, doseRate: Float64Array.from({ length: DOSE_RATES }, (_, k) => k * pitch) };
}

function blockMeans(fine: Float64Array, fineColumns: number, rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let y = 0; y < rows * COARSENING; y++) {
    const row = Math.floor(y / COARSENING) * columns;
    for (let x = 0; x < columns * COARSENING; x++) {
      out[row + Math.floor(x / COARSENING)] += fine[y * fineColumns + x] / COARSENING ** 2;
    }
  }
  return out;
}
