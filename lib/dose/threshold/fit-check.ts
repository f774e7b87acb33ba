// Does any course follow the response within its noise? Where none does, neither an onset nor its absence means anything.
import { fExceedance } from "../../compute/distributions.js";
import { regressionOf, type Scored, type Series } from "./compare.js";

/** Why no course is believed; null where one is. */
export type Misfit =
  | { readonly why: "common"; readonly length: number }
  | { readonly why: "repeats"; readonly ratio: number }
  | null;

/** Chance below which scatter about the best course is more than noise. */
const CHANCE = 1e-3;

/** Repeats fewer than this say little of the noise. */
const LEAST_REPEATS = 5;

/**
 * Compares what the best course leaves with the scatter of repeated doses, and counts how many of its deviations are
 * independent: a course that does not follow the response leaves deviations that neighbours along the dose have in common.
 */
export function misfitOf(series: Series, best: Scored): Misfit {
  const { u, y } = series;
  const n = u.length;
  const length = (1 + best.rho) / (1 - best.rho);
  if (series.rho === undefined && n / length < Math.min(LEAST_EFFECTIVE, n / 4))
    return { why: "common", length };
  if (!("root" in series.spread)) return null;
  const { root } = series.spread;
  let [pure, freedom] = [0, n];
  for (let i = 0; i < n; ) {
    let [sw, sy, j] = [0, 0, i];
    for (; j < n && u[j] === u[i]; j++) {
      sw += root[j] ** 2;
      sy += root[j] ** 2 * y[j];
    }
    for (let k = i; k < j; k++) pure += root[k] ** 2 * (y[k] - sy / sw) ** 2;
    freedom--;
    i = j;
  }
  const beyond = n - freedom - best.nParameters;
  if (freedom < LEAST_REPEATS || beyond < 1) return null;
  const rss = regressionOf(series, best.course, 0).rss(best.course, best.outer, best.inner);
  const ratio = (rss - pure) / beyond / (pure / freedom);
  return fExceedance(ratio, beyond, freedom) < CHANCE ? { why: "repeats", ratio } : null;
}

/** Fewer independent points than this show no course. */
const LEAST_EFFECTIVE = 6;
