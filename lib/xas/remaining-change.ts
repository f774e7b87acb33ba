// Distance of a spectrum from the end of a change.
import { ArgumentError, DataError, quote } from "../errors.js";
import { checkOptions } from "../options.js";
import { checkLength } from "./axis.js";

/** What `remainingChange` compares. */
export interface RemainingChangeOptions {
  /** Spectrum at the start of the change. */
  readonly from: ArrayLike<number>;
  /** Spectrum at the end of the change. */
  readonly to: ArrayLike<number>;
  /** Energies that are compared, eV, both ends included; default: all. */
  readonly range?: readonly [number, number];
}

/**
 * Distance of a spectrum from the end of a change, relative to the whole change: ‖s - to‖ / ‖from - to‖. It
 * is 0 at the end, and 1 where nothing has changed. A different change of the same size also gives 1.
 *
 * @param energies eV, shape [nEnergies], of all spectra
 * @param spectrum absorption, shape [nEnergies]; energies at which one of the three is not finite are left
 *   out
 * @throws ShapeError when lengths differ
 * @throws ArgumentError for an invalid range
 * @throws DataError when no energy is left, or when `from` and `to` are equal
 * @example
 * const energies = [8340, 8345, 8350];
 * const [pristine, charged] = [[0.3, 0.8, 1.2], [0.1, 0.5, 1.3]];
 * remainingChange(energies, [0.2, 0.65, 1.25], { from: pristine, to: charged }); // 0.5
 */
export function remainingChange(
  energies: ArrayLike<number>,
  spectrum: ArrayLike<number>,
  options: RemainingChangeOptions,
): number {
  const call = "remainingChange";
  const { from, to, range } = checkOptions(call, options, { from: true, to: true, range: true });
  for (const one of [spectrum, from, to]) checkLength(one, energies.length, call);
  const [low, high] =
    range === undefined ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] : (range ?? []);
  if (!(low < high)) {
    throw new ArgumentError(`${call}: expected range as [low, high] in eV, got ${quote(range)}`, { range });
  }
  let [left, whole] = [0, 0];
  for (let k = 0; k < energies.length; k++) {
    const [a, b] = [(spectrum[k] - to[k]) ** 2, (from[k] - to[k]) ** 2];
    if (!(energies[k] >= low && energies[k] <= high) || !Number.isFinite(a + b)) continue;
    left += a;
    whole += b;
  }
  if (whole > 0) return Math.sqrt(left / whole);
  throw new DataError(
    `${call}: expected spectra that differ between their first and their last state, got no difference at any energy of the range`,
  );
}
