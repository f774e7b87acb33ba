// Verdict on the spreading of damage.
import { short } from "../../compute/format.js";
import type { Comparison } from "./compare.js";
import type { Spreading } from "./search.js";

interface Found {
  readonly length: number;
  readonly interval: readonly [number, number];
  readonly spreading: Spreading;
  readonly crossValidation: { readonly lengths: Float64Array };
  readonly explained: { readonly dose: number; readonly neighborhood: number };
  readonly unit: string;
  readonly beyond: readonly unknown[];
}

/** One sentence: whether the neighborhood matters, and over which length, in mm from 1000 um on. */
export function proximityVerdict(
  { length, interval, spreading, explained, unit, beyond, crossValidation: { lengths } }: Found,
  { found, excess, gain }: Comparison,
): string {
  const outside =
    beyond.length > 1
      ? "; the interval holds beams that fall beyond the images three quarters and four thirds as steeply as at their borders"
      : "";
  const percent = (v: number): string => `${(100 * Math.max(0, v)).toFixed(1)} %`;
  const longest = lengths[lengths.length - 1];
  const alone = `dose alone predicts ${percent(explained.dose)} of the variance of blocks that were left out`;
  if (!found) {
    const tried = spreading.length > 0 ? `, the best spreading ${percent(explained.neighborhood)}` : "";
    const bound = Number.isFinite(interval[1])
      ? `spreading over more than ${distance(interval[1])} is excluded`
      : "none of the lengths is excluded: all predict equally well where little damage spreads or the dose has little effect";
    return `no significant spreading: ${alone}${tried} (dose alone leaves ${short(100 * gain)} % more, by ${short(excess[0])} standard errors; the limits are 0.5 %, a quarter of the residual of the best beyond noise, and 1.96 standard errors); ${bound}${outside}`;
  }
  const { onset, exponent, weight } = spreading;
  const to = Number.isFinite(interval[1])
    ? `${distance(interval[0])} to ${distance(interval[1])}`
    : `at least ${distance(interval[0])}; the longest that was tried, ${distance(longest)}, predicts about as well`;
  return (
    `damage spreads over about ${distance(length)} (95 % interval: ${to}): ${alone}, with the neighborhood ` +
    `${percent(explained.neighborhood)} (excess error of dose alone ${short(excess[0])} standard errors); best with spreading ` +
    `from ${short(onset)}${unit && ` ${unit}`} on, to the power ${short(exponent)}, weight ${short(weight)}${outside}`
  );
}

function distance(um: number): string {
  return um >= 1000 ? `${short(um / 1000)} mm` : `${short(um)} um`;
}
