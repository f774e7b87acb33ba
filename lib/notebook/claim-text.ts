// Claims as text in notebooks, in the terminal and on pages.
import type { Claim, Measurement } from "./claims.js";

/** A line of the table of claims as text. */
export interface ClaimText {
  /** Statement of the paper. */
  readonly paper: string;
  /** Measured value with its interval; empty without a measurement. */
  readonly ours: string;
  /** Tolerance; empty for facts and limits. */
  readonly tolerance: string;
  /** Verdicts with other choices, one per line; empty without any. */
  readonly alternatives: readonly string[];
}

/** A claim and its measurement as text. */
export function claimText({ paper, tolerance }: Claim, measured: Measurement | null): ClaimText {
  const { abs, rel } = tolerance ?? {};
  const deviations = [
    ...(abs === undefined ? [] : [`± ${withUnit(valueText(abs), paper.unit)}`]),
    ...(rel === undefined ? [] : [`${valueText(100 * rel)} % relative`]),
  ];
  const unit = measured?.unit ?? paper.unit;
  const limits = measured?.uncertainty?.map(valueText).join(" to ");
  return {
    paper: paper.text ?? withUnit(valueText(paper.value), paper.unit),
    ours: measured ? withUnit(`${valueText(measured.value)}${limits ? ` (${limits})` : ""}`, unit) : "",
    tolerance: deviations.join(" or "),
    alternatives: (measured?.alternatives ?? []).map(
      ({ choice, value, verdict }) => `${choice}: ${withUnit(valueText(value), unit)}, ${verdict}`,
    ),
  };
}

/** Four significant digits; powers of ten only for long numbers. */
function valueText(value: number | boolean | string): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string" || (Number.isInteger(value) && Math.abs(value) < 1e6)) return String(value);
  const size = Math.abs(value);
  const digits = size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(3) : value.toPrecision(4);
  return digits.includes("e")
    ? digits.replace(/\.?0+e/, "e").replace("e+", "e")
    : digits.replace(/\.0+$|(\.\d*?)0+$/, "$1");
}

function withUnit(text: string, unit: string | undefined): string {
  return unit ? `${text} ${unit}` : text;
}
