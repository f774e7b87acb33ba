// All curves, fitted and compared.
import { CURVES, type Curve, type CurveName, type ListedCurve, twoStepsBeside } from "./curves.js";
import { type Noise, noiseOf, type Spread } from "./noise.js";
import { type CurveFit, Regression } from "./regression.js";
import { fitCurve, Places, refine } from "./search.js";

/** A fitted curve with its criteria. */
export interface Scored extends CurveFit {
  readonly name: CurveName;
  readonly curve: Curve;
  /** Correlation of neighboring points along the dose that fits this curve best. */
  readonly rho: number;
  /** -2 ln L + k ln n, where k counts all parameters, including those of the noise. */
  readonly bic: number;
  /** Akaike's criterion with the correction for few points. */
  readonly aicc: number;
  /** Number of fitted parameters, without those of the noise. */
  readonly nParameters: number;
}

/** Points at doses from 0 to 1, sorted. */
export interface Series {
  readonly u: Float64Array;
  readonly y: Float64Array;
  readonly spread: Spread;
  /** Curve below the onset: a level, or a line. */
  readonly before: "level" | "slope";
  /** Correlation of neighboring points along the dose where it is known; else it is estimated. */
  readonly rho?: number;
}

/** Correlations of neighboring points that are tried. */
const RHOS = [0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.86, 0.93];

/** At these correlations the search uses all starting values, at the others the previous best ones. */
const AFRESH = [0, 0.6];

/** The search over correlations ends when this many in a row fit worse. */
const IDLE = 2;

/** Fits every curve that has few enough parameters for the points. */
export function fitCurves(series: Series): Scored[] {
  const n = series.u.length;
  const places = placesOf(series);
  const known = new Map<string, Regression>();
  const regressionAt = (curve: Curve, rho: number): Regression => {
    const key = `${curve.part} ${rho}`;
    const regression = known.get(key) ?? regressionOf(series, curve, rho);
    known.set(key, regression);
    return regression;
  };
  const floor = rounding(series);
  const minusTwoLogL = (rss: number, regression: Regression): number => likelihood(rss, regression, n, floor);
  const names = (Object.keys(CURVES) as ListedCurve[]).filter((name) => carried(CURVES[name], n, places));
  const fits = new Map<ListedCurve, { rho: number; value: number; fit: CurveFit }>();
  const latest = new Map<ListedCurve, CurveFit>();
  const least = { smooth: Number.POSITIVE_INFINITY, onset: Number.POSITIVE_INFINITY };
  let idle = 0;
  for (const rho of series.rho === undefined ? RHOS : [series.rho]) {
    let [better, lowest] = [false, Number.POSITIVE_INFINITY];
    for (const name of names) {
      const curve: Curve = CURVES[name];
      const regression = regressionAt(curve, rho);
      const last = latest.get(name);
      const fit =
        last && !AFRESH.includes(rho)
          ? refine(regression, curve, places, last)
          : fitCurve(regression, curve, places);
      latest.set(name, fit);
      lowest = Math.min(lowest, fit.rss);
      const value = minusTwoLogL(fit.rss, regression);
      if (value < (fits.get(name)?.value ?? Number.POSITIVE_INFINITY)) fits.set(name, { rho, value, fit });
      if (value >= least[curve.part]) continue;
      least[curve.part] = value;
      better = true;
    }
    idle = better ? 0 : idle + 1;
    // Residuals that are rounding errors have no correlation.
    if (idle === IDLE || lowest <= floor) break;
  }
  return [...fits].map(([name, { rho, value, fit }]) => score(series, name, CURVES[name], rho, value, fit));
}

/** -2 ln L, up to a constant, for the most likely size of the noise. */
function likelihood(rss: number, { noise, logPrecision }: Regression, n: number, floor: number): number {
  return (n - 1) * Math.log(Math.max(rss, floor) / n) + noise.logDeterminant + logPrecision;
}

function score(
  series: Series,
  name: CurveName,
  curve: Curve,
  rho: number,
  value: number,
  fit: CurveFit,
): Scored {
  const n = series.u.length;
  const baseline = curve.part === "onset" && series.before === "slope" ? 2 : 1;
  const nParameters = baseline + curve.parameters.length;
  const k = nParameters + (series.rho === undefined ? 2 : 1);
  const aicc = value + 2 * k + (2 * k * (k + 1)) / Math.max(n - k - 1, 0.5);
  return { ...fit, name, curve, rho, nParameters, bic: value + k * Math.log(n), aicc };
}

/**
 * Two smooth steps. Each is searched in turn with the other fixed.
 *
 * @param rhos correlations that are tried
 * @returns null where there are too few points for seven parameters
 */
export function twoSteps(series: Series, rhos: readonly number[]): Scored | null {
  const n = series.u.length;
  const places = placesOf(series);
  if (!carried(twoStepsBeside(0, 0), n, places)) return null;
  const floor = rounding(series);
  const found = (series.rho === undefined ? rhos : [series.rho]).map((rho): Scored => {
    const regression = regressionOf(series, CURVES.sigmoid, rho);
    const { outer, inner } = fitCurve(regression, CURVES.sigmoid, places);
    let curve = twoStepsBeside(outer, inner);
    let fit = fitCurve(regression, curve, places);
    for (let turn = 0; turn < TURNS; turn++) {
      const beside = curve.natural?.(0, 0, 0, 1) as { otherMiddle: number; otherWidth: number };
      curve = twoStepsBeside(fit.outer, fit.inner);
      const start = { outer: beside.otherMiddle, inner: Math.log(beside.otherWidth), rss: fit.rss };
      fit = refine(regression, curve, places, start);
    }
    return score(series, "twoSteps", curve, rho, likelihood(fit.rss, regression, n, floor), fit);
  });
  return bestBy(found, "bic");
}

/** Rounds of the search; later ones hardly move the steps. */
const TURNS = 6;

/** The least-squares problem of a curve. */
export function regressionOf({ u, y, spread, before }: Series, curve: Curve, rho: number): Regression {
  const noise: Noise = noiseOf(spread, rho);
  return new Regression(u, y, noise, curve.part === "onset" ? before : "level");
}

/** Range of possible onsets. */
export function placesOf({ u }: Series): Places {
  return new Places(u.filter((v, i) => i === 0 || v > u[i - 1]));
}

/** The best of the curves by a criterion. */
export function bestBy(scored: readonly Scored[], criterion: "bic" | "aicc"): Scored {
  return scored.reduce((a, b) => (b[criterion] < a[criterion] ? b : a));
}

/** Curves with many coefficients need many points; otherwise they follow the noise. */
function carried(curve: Curve, n: number, places: Places): boolean {
  if (curve.part === "onset" && !places.range(curve)) return false;
  const points = Math.min(n, places.doses.length);
  return curve.columns <= 1 || points >= (curve.part === "onset" ? 4 : 3) * (curve.parameters.length + 2);
}

/** For residuals of zero the logarithm needs a lower limit. */
const TINY = 1e-200;

/** Residuals below this are rounding errors. */
function rounding({ y, spread }: Series): number {
  const size = 1e-12 * y.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const weight =
    "root" in spread ? spread.root.reduce((sum, v) => sum + v * v, 0) : y.length / spread.factor[0] ** 2;
  return Math.max(weight * size ** 2, TINY);
}
