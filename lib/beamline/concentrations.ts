// Concentrations of the three species over an image and over time: the kinetics of each place, solved once on a coarse map
// and interpolated to the pixels of a recording.
import { damagedRates, type Rates } from "./damage.js";
import { doseRateOnGrid, REFERENCE_PIXEL } from "./devices/beam-profile.js";
import { position } from "./grid.js";
import { type BeamParameters, PROTOCOL } from "./parameters.js";
import { driveAt } from "./redox.js";
import { SpreadingDamage } from "./spread.js";

/** End of the charge cubes on spot C, when the beam leaves it, s. */
export const BEAM_OFF = PROTOCOL.chargeCubes * PROTOCOL.cubePeriod;

/** Where the coarse map lies: centre of its first point and distance of its points, mm. */
export interface CoarseGrid {
  readonly rows: number;
  readonly columns: number;
  readonly left: number;
  readonly top: number;
  readonly pitch: number;
}

/** Species 1 and 2 on the coarse map at one time (species 3 is the rest). */
export interface CoarseState {
  readonly grid: CoarseGrid;
  readonly c1: Float32Array;
  readonly c2: Float32Array;
}

/** The electrode at one spot. */
export class Electrode {
  private readonly states: { c1: Float32Array; c2: Float32Array }[] = [];

  /**
   * Solves the kinetics from the start of the charge to the cubes at the end of the hold.
   *
   * @param doseRate kGy/s on the coarse grid; all zero for a spot that the beam has not seen
   */
  constructor(
    readonly grid: CoarseGrid,
    doseRate: Float64Array,
  ) {
    const n = doseRate.length;
    const spreading = new SpreadingDamage(doseRate, grid.rows, grid.columns, grid.pitch);
    const spread = new Float64Array(n);
    // Active (a) and deactivated (d) material of species 1 and 2, starting as pure active species 1.
    const [a1, a2, d1, d2] = [
      new Float64Array(n).fill(1),
      new Float64Array(n),
      new Float64Array(n),
      new Float64Array(n),
    ];
    const rates: Rates = { step1: 0, step2: 0, deactivation1: 0, deactivation2: 0 };
    const dt = PROTOCOL.step;
    this.keep(a1, a2, d1, d2);
    for (let i = 0; i < STEPS; i++) {
      const time = (i + 0.5) * dt;
      const exposure = Math.min(time, BEAM_OFF) + PROTOCOL.ocvTime;
      const drive = driveAt(time);
      spreading.at(exposure, Math.max(time - BEAM_OFF, 0), spread);
      for (let p = 0; p < n; p++) {
        damagedRates(drive, (doseRate[p] * exposure) / 1000, spread[p], time <= BEAM_OFF, rates);
        // Exact for rates constant over the step; what forms in a step reacts on from the next.
        const all1 = rates.step1 + rates.deactivation1 + TINY;
        const all2 = rates.step2 + rates.deactivation2 + TINY;
        const out1 = -a1[p] * Math.expm1(-all1 * dt);
        const out2 = -a2[p] * Math.expm1(-all2 * dt);
        a1[p] -= out1;
        d1[p] += (out1 * rates.deactivation1) / all1;
        a2[p] += (out1 * rates.step1) / all1 - out2;
        d2[p] += (out2 * rates.deactivation2) / all2;
      }
      this.keep(a1, a2, d1, d2);
    }
  }

  /**
   * Concentrations at a time, linear between the solver's steps; before the charge and after the last step those of the
   * nearest.
   *
   * @param time s since the start of the charge
   */
  at(time: number): CoarseState {
    const t = Math.min(Math.max(time / PROTOCOL.step, 0), STEPS);
    const i = Math.min(Math.floor(t), STEPS - 1);
    const f = t - i;
    const [before, after] = [this.states[i], this.states[i + 1]];
    const mix = (a: Float32Array, b: Float32Array) => a.map((value, p) => value + f * (b[p] - value));
    return { grid: this.grid, c1: mix(before.c1, after.c1), c2: mix(before.c2, after.c2) };
  }

  private keep(a1: Float64Array, a2: Float64Array, d1: Float64Array, d2: Float64Array): void {
    const sum = (a: Float64Array, d: Float64Array) => Float32Array.from(a, (value, p) => value + d[p]);
    this.states.push({ c1: sum(a1, d1), c2: sum(a2, d2) });
  }
}

/** The electrode at spot C, irradiated from the open circuit to the end of the charge cubes; solved once for each beam. */
export function irradiatedElectrode(beam: BeamParameters, field: readonly [number, number]): Electrode {
  const byField = solved.get(beam) ?? new Map<string, Electrode>();
  solved.set(beam, byField);
  const key = field.join(" x ");
  const electrode = byField.get(key) ?? solve(beam, field);
  byField.set(key, electrode);
  return electrode;
}

const solved = new WeakMap<BeamParameters, Map<string, Electrode>>();

function solve(beam: BeamParameters, field: readonly [number, number]): Electrode {
  const [rows, columns] = field;
  const fine = doseRateOnGrid(beam, field, { rows, columns, pixelSize: REFERENCE_PIXEL });
  const grid = {
    rows: Math.floor(rows / COARSENING),
    columns: Math.floor(columns / COARSENING),
    // The last, incomplete row of blocks is left out, so the coarse map is not centred.
    left: (position(0, columns, REFERENCE_PIXEL) + position(COARSENING - 1, columns, REFERENCE_PIXEL)) / 2,
    top: (position(0, rows, REFERENCE_PIXEL) + position(COARSENING - 1, rows, REFERENCE_PIXEL)) / 2,
    pitch: COARSENING * REFERENCE_PIXEL * 1e-3,
  };
  return new Electrode(grid, blockMeans(fine, columns, grid.rows, grid.columns));
}

/** The electrode at a spot that the beam has not seen: the same everywhere. */
export function freshElectrode(): Electrode {
  return new Electrode({ rows: 1, columns: 1, left: 0, top: 0, pitch: 1 }, new Float64Array(1));
}

/** Pixels of 6.5 um a side that share one solution of the kinetics. */
const COARSENING = 4;

/** Keeps a share of nothing at nothing. */
const TINY = 1e-15;

/** Steps of the solver: to the start of the cubes on spot C at the end of the hold. */
const HOLD_CUBES_START =
  PROTOCOL.finalLithium * PROTOCOL.chargeTime + PROTOCOL.holdTime - PROTOCOL.holdCubesBefore;
const STEPS = Math.round(HOLD_CUBES_START / PROTOCOL.step);

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
