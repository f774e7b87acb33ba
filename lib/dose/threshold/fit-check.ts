// Tests whether any curve describes the response within its noise. Otherwise no statement on an onset is
// possible.
import { fExceedance } from "../../compute/distributions.js";
import { regressionOf, type Scored, type Series } from "./compare.js";

/** Reason to reject all curves; null where one of them fits. */
export type Misfit =
  | { readonly why: "common"; readonly length: number }
  | { readonly why: "repeats"; readonly ratio: number }
  | null;

/** p-value below which the scatter about the best curve is larger than the noise. */
const CHANCE = 1e-3;

/** Fewer repetitions than this do not determine the noise. */
const LEAST_REPEATS = 5;

/**
 * Compares the residuals of the best curve with the scatter of repeated doses, and counts independent
 * residuals. A curve that does not describe the response leaves correlated residuals.
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
  const rss = regressionOf(series, best.curve, 0).rss(best.curve, best.outer, best.inner);
  const ratio = (rss - pure) / beyond / (pure / freedom);
  return fExceedance(ratio, beyond, freedom) < CHANCE ? { why: "repeats", ratio } : null;
}

/** Fewer independent points than this do not determine a curve. */
const LEAST_EFFECTIVE = 6;
