// Planner, the inverse of the dose calculation: changes of a protocol that keep it below a threshold, and the
// signal that remains.
import { ArgumentError, quote } from "../../errors.js";
import { type OptionNames, requireOptions } from "../../options.js";
import { inUnit } from "../../units.js";
import { thicknessFor } from "../attenuator.js";
import { Beam } from "../beam.js";
import { positive, whole } from "../check.js";
import { type Convention, checkConvention, DEFAULT_CONVENTION } from "../convention.js";
import { Material } from "../material.js";
import { Stack } from "../stack.js";
import { FEWEST, SignalModel } from "./signal.js";
import { type Threshold, thresholdOf } from "./thresholds.js";
import type { Plan, PlanOptions, PlanPoint, Protocol } from "./types.js";
import { planVerdict } from "./verdict.js";

/**
 * Exposure time, attenuation, beam size and number of fresh spots that keep an experiment below a damage
 * threshold, and its signal-to-noise ratio.
 *
 * The dose is that of `stack.dose` for the seconds of beam of the protocol, times `peak`. If it is above the
 * limit, each alternative changes one quantity so that the dose equals the limit. The signal is that of the
 * spectrum of one pixel, see {@link signalToNoise}. Effects of the dose rate at equal dose are not included.
 *
 * @throws ArgumentError for invalid numbers, an unknown threshold, a convention other than that of the
 *   threshold, or a protocol with a longer exposure than duration or more averaged cubes than cubes
 * @example
 * const beam = { energy: 8390, flux: 2e11, width: 1500, height: 800 }; // eV, photons/s, um
 * const protocol = {
 *   cubes: 1500,
 *   duration: 5 * 3600,
 *   exposure: 1 / 200,
 *   edge: 8333,
 *   average: 10,
 *   flats: 100,
 * };
 * const detector = { pixelSize: 6.5, efficiency: 0.4, binned: 16 };
 * const plan = planExperiment({
 *   stack: rockCell(),
 *   beam,
 *   threshold: "LiNiO2",
 *   margin: 0.8,
 *   protocol,
 *   detector,
 * });
 * plan.longest / 60; // 177 min on one spot
 * plan.alternatives.find(({ name }) => name === "fresh spots")?.spots; // 2
 */
export function planExperiment(input: PlanOptions): Plan {
  const given = requireOptions(CALL, input, NAMES);
  const stack = Stack.from(given.stack);
  const beam = Beam.from(given.beam);
  const threshold = thresholdOf(CALL, given.threshold);
  const convention = conventionOf(threshold, given.convention);
  const { margin = 1, peak = 1, signal: needed = null } = given;
  positive(CALL, "margin", margin, "(a fraction of the threshold)");
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
  // A dose equal to the limit needs one spot.
  const spots = Math.ceil(excess * (1 - 1e-12));
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
            cubes: Math.floor(protocol.cubes / spots),
          }),
        ];
  const plan: Omit<Plan, "verdict"> = {
    threshold,
    limit,
    convention,
    needed,
    asked,
    alternatives,
    longest: limit / doseRate,
    leastDose: needed === null ? null : model.fluenceFor(needed) * asked.dose,
    feasible: asked.feasible,
    curve: curveOf(model, asked.dose),
  };
  return { ...plan, verdict: planVerdict(plan) };
}

interface Change {
  readonly name: string;
  readonly duration: number;
  readonly cubes: number;
  /** Factor of the flux. */
  readonly fluence: number;
  /** Factor of the cross section of the beam. */
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
const NAMES: OptionNames<PlanOptions> = {
  stack: true,
  beam: true,
  threshold: true,
  protocol: true,
  detector: true,
  signal: true,
  margin: true,
  peak: true,
  convention: true,
};
const PROTOCOL: OptionNames<Protocol> = {
  cubes: true,
  duration: true,
  exposure: true,
  average: true,
  flats: true,
  edge: true,
};

const ALUMINIUM = new Material({ formula: "Al", density: 2.699 });

/** Center of the energies of the beam, eV. */
function energyOf({ lines }: Beam): number {
  return lines.reduce((sum, { energy }) => sum + energy, 0) / lines.length;
}

function pointOf(change: Change, { beam, doseRate, model, limit, needed }: Situation): PlanPoint {
  const { name, duration, cubes, fluence, area, spots } = change;
  const density = fluence / area;
  const signal = model.at(density, cubes);
  const binned = Math.ceil((needed ?? 0) / signal.edgeToNoise);
  const average = Math.ceil(((needed ?? 0) / signal.edgeToNoise) ** 2);
  const visible = cubes >= 1 && signal.quanta.i >= FEWEST;
  const dose = doseRate * density * duration;
  const kept = dose <= limit * (1 + 1e-9);
  const short = needed !== null && visible && signal.edgeToNoise < needed;
  return {
    name,
    duration,
    cubes,
    attenuation: fluence,
    aluminium: fluence < 1 ? thicknessFor(ALUMINIUM, { transmission: fluence, energy: energyOf(beam) }) : 0,
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
            average: average * model.average <= cubes ? average : null,
            // Binning b x b pixels collects the quanta of b^2 pixels, with the read noise of b^2 times the
            // raw pixels. It is equivalent to averaging b^2 cubes and flat fields.
            bin:
              binned * model.pixelSize <= Math.sqrt(area) * Math.min(beam.width, beam.height) ? binned : null,
          }
        : null,
  };
}

// Doses in different conventions cannot be compared.
function conventionOf(threshold: Threshold, option: Convention | undefined): Convention {
  const convention = checkConvention(CALL, option ?? threshold.convention ?? DEFAULT_CONVENTION);
  if (threshold.convention === null || threshold.convention === convention) return convention;
  throw new ArgumentError(
    `${CALL}: expected convention ${threshold.convention}, that of the threshold ${threshold.name}, got ${quote(convention)}; give the threshold as { dose, source } in your convention`,
    { convention },
  );
}

function curveOf(model: SignalModel, dose: number): Plan["curve"] {
  // Down to 1e-4.
  const all = Float64Array.from({ length: 81 }, (_, i) => 10 ** (-i / 20));
  const attenuation = all.filter((a) => model.at(a).quanta.i >= FEWEST);
  return {
    attenuation,
    dose: attenuation.map((a) => a * dose),
    edgeToNoise: attenuation.map((a) => model.at(a).edgeToNoise),
  };
}

function checkProtocol(protocol: Protocol): Protocol {
  const given = requireOptions(`${CALL}, protocol`, protocol, PROTOCOL);
  whole(CALL, "protocol.cubes", given.cubes, "cubes");
  for (const name of ["duration", "exposure"] as const) {
    inUnit(CALL, `protocol.${name}`, "time", positive(CALL, `protocol.${name}`, given[name], "s"));
  }
  if (given.cubes * given.exposure > given.duration) {
    throw new ArgumentError(
      `${CALL}: expected a duration of at least ${given.cubes} cubes of ${given.exposure} s, got ${quote(given.duration)} s`,
      { duration: given.duration },
    );
  }
  if ((given.average ?? 1) > given.cubes) {
    throw new ArgumentError(
      `${CALL}: expected protocol.average of at most the ${given.cubes} cubes of the protocol, got ${quote(given.average)}`,
      { average: given.average },
    );
  }
  return given;
}
