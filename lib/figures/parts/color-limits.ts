// Limits of the color scale of an image, and how many pixels are beyond them.
import { formatNumber } from "./ticks.js";

/**
 * Limits of a color scale that single outlying pixels do not stretch: a stripe of dead pixels at -0.2 in a
 * map from 0.9 to 2.1, or the noise where there is hardly any light.
 *
 * At most 5 % of the pixels are left out at either end: those behind a gap of a quarter of the range from the
 * 5 % to the 95 % quantile, and those farther than this range from the 1 % and the 99 % quantile. A peak that
 * the other values lead up to, as of a beam, stays whole.
 *
 * @returns null without finite values
 */
export function robustLimits(values: Float64Array): [number, number] | null {
  const sorted = values.filter(Number.isFinite).sort();
  const n = sorted.length;
  if (n === 0) return null;
  const last = n - 1;
  const at = (fraction: number): number => Math.round(fraction * last);
  const [i5, i95] = [at(0.05), at(0.95)];
  const width = sorted[i95] - sorted[i5];
  // Of fewer pixels 5 % are not enough to tell an outlier from a feature.
  if (n < 100 || width === 0) return [sorted[0], sorted[last]];
  let [low, high] = [0, last];
  for (let i = i5; i > 0 && low === 0; i--) if (sorted[i] - sorted[i - 1] > width / 4) low = i;
  for (let i = i95; i < last && high === last; i++) if (sorted[i + 1] - sorted[i] > width / 4) high = i;
  return [Math.max(sorted[low], sorted[at(0.01)] - width), Math.min(sorted[high], sorted[at(0.99)] + width)];
}

/** Limits of a color scale: those of the data, or zero where they are near it. */
export function colorDomain([low, high]: readonly [number, number]): [number, number] {
  const start = low >= 0 && low < 0.3 * high ? 0 : low;
  return start < high ? [start, high] : [start - 0.5, high + 0.5];
}

/** Numbers of pixels with a value, and of those below and above the limits of the color scale. */
export interface Clipped {
  readonly n: number;
  readonly below: number;
  readonly above: number;
}

/** Pixels beyond the limits by more than a color is wide. */
export function clippedBy(values: Float64Array, [low, high]: readonly [number, number]): Clipped {
  const color = (high - low) / 250;
  let [n, below, above] = [0, 0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    n++;
    if (value < low - color) below++;
    else if (value > high + color) above++;
  }
  return { n, below, above };
}

/** Such as `Colors clipped at 0.9: 0.5 % below`; empty where nothing is clipped. */
export function clippedText(all: readonly Clipped[], [low, high]: readonly [number, number]): string {
  const sum = (of: keyof Clipped): number => all.reduce((total, one) => total + one[of], 0);
  const n = sum("n");
  const ends = [
    { at: formatNumber(low, 3), count: sum("below"), where: "below" },
    { at: formatNumber(high, 3), count: sum("above"), where: "above" },
  ].filter(({ count }) => count > 0);
  const share = (count: number): string =>
    count < 0.001 * n ? "<0.1 %" : `${formatNumber((100 * count) / n, 2)} %`;
  if (ends.length === 0) return "";
  const [{ at, count, where }] = ends;
  if (ends.length === 1) return `Colors clipped at ${at}: ${share(count)} ${where}`;
  return `Colors clipped: ${ends.map((end) => `${share(end.count)} ${end.where} ${end.at}`).join(", ")}`;
}
