// Ticks and their numbers: round values, as many as fit, with the same number of decimals.
import { ticks as linearTicks, scaleLinear } from "d3";
import { DataError } from "../../errors.js";
import { textWidth } from "./text-width.js";
import { theme } from "./theme.js";

/** Positions of ticks and their texts. */
export interface Ticks {
  readonly values: readonly number[];
  readonly labels: readonly string[];
}

/**
 * Round ticks of a linear axis, as many as fit without touching.
 *
 * @param length px
 * @param horizontal whether the texts are side by side
 */
export function ticksThatFit(domain: readonly [number, number], length: number, horizontal: boolean): Ticks {
  const wanted = Math.max(3, Math.floor(length / (horizontal ? 40 : 32)));
  for (let n = Math.min(wanted, 7); n > 1; n--) {
    const ticks = withLabels(linearTicks(domain[0], domain[1], n));
    const room = length / Math.max(1, (domain[1] - domain[0]) / stepOf(ticks.values, domain));
    const needed = horizontal ? widest(ticks.labels) + 14 : theme.text.tick + 4;
    if (room >= needed && ticks.values.length > 1) return ticks;
  }
  const fewest = linearTicks(domain[0], domain[1], 2);
  const ticks = withLabels(fewest);
  const gap = ((fewest[1] - fewest[0]) / (domain[1] - domain[0])) * length;
  // A single legible tick is preferred to two that overlap.
  return horizontal && fewest.length > 1 && gap <= widest(ticks.labels)
    ? { values: fewest.slice(0, 1), labels: ticks.labels.slice(0, 1) }
    : ticks;
}

/** Ticks of a logarithmic axis: decades, and 2 and 5 between them for a small range. */
export function logTicks(domain: readonly [number, number]): Ticks {
  if (!(domain[0] > 0 && domain[1] >= domain[0] && domain[1] < Number.POSITIVE_INFINITY)) {
    throw new DataError(
      `figures: expected a logarithmic axis between two numbers above 0, got ${domain[0]} to ${domain[1]}; check what is drawn`,
      { domain },
    );
  }
  const decades = Math.log10(domain[1] / domain[0]);
  const steps = decades < 2.2 ? [1, 2, 5] : [1];
  const values: number[] = [];
  for (let e = Math.floor(Math.log10(domain[0])); e <= Math.ceil(Math.log10(domain[1])); e++) {
    for (const step of steps) {
      // Parsed, because 10 ** -1 * 2 is not 0.2.
      const value = Number(`${step}e${e}`);
      if (value >= domain[0] * (1 - 1e-9) && value <= domain[1] * (1 + 1e-9)) values.push(value);
    }
  }
  // All ticks are plain numbers, or all are powers of ten for whole decades.
  const plain = steps.length > 1 || (domain[0] > 5e-4 && domain[1] < 5e5);
  const every = Math.ceil(values.length / 9);
  const kept = values.filter((_, i) => i % every === 0);
  return { values: kept, labels: kept.map(plain ? (v) => formatNumber(v) : power) };
}

/** Ticks at given values, with enough decimals to distinguish them. */
function withLabels(values: readonly number[]): Ticks {
  const step = stepOf(values, [0, 1]);
  const largest = Math.max(...values.map(Math.abs), 0);
  if (largest > 0 && (largest >= 1e6 || largest < 1e-3)) {
    return { values, labels: values.map((v) => scientific(v)) };
  }
  const decimals = Math.max(0, Math.min(8, -Math.floor(Math.log10(step) + 1e-9)));
  return { values, labels: values.map((v) => group(v.toFixed(decimals))) };
}

/** A number for a label or a description: at most `digits` significant digits, with a true minus sign. */
export function formatNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return "no data";
  if (value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-3)) return scientific(value, digits);
  const text = String(Number(value.toPrecision(digits)));
  return group(Math.abs(value) >= 10 ** digits ? String(Math.round(value)) : text);
}

/** Limits with the same number of decimals: `23.7–34.0`. */
export function formatRange(limits: readonly number[], digits = 3): string {
  const texts = limits.map((v) => formatNumber(v, digits));
  const decimals = Math.max(...texts.map((text) => text.split(".")[1]?.length ?? 0));
  const same = limits.every((v) => Number.isFinite(v)) && !texts.some((text) => text.includes("·"));
  return (same ? limits.map((v) => group(v.toFixed(decimals))) : texts).join("–");
}

/** A domain with round limits. */
export function niceDomain(low: number, high: number): [number, number] {
  const [a, b] = low < high ? [low, high] : [low - 0.5, high + 0.5];
  const nice = scaleLinear().domain([a, b]).nice(6).domain();
  return [nice[0], nice[1]];
}

/** Width of the widest text in px. */
export function widest(labels: readonly string[], size: number = theme.text.tick): number {
  return labels
    .flatMap((label) => label.split("\n"))
    .reduce((width, line) => Math.max(width, textWidth(line, size)), 0);
}

/** Quantity and unit as an axis carries them: `Energy (eV)`. */
export function withUnit(label: string, unit?: string): string {
  return unit ? `${label} (${unit})` : label;
}

function stepOf(values: readonly number[], domain: readonly [number, number]): number {
  return values.length > 1 ? Math.abs(values[1] - values[0]) : Math.abs(domain[1] - domain[0]) || 1;
}

// Thin spaces between thousands from 10 000 on (energies of four digits have none), and a true minus sign.
function group(text: string): string {
  const [whole, fraction] = text.replace("-", "−").split(".");
  const digits = whole.replace("−", "");
  const grouped = digits.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, "\u2009") : whole;
  const out = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return /^−[0.]+$/.test(out) ? out.slice(1) : out;
}

function scientific(value: number, digits = 3): string {
  if (value === 0) return "0";
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  return `${group(String(Number(mantissa)))}·10${superscript(Number(exponent))}`;
}

function power(value: number): string {
  return `10${superscript(Math.round(Math.log10(value)))}`;
}

function superscript(exponent: number): string {
  return String(exponent).replace(/./g, (c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)]));
}
