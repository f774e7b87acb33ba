// Concentrations of a result as curves: against time with the voltage, and against dose with the threshold.

import type { BandsByName, BandsResult } from "../../cube/results/bands-result.js";
import type { Concentrations } from "../../cube/results/concentrations.js";
import type { DoseCurve } from "../../cube/results/dose-curve.js";
import { timeAxis } from "../../cube/results/rows.js";
import type { BenchmarkDose } from "../../dose/benchmark-dose.js";
import type { DoseThreshold } from "../../dose/threshold.js";
import { ArgumentError } from "../../errors.js";
import type { Electrochemistry } from "../../io/electrochemistry.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { type DoseCurveOptions, doseCurve } from "../kinds/dose-curve.js";
import { profiles } from "../kinds/profiles.js";
import type { Size } from "../parts/check.js";
import type { Figure } from "../parts/figure.js";
import type { Band } from "../parts/species.js";
import { formatNumber, formatRange } from "../parts/ticks.js";
import { given } from "./given.js";

/** Options of `speciesProfiles`. */
export interface SpeciesProfilesOptions {
  /** Voltage of the cell during the series, drawn dashed. */
  readonly electrochemistry?: Electrochemistry;
  /** Feasible bands, drawn shaded. */
  readonly bands?: BandsResult;
  readonly title?: string;
  readonly size?: Size;
}

const SPECIES_PROFILES: OptionNames<SpeciesProfilesOptions> = {
  electrochemistry: true,
  bands: true,
  title: true,
  size: true,
};

/**
 * Concentrations of a series against time in hours, as in Figs. 6b, 6c and 11.
 *
 * @throws ArgumentError for a result with one row per pixel
 * @example
 * const resolved = await Cube.load().calibrate().absorb().mcrAls(3);
 * figures.speciesProfiles(resolved, { bands: resolved.bands() });
 */
export function speciesProfiles(result: Concentrations, options: SpeciesProfilesOptions = {}): Figure {
  const call = "figures.speciesProfiles";
  checkOptions(call, options, SPECIES_PROFILES);
  given(call, "result", "concentrations", result);
  const { electrochemistry: cell, bands, ...look } = options;
  if (bands !== undefined) given(call, "bands", "bands", bands);
  if (result.rows.of !== "time") {
    throw new ArgumentError(
      "figures.speciesProfiles: expected a result with one row per time step, got one row per pixel; show its maps with figures.speciesMaps",
    );
  }
  const { times } = result.rows;
  const axis = timeAxis(result.rows);
  if (cell && axis.unit === "") {
    throw new ArgumentError(
      "figures.speciesProfiles: expected a series with times beside { electrochemistry }, got numbered time steps; give { period } in Cube.load",
    );
  }
  const { start = Number.NaN } = times[0];
  const { end = Number.NaN } = times[times.length - 1];
  const during = (s: number): boolean => s >= start && s <= end;
  const voltage = cell && {
    time: hours(cell.time.filter(during)),
    value: cell.voltage.filter((_, i) => during(cell.time[i])),
  };
  return profiles({
    ...look,
    time: axis.values,
    ...(axis.unit === "" && { timeLabel: axis.label, timeUnit: "" }),
    components: Object.fromEntries(result.names.map((name) => [name, result.profile(name)])),
    ...(voltage ? { voltage } : {}),
    ...(bands
      ? { bands: Object.fromEntries(bands.names.map((name) => [name, edges(bands.component(name).C)])) }
      : {}),
  });
}

/** Options of `speciesAgainstDose`. */
export interface SpeciesAgainstDoseOptions
  extends Pick<DoseCurveOptions, "fit" | "logX" | "reference" | "title" | "size"> {
  /** Dose threshold with its interval, if there is one. */
  readonly threshold?: DoseThreshold;
  /** Benchmark dose with its limits, if there is one. */
  readonly benchmark?: BenchmarkDose;
  /** Feasible bands of the curves, drawn shaded. */
  readonly bands?: BandsByName;
}

const SPECIES_AGAINST_DOSE: OptionNames<SpeciesAgainstDoseOptions> = {
  threshold: true,
  benchmark: true,
  bands: true,
  fit: true,
  logX: true,
  reference: true,
  title: true,
  size: true,
};

/**
 * Concentrations in steps of dose with their standard errors, as in Figs. 8 and 13.
 *
 * @example
 * const resolved = await Cube.load().calibrate().absorb().mcrAls(3);
 * const spotC = Cube.load({ part: "holdC" }).calibrate().absorb().bin(2).doseRate(rockCell()).dose();
 * const curve = (await resolved.fit(spotC)).against(await spotC.map("dose"), { step: 10 });
 * figures.speciesAgainstDose(curve, { threshold: curve.threshold("Cp3") });
 */
export function speciesAgainstDose(curve: DoseCurve, options: SpeciesAgainstDoseOptions = {}): Figure {
  checkOptions("figures.speciesAgainstDose", options, SPECIES_AGAINST_DOSE);
  given("figures.speciesAgainstDose", "curve", "doseCurve", curve);
  const { threshold, benchmark, bands, ...look } = options;
  const { threshold: value, interval } = threshold ?? { threshold: null, interval: null };
  return doseCurve({
    ...look,
    dose: curve.dose,
    components: { ...curve.components },
    errors: { ...curve.standardErrors },
    ...(value === null ? {} : { threshold: { value, ...(interval ? { interval } : {}) } }),
    ...(typeof benchmark?.dose === "number" ? { benchmark: markOf(benchmark, benchmark.dose) } : {}),
    ...(bands
      ? { bands: Object.fromEntries(Object.entries(bands).map(([name, band]) => [name, edges(band)])) }
      : {}),
  });
}

/** An infinite upper limit is drawn at the last dose. */
function markOf({ interval: [low, high], loss }: BenchmarkDose, value: number) {
  const range = Number.isFinite(high) ? formatRange([low, high]) : `${formatNumber(low, 3)}–…`;
  const share = formatNumber(100 * loss, 2);
  return {
    value,
    interval: [low, Math.min(high, Number.MAX_VALUE)] as const,
    label: `${share} % lost at ${formatNumber(value, 3)} (${range}) MGy`,
  };
}

const HOUR = 3600;

function hours(seconds: Float64Array): Float64Array {
  return seconds.map((s) => s / HOUR);
}

function edges({ low, high }: { low: ArrayLike<number>; high: ArrayLike<number> }): Band {
  return { lower: low, upper: high };
}
