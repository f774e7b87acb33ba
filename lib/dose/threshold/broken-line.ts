// The broken line: level (or straight) up to the break, straight from there on, without a step. Its break is found exactly.
import type { Points } from "./points.js";

/** What the line does before the break: stays level, or has a slope of its own. */
export type Before = "level" | "slope";

/** y = intercept + before x + slope max(0, x - break); `before` is 0 for a line that is level up to the break. */
export interface BrokenLine {
  readonly intercept: number;
  readonly before: number;
  readonly slope: number;
  readonly break: number;
  readonly rss: number;
}

/** Distinct doses that lie on either side of a break; with fewer a single point could make one. */
const LEAST_DOSES = { level: 2, slope: 3 };

/**
 * The broken line with the least weighted residual.
 *
 * Between two neighbouring doses the best break is where the courses fitted to the points before and to those after meet,
 * if they meet there; else it is one of the doses. So a finite number of places is tried, and the result is exact.
 *
 * @returns null where no break leaves enough distinct doses on either side
 * @see D. J. Hudson, Journal of the American Statistical Association 61 (1966) 1097
 */
export function fitBrokenLine(points: Points, before: Before = "level"): BrokenLine | null {
  const profile = new BreakProfile(points, before);
  return profile.best === null ? null : hinge(points, profile.best, before);
}

/** Value of a broken line at a dose. */
export function brokenAt(line: BrokenLine, dose: number): number {
  return line.intercept + line.before * dose + line.slope * Math.max(0, dose - line.break);
}

/** The broken line with a given break, by least squares. */
export function hinge({ x, y, w }: Points, at: number, before: Before = "level"): BrokenLine {
  const n = x.length;
  const range = x[n - 1] - x[0];
  let sw = 0;
  let su = 0;
  let sh = 0;
  let sy = 0;
  for (let i = 0; i < n; i++) {
    sw += w[i];
    su += w[i] * (x[i] - x[0]);
    sh += w[i] * Math.max(0, x[i] - at);
    sy += w[i] * y[i];
  }
  const [u0, h0, y0] = [su / sw, sh / sw, sy / sw];
  let [suu, suh, shh, suy, shy] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const u = x[i] - x[0] - u0;
    const h = Math.max(0, x[i] - at) - h0;
    const v = w[i] * (y[i] - y0);
    suu += w[i] * u * u;
    suh += w[i] * u * h;
    shh += w[i] * h * h;
    suy += v * u;
    shy += v * h;
  }
  let first = 0;
  let slope = shh > 0 ? shy / shh : 0;
  if (before === "slope") {
    const determinant = suu * shh - suh * suh;
    const solvable = determinant > 1e-12 * suu * range * range;
    slope = solvable ? (suu * shy - suh * suy) / determinant : 0;
    first = (suy - suh * slope) / suu;
  }
  const intercept = y0 - first * (u0 + x[0]) - slope * h0;
  const line = { intercept, before: first, slope, break: at, rss: 0 };
  for (let i = 0; i < n; i++) line.rss += w[i] * (y[i] - brokenAt(line, x[i])) ** 2;
  return line;
}

/** Residual as a function of the break, from sums over the points above it; one look-up costs no pass over the points. */
export class BreakProfile {
  /** The best break; null where none is possible. */
  readonly best: number | null = null;
  /** Index of the first and last dose that may be the break. */
  readonly from: number;
  readonly to: number;
  readonly #x0: number;
  readonly #range: number;
  readonly #u: Float64Array;
  readonly #sums: Float64Array;
  readonly #sumYy: number;

  constructor(
    readonly points: Points,
    readonly before: Before = "level",
  ) {
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
    [this.from, this.to] = breakRange(x, LEAST_DOSES[before]);
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
    const sh = s[at + 1] - u * s[at];
    const shh = s[at + 2] - 2 * u * s[at + 1] + u * u * s[at] - (sh * sh) / sw;
    const shv = s[at + 4] - u * s[at + 3] - (sh * s[3]) / sw;
    const left = this.#sumYy - (s[3] * s[3]) / sw;
    if (!(shh > 0)) return Number.POSITIVE_INFINITY;
    if (this.before === "level") return left - (shv * shv) / shh;
    const suh = s[at + 2] - u * s[at + 1] - (s[1] * sh) / sw;
    const suu = s[2] - (s[1] * s[1]) / sw;
    const suv = s[4] - (s[1] * s[3]) / sw;
    const own = shh - (suh * suh) / suu;
    if (!(own > 1e-12 * shh)) return Number.POSITIVE_INFINITY;
    return left - (suv * suv) / suu - (shv - (suh * suv) / suu) ** 2 / own;
  }

  /** Where the courses of the points before `first` and of those from `first` on meet. */
  #meeting(first: number): number {
    const s = this.#sums;
    const at = 5 * first;
    const above = lineThrough(s[at], s[at + 1], s[at + 2], s[at + 3], s[at + 4]);
    const w = s[0] - s[at];
    const v = s[3] - s[at + 3];
    if (this.before === "level") return (v / w - above.intercept) / above.slope;
    const below = lineThrough(w, s[1] - s[at + 1], s[2] - s[at + 2], v, s[4] - s[at + 4]);
    return (below.intercept - above.intercept) / (above.slope - below.slope);
  }
}

function lineThrough(w: number, u: number, uu: number, v: number, uv: number) {
  const slope = (uv - (u * v) / w) / (uu - (u * u) / w);
  return { slope, intercept: (v - slope * u) / w };
}

/** First and last index of a dose that may be the break; [-1, -1] where there is none. */
function breakRange(x: Float64Array, least: number): [number, number] {
  const n = x.length;
  let from = -1;
  for (let i = 1, distinct = 1; i < n && from < 0; i++) {
    if (x[i] > x[i - 1]) distinct++;
    if (distinct === least) from = i;
  }
  let to = -1;
  for (let i = n - 2, distinct = 1; i >= 0 && to < 0; i--) {
    if (x[i] < x[i + 1]) distinct++;
    if (distinct === least + 1) to = i;
  }
  return from < 0 || to < from ? [-1, -1] : [from, to];
}
