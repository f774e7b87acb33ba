// Energy of the edge: where a normalized spectrum crosses one half.

export const EDGE_LABEL = "Edge energy (eV), where the normalized absorption is 0.5";

/**
 * Energy at which a normalized spectrum first rises through one half, interpolated between two points; NaN
 * where it does not.
 *
 * @param energies eV, ascending
 */
export function edgeEnergyOf(energies: ArrayLike<number>, value: (k: number) => number): number {
  let before = value(0);
  for (let k = 1; k < energies.length; k++) {
    const here = value(k);
    if (before < 0.5 && here >= 0.5) {
      return energies[k - 1] + ((0.5 - before) / (here - before)) * (energies[k] - energies[k - 1]);
    }
    // A missing value leaves the last one in place.
    if (Number.isFinite(here)) before = here;
  }
  return Number.NaN;
}
