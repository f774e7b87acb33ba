// The rows of a result: time steps of a series, or pixels of an image. A series has an axis of hours where
// the times of its steps are known, otherwise of the numbers of the steps.
import type { TimeStep } from "../plan.js";
import type { Columns } from "./save.js";

/** What the rows of a result are. */
export type Rows =
  | { readonly of: "time"; readonly times: readonly TimeStep[] }
  | {
      readonly of: "pixel";
      readonly pixels: Int32Array;
      readonly height: number;
      readonly width: number;
      readonly pixelSize?: number;
    };

/** Middle of each time step, s; NaN where times are not known. */
export function middles(rows: Rows): Float64Array {
  return rows.of === "time" ? middlesOf(rows.times) : new Float64Array(0);
}

/** The same of time steps. */
export function middlesOf(times: readonly TimeStep[]): Float64Array {
  return Float64Array.from(times, ({ start = Number.NaN, end = Number.NaN }) => (start + end) / 2);
}

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

/** Names of some rows of a series for a legend: `2.1 h`, or `step 3` where times are not known. */
export function rowLabels(rows: Rows, indices: readonly number[]): string[] {
  const { values, unit } = timeAxis(rows);
  return indices.map((i) => (unit === "h" ? `${values[i].toFixed(1)} h` : `step ${values[i]}`));
}

/** The same as a column of a table: `time` in s, or `timeStep` from 1. */
export function timeColumn(rows: Rows): Columns {
  const { values, unit } = timeAxis(rows);
  return unit === "h" ? { time: Array.from(middles(rows)) } : { timeStep: Array.from(values) };
}
