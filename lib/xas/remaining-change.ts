// How far a spectrum still is from where it should arrive.
import { ArgumentError, DataError, quote } from "../errors.js";
import { checkOptions } from "../options.js";
import { checkLength } from "./axis.js";

/** What `remainingChange` compares. */
export interface RemainingChangeOptions {
  /** Where the change began. */
  readonly from: ArrayLike<number>;
  /** Where it should end. */
  readonly to: ArrayLike<number>;
  /** Energies that count, eV, both ends included; default: all. */
  readonly range?: readonly [number, number];
}

/**
 * The distance of a spectrum from the end of a change in units of the whole change, |s - to| / |from - to|: 0 where it has
 * arrived, 1 where nothing has happened (or something of the same size that is not this change).
 *
 * @param energies eV, shape [nEnergies]; all spectra are on this axis
 * @param spectrum absorption, shape [nEnergies]; energies at which one of the three is not finite are left out
 * @throws ShapeError when lengths differ; ArgumentError for a range that means nothing
 * @throws DataError when no energy is left, or when `from` and `to` are the same
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
    `${call}: expected spectra that differ between their first and their last state, got no difference at any energy that counts`,
  );
}
