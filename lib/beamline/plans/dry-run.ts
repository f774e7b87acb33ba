// Duration, disk space and dose per spot of a plan, without recording.
import { ArgumentError, quote } from "../../errors.js";
import { checkOptions } from "../../options.js";
import { resolveConfiguration } from "../configurations.js";
import { REFERENCE_PIXEL } from "../devices/beam-profile.js";
import { CHAMBER_OPENING } from "../devices/slits.js";
import { doseRateAt } from "../kinetics/spot.js";
import { onGrid } from "../recording/grid.js";
import { frameBytes } from "../recording/recorder.js";
import type { Scale } from "../recording/scales.js";
import { type PlannedPart, partsOf, type Selection, selectionNames } from "../time/schedule.js";
import type { Interval } from "./beam-log.js";
import type { Plan } from "./plan.js";
import { type Collected, timeline } from "./timeline.js";

/** Lowest, mean and highest value in the field of view. */
export interface Extent {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/** Exposure and dose of a spot of the electrode. */
export interface SpotDose {
  readonly spot: string;
  /** time of beam, recorded or not, s */
  readonly seconds: number;
  /** part of this time in which cubes are recorded, s */
  readonly recorded: number;
  /** Gy/s in the field of view while the beam is on, density convention porous. */
  readonly doseRate: Extent;
  /** Gy: dose rate times seconds. */
  readonly dose: Extent;
  /**
   * The beam of the ion chambers, limited by the slits to the center of the spot. It is additional, as a
   * partial exposure in a manifest.
   */
  readonly chambers: {
    readonly seconds: number;
    /** Mean dose of the central 0.5 x 0.5 mm2, Gy. */
    readonly dose: number;
  };
}

/** A part of a recording on disk. */
export interface PartVolume {
  readonly name: string;
  readonly cubes: number;
  readonly files: number;
  /** Bytes of its own files; 0 if it uses those of another part. */
  readonly bytes: number;
}

/** Result of a dry run. */
export interface DryRun {
  readonly plan: string;
  /** Title of the configuration. */
  readonly title: string;
  /** s since the start of the charge. */
  readonly start: number;
  readonly end: number;
  /** s from the first message to the last. */
  readonly duration: number;
  readonly collected: readonly Collected[];
  readonly exposure: readonly Interval[];
  readonly parts: readonly PartVolume[];
  /** Bytes of the cubes on disk, at the scale. */
  readonly bytes: number;
  readonly spots: readonly SpotDose[];
  /** Summary in lines of text. */
  readonly summary: string;
}

/** Options of {@link dryRun}: the selection and the scale of a recording. */
export interface DryRunOptions extends Selection {
  /** Default "full", the true size. */
  readonly scale?: Scale;
}

/**
 * Duration, data volume and dose of a plan. No device moves, and no file is written.
 *
 * The dose is the dose rate of the configuration behind its attenuator, times the time of the whole beam on a
 * spot in the plan. A recording's manifest has the same intervals as its exposure history.
 *
 * @throws ArgumentError for an unknown scale, part or format; DataError for a plan with a time in the past
 * @example
 * const { duration, spots } = dryRun(planOf("farther"));
 * (duration / 3600).toFixed(1); // "7.9" h
 * spots.map(({ dose }) => dose); // the doses of the spots that the beam meets
 */
export function dryRun(plan: Plan, options: DryRunOptions = {}): DryRun {
  checkOptions("dryRun", options, { scale: true, ...selectionNames });
  const { scale = "full", ...selection } = options;
  if (typeof plan !== "object" || plan === null || !Array.isArray(plan.messages)) {
    throw new ArgumentError(`dryRun: expected a plan, got ${quote(plan)}; make one with planOf(config)`);
  }
  const configuration = resolveConfiguration(plan.config, "dryRun");
  const times = timeline(plan.messages);
  const { start, end, collected, exposure, chambers } = times;
  const parts = partsOf(times, configuration, scale, selection).map(volumeOf);
  const [rows, columns] = configuration.field;
  const grid = { rows, columns, pixelSize: REFERENCE_PIXEL };
  const doseRate = doseRateAt(configuration, grid).map((kilo) => kilo * 1000);
  const middle = onGrid(grid, (x, y) =>
    Math.abs(x) <= CHAMBER_OPENING[0] / 2 && Math.abs(y) <= CHAMBER_OPENING[1] / 2 ? 1 : 0,
  );
  const extent = extentOf(doseRate);
  const cut = extentOf(doseRate.filter((_, p) => middle[p] === 1)).mean;
  const spots = [...new Set([...exposure, ...chambers].map(({ spot }) => spot))].sort().map((spot) => {
    const seconds = lengthOf(exposure, spot);
    const chamberSeconds = lengthOf(chambers, spot);
    const recorded = collected.filter(({ target, parts: { length } }) => target === spot && length > 0);
    return {
      spot,
      seconds,
      recorded: recorded.reduce((sum, { start: from, end: to }) => sum + to - from, 0),
      doseRate: extent,
      dose: { min: extent.min * seconds, mean: extent.mean * seconds, max: extent.max * seconds },
      chambers: { seconds: chamberSeconds, dose: cut * chamberSeconds },
    };
  });
  const run = {
    plan: plan.name,
    title: configuration.title,
    start,
    end,
    duration: end - start,
    collected,
    exposure,
    parts,
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    spots,
  };
  return { ...run, summary: summaryOf(run) };
}

function volumeOf({ name, files, frames, grid, sharedWith }: PlannedPart): PartVolume {
  return {
    name,
    cubes: files.reduce((sum, { cubes }) => sum + cubes, 0),
    files: files.length,
    bytes: sharedWith ? 0 : files.length * frames * frameBytes(grid),
  };
}

function lengthOf(intervals: readonly Interval[], spot: string): number {
  return intervals.reduce((sum, one) => (one.spot === spot ? sum + one.end - one.start : sum), 0);
}

function extentOf(values: Float64Array): Extent {
  let [min, max, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  return { min, mean: sum / values.length, max };
}

function summaryOf({ plan, title, duration, bytes, spots, parts }: Omit<DryRun, "summary">): string {
  const mega = (gray: number) => (gray / 1e6).toFixed(1);
  const minutes = (seconds: number) => `${(seconds / 60).toFixed(0)} min`;
  const cubes = parts.filter((part) => part.bytes > 0).reduce((sum, part) => sum + part.cubes, 0);
  return [
    `${plan}: ${title}`,
    `duration ${(duration / 3600).toFixed(1)} h; ${cubes} cubes; ${(bytes / 1e9).toFixed(2)} GB`,
    ...spots.map(
      ({ spot, seconds, recorded, dose, chambers }) =>
        `spot ${spot}: ${minutes(seconds)} of beam, ${minutes(recorded)} recorded: ${mega(dose.min)} to ${mega(dose.max)} MGy, mean ${mega(dose.mean)}` +
        (chambers.seconds > 0
          ? `; ion chambers ${minutes(chambers.seconds)}, ${mega(chambers.dose)} MGy in the center`
          : ""),
    ),
  ].join("\n");
}
