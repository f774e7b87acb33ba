// Fractions of the variance against those of a stick that breaks at random.
import type { SingularSpectrum } from "./spectrum.js";

/**
 * Number of centred components that explain more than the longest pieces of a broken stick would.
 *
 * @see D. A. Jackson, Ecology 74 (1993) 2204
 */
export function brokenStick({ centered, centeredTotal, rows, columns }: SingularSpectrum): number {
  const c = Math.min(rows, columns);
  if (!(centeredTotal > 0)) return 0;
  let piece = 0;
  for (let k = 1; k <= c; k++) piece += 1 / k;
  for (let n = 0; n < centered.length; n++) {
    if (!(centered[n] / centeredTotal > piece / c)) return n;
    piece -= 1 / (n + 1);
  }
  return centered.length;
}
