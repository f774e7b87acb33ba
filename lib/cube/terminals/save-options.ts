// Options of saving a cube.
import { ArgumentError, quote } from "../../errors.js";
import type { OptionNames } from "../../options.js";
import { type RunOptions, runNames } from "../engine/stream.js";

/** How a cube is saved. */
export interface SaveOptions extends RunOptions {
  /** Ends at the first cube that cannot be computed. Default: it is reported, and its numbers are NaN. */
  readonly strict?: boolean;
  /** "3/100": only the third of a hundred parts of the series; other processes compute the others. */
  readonly task?: string;
}

export const saveNames: OptionNames<SaveOptions> = { ...runNames, strict: true, task: true };

/**
 * The time steps [from, to) of a task; all of them without one.
 *
 * @throws ArgumentError for what is no task
 */
export function timesOfTask(task: string | undefined, nTimes: number): readonly [number, number] {
  if (task === undefined) return [0, nTimes];
  const [, part, parts] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(String(task)) ?? [];
  const [i, n] = [Number(part), Number(parts)];
  if (!(i <= n && Number.isSafeInteger(n))) {
    throw new ArgumentError(`save: expected a task as "3/100", the third of 100, got ${quote(task)}`, {
      option: "task",
      value: task,
    });
  }
  return [Math.floor(((i - 1) * nTimes) / n), Math.floor((i * nTimes) / n)];
}
