// The broken line: level up to the break, straight from there on, without a step. Its break is found exactly.
import type { Points } from "./points.js";

/** y = level + slope max(0, x - break). */
export interface BrokenLine {
  readonly level: number;
  readonly slope: number;
  readonly break: number;
  readonly rss: number;
}

/** Distinct doses that lie on either side of a break; with fewer a single point could make one. */
const LEAST_DOSES = 2;

/**
 * The broken line with the least weighted residual.
 *
 * Between two neighbouring doses the best break is where the mean of the points before and the line through the points after
 * meet, if they meet there; else it is one of the doses. So a finite number of places is tried, and the result is exact.
 *
 * @returns null where no break leaves two distinct doses on either side
 * @see D. J. Hudson, Journal of the American Statistical Association 61 (1966) 1097
 */
export function fitBrokenLine(points: Points): BrokenLine | null {
  const profile = new BreakProfile(points);
  return profile.best === null ? null : hinge(points, profile.best);
}

/** The broken line with a given break, by least squares. */
export function hinge({ x, y, w }: Points, at: number): BrokenLine {
  let sw = 0;
  let sh = 0;
  let sy = 0;
  for (let i = 0; i < x.length; i++) {
    sw += w[i];
    sh += w[i] * Math.max(0, x[i] - at);
    sy += w[i] * y[i];
  }
  const h0 = sh / sw;
  const y0 = sy / sw;
  let shh = 0;
  let shy = 0;
  for (let i = 0; i < x.length; i++) {
    const h = Math.max(0, x[i] - at) - h0;
    shh += w[i] * h * h;
    shy += w[i] * h * (y[i] - y0);
  }
  const slope = shh > 0 ? shy / shh : 0;
  const level = y0 - slope * h0;
  let rss = 0;
  for (let i = 0; i < x.length; i++) rss += w[i] * (y[i] - level - slope * Math.max(0, x[i] - at)) ** 2;
  return { level, slope, break: at, rss };
}

/** Residual as a function of the break, from sums over the points above it; one look-up costs no pass over the points. */
export class BreakProfile {
  /** The best break; null where none is possible. */
  readonly best: number | null = null;
  readonly #x0: number;
  readonly #range: number;
  readonly #u: Float64Array;
  readonly #sums: Float64Array;
  readonly #sumYy: number;
  /** Index of the first and last dose that may be the break. */
  readonly from: number;
  readonly to: number;

  constructor(readonly points: Points) {
    const { x, y, w } = points;
    const n = x.length;
    // Doses from 0 to 1 and responses about their mean keep the sums free of cancellation.
    this.#x0 = x[0];
    this.#range = x[n - 1] - x[0];
    this.#u = x.map((v) => (v - this.#x0) / this.#range);
    let sw = 0;
    let sy = 0;
    for (let i = 0; i < n; i++) {
      sw += w[i];
      sy += w[i] * y[i];
    }
    const sums = new Float64Array(5 * (n + 1));
    let yy = 0;
    for (let i = n - 1; i >= 0; i--) {
      const u = this.#u[i];
      const v = y[i] - sy / sw;
      const at = 5 * i;
      sums[at] = sums[at + 5] + w[i];
      sums[at + 1] = sums[at + 6] + w[i] * u;
      sums[at + 2] = sums[at + 7] + w[i] * u * u;
      sums[at + 3] = sums[at + 8] + w[i] * v;
      sums[at + 4] = sums[at + 9] + w[i] * u * v;
      yy += w[i] * v * v;
    }
    this.#sums = sums;
    this.#sumYy = yy;
    [this.from, this.to] = breakRange(x);
    if (this.from >= 0) this.best = this.#search();
  }

  /** Least residual with the break at index i's dose, or null where that may not be the break. */
  atDose(i: number): number | null {
    const { x } = this.points;
    if (i < this.from || i > this.to || x[i] === x[i + 1]) return null;
    return this.#residual(this.#u[i], i + 1);
  }

  #search(): number {
    const u = this.#u;
    let best = u[this.from];
    let lowest = Number.POSITIVE_INFINITY;
    for (let i = this.from; i <= this.to; i++) {
      if (u[i] === u[i + 1]) continue;
      const onDose = this.#residual(u[i], i + 1);
      if (onDose < lowest) {
        lowest = onDose;
        best = u[i];
      }
      const meeting = this.#meeting(i + 1);
      if (!(meeting > u[i] && meeting < u[i + 1])) continue;
      const between = this.#residual(meeting, i + 1);
      if (between < lowest) {
        lowest = between;
        best = meeting;
      }
    }
    return this.#x0 + best * this.#range;
  }

  /** Residual with the break at u, the points from index `first` on being above it. */
  #residual(u: number, first: number): number {
    const s = this.#sums;
    const at = 5 * first;
    const sw = s[0];
    const sv = s[3];
    const sh = s[at + 1] - u * s[at];
    const shh = s[at + 2] - 2 * u * s[at + 1] + u * u * s[at];
    const shv = s[at + 4] - u * s[at + 3];
    const determinant = sw * shh - sh * sh;
    if (!(determinant > 0)) return Number.POSITIVE_INFINITY;
    const slope = (sw * shv - sh * sv) / determinant;
    const level = (sv - slope * sh) / sw;
    return this.#sumYy - level * sv - slope * shv;
  }

  /** Where the mean of the points before `first` meets the line through those from `first` on. */
  #meeting(first: number): number {
    const s = this.#sums;
    const at = 5 * first;
    const w = s[at];
    const mean = (s[3] - s[at + 3]) / (s[0] - w);
    const uu = s[at + 2] - (s[at + 1] * s[at + 1]) / w;
    const slope = (s[at + 4] - (s[at + 1] * s[at + 3]) / w) / uu;
    const intercept = (s[at + 3] - slope * s[at + 1]) / w;
    return (mean - intercept) / slope;
  }
}

/** First and last index of a dose that may be the break; [-1, -1] where there is none. */
function breakRange(x: Float64Array): [number, number] {
  const n = x.length;
  let from = -1;
  for (let i = 1, distinct = 1; i < n && from < 0; i++) {
    if (x[i] > x[i - 1]) distinct++;
    if (distinct === LEAST_DOSES) from = i;
  }
  let to = -1;
  for (let i = n - 2, distinct = 1; i >= 0 && to < 0; i--) {
    if (x[i] < x[i + 1]) distinct++;
    if (distinct === LEAST_DOSES + 1) to = i;
  }
  return from < 0 || to < from ? [-1, -1] : [from, to];
}
