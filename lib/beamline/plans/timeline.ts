// Timeline: start and end of recorded cubes and of beam on each spot, from the messages of a plan.
import { DataError, quote } from "../../errors.js";
import { BeamLog, type Interval } from "./beam-log.js";
import type { Message } from "./message.js";
import type { PartName } from "./parts.js";

/** Cubes that are recorded without a pause. */
export interface Collected {
  /** Parts of the cubes; empty if they are not kept. */
  readonly parts: readonly PartName[];
  /** Target in the beam: I0, foil, A, B or C. */
  readonly target: string;
  readonly start: number;
  readonly end: number;
  readonly cubes: number;
}

/** Times of a plan, s since the start of the charge. */
export interface Timeline {
  readonly start: number;
  readonly end: number;
  readonly collected: readonly Collected[];
  /** Every interval with the whole beam on a spot of the electrode, recorded or not. */
  readonly exposure: readonly Interval[];
  /** Every interval with the beam of the ion chambers, 0.5 x 0.5 mm2, on a spot. */
  readonly chambers: readonly Interval[];
}

/**
 * Timeline of a plan. Moves take no time here: a time that is waited for follows each, and `runPlan` checks
 * whether the devices are ready by then.
 *
 * @throws DataError when the plan waits for a time in the past
 */
export function timeline(messages: Iterable<Message>): Timeline {
  const log = new BeamLog();
  const collected: Collected[] = [];
  let start = Number.NaN;
  let time = Number.NEGATIVE_INFINITY;
  for (const message of messages) {
    if (message.command === "until") {
      late("timeline", message.time, time);
      time = message.time;
      if (Number.isNaN(start)) start = time;
    } else if (message.command === "wait") time += message.seconds;
    else if (message.command === "collect") {
      const { parts, cubes, period } = message;
      const end = time + cubes * period;
      collected.push({ parts, target: log.target, start: time, end, cubes });
      time = end;
    } else if (message.command === "set") log.note(message, time);
    else if (message.command !== "trigger" && message.command !== "read") {
      throw new DataError(
        `timeline: expected messages made by set, trigger, read, wait, until and collect, got ${quote(message)}`,
      );
    }
  }
  if (!Number.isFinite(time)) {
    throw new DataError("timeline: expected a plan with a start time, got none; begin with until(time)");
  }
  log.end(time);
  return { start, end: time, collected, exposure: log.exposure, chambers: log.chambers };
}

/** @throws DataError for a time in the past */
export function late(call: string, due: number, now: number): void {
  if (due >= now - ROUNDING) return;
  throw new DataError(
    `${call}: expected to be done before ${due} s, got ${now} s; start the plan earlier, or shorten it`,
    { due, now },
  );
}

/** Tolerance for sums of times, s. */
const ROUNDING = 1e-6;
