// Measured value of a claim of the paper: the cell shows both, and npm start collects them.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { escapeText } from "../compute/escape.js";
import { ArgumentError, quote } from "../errors.js";
import { makeFolder } from "../io/disk.js";
import { checkOptions, didYouMean, type OptionNames } from "../options.js";
import { claimText } from "./claim-text.js";
import { type Alternative, type Claim, claims, judge, type Measurement } from "./claims.js";

/** Options of `claim`. */
export interface ClaimOptions {
  /** Interval of the measured value, in its unit. */
  readonly uncertainty?: readonly [number, number] | null;
  /** A sentence on how it was measured. */
  readonly note?: string;
  /** Values with other choices that the paper does not fix, each with its own verdict. */
  readonly alternatives?: readonly Alternative[];
}

const OPTIONS: OptionNames<ClaimOptions> = { uncertainty: true, note: true, alternatives: true };

const recorded: Measurement[] = [];

/**
 * Compares a measured value with the paper's, records it for the site (in the folder OPERANDOSE_SITE), and
 * returns both for display in the cell. A value that disagrees with the paper is a finding and no error: the
 * cell shows "differs", and the notebook goes on.
 *
 * @param id of `data/claims.json`
 * @param measured in the unit of the paper; NaN where the analysis gives no value, which differs from any
 *   number
 * @throws ArgumentError for an unknown claim or option, or a value of another type
 * @example
 * const rate = await Cube.load().doseRate(rockCell()).map("doseRate");
 * claim("max-dose-rate-farther", rate.statistics().max / 1e3); // kGy/s, beside the paper's value
 */
export function claim(id: string, measured: number | boolean, options: ClaimOptions = {}): ClaimCheck {
  const { uncertainty, note, alternatives } = checkOptions("claim", options, OPTIONS);
  const known = claims().find((one) => one.id === id);
  if (!known) {
    const ids = claims().map((one) => one.id);
    throw new ArgumentError(
      `claim: expected a claim of data/claims.json, got ${quote(id)}; ${didYouMean(id, ids)}`,
      { id },
    );
  }
  for (const value of [measured, ...(alternatives ?? []).map((one) => one.value)]) {
    if (typeof value === typeof known.paper.value) continue;
    throw new ArgumentError(
      `claim(${quote(id)}): expected a ${typeof known.paper.value}, got ${quote(value)}`,
      { id, measured: value },
    );
  }
  const value = orNone(measured);
  const measurement: Measurement = {
    id,
    value,
    unit: known.paper.unit,
    uncertainty: uncertainty ?? undefined,
    note,
    alternatives: alternatives?.map(({ choice, value: other }) => {
      return { choice, value: orNone(other), verdict: judge(known, orNone(other)) };
    }),
    verdict: judge(known, value),
  };
  record(measurement);
  return new ClaimCheck(known, measurement);
}

/** JSON has no NaN. */
function orNone(value: number | boolean): Measurement["value"] {
  return Number.isNaN(value) ? "none" : value;
}

/** A claim with its measurement, for display in a cell. */
export class ClaimCheck {
  constructor(
    readonly claim: Claim,
    readonly measurement: Measurement,
  ) {}

  toString(): string {
    const { claim, measurement } = this;
    const { paper, ours, tolerance, alternatives } = claimText(claim, measurement);
    const allowed = tolerance === "" ? "" : `, tolerance ${tolerance}`;
    const others = alternatives.map((one) => `; with ${one}`).join("");
    return `${claim.text} (${claim.where}): paper ${paper}, ours ${ours}${allowed}: ${measurement.verdict}${others}`;
  }

  [inspect.custom](): string {
    return this.toString();
  }

  [Symbol.for("Jupyter.display")](): Record<string, string> {
    const { claim, measurement } = this;
    const { paper, ours, alternatives } = claimText(claim, measurement);
    const row = [claim.text, paper, ours, [measurement.verdict, ...alternatives].join("; with ")];
    const head = ["Claim", "Paper", "Ours", ""].map((s) => `<th>${s}</th>`);
    const cells = row.map((s) => `<td>${escapeText(s)}</td>`);
    return {
      "text/html": `<table><thead><tr>${head.join("")}</tr></thead><tbody><tr>${cells.join("")}</tr></tbody></table>`,
      "text/plain": this.toString(),
    };
  }
}

function record(measurement: Measurement): void {
  const site = process.env.OPERANDOSE_SITE;
  if (!site) return;
  const notebook = process.env.OPERANDOSE_NOTEBOOK ?? "notebook";
  recorded.push(measurement);
  const folder = join(site, "claims");
  makeFolder("claim", folder);
  const latest = [...new Map(recorded.map((m) => [m.id, m])).values()];
  writeFileSync(
    join(folder, `${notebook}.json`),
    `${JSON.stringify({ notebook, measurements: latest }, null, 1)}\n`,
  );
}
