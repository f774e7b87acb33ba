// Curves as the data allow them: draws from the distribution of a course's parameters.
import type { Random } from "../../compute/random.js";
import { placesOf, regressionOf, type Scored, type Series } from "./compare.js";
import { isStep } from "./search.js";

/** A drawn curve on doses from 0 to 1. */
export interface DrawnCurve {
  at(u: number): number;
  /** The gap between doses in which a step lies; null for other courses. */
  readonly gap: readonly [number, number] | null;
}

/** Steps of the walk before the first draw, and between draws. */
const BEFORE = 200;
const BETWEEN = 3;

/**
 * Draws: places and widths by Metropolis's walk with the likelihood of what least squares leaves, the linear factors exactly, the size of
 * the noise with them (flat priors on places and factors, 1 / sigma on sigma).
 *
 * @see N. Metropolis et al., Journal of Chemical Physics 21 (1953) 1087
 */
export function* posteriorCurves(
  series: Series,
  one: Scored,
  n: number,
  draw: Random,
): Generator<DrawnCurve> {
  const { course } = one;
  const regression = regressionOf(series, course, one.rho);
  const places = placesOf(series);
  const freedom = Math.max(1, series.u.length - one.nParameters);
  const limits =
    course.part === "onset"
      ? places.range(course)
      : course.outer && [course.outer[0], course.outer[course.outer.length - 1]];
  const grid = course.inner;
  const density = (outer: number, inner: number): number => {
    if (limits && !(outer >= limits[0] && outer <= limits[1])) return Number.NEGATIVE_INFINITY;
    if (
      grid &&
      !(inner >= Math.max(grid[0], places.narrowest(course, outer)) && inner <= grid[grid.length - 1])
    )
      return Number.NEGATIVE_INFINITY;
    return (-(freedom + 1) / 2) * Math.log(regression.rss(course, outer, inner));
  };
  let [outer, inner] = [one.outer, one.inner];
  let own = density(outer, inner);
  const gaps = isStep(course) ? places.gaps(course) : [];
  let [outerStep, innerStep] = [0.02, 0.15];
  const searched = limits !== undefined && limits !== null;
  let accepted = 0;
  const walk = (): void => {
    if (!searched && !grid) return;
    // Along the gaps of a step, whose place within one does not matter.
    const next = isStep(course)
      ? gaps[Math.floor(draw.uniform() * gaps.length)]
      : outer + (searched ? outerStep * draw.normal() : 0);
    const width = grid ? inner + innerStep * draw.normal() : inner;
    const other = density(next, width);
    if (Math.log(1 - draw.uniform()) >= other - own) return;
    [outer, inner, own] = [next, width, other];
    accepted++;
  };
  for (let k = 1; k <= BEFORE; k++) {
    walk();
    if (k % 20 > 0) continue;
    // A quarter to a half of the steps should be taken.
    const factor = accepted < 4 ? 0.5 : accepted > 9 ? 1.7 : 1;
    [outerStep, innerStep, accepted] = [outerStep * factor, innerStep * factor, 0];
  }
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < BETWEEN; i++) walk();
    const factors = regression.drawFactors(course, outer, inner, freedom, draw);
    const [place, width] = [outer, inner];
    const baseline = factors.length - course.columns;
    const at = (u: number): number => {
      let v = factors[0] + (baseline === 2 ? factors[1] * u : 0);
      for (let c = 0; c < course.columns; c++) v += factors[baseline + c] * course.at(u, c, place, width);
      return v;
    };
    yield { at, gap: isStep(course) ? places.around(place) : null };
  }
}
