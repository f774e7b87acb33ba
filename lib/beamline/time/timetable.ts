// The timetable: start and end of rest, charge, hold, and beam on each spot, from the timeline of the plan. All times are
// in s since the start of the charge.
import { PROTOCOL } from "../parameters.js";
import type { Interval } from "../plans/beam-log.js";
import { experiment } from "../plans/experiment.js";
import { PAPER_C_RATE, programOf, type Timing } from "../plans/protocol.js";
import { timeline } from "../plans/timeline.js";

/** The times of one experiment, s unless stated otherwise. */
export interface Timetable {
  /** Beam on spot C begins: open circuit. */
  readonly ocvStart: number;
  /** Time that removes one Li per formula unit. */
  readonly chargeTime: number;
  /** Li removed when the charge ends. */
  readonly finalLithium: number;
  /** mA */
  readonly current: number;
  /** The charge ends and the hold begins. */
  readonly holdStart: number;
  readonly holdEnd: number;
  /** Cubes recorded from the start of the charge, and when the last of them ends. */
  readonly chargeCubes: number;
  readonly chargeCubesEnd: number;
  /** When the cubes at 4.3 V start at each spot; the fresh spots come first. */
  readonly holdCubes: Readonly<Record<string, number>>;
  /** Every interval with the whole beam on a spot of the electrode. */
  readonly exposure: readonly Interval[];
  /** Every interval with the ion chambers' beam on a spot, cut by the slits. */
  readonly chambers: readonly Interval[];
}

/** mA at {@link PAPER_C_RATE}. */
const CURRENT = 0.375;

/** The timetable of a configuration: the paper's, with a charge as long as the C-rate makes it. */
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
