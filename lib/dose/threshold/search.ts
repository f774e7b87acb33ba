// Nonlinear parameters of a curve: from a grid first, then by golden section, the width within the position.
import type { Curve } from "./curves.js";
import type { CurveFit, Regression } from "./regression.js";

/** A level needs this many distinct doses at or below its end. */
const BELOW = 3;

/** The curve above the onset needs this many distinct doses. */
const above = ({ columns }: Curve): number => (columns > 1 ? 8 : 3);

/** Largest number of starting onsets: several between few doses, fewer than one per dose among many. */
const ONSETS = 40;

/** Lower limit of the width of smooth steps, in gaps between doses. */
const STEEP = 3;

/** Distinct doses, from 0 to 1, and the range of onsets among them. */
export class Places {
  constructor(
    /** Distinct and ascending. */
    readonly doses: Float64Array,
  ) {}

  /** Lowest and highest onset that a curve can have; null where there are too few doses. */
  range(curve: Curve): readonly [number, number] | null {
    const from = BELOW - 1;
    const to = this.doses.length - 1 - above(curve);
    return to >= from ? [this.doses[from], this.doses[to]] : null;
  }

  /** Starting values of onsets. */
  onsets(curve: Curve): number[] {
    const { doses } = this;
    const from = BELOW - 1;
    const to = doses.length - 1 - above(curve);
    const gaps = to - from;
    if (gaps < 0) return [];
    // They follow the order of the doses, which may be unevenly spaced.
    const n = gaps <= ONSETS / 2 ? Math.max(1, Math.floor(ONSETS / Math.max(1, gaps))) * gaps : ONSETS;
    const last = doses.length - 1;
    return Array.from({ length: n + 1 }, (_, k) =>
      this.along((from + (n === 0 ? 0 : (k / n) * gaps)) / last),
    );
  }

  /** Logarithm of the smallest width of a smooth step at a position: a smaller one is a step. */
  narrowest({ part, parameters }: Curve, place: number): number {
    if (part !== "smooth" || !parameters.includes("width")) return Number.NEGATIVE_INFINITY;
    const [low, high] = this.around(place);
    return Math.log((high - low) / STEEP);
  }

  /** The doses on either side of a position. */
  around(place: number): readonly [number, number] {
    const next = this.doses.findIndex((v) => v > place);
    const i = Math.min(Math.max(1, next), this.doses.length - 1);
    return [this.doses[i - 1], this.doses[i]];
  }

  /** The dose at a fraction of the order of doses. */
  along(fraction: number): number {
    const { doses } = this;
    const at = fraction * (doses.length - 1);
    const i = Math.min(Math.floor(at), doses.length - 2);
    return doses[i] + (at - i) * (doses[i + 1] - doses[i]);
  }

  /** Centers of the gaps that can contain a step. */
  gaps(curve: Curve): number[] {
    const { doses } = this;
    const middles: number[] = [];
    for (let i = BELOW - 1; i < doses.length - above(curve); i++) middles.push((doses[i] + doses[i + 1]) / 2);
    return middles;
  }
}

/** Starting values of positions or rates of a curve. */
function outerOf(curve: Curve, places: Places): readonly number[] {
  if (curve.part === "smooth") return curve.outer ?? [0];
  return isStep(curve) ? places.gaps(curve) : places.onsets(curve);
}

/** The position of a step within a gap between doses does not matter. */
export function isStep(curve: Curve): boolean {
  return curve.part === "onset" && curve.at(1e-300, 0, 0, 0) === 1;
}

/** The best parameters of a curve: the best starting values, followed by minimization. */
export function fitCurve(regression: Regression, curve: Curve, places: Places): CurveFit {
  const tried = outerOf(curve, places).map((outer): CurveFit => {
    const narrowest = places.narrowest(curve, outer);
    let best: CurveFit = { outer, inner: 0, rss: Number.POSITIVE_INFINITY };
    for (const inner of curve.inner ?? [0]) {
      if (inner < narrowest) continue;
      const rss = regression.rss(curve, outer, inner);
      if (rss < best.rss) best = { outer, inner, rss };
    }
    return best;
  });
  const rssAt = (i: number): number => tried[i]?.rss ?? Number.POSITIVE_INFINITY;
  const dips = tried.filter((one, i) => one.rss <= rssAt(i - 1) && one.rss < rssAt(i + 1));
  const starts = dips.length > 0 ? dips.sort((a, b) => a.rss - b.rss).slice(0, STARTS) : tried.slice(0, 1);
  return starts
    .map((start) => refine(regression, curve, places, start))
    .reduce((a, b) => (b.rss < a.rss ? b : a));
}

/** Number of local minima on the grid that are refined. */
const STARTS = 4;

/** Minimization from parameters near the optimum. */
export function refine(regression: Regression, curve: Curve, places: Places, start: CurveFit): CurveFit {
  const outer = outerOf(curve, places);
  if (outer.length < 2 || isStep(curve))
    return { ...start, rss: regression.rss(curve, start.outer, start.inner) };
  const [least, most] = [outer[0], outer[outer.length - 1]];
  const { inner: grid } = curve;
  if (!grid) {
    const rss = (place: number): number => regression.rss(curve, place, 0);
    let [at, low] = [start.outer, rss(start.outer)];
    const index = outer.findLastIndex((v) => v <= at);
    const [from, to] = [outer[Math.max(0, index - 1)], outer[Math.min(outer.length - 1, index + 2)]];
    const found = golden(rss, from, to, 44);
    const own = rss(found);
    if (own < low) [at, low] = [found, own];
    return { outer: at, inner: 0, rss: low };
  }
  const inside = ([place, width]: Pair): boolean =>
    place >= least &&
    place <= most &&
    width >= Math.max(grid[0], places.narrowest(curve, place)) &&
    width <= grid[grid.length - 1];
  const rss = (at: Pair): number =>
    inside(at) ? regression.rss(curve, at[0], at[1]) : Number.POSITIVE_INFINITY;
  let at: Pair = [start.outer, start.inner];
  // It is repeated, because a simplex may collapse along a valley.
  for (const size of [1, 0.3])
    at = downhill(rss, at, [size * ((most - least) / outer.length), size * (grid[1] - grid[0])]);
  return { outer: at[0], inner: at[1], rss: rss(at) };
}

type Pair = readonly [number, number];

/**
 * Minimum of a function of two variables by the simplex method. @see J. A. Nelder, R. Mead, Computer Journal
 * 7 (1965) 308
 */
function downhill(f: (at: Pair) => number, start: Pair, size: Pair): Pair {
  const toward = (a: Pair, b: Pair, t: number): Pair => [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
  const valued = (at: Pair): Vertex => ({ at, value: f(at) });
  // The first step is away from a bound at the start.
  const first = valued(start);
  const corner = (step: Pair): Vertex => {
    const one = valued([start[0] + step[0], start[1] + step[1]]);
    return one.value < Number.POSITIVE_INFINITY ? one : valued([start[0] - step[0], start[1] - step[1]]);
  };
  let simplex = [first, corner([size[0], 0]), corner([0, size[1]])];
  for (let round = 0; round < 90; round++) {
    simplex = simplex.sort((a, b) => a.value - b.value);
    const [best, middle, worst] = simplex;
    if (worst.value - best.value <= 1e-9 * best.value && distanceOf(simplex, size) < 1e-3) break;
    const center: Pair = [(best.at[0] + middle.at[0]) / 2, (best.at[1] + middle.at[1]) / 2];
    const reflected = valued(toward(worst.at, center, 2));
    if (reflected.value < best.value) {
      const expanded = valued(toward(worst.at, center, 3));
      simplex[2] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < middle.value) simplex[2] = reflected;
    else {
      const closer = valued(toward(worst.at, center, reflected.value < worst.value ? 1.5 : 0.5));
      if (closer.value < Math.min(worst.value, reflected.value)) simplex[2] = closer;
      else simplex = [best, valued(toward(best.at, middle.at, 0.5)), valued(toward(best.at, worst.at, 0.5))];
    }
  }
  return simplex.reduce((a, b) => (b.value < a.value ? b : a)).at;
}

interface Vertex {
  readonly at: Pair;
  readonly value: number;
}

/** Smallest extent of a simplex relative to the first one. */
function distanceOf(simplex: readonly Vertex[], size: Pair): number {
  const extent = (k: 0 | 1): number => {
    const values = simplex.map(({ at }) => at[k]);
    return (Math.max(...values) - Math.min(...values)) / size[k];
  };
  return Math.max(extent(0), extent(1));
}

/** The best width for a position, near a given one. */
export function widthAt(regression: Regression, curve: Curve, outer: number, near?: number): CurveFit {
  const { inner: grid } = curve;
  if (!grid) return { outer, inner: 0, rss: regression.rss(curve, outer, 0) };
  const step = grid[1] - grid[0];
  let [middle, rss] = [near ?? 0, Number.POSITIVE_INFINITY];
  if (near === undefined) {
    for (const inner of grid) {
      const own = regression.rss(curve, outer, inner);
      if (own < rss) [middle, rss] = [inner, own];
    }
  }
  const from = Math.max(grid[0], middle - step);
  const to = Math.min(grid[grid.length - 1], middle + step);
  const inner = golden((v) => regression.rss(curve, outer, v), from, to, 16);
  const own = regression.rss(curve, outer, inner);
  return own < rss ? { outer, inner, rss: own } : { outer, inner: middle, rss };
}

/** Position of the minimum between two limits, by golden section. */
function golden(f: (t: number) => number, from: number, to: number, steps: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [from, to];
  let [c, d] = [b - ratio * (b - a), a + ratio * (b - a)];
  let [fc, fd] = [f(c), f(d)];
  for (let i = 0; i < steps; i++) {
    if (fc < fd) {
      [b, d, fd] = [d, c, fc];
      c = b - ratio * (b - a);
      fc = f(c);
    } else {
      [a, c, fc] = [c, d, fd];
      d = a + ratio * (b - a);
      fd = f(d);
    }
  }
  return fc < fd ? c : d;
}
