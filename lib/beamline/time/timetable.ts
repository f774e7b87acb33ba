// The timetable: start and end of rest, charge, hold, and beam on each spot, from the timeline of the plan.
// All times are in s since the start of the charge.
import { PROTOCOL } from "../parameters.js";
import type { Interval } from "../plans/beam-log.js";
import { experiment } from "../plans/experiment.js";
import { PAPER_C_RATE, programOf, type Timing } from "../plans/protocol.js";
import { timeline } from "../plans/timeline.js";

/** The times of one experiment, s unless stated otherwise. */
export interface Timetable {
  /** First beam on spot C: open circuit. */
  readonly ocvStart: number;
  /** Time to remove one Li per formula unit. */
  readonly chargeTime: number;
  /** Li removed at the end of the charge. */
  readonly finalLithium: number;
  /** mA */
  readonly current: number;
  /** End of the charge and start of the hold. */
  readonly holdStart: number;
  readonly holdEnd: number;
  /** Number of cubes from the start of the charge, and the end of the last one. */
  readonly chargeCubes: number;
  readonly chargeCubesEnd: number;
  /** Start of the cubes at 4.3 V at each spot; the fresh spots come first. */
  readonly holdCubes: Readonly<Record<string, number>>;
  /** Every interval with the whole beam on a spot of the electrode. */
  readonly exposure: readonly Interval[];
  /** Every interval with the beam of the ion chambers on a spot, limited by the slits. */
  readonly chambers: readonly Interval[];
}

/** mA at {@link PAPER_C_RATE}. */
const CURRENT = 0.375;

/** Timetable of a configuration: that of the paper, with the duration of the charge from the C-rate. */
export function timetableOf(configuration: Timing): Timetable {
  const { ocvStart, chargeTime, holdStart, holdEnd, chargeEnd } = programOf(configuration);
  const { collected, exposure, chambers } = timeline(experiment(configuration));
  const holds = collected.flatMap(({ parts, target, start }) =>
    parts[0]?.startsWith("hold") ? [[target, start] as const] : [],
  );
  return {
    ocvStart,
    chargeTime,
    finalLithium: PROTOCOL.finalLithium,
    current: (CURRENT * (configuration.cRate ?? PAPER_C_RATE)) / PAPER_C_RATE,
    holdStart,
    holdEnd,
    chargeCubes: collected
      .filter(({ parts }) => parts[0]?.startsWith("charge"))
      .reduce((sum, { cubes }) => sum + cubes, 0),
    chargeCubesEnd: chargeEnd,
    holdCubes: Object.fromEntries(holds),
    exposure,
    chambers,
  };
}

/**
 * Beam on a spot before its cubes at 4.3 V, which show its effect; adjacent intervals are joined.
 *
 * @returns in order of time; empty for a fresh spot
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
