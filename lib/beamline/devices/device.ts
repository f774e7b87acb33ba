// Interface of all devices of the simulated beamline, with the terms of ophyd: read, describe, set, trigger.
// Every value has a unit and a source. The clock is simulated, so no call waits.
import { ArgumentError, quote } from "../../errors.js";

/** Time of the experiment. A device that moves advances it. */
export interface Clock {
  /** s */
  now(): number;
  /** Advances the time by seconds. */
  advance(seconds: number): void;
}

/**
 * A clock that starts at a time and stands still until it is advanced.
 *
 * @example
 * const clock = simulatedClock(-600); // s; 0 is the start of the charge
 * clock.advance(60);
 * clock.now(); // -540 s
 */
export function simulatedClock(start = 0): Clock {
  if (!Number.isFinite(start)) {
    throw new ArgumentError(`simulatedClock: expected start in s, got ${quote(start)}`, { start });
  }
  let time = start;
  return {
    now: () => time,
    advance(seconds) {
      if (!(seconds >= 0 && Number.isFinite(seconds))) {
        throw new ArgumentError(`clock.advance: expected seconds of at least 0, got ${quote(seconds)}`, {
          seconds,
        });
      }
      time += seconds;
    },
  };
}

/** A value of a device. */
export type Value = number | string | readonly number[];

/** A value with unit, source and meaning. */
export interface Quantity<V extends Value = Value> {
  readonly value: V;
  /** "1" for a pure number, "" for text */
  readonly unit: string;
  /** "paper", a data sheet, "tables", "calibrated: ...", "assumed", or the device itself */
  readonly source: string;
  readonly meaning: string;
}

/** A reading of a device at one time. */
export interface Reading {
  readonly value: Value;
  readonly unit: string;
  /** s on the clock of the device */
  readonly timestamp: number;
}

/** Metadata of a reading. */
export interface Description {
  readonly unit: string;
  readonly source: string;
  readonly meaning: string;
  readonly shape: readonly number[];
  readonly dtype: "number" | "string" | "array";
  /** whether it belongs to the device, or is set or measured */
  readonly kind: "parameter" | "signal";
}

/** Result of setting a device: the move is complete, and the clock has advanced. */
export interface Status {
  readonly done: true;
  /** duration, s */
  readonly seconds: number;
}

/** Quantities by name. */
export type Quantities = Readonly<Record<string, Quantity>>;

/** A device. */
export abstract class Device {
  /** Constant parameters of the device, with the source of each number. */
  abstract readonly parameters: Quantities;

  constructor(
    readonly name: string,
    protected readonly clock: Clock,
  ) {}

  /** All current values of the device: parameters, settings, and last measurements. */
  read(): Record<string, Reading> {
    const timestamp = this.clock.now();
    return mapValues(this.quantities(), ({ value, unit }) => ({ value, unit, timestamp }));
  }

  /** Unit, source, meaning, shape and type of everything in {@link read}. */
  describe(): Record<string, Description> {
    const { parameters } = this;
    return mapValues(this.quantities(), ({ value, unit, source, meaning }, name) => ({
      unit,
      source,
      meaning,
      shape: typeof value === "object" ? [value.length] : [],
      dtype: typeof value === "object" ? "array" : (typeof value as "number" | "string"),
      kind: Object.hasOwn(parameters, name) ? "parameter" : "signal",
    }));
  }

  /** Current settings and measurements. */
  protected abstract signals(): Quantities;

  /** Advances the clock while the device moves. */
  protected moved(seconds: number): Status {
    this.clock.advance(seconds);
    return { done: true, seconds };
  }

  /** Refuses values that are not numbers, or outside the range of the device. */
  protected demand(expected: string, value: unknown, holds: (value: number) => boolean): void {
    if (!(typeof value === "number" && holds(value))) this.refuse(expected, value);
  }

  /** Refuses an invalid setting. */
  protected refuse(expected: string, got: unknown): never {
    throw new ArgumentError(`${this.name}.set: expected ${expected}, got ${quote(got)}`, {
      device: this.name,
      got,
    });
  }

  private quantities(): Quantities {
    return { ...this.parameters, ...this.signals() };
  }
}

/** A quantity, in one line. */
export function quantity<V extends Value>(
  value: V,
  unit: string,
  source: string,
  meaning: string,
): Quantity<V> {
  return { value, unit, source, meaning };
}

/** The numbers of documented parameters, for formulas. */
export function numbers<T extends Quantities>(parameters: T): { readonly [K in keyof T]: number } {
  return mapValues(parameters, ({ value }) => value as number) as { [K in keyof T]: number };
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, f: (value: T, name: string) => U) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value, name)])) as Record<
    string,
    U
  >;
}
