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

/** @throws ShapeError when the spectrum does not have one value for each energy */
export function checkLength(mu: ArrayLike<number>, n: number, call: string): void {
  if (mu?.length !== n) {
    throw new ShapeError(
      `${call}: expected ${n} values, one for each energy, got ${mu?.length ?? quote(mu)}; axis and spectrum must have the same length`,
      { expected: n, got: mu?.length },
    );
  }
}

/** The range of an axis, ascending or descending, for a message: "8266.0..8878.0 eV". */
export function rangeText(energy: ArrayLike<number>): string {
  const first = energy[0];
  const last = energy[energy.length - 1];
  return `${Math.min(first, last).toFixed(1)}..${Math.max(first, last).toFixed(1)} eV`;
}
