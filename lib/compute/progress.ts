// How long work tells how far it is. The library reports to a sink and does not know where it ends up: a bar in a notebook,
// a bar in a terminal, or, as long as nobody asked, nowhere.
import { ArgumentError, quote } from "../errors.js";

/** Where the progress of one piece of work is shown. */
export interface ProgressSink {
  /**
   * Shows how far the work is.
   *
   * It may throw to stop the work: that is how an interrupted notebook cell ends a long computation.
   *
   * @param fraction share of the work that is done, 0..1
   * @param label what is being done now
   */
  update(fraction: number, label: string): void;
  /** Takes the bar away, or leaves a last word (what the work was called, when nothing else is said). Called at most once, also when the work failed. */
  done(label?: string): void;
}

/** Makes the sink of one piece of work. */
export type ProgressFactory = (label: string) => ProgressSink;

/** Work that is over sooner is not worth a bar, ms. */
const PATIENCE = 250;

/** Shortest time between two updates of a sink, ms: fast enough to look alive, slow enough to cost nothing. */
const INTERVAL = 100;

let factory: ProgressFactory | null = null;

/**
 * Says where progress is shown from now on. Work that has begun keeps the sink it has.
 *
 * @param make makes a sink for each piece of work; null (the default) shows nothing
 * @throws ArgumentError when `make` is neither a function nor null
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
 * Begins to report a piece of work.
 *
 * The sink that comes back may be called as often as is convenient: it passes on the first update after a quarter of a second
 * and then at most ten a second. Fractions are limited to 0..1. Call `done` in a `finally`.
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
