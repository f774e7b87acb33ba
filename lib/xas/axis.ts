// Checks of energy axis and spectrum for all functions of this folder.
import { ArgumentError, quote, ShapeError } from "../errors.js";

/**
 * The axis as an ascending Float64Array copy, with the direction it came in.
 *
 * The axis as an ascending Float64Array copy, and whether it came in descending order.
 * @param least fewest energies for the caller
 * @param call name of the caller for error messages
 * @param least smallest number of energies
 */
export function ascendingAxis(
  energy: ArrayLike<number>,
  call: string,
  least: number,
): { axis: Float64Array; descending: boolean } {
  const n = energy?.length;
  if (!(n >= least)) {
    throw new ShapeError(
      `${call}: expected an energy axis of at least ${least} energies, got ${n === undefined ? quote(energy) : n}; give one value in eV for each point of the spectrum`,
      { least, got: n },
    );
  }
  const descending = n > 1 && energy[1] < energy[0];
  const sign = descending ? -1 : 1;
  for (let i = 0; i < n; i++) {
    if (Number.isFinite(energy[i]) && (i === 0 || sign * (energy[i] - energy[i - 1]) > 0)) continue;
    throw new ArgumentError(
      `${call}: expected strictly monotonic, finite energies, got ${quote(energy[i])} at index ${i}${i > 0 ? ` after ${quote(energy[i - 1])}` : ""}; sort the axis and drop duplicates`,
      { option: "energy", index: i, value: energy[i] },
    );
  }
  const axis = Float64Array.from(energy);
  if (descending) axis.reverse();
  return { axis, descending };
}

/**
 * The spectrum in ascending order of its axis, as a copy.
 *
 * @throws ShapeError when the lengths differ
 */
export function ascendingSpectrum(
  mu: ArrayLike<number>,
  n: number,
  descending: boolean,
  call: string,
): Float64Array {
  checkLength(mu, n, call);
  const out = Float64Array.from(mu);
  return descending ? out.reverse() : out;
}

/** @throws ShapeError when the spectrum does not have one value for each energy, ArgumentError for text */
export function checkLength(mu: ArrayLike<number>, n: number, call: string): void {
  if (mu?.length !== n) {
    throw new ShapeError(
      `${call}: expected ${n} values, one for each energy, got ${mu?.length ?? quote(mu)}; axis and spectrum must have the same length`,
      { expected: n, got: mu?.length },
    );
  }
  const text = Array.isArray(mu) ? mu.findIndex((value) => typeof value === "string") : -1;
  if (text >= 0) {
    throw new ArgumentError(
      `${call}: expected numbers, got the text ${quote(mu[text])} at index ${text}; convert it with Number first`,
      { index: text, value: mu[text] },
    );
  }
}

/**
 * Refuses an axis in keV or meV. X-ray energies are 50 to 150 000 eV, and spectra span more than 5 eV.
 *
 * @param axis ascending
 */
export function requireElectronvolts(axis: Float64Array, call: string): void {
  const [first, last] = [axis[0], axis[axis.length - 1]];
  const isKilo = first > 0 && last < 150 && last - first < 5;
  if (!isKilo && first < 1e6) return;
  throw new ArgumentError(
    `${call}: expected energies in eV, got ${first} to ${last}; ${isKilo ? "multiply keV by 1000" : "divide meV by 1000"}`,
    { option: "energy", value: [first, last] },
  );
}

/** The range of an axis, ascending or descending, for a message: "8266.0..8878.0 eV". */
export function rangeText(energy: ArrayLike<number>): string {
  const first = energy[0];
  const last = energy[energy.length - 1];
  return `${Math.min(first, last).toFixed(1)}..${Math.max(first, last).toFixed(1)} eV`;
}
