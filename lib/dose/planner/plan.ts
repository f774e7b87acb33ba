// The inverse of the dose calculator: what keeps a protocol below a threshold, and what can still be seen then.
import { ArgumentError, quote } from "../../errors.js";
import { Beam, type BeamOptions } from "../beam.js";
import { options, positive } from "../check.js";
import { type Convention, checkConvention, DEFAULT_CONVENTION } from "../convention.js";
import { Stack, type StackJson } from "../stack.js";
import { type Counting, type Detector, FEWEST, type Signal, SignalModel } from "./signal.js";
import { type Threshold, type ThresholdLike, thresholdOf } from "./thresholds.js";
import { planVerdict } from "./words.js";

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
  /** Default: the threshold's own where it is known, otherwise porous. */
  readonly convention?: Convention;
}

/** One way to do the experiment. */
export interface PlanPoint {
  /** `as asked`, `shorter`, `attenuate`, `widen`, `fresh spots`. */
  readonly name: string;
  /** Seconds of beam on each spot. */
  readonly duration: number;
  /** Cubes of each spot. */
  readonly cubes: number;
  /** Share of the flux that is used: 1 without attenuator. */
  readonly attenuation: number;
  /** um, of the beam. */
  readonly width: number;
  readonly height: number;
  /** Fresh spots, one after the other; each sees its part of the protocol. */
  readonly spots: number;
  /** Gy/s and Gy in the brightest pixel of each spot. */
  readonly doseRate: number;
  readonly dose: number;
  /** What is left to be seen; null where too few quanta arrive for an absorbance at all. */
  readonly signal: Signal | null;
  /** Dose within the limit, and signal as needed. */
  readonly feasible: boolean;
  /** What brings the signal to what is needed, where the dose is kept but the signal is not; null where it is enough. */
  readonly remedy: {
    /** Average so many times as many cubes and flats, or bin so many times as many pixels along each side. */
    readonly average: number;
    readonly bin: number;
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

/**
 * How long, how much attenuated, how wide, on how many fresh spots, and with which signal-to-noise ratio an experiment stays
 * below a damage threshold.
 *
 * The dose is that of `stack.dose` for the protocol's seconds of beam, times `peak`. Where the protocol gives more than the
 * limit, each alternative changes one thing so that it just keeps it. The signal is that of one pixel's spectrum,
 * {@link signalToNoise}; what the beam does at a given dose rate beyond its dose is not in it.
 *
 * @throws ArgumentError for numbers that mean nothing, an unknown threshold, or a protocol that counts longer than it lasts
 */
export function planExperiment(input: PlanOptions): Plan {
  const given = options(CALL, input, `{ ${KEYS.join(", ")} }`, KEYS);
  const stack = Stack.from(options(CALL, given.stack, "a stack"));
  const beam = Beam.from(options(CALL, given.beam, "a beam"));
  const threshold = thresholdOf(CALL, given.threshold);
  const convention = checkConvention(CALL, given.convention ?? threshold.convention ?? DEFAULT_CONVENTION);
  const { margin = 1, peak = 1, signal: needed = null } = given;
  positive(CALL, "margin", margin, "(a share of the threshold)");
  if (margin > 1)
    throw new ArgumentError(`${CALL}: expected margin up to 1, got ${quote(margin)}`, { margin });
  positive(CALL, "peak", peak, "(brightest pixel to mean)");
  if (needed !== null) positive(CALL, "signal", needed, "(edge step to noise)");
  const protocol = checkProtocol(given.protocol);
  const model = new SignalModel(CALL, stack, beam, given.detector, {
    exposure: protocol.exposure,
    edge: protocol.edge,
    average: protocol.average,
    flats: protocol.flats,
  });
  const limit = margin * threshold.dose;
  const doses = stack.dose(beam)[stack.layers.indexOf(stack.absorber)].doseRate;
  const doseRate = peak * (convention === "phase" ? doses.phase.solid : doses[convention]);
  if (!(doseRate > 0)) {
    throw new ArgumentError(
      `${CALL}: expected a beam that deposits a dose, got ${doseRate} Gy/s; check the flux`,
    );
  }
  const base: Change = {
    name: "as asked",
    duration: protocol.duration,
    cubes: protocol.cubes,
    fluence: 1,
    area: 1,
    spots: 1,
  };
  const point = (change: Partial<Change>): PlanPoint =>
    pointOf({ ...base, ...change }, { beam, doseRate, model, limit, needed });
  const asked = point({});
  const excess = asked.dose / limit;
  const spots = Math.ceil(excess * (1 - 1e-12)); // exactly at the limit is one spot
  const alternatives =
    excess <= 1
      ? []
      : [
          point({
            name: "shorter",
            duration: protocol.duration / excess,
            cubes: Math.floor(protocol.cubes / excess),
          }),
          point({ name: "attenuate", fluence: 1 / excess }),
          point({ name: "widen", area: excess }),
          point({
            name: "fresh spots",
            spots,
            duration: protocol.duration / spots,
            cubes: Math.ceil(protocol.cubes / spots),
          }),
        ];
  const least = needed === null ? null : leastFluence(model, needed);
  const plan: Omit<Plan, "verdict"> = {
    threshold,
    limit,
    convention,
    needed,
    asked,
    alternatives,
    longest: limit / doseRate,
    leastDose: least === null ? null : least * asked.dose,
    feasible: asked.feasible,
    curve: curveOf(model, asked.dose),
  };
  return { ...plan, verdict: planVerdict(plan) };
}

interface Change {
  readonly name: string;
  readonly duration: number;
  readonly cubes: number;
  /** Factor on the flux. */
  readonly fluence: number;
  /** Factor on the beam's cross section. */
  readonly area: number;
  readonly spots: number;
}

interface Situation {
  readonly beam: Beam;
  readonly doseRate: number;
  readonly model: SignalModel;
  readonly limit: number;
  readonly needed: number | null;
}

const CALL = "planExperiment";
const KEYS = ["stack", "beam", "threshold", "protocol", "detector", "signal", "margin", "peak", "convention"];

function pointOf(change: Change, { beam, doseRate, model, limit, needed }: Situation): PlanPoint {
  const { name, duration, cubes, fluence, area, spots } = change;
  const density = fluence / area;
  const signal = model.at(density);
  const visible = signal.quanta.i >= FEWEST;
  const dose = doseRate * density * duration;
  const kept = dose <= limit * (1 + 1e-9);
  const short = needed !== null && visible && signal.edgeToNoise < needed;
  return {
    name,
    duration,
    cubes,
    attenuation: fluence,
    width: beam.width * Math.sqrt(area),
    height: beam.height * Math.sqrt(area),
    spots,
    doseRate: doseRate * density,
    dose,
    signal: visible ? signal : null,
    feasible: kept && visible && !short,
    remedy:
      kept && short
        ? {
            average: Math.ceil((needed / signal.edgeToNoise) ** 2),
            bin: binning(model, density, needed),
          }
        : null,
  };
}

// Binning b x b pixels is b^2 times the quanta with b^2 times the raw pixels: as averaging b^2 cubes and flats.
function binning(model: SignalModel, density: number, needed: number): number {
  return Math.ceil(needed / model.at(density).edgeToNoise);
}

// The noise falls steadily with the fluence: bisection on the logarithm.
function leastFluence(model: SignalModel, needed: number): number {
  let [low, high] = [1e-12, 1e12];
  for (let round = 0; round < 200 && high / low > 1 + 1e-12; round++) {
    const middle = Math.sqrt(low * high);
    if (model.at(middle).edgeToNoise < needed) low = middle;
    else high = middle;
  }
  return high;
}

function curveOf(model: SignalModel, dose: number): Plan["curve"] {
  const all = Float64Array.from({ length: 81 }, (_, i) => 10 ** (-i / 20)); // down to 1e-4
  const attenuation = all.filter((a) => model.at(a).quanta.i >= FEWEST);
  return {
    attenuation,
    dose: attenuation.map((a) => a * dose),
    edgeToNoise: attenuation.map((a) => model.at(a).edgeToNoise),
  };
}

function checkProtocol(protocol: Protocol): Protocol {
  const known = ["cubes", "duration", "exposure", "average", "flats", "edge"];
  const given = options(
    CALL,
    protocol,
    "protocol { cubes, duration, exposure, edge, average?, flats? }",
    known,
  );
  positive(CALL, "protocol.cubes", given.cubes, "cubes");
  positive(CALL, "protocol.duration", given.duration, "s");
  positive(CALL, "protocol.exposure", given.exposure, "s");
  if (given.cubes * given.exposure > given.duration) {
    throw new ArgumentError(
      `${CALL}: expected a duration of at least ${given.cubes} cubes of ${given.exposure} s, got ${quote(given.duration)} s`,
      { duration: given.duration },
    );
  }
  return given;
}
