// Doses above which others saw damage, with who says so.
import { readFileSync } from "node:fs";
import { ArgumentError, quote } from "../../errors.js";
import { checkOptions } from "../../options.js";
import { nonEmpty, positive } from "../check.js";
import type { Convention } from "../convention.js";

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

/** All published thresholds that the library knows. */
export function publishedThresholds(): readonly PublishedThreshold[] {
  all ??= Object.freeze(
    (JSON.parse(readFileSync(new URL("../../../data/thresholds.json", import.meta.url), "utf8")) as Data)
      .thresholds,
  );
  return all;
}

/** A threshold as the planner takes it: Gy, the id of a published one, or a dose with where it comes from. */
export type ThresholdLike = number | string | { readonly dose: number; readonly source: string };

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
  const given =
    typeof threshold === "object" && threshold !== null
      ? checkOptions(`${call}, threshold`, threshold, { dose: true, source: true })
      : { dose: threshold, source: "given" };
  const dose = positive(call, "threshold", given.dose, "Gy");
  return { dose, name: "given", source: nonEmpty(call, "threshold.source", given.source), convention: null };
}

interface Data {
  readonly thresholds: readonly PublishedThreshold[];
}

let all: readonly PublishedThreshold[] | undefined;
