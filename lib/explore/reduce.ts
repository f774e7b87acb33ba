// Reduction of large data for a page: energies away from the edge are averaged in groups, then pixels are
// binned and time steps averaged, as far as the size requires. The page states every reduction.
import type { ViewModel, ViewSpecies } from "./view-model.js";

/** Values of spectra that a page holds at most: 8 million are about 6 MB, and 32 MB in the browser. */
export const MOST_VALUES = 8e6;

/** Within so many eV below and above the edge every energy is kept. */
const FINE = [40, 100] as const;
const COARSEST = 8;
/** Rather than fewer pixels than this, time steps are averaged; rather than fewer of those, pixels again. */
const PIXELS = 2000;
const TIMES = 24;

/** What is done to the data. One: nothing. */
export interface Reduction {
  /** Neighboring energies away from the edge that become one. */
  readonly energies: number;
  /** Side of a square of pixels that becomes one. */
  readonly bin: number;
  /** Time steps that become one. */
  readonly group: number;
}

/** Sizes of data. */
export interface Sizes {
  readonly nTimes: number;
  readonly height: number;
  readonly width: number;
  readonly energies: ArrayLike<number>;
  /** eV; null where it is not known: then no energy is averaged. */
  readonly edge: number | null;
}

/** The least reduction by which data fit into a page. */
export function reductionFor(
  { nTimes, height, width, energies, edge }: Sizes,
  most = MOST_VALUES,
): Reduction {
  const pixels = (bin: number): number => Math.floor(height / bin) * Math.floor(width / bin);
  const times = (group: number): number => Math.ceil(nTimes / group);
  let counts = energies.length;
  for (let by = 1; by <= COARSEST; by *= 2) {
    counts = by === 1 ? energies.length : groupsOf(energies, edge, by).length;
    if (nTimes * height * width * counts <= most) return { energies: by, bin: 1, group: 1 };
  }
  let [bin, group] = [1, 1];
  while (times(group) * pixels(bin) * counts > most) {
    if (pixels(bin) > PIXELS && bin < Math.min(height, width)) bin++;
    else if (times(group) > TIMES) group++;
    else if (bin < Math.min(height, width)) bin++;
    else group++;
  }
  return { energies: COARSEST, bin, group };
}

/** Groups [from, to) of neighboring energies: single ones near the edge, `by` together elsewhere. */
export function groupsOf(
  energies: ArrayLike<number>,
  edge: number | null,
  by: number,
): (readonly [number, number])[] {
  const fine = (k: number): boolean =>
    edge === null || (energies[k] >= edge - FINE[0] && energies[k] <= edge + FINE[1]);
  const groups: (readonly [number, number])[] = [];
  for (let k = 0; k < energies.length; ) {
    let end = k + 1;
    while (!fine(k) && end < energies.length && end - k < by && !fine(end)) end++;
    groups.push([k, end]);
    k = end;
  }
  return groups;
}

/** The model with fewer energies away from the edge: means of groups, of the values that are there. */
export function thinned(model: ViewModel, by: number): ViewModel {
  if (by === 1) return model;
  const groups = groupsOf(model.energies, model.edge, by);
  const n = model.energies.length;
  const { species } = model;
  const fewer: ViewSpecies | null = species && {
    ...species,
    S: grouped(species.S, n, groups, Float64Array),
  };
  return {
    ...model,
    energies: grouped(model.energies, n, groups, Float64Array),
    spectra: grouped(model.spectra, n, groups, Float32Array),
    species: fewer,
    notes: [
      ...model.notes,
      `Further than ${FINE[0]} eV below and ${FINE[1]} eV above the edge up to ${by} neighboring energies are averaged: ${groups.length} of ${n} are left.`,
    ],
  };
}

function grouped<A extends Float32Array | Float64Array>(
  rows: A,
  n: number,
  groups: readonly (readonly [number, number])[],
  type: new (length: number) => A,
): A {
  const out = new type((rows.length / n) * groups.length);
  for (let row = 0, to = 0; row < rows.length; row += n) {
    for (const [from, end] of groups) {
      let [sum, count] = [0, 0];
      for (let k = from; k < end; k++) {
        const v = rows[row + k];
        if (Number.isNaN(v)) continue;
        sum += v;
        count++;
      }
      out[to++] = sum / count;
    }
  }
  return out;
}
