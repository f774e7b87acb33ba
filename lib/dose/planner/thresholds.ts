// Doses above which others saw damage, with who says so.
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
  /** What was seen at this dose. */
  readonly criterion: string;
  /** How the authors' dose is to be read; null where that is not known or does not matter. */
  readonly convention: Convention | null;
  readonly citation: string;
  readonly note: string;
}

/**
 * All published thresholds that the library knows.
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

/** What `doseThreshold` or `benchmarkDose` found, in MGy. */
export type FoundDose = Pick<DoseThreshold, "threshold" | "interval" | "unit" | "verdict"> | BenchmarkDose;

/**
 * A threshold as the planner takes it: Gy, the id of a published one, a dose (Gy) with where it comes from, or what `doseThreshold` or
 * `benchmarkDose` found, of which the lower limit counts.
 */
export type ThresholdLike = number | string | { readonly dose: number; readonly source: string } | FoundDose;

/** A dose not to be exceeded, and who says so. */
export interface Threshold {
  /** Gy */
  readonly dose: number;
  /** `LiNiO2`, or "given". */
  readonly name: string;
  readonly source: string;
  /** The convention that the dose was calculated in, where known. */
  readonly convention: Convention | null;
}

/** Reads a threshold. @throws ArgumentError for an unknown id, or a dose that is not above zero */
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

/** The dose that is not yet harmful with 95 %. @throws ArgumentError where nothing was found, or in another unit than MGy */
function lowerLimit(call: string, found: FoundDose): Threshold {
  const { interval, unit, verdict } = found;
  const dose = "threshold" in found ? found.threshold : found.dose;
  if (dose === null || !interval || !(interval[0] > 0) || unit !== "MGy") {
    throw new ArgumentError(
      `${call}: expected a threshold or benchmark dose in MGy with a lower limit, got ${quote(verdict)} in ${quote(unit)}; find it on maps, or with { unit: "MGy" }`,
      { threshold: found },
    );
  }
  return { dose: interval[0] * MGY, name: "lower limit", source: verdict, convention: null };
}

interface Data {
  readonly thresholds: readonly PublishedThreshold[];
}

let all: readonly PublishedThreshold[] | undefined;
