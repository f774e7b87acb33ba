// Claims of the paper (data/claims.json), their measurements in notebooks, and the verdicts.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { FileError, reason } from "../errors.js";

/** A number or a fact that the paper states. */
export interface Claim {
  readonly id: string;
  readonly text: string;
  /** Figure or section of the paper. */
  readonly where: string;
  readonly paper: {
    readonly value: number | boolean;
    readonly unit?: string;
    /** Statement of the paper, if the value alone is not sufficient. */
    readonly text?: string;
    /** For a limit in the paper: whether the measured value must be above or below it. */
    readonly bound?: "above" | "below";
  };
  /** Tolerance in the unit of the value or as a fraction of it; null for facts and limits. */
  readonly tolerance: { readonly abs?: number; readonly rel?: number } | null;
  /** An input of the simulation, a number it was calibrated to, or a result of physics and analysis. */
  readonly kind: ClaimKind;
  readonly configuration?: "farther" | "closer";
}

export type ClaimKind = "result" | "calibrated" | "input";

/** The same quantity with another choice that the paper does not fix. */
export interface Alternative {
  /** Such as "steps of 1 MGy". */
  readonly choice: string;
  /** NaN where the analysis gives no value. */
  readonly value: number | boolean;
}

/** Measurement of a claim in a notebook. */
export interface Measurement {
  readonly id: string;
  /** "none" where the analysis gave no value. */
  readonly value: number | boolean | "none";
  readonly unit?: string;
  /** Interval of the value, in its unit. */
  readonly uncertainty?: readonly [number, number];
  /** Method of the measurement. */
  readonly note?: string;
  readonly alternatives?: readonly {
    readonly choice: string;
    readonly value: Measurement["value"];
    readonly verdict: Judgment;
  }[];
  /** Number of the notebook's cell, from 1. */
  readonly cell?: number;
  readonly verdict: Judgment;
}

export type Judgment = "holds" | "differs";

/** "missing": there is no measurement. */
export type Verdict = Judgment | "missing";

/**
 * All claims of the paper.
 *
 * @example
 * claims().find(({ id }) => id === "max-dose-rate-farther")?.text;
 */
export function claims(): readonly Claim[] {
  all ??= JSON.parse(readFileSync(new URL("../../data/claims.json", import.meta.url), "utf8"))
    .claims as Claim[];
  return all;
}

let all: readonly Claim[] | undefined;

/** Whether a value agrees with the paper: on the side of a limit, within the tolerance, or the same fact. */
export function judge({ paper, tolerance }: Claim, value: number | boolean | "none"): Judgment {
  return agrees(paper, tolerance, value) ? "holds" : "differs";
}

function agrees(
  paper: Claim["paper"],
  tolerance: Claim["tolerance"],
  value: number | boolean | "none",
): boolean {
  if (typeof value !== "number" || typeof paper.value !== "number") return value === paper.value;
  if (paper.bound === "above") return value > paper.value;
  if (paper.bound === "below") return value < paper.value;
  const allowed = Math.max(tolerance?.abs ?? 0, (tolerance?.rel ?? 0) * Math.abs(paper.value));
  // A tolerance for rounding: 0.7 + 0.1 is slightly less than 0.8.
  const slack = 1e-12 * Math.max(1, Math.abs(paper.value));
  return Math.abs(value - paper.value) <= allowed + slack;
}

/**
 * Measurements of the notebooks.
 *
 * @param folder folder with one file per notebook, as written by `claim`
 * @returns measurements by notebook; empty without the folder
 * @throws FileError with the file that contains something else
 * @example
 * const rows = claimRows(claims(), readMeasurements("site/claims"));
 */
export function readMeasurements(folder: string): ReadonlyMap<string, readonly Measurement[]> {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];
  return new Map(files.sort().map((file) => [basename(file, ".json"), measurementsIn(join(folder, file))]));
}

function measurementsIn(path: string): readonly Measurement[] {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(path, "utf8"))?.measurements;
  } catch (cause) {
    throw new FileError(
      `readMeasurements: expected JSON in ${path}, got ${reason(cause)}`,
      { path },
      { cause },
    );
  }
  if (Array.isArray(found)) return found;
  throw new FileError(`readMeasurements: expected { "measurements": [] } in ${path}`, { path });
}
