// The protocol: counts and times of the paper's experiment, and their variations. All plans use these
// numbers.
import { ArgumentError, quote } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { PROTOCOL } from "../parameters.js";

/** C-rate, 1/h: one Li in four hours. */
export const PAPER_C_RATE = 0.25;

/**
 * Cubes of I0 and of the Ni foil: with the 11 s per cube of {@link PROTOCOL} they take 220 s, the 3.67 min of
 * the paper.
 */
export const REFERENCE_CUBES = 20;

/** Cubes at open circuit and of each spot at 4.3 V. */
export const STATIC_CUBES = 120;

/** Frames of the dark: one exposure each, without beam. */
export const DARK_FRAMES = 20;

/** Time of the ion chambers at each spot, s: the 22 min of the paper. */
export const CHAMBER_TIME = 1320;

/**
 * Fresh spots that are recorded during the hold, and the start of their cubes, s after the start of the hold.
 */
export const FRESH_SPOTS = { A: 5076, B: 7176 } as const;

/**
 * Time for which the charge is still recorded after 4.3 V, s: 1400 cubes take 15,400 s, the charge 13,824 s.
 */
const OVERRUN = PROTOCOL.chargeCubes * PROTOCOL.cubePeriod - PROTOCOL.finalLithium * PROTOCOL.chargeTime;

/** A spot of the electrode. */
export type Spot = "A" | "B" | "C";

/** Possible variations of the protocol. */
export interface Variation {
  /**
   * Number of cubes of the charge, evenly distributed. The beam stays on between them: the dose is the same.
   */
  readonly chargeCubes?: number;
  /** Number of bursts of ten cubes in which the charge is recorded; the shutter is closed between them. */
  readonly bursts?: number;
  /** Spots that are recorded during the charge, one after the other. Default spot C alone. */
  readonly chargeSpots?: readonly Spot[];
}

/** Part of a `Configuration` that determines the times of an experiment. */
export interface Timing {
  /** 1/h */
  readonly cRate?: number;
  readonly protocol?: Variation;
}

/** The numbers of one experiment; times in s since the start of the charge. */
export interface Program {
  /** First beam on the electrode: open circuit. */
  readonly ocvStart: number;
  /** Time to remove one Li per formula unit. */
  readonly chargeTime: number;
  readonly holdStart: number;
  readonly holdEnd: number;
  /** Pieces in which the charge is recorded. */
  readonly charge: readonly {
    readonly spot: Spot;
    readonly at: number;
    readonly cubes: number;
    readonly period: number;
  }[];
  /** End of the recording of the charge. */
  readonly chargeEnd: number;
}

/** Numbers of a configuration: those of the paper, with the duration of the charge from the C-rate. */
export function programOf({ cRate = PAPER_C_RATE, protocol = {} }: Timing): Program {
  const slower = PAPER_C_RATE / cRate;
  const chargeTime = PROTOCOL.chargeTime * slower;
  const holdStart = PROTOCOL.finalLithium * chargeTime;
  const { cubePeriod, holdTime, ocvTime } = PROTOCOL;
  // The recording of a slower charge does not extend further into the hold, so that the cubes of the hold
  // have their time.
  const most = Math.floor((holdStart + OVERRUN) / cubePeriod);
  const cubes = Math.min(Math.round(PROTOCOL.chargeCubes * slower), most);
  return {
    ocvStart: -ocvTime,
    chargeTime,
    holdStart,
    holdEnd: holdStart + holdTime,
    charge: pieces(cubes, protocol),
    chargeEnd: cubes * cubePeriod,
  };
}

/**
 * Checks a variation.
 *
 * @throws ArgumentError for an invalid variation, or one that records nothing
 */
export function checkVariation(variation: unknown, call: string): void {
  const refuse = (expected: string, got: unknown): never => {
    throw new ArgumentError(`${call}: expected ${expected}, got ${quote(got)}`, { protocol: variation });
  };
  if (typeof variation !== "object" || variation === null || Array.isArray(variation)) {
    refuse(`protocol as { ${Object.keys(NAMES).join(", ")} }`, variation);
  }
  const { chargeCubes, bursts, chargeSpots } = checkOptions(
    `${call}, protocol`,
    variation as Variation,
    NAMES,
  );
  const whole = (n: unknown, most: number) =>
    Number.isInteger(n) && (n as number) > 0 && (n as number) <= most;
  if (chargeCubes !== undefined && !whole(chargeCubes, PROTOCOL.chargeCubes)) {
    refuse(`protocol.chargeCubes as a whole number, 1 to ${PROTOCOL.chargeCubes}`, chargeCubes);
  }
  if (bursts !== undefined && !whole(bursts, PROTOCOL.chargeCubes / BURST)) {
    refuse(`protocol.bursts as a whole number, 1 to ${PROTOCOL.chargeCubes / BURST}`, bursts);
  }
  if (chargeSpots !== undefined) {
    const known = Array.isArray(chargeSpots) && chargeSpots.every((spot) => SPOTS.includes(spot));
    if (!known || chargeSpots.length === 0 || new Set(chargeSpots).size < chargeSpots.length) {
      refuse(`protocol.chargeSpots as some of ${SPOTS.join(", ")}, each once`, chargeSpots);
    }
  }
  if ([chargeCubes, bursts, chargeSpots].filter((value) => value !== undefined).length > 1) {
    refuse(`protocol with one of ${Object.keys(NAMES).join(", ")}`, variation);
  }
}

/** Text of a variation in a title. */
export function variationTitle({ chargeCubes, bursts, chargeSpots }: Variation): string {
  if (bursts !== undefined)
    return `charge recorded in ${bursts} bursts of ${BURST} cubes, beam off between them`;
  if (chargeSpots !== undefined) return `charge recorded at spots ${chargeSpots.join(", ")} in turn`;
  return `${chargeCubes} cubes of the charge`;
}

const SPOTS: readonly string[] = ["A", "B", "C"];
const NAMES: OptionNames<Variation> = { chargeCubes: true, bursts: true, chargeSpots: true };

/** Cubes of a burst: as long as a step of the kinetics. */
const BURST = PROTOCOL.step / PROTOCOL.cubePeriod;

/** @param cubes number that fits into the time of the charge */
function pieces(cubes: number, { chargeCubes, bursts, chargeSpots = ["C"] }: Variation): Program["charge"] {
  const period = PROTOCOL.cubePeriod;
  if (bursts !== undefined) {
    const slots = Math.floor(cubes / BURST);
    const n = Math.min(bursts, slots);
    return Array.from({ length: n }, (_, i) => ({
      spot: "C" as const,
      at: Math.floor((i * slots) / n) * PROTOCOL.step,
      cubes: BURST,
      period,
    }));
  }
  if (chargeCubes !== undefined) {
    const n = Math.min(chargeCubes, cubes);
    return [{ spot: "C", at: 0, cubes: n, period: (cubes * period) / n }];
  }
  return chargeSpots.flatMap((spot, i) => {
    const last = Math.floor(((i + 1) * cubes) / chargeSpots.length);
    // The stage moves during the time of one cube. Before the charge it is at spot C.
    const moves = spot === (i === 0 ? "C" : chargeSpots[i - 1]) ? 0 : 1;
    const first = Math.floor((i * cubes) / chargeSpots.length) + moves;
    return last > first ? [{ spot, at: first * period, cubes: last - first, period }] : [];
  });
}
