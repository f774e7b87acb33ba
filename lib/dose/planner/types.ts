// Settings and results of the planner.
import type { Beam, BeamOptions } from "../beam.js";
import type { Convention } from "../convention.js";
import type { Stack, StackJson } from "../stack.js";
import type { Counting, Detector, Signal } from "./signal.js";
import type { Threshold, ThresholdLike } from "./thresholds.js";

/** What is done in the beam. */
export interface Protocol extends Counting {
  /** Number of recorded cubes. */
  readonly cubes: number;
  /** Total time of beam on the spot, recorded or not, s. */
  readonly duration: number;
}

/** Settings of {@link planExperiment}. */
export interface PlanOptions {
  readonly stack: Stack | StackJson;
  /** The beam on the stack without additional attenuators. Its `exposure` is ignored. */
  readonly beam: Beam | BeamOptions;
  readonly threshold: ThresholdLike;
  readonly protocol: Protocol;
  readonly detector: Detector;
  /** Smallest acceptable ratio of edge step to noise; default: none. */
  readonly signal?: number;
  /** Fraction of the threshold that is used, 0..1; default 1. With a dose budget: 1 / (1 + 2 u). */
  readonly margin?: number;
  /**
   * Dose rate of the brightest pixel relative to the mean of the beam; default 1, a uniform beam. The dose is
   * that of the brightest pixel.
   */
  readonly peak?: number;
  /** Density convention; default porous. A threshold with a known convention requires the same one. */
  readonly convention?: Convention;
}

/** One variant of the experiment. */
export interface PlanPoint {
  /** `as asked`, `shorter`, `attenuate`, `widen`, `fresh spots`. */
  readonly name: string;
  /** Time of beam on each spot, s. */
  readonly duration: number;
  /** Number of complete cubes on each spot. */
  readonly cubes: number;
  /** Fraction of the flux that is used: 1 without attenuator. */
  readonly attenuation: number;
  /**
   * Thickness of aluminum with this transmission at the mean energy of the beam, um; 0 for transmission 1.
   */
  readonly aluminium: number;
  /** Size of the beam, um. */
  readonly width: number;
  readonly height: number;
  /** Number of fresh spots, one after the other; each receives its part of the protocol. */
  readonly spots: number;
  /** Dose rate (Gy/s) and dose (Gy) of the brightest pixel of each spot. */
  readonly doseRate: number;
  readonly dose: number;
  /** Signal, averaging at most the cubes of a spot; null without a complete cube, or with too few quanta. */
  readonly signal: Signal | null;
  /** Whether the dose is within the limit and the signal is sufficient. */
  readonly feasible: boolean;
  /** Changes that give the required signal if only the dose is within its limit; null otherwise. */
  readonly remedy: {
    /** Factor of the number of averaged cubes and flat fields; null if the spot has fewer cubes. */
    readonly average: number | null;
    /**
     * Alternatively, factor of the pixels binned along each side; null where the beam is not large enough.
     */
    readonly bin: number | null;
  } | null;
}

/** Result of the planner. */
export interface Plan {
  readonly threshold: Threshold;
  /** Allowed dose, Gy: margin times threshold. */
  readonly limit: number;
  readonly convention: Convention;
  /** Required ratio of edge step to noise; null where none is given. */
  readonly needed: number | null;
  readonly asked: PlanPoint;
  /**
   * Variants with the allowed dose, each with one change of the protocol; empty where the protocol itself is
   * within the limit.
   */
  readonly alternatives: readonly PlanPoint[];
  /** Time of beam on one spot after which the limit is reached, s. */
  readonly longest: number;
  /** Lowest dose (Gy) with the required signal, reached by attenuation; null where no signal is required. */
  readonly leastDose: number | null;
  readonly feasible: boolean;
  /** Dose and signal as functions of the attenuation, for figures. */
  readonly curve: {
    readonly attenuation: Float64Array;
    readonly dose: Float64Array;
    readonly edgeToNoise: Float64Array;
  };
  readonly verdict: string;
}
