// The electrode at one spot: the kinetics of each place, solved once on a coarse map from the start of the
// charge to the cubes at the end of the hold.
import { DataError } from "../../errors.js";
import type { DamageModel, Irradiation, Rates } from "../damage/index.js";
import { PROTOCOL } from "../parameters.js";
import type { Interval } from "../plans/beam-log.js";
import type { Timetable } from "../time/timetable.js";
import { driveAt } from "./redox.js";
import type { Irradiance } from "./spot.js";

/** Places of the kinetics: those of a coarse map, or one row of places with increasing dose rates. */
export interface CoarseGrid {
  readonly rows: number;
  readonly columns: number;
  /** Center of the first place: mm, or kGy/s where the places are dose rates. */
  readonly left: number;
  readonly top: number;
  /** Distance of the places, in the same unit. */
  readonly pitch: number;
  /** Where the places are dose rates: what the dose rates of pixels follow from. Plain data, for a worker gets it. */
  readonly along?: Irradiance;
}

/** Species 1 and 2 on the coarse map at one time (species 3 is the rest). */
export interface CoarseState {
  readonly grid: CoarseGrid;
  readonly c1: Float32Array;
  readonly c2: Float32Array;
}

/** Conditions of an electrode at one spot. */
export interface ElectrodeHistory {
  readonly timetable: Timetable;
  /** Beam on the spot in order of time, before the cubes that show its effect. */
  readonly past: readonly Interval[];
  readonly damage: DamageModel;
}

/** The electrode at one spot. */
export class Electrode {
  private readonly states: { c1: Float32Array; c2: Float32Array }[] = [];
  private readonly steps: number;

  /**
   * Solves the kinetics.
   *
   * @param doseRate kGy/s on the coarse grid while the beam is on
   * @throws DataError when the damage model gives a rate that is negative or not a number
   */
  constructor(
    readonly grid: CoarseGrid,
    doseRate: Float64Array,
    { timetable, past, damage }: ElectrodeHistory,
  ) {
    const n = doseRate.length;
    const spot = damage.on({ rows: grid.rows, columns: grid.columns, pitch: grid.pitch, values: doseRate });
    const zeros = () => new Float64Array(n);
    // Active (a) and deactivated (d) material of species 1 and 2, initially active species 1 only.
    const [a1, a2, d1, d2] = [zeros().fill(1), zeros(), zeros(), zeros()];
    const rates: Rates = { step1: zeros(), step2: zeros(), deactivation1: zeros(), deactivation2: zeros() };
    const { step1, step2, deactivation1, deactivation2 } = rates;
    const dt = PROTOCOL.step;
    this.steps = Math.round(timetable.holdCubes.C / dt);
    this.keep(a1, a2, d1, d2);
    for (let i = 0; i < this.steps; i++) {
      const time = (i + 0.5) * dt;
      spot.rates(driveAt(time, timetable), irradiation(past, time), rates);
      check(rates, damage.name, time);
      for (let p = 0; p < n; p++) {
        // Exact for rates that are constant during the step; the products of a step react in the next one.
        const all1 = step1[p] + deactivation1[p] + TINY;
        const all2 = step2[p] + deactivation2[p] + TINY;
        const out1 = -a1[p] * Math.expm1(-all1 * dt);
        const out2 = -a2[p] * Math.expm1(-all2 * dt);
        a1[p] -= out1;
        d1[p] += (out1 * deactivation1[p]) / all1;
        a2[p] += (out1 * step1[p]) / all1 - out2;
        d2[p] += (out2 * deactivation2[p]) / all2;
      }
      this.keep(a1, a2, d1, d2);
    }
  }

  /**
   * Concentrations at a time, linear between the steps of the solver, and constant before the charge and
   * after the last step.
   *
   * @param time s since the start of the charge
   */
  at(time: number): CoarseState {
    const t = Math.min(Math.max(time / PROTOCOL.step, 0), this.steps);
    const i = Math.min(Math.floor(t), this.steps - 1);
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

/** The intervals of beam up to a time. */
export function irradiation(past: readonly Interval[], time: number): Irradiation {
  const begun = past.filter(({ start }) => start < time);
  const pulses = begun.map(({ start, end }) => ({
    length: Math.min(time, end) - start,
    since: Math.max(time - end, 0),
  }));
  return {
    exposure: pulses.reduce((sum, { length }) => sum + length, 0),
    on: begun.some(({ end }) => time <= end),
    pulses,
  };
}

/** Zero divided by zero is zero. */
const TINY = 1e-15;

function check(rates: Rates, model: string, time: number): void {
  for (const [name, values] of Object.entries(rates)) {
    for (let p = 0; p < values.length; p++) {
      if (values[p] >= 0 && values[p] < Number.POSITIVE_INFINITY) continue;
      throw new DataError(
        `simulate: expected the damage model ${model} to give rates of at least 0 1/s, got ${name} = ${values[p]} at place ${p} after ${time} s; correct the model`,
        { model, rate: name, place: p, time },
      );
    }
  }
}
