// Edge energy as the half step: where a normalized spectrum crosses one half.

/**
 * Point before which a normalized spectrum first rises through one half, and the point with a value before it;
 * undefined where it does not rise through it. The crossing lies between the two.
 *
 * @param n number of energies, by rising energy
 * @param value the spectrum at an energy; NaN where it has no value
 */
export function halfStep(n: number, value: (k: number) => number): readonly [number, number] | undefined {
  let last = 0;
  for (let k = 1; k < n; k++) {
    const here = value(k);
    if (value(last) < 0.5 && here >= 0.5) return [last, k];
    // A missing value leaves the last one in place.
    if (Number.isFinite(here)) last = k;
  }
  return undefined;
}

/**
 * Energy at which a normalized spectrum first rises through one half, interpolated between two points; NaN
 * where it does not.
 *
 * @param energies eV, ascending
 */
export function halfStepEnergy(energies: ArrayLike<number>, value: (k: number) => number): number {
  const found = halfStep(energies.length, value);
  if (!found) return Number.NaN;
  const [i, k] = found;
  return energies[i] + ((0.5 - value(i)) / (value(k) - value(i))) * (energies[k] - energies[i]);
}
