// Messages of a plan: one action of one device each. They are plain frozen data, so that a plan can be
// printed, counted and changed.
import { ArgumentError, quote } from "../../errors.js";
import { TARGETS, type Target } from "../devices/sample-stage.js";
import { PART_NAMES, type PartName } from "./parts.js";

/** Devices that a plan sets, with their settings. */
export interface Settings {
  readonly shutter: "open" | "closed";
  readonly sampleStage: Target;
  readonly cameraStage: "in" | "out";
  readonly slits: "open" | readonly [number, number];
  readonly attenuator: number;
  readonly monochromator: number;
}

/** Devices that a plan triggers. */
export type Detector = "camera" | "ring" | "i0" | "i1" | "i2" | "potentiostat";

type DeviceName = keyof Settings;

/** Moves a device, and waits until it arrives. */
export interface SetMessage {
  readonly command: "set";
  readonly device: DeviceName;
  readonly value: Settings[DeviceName];
}

/** Triggers one measurement of a device. */
export interface TriggerMessage {
  readonly command: "trigger";
  readonly device: Detector;
}

/** Reads all values of a device. */
export interface ReadMessage {
  readonly command: "read";
  readonly device: DeviceName | Detector;
}

/** Waits for a number of seconds. */
export interface WaitMessage {
  readonly command: "wait";
  readonly seconds: number;
}

/**
 * Waits for a time of the experiment's clock, s since the start of the charge. Earlier messages must be
 * complete by then.
 */
export interface UntilMessage {
  readonly command: "until";
  readonly time: number;
}

/** Records cubes while the monochromator scans. */
export interface CollectMessage {
  readonly command: "collect";
  /** Part of the cubes, or several that are cut from the same frames; none where they are not kept. */
  readonly parts: readonly PartName[];
  readonly cubes: number;
  /** Time between the starts of two cubes, s. */
  readonly period: number;
}

/** One step of a plan. */
export type Message = SetMessage | TriggerMessage | ReadMessage | WaitMessage | UntilMessage | CollectMessage;

/** A plan or a part of one, as a generator of messages. */
export type Messages = Generator<Message, void, void>;

/**
 * Moves a device. @throws ArgumentError for an unknown device, or an invalid setting
 *
 * @example
 * messages.set("sampleStage", "A"); // to the fresh spot A
 * messages.set("shutter", "open");
 */
export function set<D extends DeviceName>(device: D, value: Settings[D]): SetMessage {
  if (!Object.hasOwn(SETTINGS, device)) {
    throw new ArgumentError(
      `set: expected a device of ${Object.keys(SETTINGS).join(", ")}, got ${quote(device)}`,
      { device },
    );
  }
  const [expected, holds] = SETTINGS[device];
  if (!holds(value)) {
    throw new ArgumentError(`set: expected ${device} as ${expected}, got ${quote(value)}`, { device, value });
  }
  return Object.freeze({ command: "set", device, value });
}

/** Valid settings of each device in a plan; the device itself checks its range. */
const SETTINGS: Readonly<
  Record<DeviceName, readonly [expected: string, holds: (value: unknown) => boolean]>
> = {
  shutter: ['"open" or "closed"', (value) => value === "open" || value === "closed"],
  sampleStage: [`one of ${TARGETS.join(", ")}`, (value) => TARGETS.includes(value as Target)],
  cameraStage: ['"in" or "out"', (value) => value === "in" || value === "out"],
  slits: [
    '"open" or [width, height] in mm',
    (value) =>
      value === "open" ||
      (Array.isArray(value) && value.length === 2 && value.every((mm) => typeof mm === "number" && mm > 0)),
  ],
  attenuator: [
    "a fraction of the beam, 0 to below 1",
    (value) => typeof value === "number" && value >= 0 && value < 1,
  ],
  monochromator: ["an energy in eV", (value) => typeof value === "number" && value > 0],
};

const DETECTORS: readonly string[] = [
  "camera",
  "ring",
  "i0",
  "i1",
  "i2",
  "potentiostat",
] satisfies Detector[];

/**
 * Triggers a device. @throws ArgumentError for a device without measurements
 *
 * @example
 * messages.trigger("i0"); // counts once
 */
export function trigger(device: Detector): TriggerMessage {
  if (!DETECTORS.includes(device)) {
    throw new ArgumentError(`trigger: expected one of ${DETECTORS.join(", ")}, got ${quote(device)}`, {
      device,
    });
  }
  return Object.freeze({ command: "trigger", device });
}

/**
 * Reads a device. @throws ArgumentError for an unknown one
 *
 * @example
 * messages.read("ring"); // current of the ring, mA
 */
export function read(device: DeviceName | Detector): ReadMessage {
  const known = [...Object.keys(SETTINGS), ...DETECTORS];
  if (!known.includes(device)) {
    throw new ArgumentError(`read: expected one of ${known.join(", ")}, got ${quote(device)}`, { device });
  }
  return Object.freeze({ command: "read", device });
}

/**
 * Waits for seconds. @throws ArgumentError for an invalid number
 *
 * @example
 * messages.wait(60); // s
 */
export function wait(seconds: number): WaitMessage {
  if (!(seconds >= 0 && Number.isFinite(seconds))) {
    throw new ArgumentError(`wait: expected seconds of at least 0, got ${quote(seconds)}`, { seconds });
  }
  return Object.freeze({ command: "wait", seconds });
}

/**
 * Waits for a time, s since the start of the charge. @throws ArgumentError for an invalid number
 *
 * @example
 * messages.until(-600); // s; ten minutes before the charge starts
 */
export function until(time: number): UntilMessage {
  if (!Number.isFinite(time)) {
    throw new ArgumentError(`until: expected a time in s since the start of the charge, got ${quote(time)}`, {
      time,
    });
  }
  return Object.freeze({ command: "until", time });
}

/**
 * Records cubes. @throws ArgumentError for an unknown part, an invalid number of cubes, or a period shorter
 * than a sweep
 *
 * @example
 * const { collect, set, until } = messages;
 * const steps = [until(0), set("sampleStage", "A"), set("shutter", "open"), collect(["holdA"], 10, 11)];
 * dryRun(planOf("farther", { name: "spot A", messages: steps })).duration; // 110 s: one cube per 11 s
 */
export function collect(parts: readonly PartName[], cubes: number, period: number): CollectMessage {
  if (!(Number.isInteger(cubes) && cubes > 0)) {
    throw new ArgumentError(`collect: expected cubes as a whole number above 0, got ${quote(cubes)}`, {
      cubes,
    });
  }
  if (!(period >= SHORTEST && Number.isFinite(period))) {
    throw new ArgumentError(
      `collect: expected a period of at least the ${SHORTEST} s that the frames of a cube take, got ${quote(period)} s; request fewer cubes`,
      { period },
    );
  }
  const unknown = parts.find((part) => !PART_NAMES.includes(part));
  if (unknown !== undefined) {
    throw new ArgumentError(`collect: expected parts of ${PART_NAMES.join(", ")}, got ${quote(unknown)}`, {
      part: unknown,
    });
  }
  return Object.freeze({ command: "collect", parts: Object.freeze([...parts]), cubes, period });
}

/** Time of 580 frames at 228.6 Hz, s. */
const SHORTEST = 2.54;
