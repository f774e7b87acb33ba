// The paper's numbers beside ours. A notebook states what it measured; the table of the gallery is made of these records.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { escapeHtml } from "./cube/results/result.js";
import { ArgumentError, DataError, quote } from "./errors.js";
import { checkOptions, type OptionNames } from "./options.js";

/** A number or a fact that the paper states; `data/claims.json`. */
export interface Claim {
  readonly id: string;
  readonly text: string;
  readonly where: string;
  readonly paper: { readonly value: number | boolean; readonly unit: string; readonly text?: string };
  /** null: a fact, true or false, or a bound that the notebook itself checks. */
  readonly tolerance: { readonly abs?: number; readonly rel?: number } | null;
  readonly kind: "input" | "calibrated" | "result";
  readonly configuration?: "farther" | "closer";
}

/** What a notebook measured for a claim. */
export interface Measurement {
  readonly id: string;
  /** "none" where the analysis gave no value. */
  readonly value: number | boolean | "none";
  readonly unit: string;
  readonly uncertainty?: readonly [number, number];
  readonly note?: string;
  readonly verdict: "holds" | "differs";
}

/** All claims of the paper. */
export function claims(): readonly Claim[] {
  all ??= JSON.parse(readFileSync(new URL("../data/claims.json", import.meta.url), "utf8")).claims as Claim[];
  return all;
}

let all: readonly Claim[] | undefined;
const recorded: Measurement[] = [];

/** How a measured value is held against the paper's. */
export interface ClaimOptions {
  /** Interval of the measured value, in its unit. */
  readonly uncertainty?: readonly [number, number] | null;
  /** A sentence on how it was measured. */
  readonly note?: string;
  /** For claims that are a bound ("below 80 %"): whether it holds. */
  readonly holds?: boolean;
}

const NAMES: OptionNames<ClaimOptions> = { uncertainty: true, note: true, holds: true };

/**
 * Holds a measured value against the paper's, records it for the gallery (where OPERANDOSE_SITE names its folder), and shows
 * both side by side as a cell's value.
 *
 * @param id of `data/claims.json`
 * @param measured in the paper's unit
 * @param measured NaN where the analysis gives no value, such as no threshold: that is recorded as differing
 * @throws ArgumentError for an unknown claim or a value of another kind
 * @throws DataError when the value is outside the claim's tolerance. Not where the gallery is made: there the deviation is
 *   recorded and shown, and the run fails at its end, so that one deviation does not hide the claims that follow it
 */
export function claim(id: string, measured: number | boolean, options: ClaimOptions = {}): ClaimCheck {
  checkOptions("claim", options, NAMES);
  const known = claims().find((c) => c.id === id);
  if (!known)
    throw new ArgumentError(`claim: expected a claim of data/claims.json, got ${quote(id)}`, { id });
  if (typeof measured !== typeof known.paper.value) {
    throw new ArgumentError(
      `claim(${quote(id)}): expected a ${typeof known.paper.value}, got ${quote(measured)}`,
      { id, measured },
    );
  }
  const measurement: Measurement = {
    id,
    value: Number.isNaN(measured) ? "none" : measured,
    unit: known.paper.unit,
    uncertainty: options.uncertainty ?? undefined,
    note: options.note,
    verdict: (options.holds ?? within(known, measured)) ? "holds" : "differs",
  };
  record(measurement);
  const check = new ClaimCheck(known, measurement);
  if (measurement.verdict === "differs" && !process.env.OPERANDOSE_SITE)
    throw new DataError(`claim: ${check}`, { id, measured });
  return check;
}

/** A claim with its measurement, as a cell shows it. */
export class ClaimCheck {
  constructor(
    readonly claim: Claim,
    readonly measurement: Measurement,
  ) {}

  toString(): string {
    const { claim, measurement } = this;
    const tolerance =
      claim.tolerance?.abs ??
      (claim.tolerance?.rel === undefined ? undefined : `${text(100 * claim.tolerance.rel)} %`);
    const interval = measurement.uncertainty ? ` [${measurement.uncertainty.map(text).join(", ")}]` : "";
    return `${claim.text} (${claim.where}): paper ${paperText(claim)}, ours ${text(measurement.value)}${interval} ${measurement.unit}${tolerance === undefined ? "" : `, tolerance ${tolerance}`}: ${measurement.verdict}`;
  }

  [inspect.custom](): string {
    return this.toString();
  }

  [Symbol.for("Jupyter.display")](): Record<string, string> {
    const { claim, measurement } = this;
    const interval = measurement.uncertainty ? ` (${measurement.uncertainty.map(text).join(" to ")})` : "";
    const row = [
      claim.text,
      paperText(claim),
      `${text(measurement.value)}${interval} ${measurement.unit}`,
      measurement.verdict,
    ].map((s) => `<td>${escapeHtml(s)}</td>`);
    const head = ["Claim", "Paper", "Ours", ""].map((s) => `<th>${s}</th>`);
    return {
      "text/html": `<table><thead><tr>${head.join("")}</tr></thead><tbody><tr>${row.join("")}</tr></tbody></table>`,
      "text/plain": this.toString(),
    };
  }
}

/** What the paper says, in its words where a number alone would not do. */
function paperText({ paper }: Claim): string {
  return paper.text ?? `${text(paper.value)} ${paper.unit}`.trim();
}

function within({ paper, tolerance }: Claim, measured: number | boolean): boolean {
  if (typeof paper.value === "boolean" || tolerance === null) return measured === paper.value;
  const allowed = Math.max(tolerance.abs ?? 0, (tolerance.rel ?? 0) * Math.abs(paper.value));
  // A hair of slack: 0.1 + 0.2 is within 0.1 of 0.2.
  return Math.abs((measured as number) - paper.value) <= allowed * (1 + 1e-12) + 1e-12;
}

function record(measurement: Measurement): void {
  const site = process.env.OPERANDOSE_SITE;
  if (!site) return;
  const notebook = process.env.OPERANDOSE_NOTEBOOK ?? "notebook";
  recorded.push(measurement);
  const folder = join(site, "claims");
  mkdirSync(folder, { recursive: true });
  const latest = [...new Map(recorded.map((m) => [m.id, m])).values()];
  writeFileSync(
    join(folder, `${notebook}.json`),
    `${JSON.stringify({ notebook, measurements: latest }, null, 1)}\n`,
  );
}

function text(value: number | boolean | string): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value === 0) return "0";
  return Math.abs(value) >= 1e5 || Math.abs(value) < 1e-3
    ? value.toExponential(3)
    : String(Number(value.toPrecision(4)));
}
