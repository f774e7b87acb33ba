// Draws from the posterior distribution of the parameters of a curve.
import type { Random } from "../../compute/random.js";
import { placesOf, regressionOf, type Scored, type Series } from "./compare.js";
import { isStep } from "./search.js";

/** A drawn curve at doses from 0 to 1. */
export interface DrawnCurve {
  at(u: number): number;
  /** The gap between doses that contains the step; null for other curves. */
  readonly gap: readonly [number, number] | null;
}

/** Metropolis steps before the first draw, and between draws. */
const BEFORE = 200;
const BETWEEN = 3;

/**
 * Draws of curves. Positions and widths are sampled by the Metropolis algorithm with the likelihood of the
 * residual sum of squares. Linear coefficients and the size of the noise are drawn exactly (flat priors on
 * positions and coefficients, 1 / sigma on sigma).
 *
 * @see N. Metropolis et al., Journal of Chemical Physics 21 (1953) 1087
 */
export function* posteriorCurves(
  series: Series,
  one: Scored,
  n: number,
  draw: Random,
): Generator<DrawnCurve> {
  const { curve } = one;
  const regression = regressionOf(series, curve, one.rho);
  const places = placesOf(series);
  const freedom = Math.max(1, series.u.length - one.nParameters);
  const limits =
    curve.part === "onset"
      ? places.range(curve)
      : curve.outer && [curve.outer[0], curve.outer[curve.outer.length - 1]];
  const grid = curve.inner;
  const density = (outer: number, inner: number): number => {
    if (limits && !(outer >= limits[0] && outer <= limits[1])) return Number.NEGATIVE_INFINITY;
    if (
      grid &&
      !(inner >= Math.max(grid[0], places.narrowest(curve, outer)) && inner <= grid[grid.length - 1])
    )
      return Number.NEGATIVE_INFINITY;
    return (-(freedom + 1) / 2) * Math.log(regression.rss(curve, outer, inner));
  };
  let [outer, inner] = [one.outer, one.inner];
  let own = density(outer, inner);
  const gaps = isStep(curve) ? places.gaps(curve) : [];
  let [outerStep, innerStep] = [0.02, 0.15];
  const searched = limits !== undefined && limits !== null;
  let accepted = 0;
  const walk = (): void => {
    if (!searched && !grid) return;
    // A step has an index of its gap; the position within the gap does not matter.
    const next = isStep(curve)
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
    // The acceptance rate should be a quarter to a half.
    const factor = accepted < 4 ? 0.5 : accepted > 9 ? 1.7 : 1;
    [outerStep, innerStep, accepted] = [outerStep * factor, innerStep * factor, 0];
  }
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < BETWEEN; i++) walk();
    const factors = regression.drawFactors(curve, outer, inner, freedom, draw);
    const [place, width] = [outer, inner];
    const baseline = factors.length - curve.columns;
    const at = (u: number): number => {
      let v = factors[0] + (baseline === 2 ? factors[1] * u : 0);
      for (let c = 0; c < curve.columns; c++) v += factors[baseline + c] * curve.at(u, c, place, width);
      return v;
    };
    yield { at, gap: isStep(curve) ? places.around(place) : null };
  }
}
