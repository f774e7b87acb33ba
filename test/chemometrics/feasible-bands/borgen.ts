// Whether a spectrum can be a component of a mixture of three, by geometry alone: an independent check of the search.
import type { Truth } from "./problems.js";

type Point = readonly [number, number];

/**
 * In the plane of weights (a, b, 1 - a - b) of three spectra, non-negative spectra are a convex region around the data. A
 * point x of it is feasible where the two tangents from x to the data, cut off at the border of that region, make a triangle
 * with x that holds all data.
 *
 * @see R. Rajko, K. Istvan, Journal of Chemometrics 19 (2005) 448
 */
export function borgenOracle({ C, S }: Pick<Truth, "C" | "S">): (weights: readonly number[]) => boolean {
  const data: Point[] = C.map(([a, b]) => [a, b]);
  const value = (e: number, [a, b]: Point): number => a * S[0][e] + b * S[1][e] + (1 - a - b) * S[2][e];
  const slack = 1e-9;
  return ([a, b]) => {
    const x: Point = [a, b];
    if (S[0].some((_, e) => value(e, x) < -slack)) return false;
    const cross = (p: Point, q: Point): number => (p[0] - a) * (q[1] - b) - (p[1] - b) * (q[0] - a);
    // Outermost data as seen from x; where x is among the data there are none.
    let [left, right] = [data[0], data[0]];
    for (const p of data) {
      if (cross(left, p) > 0) left = p;
      if (cross(right, p) < 0) right = p;
    }
    if (data.some((p) => cross(left, p) > slack || cross(right, p) < -slack)) return false;
    const middle: Point = [0, 1].map((i) => data.reduce((s, p) => s + p[i], 0) / data.length) as [
      number,
      number,
    ];
    if ((middle[0] - a) * (left[0] + right[0] - 2 * a) + (middle[1] - b) * (left[1] + right[1] - 2 * b) <= 0)
      return false;
    const border = (through: Point): Point => {
      let t = Number.POSITIVE_INFINITY;
      const step: Point = [through[0] - a, through[1] - b];
      S[0].forEach((_, e) => {
        const here = value(e, x);
        const slope = value(e, [a + step[0], b + step[1]]) - here;
        if (slope < 0) t = Math.min(t, Math.max(0, here) / -slope);
      });
      return [a + t * step[0], b + t * step[1]];
    };
    const [y, z] = [border(left), border(right)];
    const side = (p: Point): number => (z[0] - y[0]) * (p[1] - y[1]) - (z[1] - y[1]) * (p[0] - y[0]);
    return data.every((p) => side(p) * side(x) >= -slack);
  };
}

/** Whether a point lies in a polygon, corners as [x0, y0, x1, y1, ...]. */
export function insidePolygon(corners: Float64Array, x: number, y: number): boolean {
  let inside = false;
  const n = corners.length / 2;
  for (let i = 0, j = n - 1; i < n; j = i++) {
    const [xi, yi, xj, yj] = [corners[2 * i], corners[2 * i + 1], corners[2 * j], corners[2 * j + 1]];
    if (yi > y !== yj > y && x < xi + ((y - yi) / (yj - yi)) * (xj - xi)) inside = !inside;
  }
  return inside;
}
