// What the planner is asked and what it answers.
import type { Beam, BeamOptions } from "../beam.js";
import type { Convention } from "../convention.js";
import type { Stack, StackJson } from "../stack.js";
import type { Counting, Detector, Signal } from "./signal.js";
import type { Threshold, ThresholdLike } from "./thresholds.js";

/** What is to be done in the beam. */
export interface Protocol extends Counting {
  /** Cubes that are recorded. */
  readonly cubes: number;
  /** Seconds of beam on the spot in all, recorded or not. */
  readonly duration: number;
}

/** What is asked of {@link planExperiment}. */
export interface PlanOptions {
  readonly stack: Stack | StackJson;
  /** As it meets the stack, without attenuators that are still to be chosen. Its own `exposure` does not count. */
  readonly beam: Beam | BeamOptions;
  readonly threshold: ThresholdLike;
  readonly protocol: Protocol;
  readonly detector: Detector;
  /** Edge step to noise that is needed at least; default: whatever is left. */
  readonly signal?: number;
  /** Share of the threshold that is used, 0..1; default 1. For the lower end of a dose budget: 1 / (1 + 2 u). */
  readonly margin?: number;
  /** Dose rate of the brightest pixel over the mean of the beam; default 1, an even beam. The dose is the brightest pixel's. */
  readonly peak?: number;
  /** Of the dose; default porous. A threshold whose own convention is known is compared in that one only. */
  readonly convention?: Convention;
}

/** One way to do the experiment. */
export interface PlanPoint {
  /** `as asked`, `shorter`, `attenuate`, `widen`, `fresh spots`. */
  readonly name: string;
  /** Seconds of beam on each spot. */
  readonly duration: number;
  /** Whole cubes of each spot. */
  readonly cubes: number;
  /** Share of the flux that is used: 1 without attenuator. */
  readonly attenuation: number;
  /** um of aluminium that let so much through at the beam's (mean) energy; 0 where nothing is taken away. */
  readonly aluminium: number;
  /** um, of the beam. */
  readonly width: number;
  readonly height: number;
  /** Fresh spots, one after the other; each sees its part of the protocol. */
  readonly spots: number;
  /** Gy/s and Gy in the brightest pixel of each spot. */
  readonly doseRate: number;
  readonly dose: number;
  /** What is left to be seen, averaging no more cubes than a spot has; null without a whole cube, or with too few quanta. */
  readonly signal: Signal | null;
  /** Dose within the limit, and signal as needed. */
  readonly feasible: boolean;
  /** What would bring the signal to what is needed, where the dose is kept but the signal is not; null where it is enough. */
  readonly remedy: {
    /** So many times as many cubes and flats averaged; null where the spot has not that many cubes. */
    readonly average: number | null;
    /** Or so many times as many pixels binned along each side; null where the beam is not as large. */
    readonly bin: number | null;
  } | null;
}

/** The answer. */
export interface Plan {
  readonly threshold: Threshold;
  /** Gy that are allowed: margin times threshold. */
  readonly limit: number;
  readonly convention: Convention;
  /** Edge step to noise that was asked for; null where none was. */
  readonly needed: number | null;
  readonly asked: PlanPoint;
  /** Each keeps the dose, by one change of the protocol; empty where the protocol keeps it as it is. */
  readonly alternatives: readonly PlanPoint[];
  /** Seconds of beam on one spot after which the limit is reached. */
  readonly longest: number;
  /** The least dose (Gy) at which the protocol gives the signal that is needed, by attenuating; null where none was asked for. */
  readonly leastDose: number | null;
  readonly feasible: boolean;
  /** The trade of dose against signal along the attenuation, for figures. */
  readonly curve: {
    readonly attenuation: Float64Array;
    readonly dose: Float64Array;
    readonly edgeToNoise: Float64Array;
  };
  readonly verdict: string;
}
