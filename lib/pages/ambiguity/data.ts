// Data sets of the page: edges of species that are known here, so that the reader can compare.
import { type Random, random } from "../../compute/random.js";

/** Options of a data set. */
export interface DataOptions {
  readonly species: 2 | 3;
  /** Standard deviation of the noise, in units of the edge step. */
  readonly noise: number;
  /** Whether each species is alone in some spectrum. */
  readonly pure: boolean;
}

/** Mixtures, and what they were made of. */
export interface DataSet {
  /** Position of each spectrum in the series, 0..1. */
  readonly time: Float64Array;
  /** eV relative to the edge of the first species. */
  readonly energies: Float64Array;
  /** Shape [nSpectra, nEnergies]. */
  readonly D: readonly (readonly number[])[];
  /** Shape [nSpectra, nSpecies]; rows sum to one. */
  readonly C: readonly (readonly number[])[];
  /** Shape [nSpecies, nEnergies]. */
  readonly S: readonly (readonly number[])[];
}

const SPECTRA = 24;
const ENERGIES = 50;

/** A series of mixtures. The same options give the same numbers. */
export function dataSet({ species, noise, pure }: DataOptions): DataSet {
  const time = Float64Array.from({ length: SPECTRA }, (_, i) => i / (SPECTRA - 1));
  const energies = Float64Array.from({ length: ENERGIES }, (_, k) => -12 + k);
  const S = Array.from({ length: species }, (_, k) => Array.from(energies, (e) => edge(e, k, species)));
  const C = Array.from(time, (t) => (species === 2 ? two(t, pure) : three(t, pure)));
  const draw: Random = random(7);
  const D = C.map((row) =>
    Array.from(energies, (_, j) => row.reduce((sum, c, k) => sum + c * S[k][j], 0) + noise * draw.normal()),
  );
  return { time, energies, D, C, S };
}

/** An edge with a white line; both move up in energy from the first species to the last. */
function edge(e: number, k: number, n: number): number {
  const shift = (2.4 * k) / (n - 1);
  const step = 0.5 + Math.atan((e - shift) / 1.3) / Math.PI;
  const height = 0.35 + 0.3 * k - 0.1 * k * k;
  return step + height * Math.exp(-(((e - shift - 4) / 2.6) ** 2) / 2);
}

/** From one species to the other, from 0.15 to 0.85 where neither is pure. */
function two(t: number, pure: boolean): number[] {
  const second = pure ? Math.min(1, Math.max(0, 1.4 * t - 0.2)) : 0.15 + 0.7 * t;
  return [1 - second, second];
}

/** One after the other; the middle one reaches 1, or 0.6. */
function three(t: number, pure: boolean): number[] {
  const width = pure ? 0.4 : 0.62;
  const first = Math.max(0, 1 - t / width);
  const last = Math.max(0, 1 - (1 - t) / width);
  const sum = first + last;
  // Where both overlap there is little left for the middle one.
  const scale = sum > 0.9 ? 0.9 / sum : 1;
  return [first * scale, 1 - (first + last) * scale, last * scale];
}
