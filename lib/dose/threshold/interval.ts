// Confidence interval of the onset for a given curve.
import { random } from "../../compute/random.js";
import { quantile } from "../../compute/stats.js";
import type { Scored } from "./compare.js";
import { dot, type Regression } from "./regression.js";
import { isStep, type Places, widthAt } from "./search.js";

/** Steps of the scan over onsets, before bisection. */
const SCAN = 48;

/**
 * Onsets of a curve with a residual of at most (1 + rise) times the minimum.
 *
 * @returns doses from 0 to 1; the limits of the range where even the first or the last possible onset is not
 *   excluded
 */
export function onsetsBelow(
  regression: Regression,
  one: Scored,
  places: Places,
  rise: number,
): [number, number] {
  return isStep(one.curve)
    ? gapsBelow(regression, one, places, rise)
    : profileBelow(regression, one, places, rise);
}

function profileBelow(
  regression: Regression,
  { curve, outer: at }: Scored,
  places: Places,
  rise: number,
): [number, number] {
  const { doses } = places;
  const [from, to] = places.range(curve) as [number, number];
  const rss = (place: number): number => widthAt(regression, curve, place).rss;
  const limit = rss(at) * (1 + rise);
  const scan = Array.from({ length: SCAN + 1 }, (_, k) => places.along(k / SCAN));
  const nodes = [from, ...scan.filter((v) => v > from && v < to), to];
  const end = (side: -1 | 1): number => {
    const own = nodes.filter((v) => (v - at) * side > 0);
    if (side < 0) own.reverse();
    // The outermost limit, because the profile may have several minima.
    let inside = at;
    let outside: number | null = null;
    for (const v of own) {
      if (rss(v) <= limit) [inside, outside] = [v, null];
      else outside ??= v;
    }
    if (outside === null) return side < 0 ? doses[0] : doses[doses.length - 1];
    let [a, b] = [inside, outside];
    for (let step = 0; step < 26; step++) {
      const middle: number = (a + b) / 2;
      if (rss(middle) <= limit) a = middle;
      else b = middle;
    }
    return a;
  };
  return [end(-1), end(1)];
}

/** A step may be anywhere in a gap between two doses, including its ends. */
function gapsBelow(regression: Regression, one: Scored, places: Places, rise: number): [number, number] {
  const { doses } = places;
  const gaps = places.gaps(one.curve);
  const rss = gaps.map((at) => regression.rss(one.curve, at, 0));
  const limit = Math.min(...rss) * (1 + rise);
  const inside = gaps.filter((_, k) => rss[k] <= limit);
  const [first, last] = [inside[0], inside[inside.length - 1]];
  const below = doses.findLastIndex((v) => v < first);
  const above = doses.findIndex((v) => v > last);
  return [
    first === gaps[0] ? doses[0] : doses[below],
    last === gaps[gaps.length - 1] ? doses[doses.length - 1] : doses[above],
  ];
}

/** 95 % quantile of the rise of the residual for independent normal noise, for one parameter. */
export function studentRise(freedom: number): number {
  const t = 1.959964 + 2.372 / freedom + 2.823 / freedom ** 2 + 2.556 / freedom ** 3;
  return t ** 2 / freedom;
}

/**
 * 95 % quantile of the rise of the residual in replicates with known onset: the fitted curve plus its
 * residuals with random signs (wild bootstrap). It accounts for noise that is not uniform or not normal.
 *
 * @param around onsets that are tried in each replicate
 * @see C. F. J. Wu, Annals of Statistics 14 (1986) 1261
 */
export function replicatedRise(
  regression: Regression,
  one: Scored,
  around: readonly [number, number],
  replicates: number,
  seed: number,
): number {
  const { curve, outer: at } = one;
  const own = regression.directions(curve, at, one.inner);
  const fitted = new Float64Array(regression.left.length);
  for (const q of own) {
    const along = dot(q, regression.left);
    for (let i = 0; i < q.length; i++) fitted[i] += along * q[i];
  }
  const freedom = Math.sqrt(fitted.length / Math.max(1, fitted.length - one.nParameters));
  const residual = regression.left.map((v, i) => (v - fitted[i]) * freedom);
  const candidates: Float64Array[][] = [];
  for (let k = 0; k <= TRIED; k++) {
    const place = around[0] + (k / TRIED) * (around[1] - around[0]);
    candidates.push(regression.directions(curve, place, widthAt(regression, curve, place, one.inner).inner));
  }
  const drawn = new Float64Array(fitted.length);
  const explained = (directions: readonly Float64Array[]): number =>
    directions.reduce((sum, q) => sum + dot(q, drawn) ** 2, 0);
  const rises = Array.from({ length: replicates }, (_, r) => {
    const { uniform } = random(seed, r);
    for (let i = 0; i < drawn.length; i++) drawn[i] = fitted[i] + (uniform() < 0.5 ? -1 : 1) * residual[i];
    regression.project(drawn);
    const whole = dot(drawn, drawn);
    const here = whole - explained(own);
    const least = candidates.reduce((low, q) => Math.min(low, whole - explained(q)), here);
    return least > 0 ? here / least - 1 : 0;
  });
  return quantile(rises, 0.95);
}

/** Number of onsets that are tried in a replicate. */
const TRIED = 32;
