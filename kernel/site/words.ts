// Claims in words: the same in the terminal and on the page.
import type { Claim, ClaimValue, Measurement } from "./claims.js";

/** What the paper says. */
export function paperWords({ paper }: Claim): string {
  return paper.text ?? withUnit(valueWords(paper.value), paper.unit);
}

/** What was measured, with its uncertainty. */
export function measuredWords({ paper }: Claim, measured: Measurement | null): string {
  if (measured === null) return "";
  const { value, uncertainty, unit = paper.unit } = measured;
  if (uncertainty === undefined || uncertainty === null) return withUnit(valueWords(value), unit);
  if (typeof uncertainty === "number") {
    return withUnit(`${valueWords(value)} ± ${valueWords(uncertainty)}`, unit);
  }
  return withUnit(`${valueWords(value)} (${valueWords(uncertainty)})`, unit);
}

/** What deviation is accepted. */
export function toleranceWords({ paper, tolerance }: Claim): string {
  const parts = [];
  if (tolerance?.abs !== undefined) parts.push(`± ${withUnit(valueWords(tolerance.abs), paper.unit)}`);
  if (tolerance?.rel !== undefined) parts.push(`${valueWords(100 * tolerance.rel)} % relative`);
  return parts.join(" or ");
}

function valueWords(value: ClaimValue): string {
  if (typeof value === "number") return numberWords(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" ? value : value.map(numberWords).join(" to ");
}

/** Four significant digits; powers of ten only where digits would not be read. */
function numberWords(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  const size = Math.abs(value);
  const digits = size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(3) : value.toPrecision(4);
  return digits.includes("e")
    ? digits.replace(/\.?0+e/, "e").replace("e+", "e")
    : digits.replace(/\.0+$|(\.\d*?)0+$/, "$1");
}

function withUnit(text: string, unit: string | undefined): string {
  return unit ? `${text} ${unit}` : text;
}
