// Very many points as fewer: neighbouring doses become one point each, with the residual that is left among them.
import type { Points } from "./points.js";

/** Fewer points, and the weighted sum of squares about them. */
export interface Condensed {
  readonly points: Points;
  readonly within: number;
}

/** So many doses show every bend that the courses have. */
const GROUPS = 400;

/** Points in each group: 1 for as many points as are told apart anyway. */
export function groupSize(n: number): number {
  return Math.ceil(n / GROUPS);
}

/**
 * Weighted means of groups of neighbouring doses.
 *
 * @param times how often each point counts; 0 leaves it out. Default once
 */
export function condense({ x, y, w, block }: Points, times?: ArrayLike<number>): Condensed {
  const size = groupSize(x.length);
  if (size === 1 && !times) return { points: { x, y, w, block }, within: 0 };
  const n = Math.ceil(x.length / size);
  const out = { x: new Float64Array(n), y: new Float64Array(n), w: new Float64Array(n) };
  let [kept, within] = [0, 0];
  for (let first = 0; first < x.length; first += size) {
    const end = Math.min(first + size, x.length);
    let [sw, sx, sy] = [0, 0, 0];
    for (let i = first; i < end; i++) {
      const weight = times ? w[i] * times[i] : w[i];
      sw += weight;
      sx += weight * x[i];
      sy += weight * y[i];
    }
    if (sw === 0) continue;
    out.x[kept] = size === 1 ? x[first] : sx / sw;
    out.y[kept] = size === 1 ? y[first] : sy / sw;
    out.w[kept] = sw;
    if (size > 1) {
      for (let i = first; i < end; i++)
        within += (times ? w[i] * times[i] : w[i]) * (y[i] - out.y[kept]) ** 2;
    }
    kept++;
  }
  return {
    points: { x: out.x.subarray(0, kept), y: out.y.subarray(0, kept), w: out.w.subarray(0, kept) },
    within,
  };
}
