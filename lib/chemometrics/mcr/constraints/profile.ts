// Entries of one component along the rows (of C) or the energies (of S), for both memory layouts.
import type { Factors, Problem, Side } from "./problem.js";

/** Copies entries `from` to `to` (excluded) of component `place` to `out`. */
export function readProfile(
  { C, S }: Factors,
  { n, columns }: Problem,
  side: Side,
  place: number,
  from: number,
  to: number,
  out: Float64Array,
): void {
  if (side === "S") out.set(S.subarray(place * columns + from, place * columns + to));
  else for (let i = from; i < to; i++) out[i - from] = C[i * n + place];
}

/** Copies them back. */
export function writeProfile(
  { C, S }: Factors,
  { n, columns }: Problem,
  side: Side,
  place: number,
  from: number,
  to: number,
  values: Float64Array,
): void {
  if (side === "S") S.set(values.subarray(0, to - from), place * columns + from);
  else for (let i = from; i < to; i++) C[i * n + place] = values[i - from];
}

/** Largest absolute difference of two profiles, relative to the largest absolute value of the first one. */
export function distance(a: Float64Array, b: Float64Array): number {
  let most = 0;
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    most = Math.max(most, Math.abs(a[i]));
    worst = Math.max(worst, Math.abs(a[i] - b[i]));
  }
  return worst === 0 ? 0 : worst / (most || 1);
}
