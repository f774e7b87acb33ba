// The numbers of a course that are not linear: found on a grid first, then by golden section, the width within the place.
import type { Course } from "./courses.js";
import type { CourseFit, Regression } from "./regression.js";

/** A level is seen only with so many distinct doses at or below its end. */
const BELOW = 3;

/** What follows is seen only with so many distinct doses above: a polynomial would go through fewer. */
const above = ({ columns }: Course): number => (columns > 1 ? 8 : 3);

/** Onsets that are tried first, at most; between few doses several, between many one for some of them. */
const ONSETS = 40;

/** Widths of smooth steps, at least, in the gaps between doses. */
const STEEP = 3;

/** Distinct doses, from 0 to 1, where an onset may lie among them. */
export class Places {
  constructor(
    /** Rising and distinct. */
    readonly doses: Float64Array,
  ) {}

  /** Lowest and highest onset that a course can have; null where there are too few doses. */
  range(course: Course): readonly [number, number] | null {
    const from = BELOW - 1;
    const to = this.doses.length - 1 - above(course);
    return to >= from ? [this.doses[from], this.doses[to]] : null;
  }

  /** Onsets to try first. */
  onsets(course: Course): number[] {
    const { doses } = this;
    const from = BELOW - 1;
    const to = doses.length - 1 - above(course);
    const gaps = to - from;
    if (gaps < 0) return [];
    // Along the order of doses, not their values: they may be spaced unevenly.
    const n = gaps <= ONSETS / 2 ? Math.max(1, Math.floor(ONSETS / Math.max(1, gaps))) * gaps : ONSETS;
    const last = doses.length - 1;
    return Array.from({ length: n + 1 }, (_, k) =>
      this.along((from + (n === 0 ? 0 : (k / n) * gaps)) / last),
    );
  }

  /** Logarithm of the narrowest smooth step about a place: a narrower one is a step, given these doses. */
  narrowest({ part, parameters }: Course, place: number): number {
    if (part !== "smooth" || !parameters.includes("width")) return Number.NEGATIVE_INFINITY;
    const { doses } = this;
    const i = Math.min(
      Math.max(
        1,
        doses.findIndex((v) => v > place),
      ),
      doses.length - 1,
    );
    return Math.log((doses[i] - doses[i - 1]) / STEEP);
  }

  /** The doses on either side of a place. */
  around(place: number): readonly [number, number] {
    const i = Math.min(
      Math.max(
        1,
        this.doses.findIndex((v) => v > place),
      ),
      this.doses.length - 1,
    );
    return [this.doses[i - 1], this.doses[i]];
  }

  /** The dose at a share of the way through the order of doses. */
  along(share: number): number {
    const { doses } = this;
    const at = share * (doses.length - 1);
    const i = Math.min(Math.floor(at), doses.length - 2);
    return doses[i] + (at - i) * (doses[i + 1] - doses[i]);
  }

  /** Middles of the gaps in which a step can lie. */
  gaps(course: Course): number[] {
    const { doses } = this;
    const middles: number[] = [];
    for (let i = BELOW - 1; i < doses.length - above(course); i++)
      middles.push((doses[i] + doses[i + 1]) / 2);
    return middles;
  }
}

/** Places (or bends) that are tried first for a course. */
function outerOf(course: Course, places: Places): readonly number[] {
  if (course.part === "smooth") return course.outer ?? [0];
  return isStep(course) ? places.gaps(course) : places.onsets(course);
}

/** A step lies somewhere in a gap between doses: no place within it is better than another. */
export function isStep(course: Course): boolean {
  return course.part === "onset" && course.at(1e-300, 0, 0, 0) === 1;
}

/** The best numbers of a course: the best of those that are tried first, then downhill from there. */
export function fitCourse(regression: Regression, course: Course, places: Places): CourseFit {
  const tried = outerOf(course, places).map((outer): CourseFit => {
    const narrowest = places.narrowest(course, outer);
    let best: CourseFit = { outer, inner: 0, rss: Number.POSITIVE_INFINITY };
    for (const inner of course.inner ?? [0]) {
      if (inner < narrowest) continue;
      const rss = regression.rss(course, outer, inner);
      if (rss < best.rss) best = { outer, inner, rss };
    }
    return best;
  });
  const rssAt = (i: number): number => tried[i]?.rss ?? Number.POSITIVE_INFINITY;
  const dips = tried.filter((one, i) => one.rss <= rssAt(i - 1) && one.rss < rssAt(i + 1));
  const starts = dips.length > 0 ? dips.sort((a, b) => a.rss - b.rss).slice(0, STARTS) : tried.slice(0, 1);
  return starts
    .map((start) => refine(regression, course, places, start))
    .reduce((a, b) => (b.rss < a.rss ? b : a));
}

/** Dips of the residual that are followed downhill. */
const STARTS = 4;

/** Downhill from numbers that are known to be near the best. */
export function refine(regression: Regression, course: Course, places: Places, start: CourseFit): CourseFit {
  const outer = outerOf(course, places);
  if (outer.length < 2 || isStep(course))
    return { ...start, rss: regression.rss(course, start.outer, start.inner) };
  const [least, most] = [outer[0], outer[outer.length - 1]];
  const { inner: grid } = course;
  if (!grid) {
    const rss = (place: number): number => regression.rss(course, place, 0);
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
    width >= Math.max(grid[0], places.narrowest(course, place)) &&
    width <= grid[grid.length - 1];
  const rss = (at: Pair): number =>
    inside(at) ? regression.rss(course, at[0], at[1]) : Number.POSITIVE_INFINITY;
  let at: Pair = [start.outer, start.inner];
  // Twice: a simplex may collapse on its way along a valley.
  for (const size of [1, 0.3])
    at = downhill(rss, at, [size * ((most - least) / outer.length), size * (grid[1] - grid[0])]);
  return { outer: at[0], inner: at[1], rss: rss(at) };
}

type Pair = readonly [number, number];

/** Minimum of a function of two numbers by the simplex method. @see J. A. Nelder, R. Mead, Computer Journal 7 (1965) 308 */
function downhill(f: (at: Pair) => number, start: Pair, size: Pair): Pair {
  const toward = (a: Pair, b: Pair, t: number): Pair => [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
  const valued = (at: Pair): Vertex => ({ at, value: f(at) });
  // Away from a bound that the start lies on.
  const first = valued(start);
  const corner = (step: Pair): Vertex => {
    const one = valued(toward(start, [start[0] + step[0], start[1] + step[1]], 1));
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

/** Extent of a simplex relative to its first one. */
function distanceOf(simplex: readonly Vertex[], size: Pair): number {
  const extent = (k: 0 | 1): number => {
    const values = simplex.map(({ at }) => at[k]);
    return (Math.max(...values) - Math.min(...values)) / size[k];
  };
  return Math.max(extent(0), extent(1));
}

/** The best width for a place, near one that is known. */
export function widthAt(regression: Regression, course: Course, outer: number, near?: number): CourseFit {
  const { inner: grid } = course;
  if (!grid) return { outer, inner: 0, rss: regression.rss(course, outer, 0) };
  const step = grid[1] - grid[0];
  let [middle, rss] = [near ?? 0, Number.POSITIVE_INFINITY];
  if (near === undefined) {
    for (const inner of grid) {
      const own = regression.rss(course, outer, inner);
      if (own < rss) [middle, rss] = [inner, own];
    }
  }
  const from = Math.max(grid[0], middle - step);
  const to = Math.min(grid[grid.length - 1], middle + step);
  const inner = golden((v) => regression.rss(course, outer, v), from, to, 16);
  const own = regression.rss(course, outer, inner);
  return own < rss ? { outer, inner, rss: own } : { outer, inner: middle, rss };
}

/** Place of the minimum between two limits, by golden section. */
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
