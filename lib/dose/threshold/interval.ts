// How well the data fix the break. Either way the interval holds the breaks whose residual is not much larger than the least;
// how much is "much" is told by Student's t for independent noise, or by what replicates of the data show.
import { random } from "../../compute/random.js";
import { quantile } from "../../compute/stats.js";
import { BreakProfile, hinge } from "./broken-line.js";
import { replicatesOf } from "./replicates.js";

/**
 * 95 % interval of the break from replicates of the data: pairs, blocks of neighbours, or residuals where pairs are few.
 *
 * In each replicate the true break is known: it is that of the data. By how much the residual there exceeds the replicate's
 * least is what chance does to it, noise that is uneven or shared by neighbours included. The interval holds the breaks that
 * exceed the data's least by no more than 95 % of replicates do. (The middle 95 % of the replicates' own breaks is shorter and
 * holds the truth too rarely: the break is no smooth function of the data.)
 *
 * @param profile of the data
 * @param kept share of the variance that the replicates show; the excess is larger by its inverse
 * @returns null where fewer than half of the replicates have a break
 */
export function bootstrapInterval(
  profile: BreakProfile,
  replicates: number,
  seed: number,
  kept = 1,
): [number, number] | null {
  const { points, before } = profile;
  const at = profile.best as number;
  const replicate = replicatesOf(points, at, before);
  const rises: number[] = [];
  for (let r = 0; r < replicates; r++) {
    const { points: drawn, within } = replicate(random(seed, r));
    const { best } = new BreakProfile(drawn, before);
    if (best === null) continue;
    const least = hinge(drawn, best, before).rss + within;
    const own = hinge(drawn, at, before).rss + within;
    if (least > 0) rises.push(Math.max(0, own / least - 1));
  }
  return rises.length > replicates / 2 ? intervalBelow(profile, quantile(rises, 0.95) / kept) : null;
}

/**
 * 95 % interval of the break for independent noise of one size: residual below (1 + t^2 / freedom) times the least one, t being
 * the 97.5 % quantile of Student for that many degrees of freedom.
 */
export function profileInterval(profile: BreakProfile, freedom: number): [number, number] {
  return intervalBelow(profile, studentQuantile(freedom) ** 2 / freedom);
}

/** The outermost breaks with a residual up to (1 + rise) times the least, where the profile has several dips. */
function intervalBelow(profile: BreakProfile, rise: number): [number, number] {
  const { points, from, to, before } = profile;
  const { x } = points;
  const at = profile.best as number;
  const limit = hinge(points, at, before).rss * (1 + rise);
  const inside = (i: number): boolean => (profile.atDose(i) ?? Number.POSITIVE_INFINITY) <= limit;
  let low = at;
  for (let i = from; i <= to && x[i] < at; i++) {
    if (!inside(i)) continue;
    low = x[i];
    break;
  }
  let high = at;
  for (let i = to; i >= from && x[i] > at; i--) {
    if (!inside(i)) continue;
    high = x[i];
    break;
  }
  const crossing = (within: number, outside: number): number => {
    if (hinge(points, outside, before).rss <= limit) return outside;
    let [a, b] = [within, outside];
    for (let step = 0; step < 40; step++) {
      const middle = (a + b) / 2;
      if (hinge(points, middle, before).rss <= limit) a = middle;
      else b = middle;
    }
    return a;
  };
  return [crossing(low, previous(x, low, x[from])), crossing(high, next(x, high, x[to]))];
}

function previous(x: Float64Array, value: number, least: number): number {
  for (let i = x.length - 1; i >= 0; i--) if (x[i] < value) return Math.max(x[i], Math.min(least, value));
  return value;
}

function next(x: Float64Array, value: number, most: number): number {
  for (let i = 0; i < x.length; i++) if (x[i] > value) return Math.min(x[i], Math.max(most, value));
  return value;
}

/** 97.5 % quantile of Student's t. @see M. Abramowitz, I. A. Stegun, 26.7.5; good to 0.5 % from five degrees of freedom */
function studentQuantile(freedom: number): number {
  return 1.959964 + 2.372 / freedom + 2.823 / freedom ** 2 + 2.556 / freedom ** 3;
}
