// The axis of a series: hours where the times of its steps are known, otherwise the numbers of the steps.
import type { Columns } from "./result.js";
import { middles, type Rows } from "./spectra.js";

/** What a series is drawn against. */
export interface TimeAxis {
  readonly values: Float64Array;
  /** "Time", or "Time step" where times are not known. */
  readonly label: string;
  /** "h", or "" for numbers of steps. */
  readonly unit: "h" | "";
}

/** Hours from the middle of each time step, or numbers of the steps from 1 where times are not known. */
export function timeAxis(rows: Rows): TimeAxis {
  const seconds = middles(rows);
  return seconds.some(Number.isNaN)
    ? { values: seconds.map((_, t) => t + 1), label: "Time step", unit: "" }
    : { values: seconds.map((t) => t / 3600), label: "Time", unit: "h" };
}

/** The same as a column of a table: `time` in s, or `timeStep` from 1. */
export function timeColumn(rows: Rows): Columns {
  const { values, unit } = timeAxis(rows);
  return unit === "h" ? { time: Array.from(middles(rows)) } : { timeStep: Array.from(values) };
}
