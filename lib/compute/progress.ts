// Progress reporting for long computations. The library reports to a sink: a bar in a notebook, a bar in a
// terminal, or nothing (the default).
import { ArgumentError, quote } from "../errors.js";

/** Shows the progress of one computation. */
export interface ProgressSink {
  /**
   * Shows the progress.
   *
   * It may throw to stop the work, as an interrupted notebook cell does.
   *
   * @param fraction fraction of the work that is done, 0..1
   * @param label what is being done now
   */
  update(fraction: number, label: string): void;
  /**
   * Removes the bar, or shows a last label (default: that of the work). Called at most once, also if the work
   * failed.
   */
  done(label?: string): void;
}

/** Makes the sink of one computation. */
export type ProgressFactory = (label: string) => ProgressSink;

/** Shorter work shows no progress, ms. */
const PATIENCE = 250;

/** Shortest time between two updates of a sink, ms. */
const INTERVAL = 100;

let factory: ProgressFactory | null = null;

/**
 * Sets where progress is shown. Work that has started keeps its sink.
 *
 * @param make makes a sink for each piece of work; null (the default) shows nothing
 * @throws ArgumentError when `make` is neither a function nor null
 * @example
 * setProgress((label) => ({
 *   update: (fraction, text) => console.log(`${label}: ${(100 * fraction).toFixed(0)} %, ${text}`),
 *   done: () => console.log(`${label}: done`),
 * }));
 * setProgress(null); // shows nothing, the default
 */
export function setProgress(make: ProgressFactory | null): void {
  if (make !== null && typeof make !== "function") {
    throw new ArgumentError(
      `setProgress: expected a function that makes a sink, or null, got ${quote(make)}`,
    );
  }
  factory = make;
}

/**
 * Starts the progress of one computation.
 *
 * The returned sink may be called at any rate: it forwards updates after the first 0.25 s, and at most ten
 * per second. Fractions are limited to 0..1. Call `done` in a `finally`.
 *
 * @param label what is being done
 */
export function startProgress(label: string): ProgressSink {
  if (factory === null) return silent;
  const make = factory;
  let sink: ProgressSink | null = null;
  let next = performance.now() + PATIENCE;
  let over = false;
  return {
    update(fraction, text) {
      if (over) return;
      const now = performance.now();
      if (now < next) return;
      next = now + INTERVAL;
      sink ??= make(label);
      sink.update(Math.min(1, Math.max(0, fraction || 0)), text);
    },
    done(text = label) {
      if (over) return;
      over = true;
      sink?.done(text);
    },
  };
}

const silent: ProgressSink = { update() {}, done() {} };
