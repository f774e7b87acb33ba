// When things happen in an experiment: rest, charge, hold, and the beam on each spot. All times in s since the start of the
// charge.
import type { Configuration } from "./configurations.js";
import { PROTOCOL } from "./parameters.js";

/** An uninterrupted time of the beam on a spot, recording or not. */
export interface Interval {
  readonly spot: string;
  readonly start: number;
  readonly end: number;
}

/** The times of one experiment, s where nothing else is said. */
export interface Timetable {
  /** Beam on spot C begins: open circuit. */
  readonly ocvStart: number;
  /** What removes one Li a formula unit. */
  readonly chargeTime: number;
  /** Li removed when the charge ends. */
  readonly finalLithium: number;
  /** mA */
  readonly current: number;
  /** The charge ends and the hold begins. */
  readonly holdStart: number;
  readonly holdEnd: number;
  /** Cubes recorded on spot C from the start of the charge, and when the last of them ends. */
  readonly chargeCubes: number;
  readonly chargeCubesEnd: number;
  /** When the cubes at 4.3 V start at each spot; the fresh spots come first. */
  readonly holdCubes: Readonly<Record<string, number>>;
  /** Every interval with beam on a spot of the electrode. */
  readonly exposure: readonly Interval[];
}

/** C-rate of the paper, 1/h: one Li in four hours. */
export const PAPER_C_RATE = 0.25;

/** mA at {@link PAPER_C_RATE}. */
const CURRENT = 0.375;

/** When the cubes on the fresh spots start, s after the hold: the references and the ion chambers come between. */
const FRESH_CUBES = { A: 5076, B: 7176 };

/** The timetable of a configuration: the paper's, with a charge as long as the C-rate makes it. */
export function timetableOf({ cRate = PAPER_C_RATE }: Pick<Configuration, "cRate">): Timetable {
  const slower = PAPER_C_RATE / cRate;
  const chargeTime = PROTOCOL.chargeTime * slower;
  const holdStart = PROTOCOL.finalLithium * chargeTime;
  const holdEnd = holdStart + PROTOCOL.holdTime;
  const chargeCubes = Math.round(PROTOCOL.chargeCubes * slower);
  const chargeCubesEnd = chargeCubes * PROTOCOL.cubePeriod;
  const holdCubes = {
    A: holdStart + FRESH_CUBES.A,
    B: holdStart + FRESH_CUBES.B,
    C: holdEnd - PROTOCOL.holdCubesBefore,
  };
  return {
    ocvStart: -PROTOCOL.ocvTime,
    chargeTime,
    finalLithium: PROTOCOL.finalLithium,
    current: CURRENT / slower,
    holdStart,
    holdEnd,
    chargeCubes,
    chargeCubesEnd,
    holdCubes,
    exposure: [
      { spot: "C", start: -PROTOCOL.ocvTime, end: 0 },
      { spot: "C", start: 0, end: chargeCubesEnd },
      ...Object.entries(holdCubes).map(([spot, start]) => ({
        spot,
        start,
        end: start + PROTOCOL.holdCubesTime,
      })),
    ],
  };
}

/**
 * The beam on a spot before its cubes at 4.3 V, which show what it has done; adjoining intervals are joined.
 *
 * @returns in order of time; empty for a spot that is fresh when it is recorded
 */
export function pastOf(spot: string, { exposure, holdCubes }: Timetable): Interval[] {
  const recorded = holdCubes[spot] ?? Number.POSITIVE_INFINITY;
  const out: Interval[] = [];
  for (const interval of exposure) {
    if (interval.spot !== spot || interval.start >= recorded) continue;
    const last = out.at(-1);
    if (last?.end === interval.start) out[out.length - 1] = { ...last, end: interval.end };
    else out.push(interval);
  }
  return out;
}
