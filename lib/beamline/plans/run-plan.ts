// Executes a plan on the devices of a beamline, on the clock of the beamline.

import { random } from "../../compute/random.js";
import { DataError, quote } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../options.js";
import type { Picture } from "../devices/camera.js";
import type { Device, Reading } from "../devices/device.js";
import { FRAME_RATE, FRAMES } from "../devices/monochromator.js";
import type { Rock } from "../rock.js";
import { BeamLog } from "./beam-log.js";
import type { CollectMessage, Message, SetMessage } from "./message.js";
import type { Plan } from "./plan.js";
import { type Collected, late, type Timeline } from "./timeline.js";

/** Events during the execution of a plan. */
export type PlanDocument =
  | { readonly kind: "start" | "stop"; readonly time: number; readonly plan: string }
  | {
      readonly kind: "reading";
      readonly time: number;
      readonly device: string;
      readonly data: Record<string, Reading>;
    }
  | { readonly kind: "picture"; readonly time: number; readonly picture: Picture }
  | { readonly kind: "collected"; readonly time: number; readonly collected: Collected };

/** Options of {@link runPlan}. */
export interface RunPlanOptions {
  /** Called for every event. */
  readonly onDocument?: (document: PlanDocument) => void;
  /** Seed of the noise of readings and pictures; default 1. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

const NAMES: OptionNames<RunPlanOptions> = { onDocument: true, seed: true, signal: true };

/**
 * Executes a plan: sets and triggers the devices, and advances the clock. Cubes take their time; `simulate`
 * writes their files from the same plan.
 *
 * @param beamline its clock must not be later than the start of the plan: `beamline(config, { clock:
 *   simulatedClock(start) })`
 * @returns the executed timeline, equal to that of `dryRun`
 * @throws DataError when the devices are not ready in time; ArgumentError for an invalid setting; the reason
 *   of the signal
 * @example
 * const plan = planOf("farther", {
 *   name: "spot A",
 *   messages: plans.onSpot({ spot: "A", at: 0, seconds: 60 }),
 * });
 * const rock = beamline("farther", { clock: simulatedClock(-600) });
 * const { exposure } = runPlan(plan, rock, { onDocument: (document) => document.kind });
 * exposure; // the intervals in which the whole beam was on a spot, s
 */
export function runPlan(plan: Plan, beamline: Rock, options: RunPlanOptions = {}): Timeline {
  const { onDocument = () => {}, seed = 1, signal } = checkOptions("runPlan", options, NAMES);
  const { clock } = beamline;
  const log = new BeamLog();
  const collected: Collected[] = [];
  const noise = random(seed, 0);
  let start: number | undefined;

  const perform: { readonly [C in Message["command"]]: (message: Extract<Message, { command: C }>) => void } =
    {
      set: (message) => {
        // The beam leaves a spot at the start of a move, and reaches the next at its end.
        if (message.device !== "shutter") log.end(clock.now());
        settable(beamline, message);
        log.note(message, clock.now());
      },
      trigger: ({ device }) => {
        if (device !== "camera") return beamline[device].trigger(noise);
        onDocument({ kind: "picture", time: clock.now(), picture: beamline.camera.trigger(seed) });
      },
      read: ({ device }) =>
        onDocument({ kind: "reading", time: clock.now(), device, data: (beamline[device] as Device).read() }),
      wait: ({ seconds }) => clock.advance(seconds),
      until: ({ time }) => {
        late("runPlan", time, clock.now());
        if (time > clock.now()) clock.advance(time - clock.now());
        if (start === undefined) onDocument({ kind: "start", time, plan: plan.name });
        start ??= time;
      },
      collect: (message) => {
        const done = sweep(message, clock.now(), log.target);
        // The plan ends with the last sweep of the monochromator.
        clock.advance((message.cubes - 1) * message.period + FRAMES / FRAME_RATE);
        collected.push(done);
        onDocument({ kind: "collected", time: clock.now(), collected: done });
      },
    };
  for (const message of plan.messages) {
    signal?.throwIfAborted();
    (perform[message.command] as (message: Message) => void)(message);
  }
  const end = clock.now();
  if (start === undefined) {
    throw new DataError(
      `runPlan: expected a plan with a start time, got ${quote(plan.name)} without one; begin with until(time)`,
    );
  }
  log.end(end);
  onDocument({ kind: "stop", time: end, plan: plan.name });
  return { start, end, collected, exposure: log.exposure, chambers: log.chambers };
}

/** The type of the message matches the device with its setting. */
function settable(beamline: Rock, { device, value }: SetMessage): void {
  (beamline[device] as { set(value: unknown): unknown }).set(value);
}

function sweep({ parts, cubes, period }: CollectMessage, start: number, target: string): Collected {
  return { parts, target, start, end: start + cubes * period, cubes };
}
