// Published beam-damage thresholds, with their sources.
import { readFileSync } from "node:fs";
import { ArgumentError, quote } from "../../errors.js";
import { checkOptions } from "../../options.js";
import { MGY } from "../../units.js";
import type { BenchmarkDose } from "../benchmark-dose.js";
import { nonEmpty, positive } from "../check.js";
import type { Convention } from "../convention.js";
import type { DoseThreshold } from "../threshold.js";

/** A published beam-damage threshold; `data/thresholds.json`. */
export interface PublishedThreshold {
  readonly id: string;
  /** Gy */
  readonly dose: number;
  readonly material: string;
  /** Observation at this dose. */
  readonly criterion: string;
  /** Interpretation of the authors' dose; null where it is unknown or irrelevant. */
  readonly convention: Convention | null;
  readonly citation: string;
  readonly note: string;
}

/**
 * All published thresholds of this library.
 *
 * @example
 * publishedThresholds().map(({ id, dose }) => `${id}: ${dose / 1e6} MGy`);
 */
export function publishedThresholds(): readonly PublishedThreshold[] {
  all ??= Object.freeze(
    (JSON.parse(readFileSync(new URL("../../../data/thresholds.json", import.meta.url), "utf8")) as Data)
      .thresholds,
  );
  return all;
}

/** Result of `doseThreshold` or `benchmarkDose`, in MGy. */
export type FoundDose = Pick<DoseThreshold, "threshold" | "interval" | "unit" | "verdict"> | BenchmarkDose;

/**
 * Threshold for the planner: Gy, the id of a published threshold, a dose (Gy) with its source, or a result of
 * `doseThreshold` or `benchmarkDose`, of which the lower limit is used.
 */
export type ThresholdLike = number | string | { readonly dose: number; readonly source: string } | FoundDose;

/** Dose limit and its source. */
export interface Threshold {
  /** Gy */
  readonly dose: number;
  /** `LiNiO2`, or "given". */
  readonly name: string;
  readonly source: string;
  /** Density convention of the dose, where known. */
  readonly convention: Convention | null;
}

/** Reads a threshold. @throws ArgumentError for an unknown id, or a dose that is not positive */
export function thresholdOf(call: string, threshold: ThresholdLike): Threshold {
  if (typeof threshold === "string") {
    const found = publishedThresholds().find(({ id }) => id === threshold);
    if (found)
      return { dose: found.dose, name: found.id, source: found.citation, convention: found.convention };
    const ids = publishedThresholds().map(({ id }) => id);
    throw new ArgumentError(
      `${call}: expected a threshold in Gy or a published one (${ids.join(", ")}), got ${quote(threshold)}`,
      { threshold },
    );
  }
  if (isFound(threshold)) return lowerLimit(call, threshold);
  const given =
    typeof threshold === "object" && threshold !== null
      ? checkOptions(`${call}, threshold`, threshold, { dose: true, source: true })
      : { dose: threshold, source: "given" };
  const dose = positive(call, "threshold", given.dose, "Gy");
  return { dose, name: "given", source: nonEmpty(call, "threshold.source", given.source), convention: null };
}

function isFound(threshold: ThresholdLike): threshold is FoundDose {
  return typeof threshold === "object" && threshold !== null && "verdict" in threshold;
}

/**
 * Lower limit of the interval, Gy. @throws ArgumentError where there is none, or for a unit other than MGy
 */
function lowerLimit(call: string, found: FoundDose): Threshold {
  const { interval, unit, verdict } = found;
  const dose = "threshold" in found ? found.threshold : found.dose;
  if (dose === null || !interval || !(interval[0] > 0) || unit !== "MGy") {
    throw new ArgumentError(
      `${call}: expected a threshold or benchmark dose in MGy with a lower limit, got ${quote(verdict)} in ${quote(unit)}; compute it from maps, or with { unit: "MGy" }`,
      { threshold: found },
    );
  }
  return { dose: interval[0] * MGY, name: "lower limit", source: verdict, convention: null };
}

interface Data {
  readonly thresholds: readonly PublishedThreshold[];
}

let all: readonly PublishedThreshold[] | undefined;
