// The messages of a plan: one action of one device each. They are plain frozen data, so that a plan can be printed,
// counted and changed before anything moves.
import { ArgumentError, quote } from "../../errors.js";
import { TARGETS, type Target } from "../devices/sample-stage.js";
import { PART_NAMES, type PartName } from "./parts.js";

/** Devices that a plan sets, with what they can be set to. */
export interface Settings {
  readonly shutter: "open" | "closed";
  readonly sampleStage: Target;
  readonly cameraStage: "in" | "out";
  readonly slits: "open" | readonly [number, number];
  readonly attenuator: number;
  readonly monochromator: number;
}

/** Devices that a plan can let measure. */
export type Detector = "camera" | "ring" | "i0" | "i1" | "i2" | "potentiostat";

type DeviceName = keyof Settings;

/** Moves a device, and waits until it is there. */
export interface SetMessage {
  readonly command: "set";
  readonly device: DeviceName;
  readonly value: Settings[DeviceName];
}

/** Lets a device measure, once. */
export interface TriggerMessage {
  readonly command: "trigger";
  readonly device: Detector;
}

/** Reads all values of a device. */
export interface ReadMessage {
  readonly command: "read";
  readonly device: DeviceName | Detector;
}

/** Lets seconds pass. */
export interface WaitMessage {
  readonly command: "wait";
  readonly seconds: number;
}

/** Waits for a time of the experiment's clock, s since the start of the charge. What went before has to be done by then. */
export interface UntilMessage {
  readonly command: "until";
  readonly time: number;
}

/** Records cubes: the monochromator swings, the camera follows. */
export interface CollectMessage {
  readonly command: "collect";
  /** Where the cubes go: one part, or several that are cut from the same frames; none where they are not kept. */
  readonly parts: readonly PartName[];
  readonly cubes: number;
  /** s from one cube to the next. */
  readonly period: number;
}

/** One step of a plan. */
export type Message = SetMessage | TriggerMessage | ReadMessage | WaitMessage | UntilMessage | CollectMessage;

/** A plan or a part of one, as a generator of messages. */
export type Messages = Generator<Message, void, void>;

/**
 * Moves a device. @throws ArgumentError for an unknown device, or what it cannot be set to
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

/** The values that each device accepts in a plan; the device itself checks that it can reach them. */
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
 * Lets a device measure. @throws ArgumentError for one that does not
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
 * Lets time pass. @throws ArgumentError for no number of seconds
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
 * Waits for a time, s since the start of the charge. @throws ArgumentError for no number
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
 * Records cubes. @throws ArgumentError for an unknown part, no whole number of cubes, or a period shorter than a sweep
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
      `collect: expected a period of at least the ${SHORTEST} s that the frames of a cube take, got ${quote(period)} s; ask for fewer cubes`,
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

/** 580 frames at 228.6 Hz, s. */
const SHORTEST = 2.54;
