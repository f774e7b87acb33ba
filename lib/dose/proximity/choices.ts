// Lengths, onsets, exponents and weights that are tried.
import { ArgumentError, quote } from "../../errors.js";
import type { AnalysisGrid } from "./configurations.js";
import type { Choices } from "./search.js";

const ONSETS = [0, 2, 4, 6, 7, 8, 9, 10, 12].map((k) => k / 16);
const EXPONENTS = [0.4, 0.55, 0.75, 1, 1.35];
const WEIGHTS = [0.02, 0.05, 0.1, 0.18, 0.3, 0.5, 0.75, 1];
const LENGTHS = 12;

/** Fixed values from the options, and default grids for the others. @throws ArgumentError */
export function choicesFor(
  call: string,
  { configurations, pixelSize }: AnalysisGrid,
  options: { lengths?: readonly number[]; onset?: number; exponent?: number; weight?: number },
): Choices {
  const one = (
    name: string,
    value: number | undefined,
    many: readonly number[],
    low: number,
    high: number,
  ) => {
    if (value === undefined) return many;
    if (typeof value === "number" && value >= low && value <= high) return [value];
    throw new ArgumentError(
      `${call}: expected ${name} as a number from ${low} to ${high}, got ${quote(value)}`,
      {
        option: name,
        value,
      },
    );
  };
  const highest = Math.max(...configurations.flatMap((s) => Array.from(s.pixels, (p) => s.dose[p])));
  return {
    lengths: [0, ...lengthsFor(call, options.lengths, configurations, pixelSize)],
    onsets: one("onset", options.onset, ONSETS.map((v) => v * highest), 0, highest), // biome-ignore format: one line
    exponents: one("exponent", options.exponent, EXPONENTS, 0.1, 10),
    weights: one("weight", options.weight, WEIGHTS, 0.001, 1),
  };
}

function lengthsFor(
  call: string,
  given: readonly number[] | undefined,
  configurations: AnalysisGrid["configurations"],
  pixelSize: number,
): number[] {
  if (given !== undefined) {
    const ok = Array.isArray(given) && given.length > 0 && given.every((v) => Number.isFinite(v) && v >= 0);
    if (ok) return [...new Set(given)].filter((v) => v > 0).sort((a, b) => a - b);
    throw new ArgumentError(`${call}: expected lengths in um, 0 or above, got ${quote(given)}`, {
      lengths: given,
    });
  }
  const longest = 2 * Math.max(...configurations.map((s) => Math.hypot(s.width, s.height)));
  const shortest = 1.5;
  return Array.from(
    { length: LENGTHS },
    (_, k) => pixelSize * shortest * (longest / shortest) ** (k / (LENGTHS - 1)),
  );
}
