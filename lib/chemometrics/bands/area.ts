// Area of feasible solutions: all points of the plane of the spectra that a component can have.
import type { Limit } from "./limits.js";
import { entryOf } from "./objectives.js";
import { Plane } from "./plane.js";
import type { Search } from "./search.js";

/**
 * Feasible spectra of two components as intervals of a line (Lawton and Sylvestre), of three as areas of a
 * plane (Borgen and Kowalski). A point is the spectrum `origin` plus the sum of coordinate times axis.
 */
export interface FeasibleArea {
  /** 1 for two components, 2 for three. */
  readonly dimension: 1 | 2;
  /** The mean of the data in this plane, length nEnergies. */
  readonly origin: Float64Array;
  /** Principal axes of the data about their mean, orthonormal, shape [dimension, nEnergies]. */
  readonly axes: Float64Array;
  /** Points of the data, shape [nSpectra, dimension]; NaN for a spectrum without signal. */
  readonly data: Float64Array;
  /** Points of the resolved components, shape [n, dimension]. */
  readonly resolved: Float64Array;
  /**
   * Feasible points of each component, shape [nCorners, dimension]: the two ends of an interval, or the
   * corners of a polygon in order (not closed).
   */
  readonly regions: readonly Float64Array[];
}

/** Largest number of corners of a polygon. */
const MOST_CORNERS = 48;
/** An edge is final if a further corner would change the area of the polygon by less than this fraction. */
const LEAST_GAIN = 2e-3;

/**
 * The area for the solutions of a search with two or three components. It adds its solutions to the search.
 */
export function feasibleArea(search: Search): FeasibleArea {
  const { space } = search;
  const plane = new Plane(space);
  const { origin, axes, data, corners: resolved } = plane;
  const found = Array.from({ length: space.n }, (_, k) =>
    space.n === 2 ? interval(search, plane, k) : polygon(search, plane, k),
  );
  return { dimension: space.n === 2 ? 1 : 2, origin, axes, data, resolved, regions: found };
}

function interval(search: Search, plane: Plane, k: number): Float64Array {
  const direction = coordinate(plane, [1]);
  const at = (sign: number): number =>
    plane.at(rowOf(search, search.minimum(entryOf("S", k, direction, sign)).x, k))[0];
  return Float64Array.from([at(1), at(-1)].sort((a, b) => a - b));
}

/** A corner of the polygon: its solution, and its point with axes scaled to the spread of the data. */
interface Corner {
  readonly x: Float64Array;
  readonly p: readonly [number, number];
}

/**
 * Starts from the convex hull of the known solutions and moves the center of each edge to the boundary, the
 * edge with the largest expected change first. Concave parts move inwards.
 *
 * @see M. Sawall, C. Kubis, D. Selent, A. Boerner, K. Neymeyr, Journal of Chemometrics 27 (2013) 106 (polygon
 *   inflation)
 */
function polygon(search: Search, plane: Plane, k: number): Float64Array {
  const corner = (x: Float64Array): Corner => {
    const at = plane.at(rowOf(search, x, k));
    return { x, p: [at[0] / plane.spread[0], at[1] / plane.spread[1]] };
  };
  const corners = hull(search.solutions.map(corner));
  const settled = new Set<Corner>();
  while (corners.length >= 3 && corners.length < MOST_CORNERS) {
    const total = Math.abs(areaOf(corners));
    let longest = -1;
    let length = 1e-3;
    corners.forEach((a, i) => {
      const b = corners[(i + 1) % corners.length];
      const edge = Math.hypot(b.p[0] - a.p[0], b.p[1] - a.p[1]);
      if (!settled.has(a) && edge > length) [longest, length] = [i, edge];
    });
    if (longest < 0 || total < 1e-8) break;
    const a = corners[longest];
    const b = corners[(longest + 1) % corners.length];
    const next = pushed(search, plane, k, a, b, corner);
    const gain = next ? Math.abs(areaOf([a, next, b])) : 0;
    if (!next || gain < LEAST_GAIN * total || crosses(corners, longest, next)) settled.add(a);
    else corners.splice(longest + 1, 0, next);
  }
  return Float64Array.from(corners.flatMap(({ p }) => [p[0] * plane.spread[0], p[1] * plane.spread[1]]));
}

/** The outermost feasible point on the normal at the center of an edge (corners are counterclockwise). */
function pushed(
  search: Search,
  plane: Plane,
  k: number,
  a: Corner,
  b: Corner,
  corner: (x: Float64Array) => Corner,
): Corner | null {
  const edge = [b.p[0] - a.p[0], b.p[1] - a.p[1]];
  const length = Math.hypot(edge[0], edge[1]);
  const along = [edge[0] / length, edge[1] / length];
  const outward = [along[1], -along[0]];
  const middle = along[0] * 0.5 * (a.p[0] + b.p[0]) + along[1] * 0.5 * (a.p[1] + b.p[1]);
  const line: Limit = {
    side: "S",
    component: k,
    points: coordinate(plane, along),
    low: middle,
    high: middle,
    working: [0],
    exact: true,
  };
  const goal = entryOf("S", k, coordinate(plane, outward), -1);
  const offLine = ({ p }: Corner): number => Math.abs(along[0] * p[0] + along[1] * p[1] - middle);
  let best: Corner | null = null;
  // In a concave part no path from either end of the edge reaches the boundary; a solution near the normal
  // may.
  const beside = search.solutions.map(corner).reduce((near, c) => (offLine(c) < offLine(near) ? c : near));
  for (const start of [beside.x, a.x, b.x]) {
    const x = search.along(goal, [line], start);
    if (!x) continue;
    const found = corner(x);
    const height = (c: Corner): number => outward[0] * c.p[0] + outward[1] * c.p[1];
    if (offLine(found) < 0.05 * length && (!best || height(found) > height(best))) best = found;
  }
  return best;
}

/** A coordinate of a component in the plane, as a function of a point of the search. */
function coordinate({ dimension, corners, spread }: Plane, direction: readonly number[]): Float64Array {
  return Float64Array.from({ length: dimension + 1 }, (_, j) =>
    direction.reduce((sum, v, a) => sum + (v * corners[j * dimension + a]) / spread[a], 0),
  );
}

function rowOf(search: Search, x: Float64Array, k: number): Float64Array {
  const { n } = search.space;
  return search.rotation(x).T.slice(k * n, (k + 1) * n);
}

/**
 * Whether the two edges to a new corner after corner i would cross another edge, so that it belongs to
 * another part of the area.
 */
function crosses(corners: readonly Corner[], i: number, next: Corner): boolean {
  const n = corners.length;
  const [a, b] = [corners[i], corners[(i + 1) % n]];
  const apart = (p: Corner, q: Corner, r: Corner, s: Corner): boolean =>
    areaOf([p, q, r]) * areaOf([p, q, s]) >= 0 || areaOf([r, s, p]) * areaOf([r, s, q]) >= 0;
  return corners.some((p, k) => {
    const q = corners[(k + 1) % n];
    if (k === i) return false;
    return (q !== a && !apart(a, next, p, q)) || (p !== b && !apart(next, b, p, q));
  });
}

function areaOf(corners: readonly Corner[]): number {
  return corners.reduce((sum, { p }, i) => {
    const { p: q } = corners[(i + 1) % corners.length];
    return sum + (p[0] * q[1] - q[0] * p[1]) / 2;
  }, 0);
}

/** Convex hull, counterclockwise (Andrew's monotone chain). */
function hull(points: readonly Corner[]): Corner[] {
  const sorted = points.slice().sort((a, b) => a.p[0] - b.p[0] || a.p[1] - b.p[1]);
  const chain = (list: readonly Corner[]): Corner[] => {
    const out: Corner[] = [];
    for (const point of list) {
      while (out.length >= 2 && areaOf([out[out.length - 2], out[out.length - 1], point]) <= 0) out.pop();
      out.push(point);
    }
    return out.slice(0, -1);
  };
  return [...chain(sorted), ...chain(sorted.reverse())];
}
