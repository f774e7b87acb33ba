// Reading numbers off a sampled curve.
import { ArgumentError, DataError, quote, ShapeError } from "../errors.js";
import { checkOptions } from "../options.js";
import { toVector, type Vector } from "./matrix.js";

/**
 * Value of a curve at x, linear between its points.
 *
 * @param places strictly monotonic, ascending or descending
 * @returns NaN outside the curve's range
 * @throws ArgumentError when places are not sorted, repeat or are missing
 * @example
 * interpolate([0, 3600], [3.6, 3.8], 900); // 3.65 V after 900 s
 */
export function interpolate(places: ArrayLike<number>, values: ArrayLike<number>, x: number): number {
  const xs = toVector(places, "interpolate", "xs");
  const ys = toVector(values, "interpolate", "ys", xs.length);
  if (typeof x !== "number") {
    throw new ArgumentError(`interpolate: expected x as a number, got ${quote(x)}`, { x });
  }
  requireMonotonic("interpolate", xs);
  const rising = xs[xs.length - 1] > xs[0];
  let low = 0;
  let high = xs.length - 1;
  if (!(rising ? x >= xs[low] && x <= xs[high] : x <= xs[low] && x >= xs[high])) return Number.NaN;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle] <= x === rising) low = middle;
    else high = middle;
  }
  const w = (x - xs[low]) / (xs[high] - xs[low]);
  // At a point the value itself, even where its neighbor has none.
  if (w === 0) return ys[low];
  return w === 1 ? ys[high] : (1 - w) * ys[low] + w * ys[high];
}

/**
 * Where a curve first passes a level, in either direction, linear between its points.
 *
 * @param places strictly monotonic, ascending or descending
 * @param options.from start of the search on x
 * @throws ArgumentError when places are not sorted, repeat or are missing
 * @throws DataError when it never does
 * @example
 * const [energies, values] = [[8340, 8342, 8344], [0.1, 0.4, 0.8]];
 * crossing(energies, values, 0.5); // 8342.5 eV
 */
export function crossing(
  places: ArrayLike<number>,
  values: ArrayLike<number>,
  level: number,
  options: { readonly from?: number } = {},
): number {
  const { from = Number.NEGATIVE_INFINITY } = checkOptions("crossing", options, { from: true });
  const [xs, ys] = curve("crossing", places, values);
  requireMonotonic("crossing", xs);
  for (const [name, value] of Object.entries({ level, from })) {
    if (typeof value === "number" && !Number.isNaN(value)) continue;
    throw new ArgumentError(`crossing: expected ${name} as a number, got ${quote(value)}`, { [name]: value });
  }
  for (let i = 1; i < xs.length; i++) {
    const [a, b] = [ys[i - 1] - level, ys[i] - level];
    if (a * b > 0 || a === b || Number.isNaN(a * b)) continue;
    const x = xs[i - 1] + ((xs[i] - xs[i - 1]) * a) / (a - b);
    if (x >= from) return x;
  }
  throw new DataError(
    `crossing: expected the curve to pass ${level}, got values that stay on one side of it`,
  );
}

/**
 * The highest point of a curve, refined by the parabola through it and its neighbors.
 *
 * @throws ArgumentError for fewer than 3 points
 * @example
 * maximum([0, 1, 2, 3], [0.1, 0.4, 0.5, 0.2]).x; // 1.75 h
 */
export function maximum(
  places: ArrayLike<number>,
  values: ArrayLike<number>,
): { readonly x: number; readonly y: number } {
  const [xs, ys] = curve("maximum", places, values);
  if (xs.length < 3) throw new ArgumentError(`maximum: expected at least 3 points, got ${xs.length}`);
  let top = -1;
  for (let i = 0; i < ys.length; i++) if (!Number.isNaN(ys[i]) && (top < 0 || ys[i] > ys[top])) top = i;
  if (top <= 0 || top >= ys.length - 1) return { x: xs[Math.max(top, 0)], y: ys[Math.max(top, 0)] };
  const [x0, x1, x2] = [xs[top - 1], xs[top], xs[top + 1]];
  const [y0, y1, y2] = [ys[top - 1], ys[top], ys[top + 1]];
  const left = (y1 - y0) / (x1 - x0);
  const curvature = ((y2 - y1) / (x2 - x1) - left) / (x2 - x0);
  if (!(curvature < 0)) return { x: x1, y: y1 };
  const x = (x0 + x1) / 2 - left / (2 * curvature);
  return { x, y: y0 + left * (x - x0) + curvature * (x - x0) * (x - x1) };
}

/** @throws ArgumentError unless the places rise or fall strictly */
function requireMonotonic(call: string, xs: Vector): void {
  const sign = xs.length > 1 && xs[1] < xs[0] ? -1 : 1;
  for (let i = 0; i < xs.length; i++) {
    if (i === 0 ? !Number.isNaN(xs[0]) : sign * (xs[i] - xs[i - 1]) > 0) continue;
    throw new ArgumentError(
      `${call}: expected xs in strictly ascending or descending order, got ${xs[i]} at index ${i}${i > 0 ? ` after ${xs[i - 1]}` : ""}; sort the points and leave out repeated ones`,
      { option: "xs", index: i, value: xs[i] },
    );
  }
}

/** Places and values of a curve, read. */
function curve(call: string, places: ArrayLike<number>, values: ArrayLike<number>): [Vector, Vector] {
  const xs = toVector(places, call, "xs");
  const ys = toVector(values, call, "ys");
  if (xs.length === ys.length) return [xs, ys];
  throw new ShapeError(`${call}: expected as many values as places, got ${ys.length} and ${xs.length}`);
}

/**
 * Places of the peaks of a curve that stand out: local maxima that rise above the higher of the valleys beside them by more
 * than a fraction of the curve's range, highest less lowest point. A plateau counts once, the ends count where the curve falls
 * away from them; a constant curve has none. NaN are left out.
 *
 * @param options.prominence fraction of the range, from 0 to below 1; default 0.1
 * @returns indices, ascending
 * @throws ArgumentError for another prominence
 * @example
 * peaks([0, 5, 1, 4, 0]); // [1, 3]
 * peaks([0, 5, 1, 1.2, 0], { prominence: 0.1 }); // [1]
 */
export function peaks(ys: ArrayLike<number>, options: { readonly prominence?: number } = {}): number[] {
  const { prominence = 0.1 } = checkOptions("peaks", options, { prominence: true });
  if (!(prominence >= 0 && prominence < 1)) {
    throw new ArgumentError(
      `peaks: expected prominence to be a share of the range from 0 to below 1, got ${quote(prominence)}; 0.1 is the default`,
      { prominence },
    );
  }
  const values = toVector(ys, "peaks", "ys");
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  const range = high - low;
  if (!(range > 0)) return [];
  const least = prominence * range;
  const found: number[] = [];
  // The curve may fall from its first point on: until it does, that or a higher one is a peak.
  let top = values.findIndex((v) => !Number.isNaN(v));
  let valley = values[top];
  for (let i = top + 1; i < values.length; i++) {
    const v = values[i];
    if (top < 0) {
      if (v - valley > least) top = i;
      else if (v < valley) valley = v;
    } else if (v > values[top]) top = i;
    else if (values[top] - v > least) {
      found.push(top);
      top = -1;
      valley = v;
    }
  }
  return top >= 0 ? [...found, top] : found;
}
