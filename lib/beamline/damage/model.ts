// Interface of a damage model for the kinetics of the electrode.
import type { Drive } from "../kinetics/redox.js";

/** Dose rates of the places of the kinetics: row-major, kGy/s (density convention porous). */
export interface DoseRates {
  readonly rows: number;
  readonly columns: number;
  /** mm between neighboring places */
  readonly pitch: number;
  readonly values: Float64Array;
}

/** One uninterrupted interval of beam on the spot, relative to a later time. */
export interface Pulse {
  /** duration so far, s */
  readonly length: number;
  /** time since its end, s; 0 during the interval */
  readonly since: number;
}

/** Beam on the spot up to a time. */
export interface Irradiation {
  /** time of beam so far, s: the dose of a place is its dose rate times this */
  readonly exposure: number;
  /** whether the beam is on the spot */
  readonly on: boolean;
  readonly pulses: readonly Pulse[];
}

/** Rate constants of every place, 1/s, each of shape [rows, columns]; written in place. */
export interface Rates {
  /** Species 1 to 2 and species 2 to 3, active material. */
  readonly step1: Float64Array;
  readonly step2: Float64Array;
  /** Active to deactivated, species 1 and 2. Deactivated material keeps its species and does not react. */
  readonly deactivation1: Float64Array;
  readonly deactivation2: Float64Array;
}

/** Damage of one spot. */
export interface SpotDamage {
  /**
   * Rates with damage.
   *
   * @param drive voltage and undamaged rate constants at the time
   * @param beam beam on the spot up to this time
   * @param out written for every place
   */
  rates(drive: Drive, beam: Irradiation, out: Rates): void;
}

/**
 * A model of the effect of the beam on the reaction. Recordings with different models differ in nothing else,
 * so that the ordinary analysis can be compared between explanations.
 */
export interface DamageModel {
  readonly name: string;
  /** Parameters as plain data; with the name they are part of the stamp of a recording. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /**
   * Whether the rates of a place depend on its own dose rate only. The kinetics are then solved for dose
   * rates instead of places, so that a pixel has the state of its own dose rate. Default false: damage may
   * spread.
   */
  readonly local?: boolean;
  /** The model on one spot; it precomputes what concerns the whole map. */
  on(doseRates: DoseRates): SpotDamage;
}
