// Explained variances compared with the pieces of a stick broken at random.
import type { SingularSpectrum } from "./spectrum.js";

/**
 * Number of centered components that explain more than the expected pieces of a broken stick.
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
