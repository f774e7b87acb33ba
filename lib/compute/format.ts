// Numbers in sentences.

/** A number with so many significant digits, without zeros at its end. */
export function short(value: number, digits = 3): string {
  return String(Number(value.toPrecision(digits)));
}

/** A fraction in percent. */
export function percent(fraction: number, digits = 2): string {
  return `${short(100 * fraction, digits)} %`;
}

/** The unit in which a time is read, and its length in s. */
export interface TimeUnit {
  readonly unit: "s" | "min" | "h";
  readonly seconds: number;
}

/** Hours from two hours on, minutes from two minutes on. */
export function timeUnit(seconds: number): TimeUnit {
  if (seconds >= 7200) return { unit: "h", seconds: 3600 };
  return seconds >= 120 ? { unit: "min", seconds: 60 } : { unit: "s", seconds: 1 };
}

/** A time in s as text, in hours, minutes or seconds: "2.35 h". */
export function duration(seconds: number, digits = 3): string {
  const { unit, seconds: one } = timeUnit(seconds);
  return `${short(seconds / one, digits)} ${unit}`;
}
