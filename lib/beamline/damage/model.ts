// What a model of the beam damage is: the one interface through which the kinetics of the electrode know of it.
import type { Drive } from "../kinetics/redox.js";

/** Dose rates of the places whose reaction is solved: row-major, kGy/s (density convention porous). */
export interface DoseRates {
  readonly rows: number;
  readonly columns: number;
  /** mm between neighboring places */
  readonly pitch: number;
  readonly values: Float64Array;
}

/** One uninterrupted time of the beam on the spot, seen from a later moment. */
export interface Pulse {
  /** s that it has lasted so far */
  readonly length: number;
  /** s since it ended; 0 while it lasts */
  readonly since: number;
}

/** What the beam has done to the spot up to a moment. */
export interface Irradiation {
  /** s of beam so far: the dose of a place is its dose rate times this */
  readonly exposure: number;
  /** whether the beam is on the spot now */
  readonly on: boolean;
  readonly pulses: readonly Pulse[];
}

/** Rate constants of every place, 1/s, each of shape [rows, columns]; written in place. */
export interface Rates {
  /** Species 1 to 2 and species 2 to 3, active material. */
  readonly step1: Float64Array;
  readonly step2: Float64Array;
  /** Active to deactivated, species 1 and species 2; what is deactivated keeps its species and reacts no more. */
  readonly deactivation1: Float64Array;
  readonly deactivation2: Float64Array;
}

/** Damage of one spot. */
export interface SpotDamage {
  /**
   * Rates under the damage.
   *
   * @param drive voltage and undamaged rate constants at the moment
   * @param beam what the beam has done up to then
   * @param out written for every place
   */
  rates(drive: Drive, beam: Irradiation, out: Rates): void;
}

/**
 * A model of what the beam does to the reaction. Two recordings differ in nothing else when their models differ, so
 * competing explanations can be told apart by what the ordinary analysis makes of them.
 */
export interface DamageModel {
  readonly name: string;
  /** Plain data that tells the model from others of its name: with the name it goes into the stamp of a recording. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /**
   * Whether the rates of a place follow from its own dose rate alone. The kinetics are then solved for dose rates instead of
   * places, so that a pixel has the state of its own dose rate. Default false: damage may spread.
   */
  readonly local?: boolean;
  /** The model on one spot; what concerns the whole map is worked out here, once. */
  on(doseRates: DoseRates): SpotDamage;
}
