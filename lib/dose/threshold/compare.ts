// All courses, fitted and scored.
import { COURSES, type Course, type CourseName, type ListedCourse, twoStepsBeside } from "./courses.js";
import { type Noise, noiseOf, type Spread } from "./noise.js";
import { type CourseFit, Regression } from "./regression.js";
import { fitCourse, Places, refine } from "./search.js";

/** A fitted course with its criteria. */
export interface Scored extends CourseFit {
  readonly name: CourseName;
  readonly course: Course;
  /** Correlation of neighbouring points along the dose that suits this course best. */
  readonly rho: number;
  /** -2 ln L + k ln n, k counting all parameters, those of the noise included. */
  readonly bic: number;
  /** Akaike's criterion corrected for few points. */
  readonly aicc: number;
  /** Numbers that were fitted, without those of the noise. */
  readonly nParameters: number;
}

/** Points on doses from 0 to 1, sorted. */
export interface Series {
  readonly u: Float64Array;
  readonly y: Float64Array;
  readonly spread: Spread;
  /** What an onset departs from: a level, or a line. */
  readonly before: "level" | "slope";
  /** Correlation of neighbouring points along the dose where it is known; else it is estimated. */
  readonly rho?: number;
}

/** Correlations of neighbouring points that are tried. */
const RHOS = [0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.86, 0.93];

/** At these, courses are searched from all their first places; at the others from where they were best. */
const AFRESH = [0, 0.6];

/** Higher correlations end the search when so many in a row fit worse. */
const IDLE = 2;

/** Fits every course that so many points can carry. */
export function fitCourses(series: Series): Scored[] {
  const n = series.u.length;
  const places = placesOf(series);
  const known = new Map<string, Regression>();
  const regressionAt = (course: Course, rho: number): Regression => {
    const key = `${course.part} ${rho}`;
    const regression = known.get(key) ?? regressionOf(series, course, rho);
    known.set(key, regression);
    return regression;
  };
  const floor = rounding(series);
  const minusTwoLogL = (rss: number, regression: Regression): number => likelihood(rss, regression, n, floor);
  const names = (Object.keys(COURSES) as ListedCourse[]).filter((name) => carried(COURSES[name], n, places));
  const fits = new Map<ListedCourse, { rho: number; value: number; fit: CourseFit }>();
  const latest = new Map<ListedCourse, CourseFit>();
  const least = { smooth: Number.POSITIVE_INFINITY, onset: Number.POSITIVE_INFINITY };
  let idle = 0;
  for (const rho of series.rho === undefined ? RHOS : [series.rho]) {
    let [better, lowest] = [false, Number.POSITIVE_INFINITY];
    for (const name of names) {
      const course: Course = COURSES[name];
      const regression = regressionAt(course, rho);
      const last = latest.get(name);
      const fit =
        last && !AFRESH.includes(rho)
          ? refine(regression, course, places, last)
          : fitCourse(regression, course, places);
      latest.set(name, fit);
      lowest = Math.min(lowest, fit.rss);
      const value = minusTwoLogL(fit.rss, regression);
      if (value < (fits.get(name)?.value ?? Number.POSITIVE_INFINITY)) fits.set(name, { rho, value, fit });
      if (value >= least[course.part]) continue;
      least[course.part] = value;
      better = true;
    }
    idle = better ? 0 : idle + 1;
    // Residuals that are but rounding have no correlation worth the name.
    if (idle === IDLE || lowest <= floor) break;
  }
  return [...fits].map(([name, { rho, value, fit }]) => score(series, name, COURSES[name], rho, value, fit));
}

/** -2 ln L, up to a constant, at the best size of the noise. */
function likelihood(rss: number, { noise, logPrecision }: Regression, n: number, floor: number): number {
  return (n - 1) * Math.log(Math.max(rss, floor) / n) + noise.logDeterminant + logPrecision;
}

function score(
  series: Series,
  name: CourseName,
  course: Course,
  rho: number,
  value: number,
  fit: CourseFit,
): Scored {
  const n = series.u.length;
  const baseline = course.part === "onset" && series.before === "slope" ? 2 : 1;
  const nParameters = baseline + course.parameters.length;
  const k = nParameters + (series.rho === undefined ? 2 : 1);
  const aicc = value + 2 * k + (2 * k * (k + 1)) / Math.max(n - k - 1, 0.5);
  return { ...fit, name, course, rho, nParameters, bic: value + k * Math.log(n), aicc };
}

/**
 * Two smooth steps, one after the other: each is searched in turn with the other in its place.
 *
 * @param rhos correlations that are tried
 * @returns null where the points are too few for seven numbers
 */
export function twoSteps(series: Series, rhos: readonly number[]): Scored | null {
  const n = series.u.length;
  const places = placesOf(series);
  if (!carried(twoStepsBeside(0, 0), n, places)) return null;
  const floor = rounding(series);
  const found = (series.rho === undefined ? rhos : [series.rho]).map((rho): Scored => {
    const regression = regressionOf(series, COURSES.sigmoid, rho);
    const { outer, inner } = fitCourse(regression, COURSES.sigmoid, places);
    let course = twoStepsBeside(outer, inner);
    let fit = fitCourse(regression, course, places);
    for (let turn = 0; turn < TURNS; turn++) {
      const beside = course.natural?.(0, 0, 0, 1) as { otherMiddle: number; otherWidth: number };
      course = twoStepsBeside(fit.outer, fit.inner);
      const start = { outer: beside.otherMiddle, inner: Math.log(beside.otherWidth), rss: fit.rss };
      fit = refine(regression, course, places, start);
    }
    return score(series, "twoSteps", course, rho, likelihood(fit.rss, regression, n, floor), fit);
  });
  return bestBy(found, "bic");
}

/** Turns of the search: the steps hardly move after these. */
const TURNS = 6;

/** The least squares that a course is fitted by. */
export function regressionOf({ u, y, spread, before }: Series, course: Course, rho: number): Regression {
  const noise: Noise = noiseOf(spread, rho);
  return new Regression(u, y, noise, course.part === "onset" ? before : "level");
}

/** Where onsets may lie. */
export function placesOf({ u }: Series): Places {
  return new Places(u.filter((v, i) => i === 0 || v > u[i - 1]));
}

/** The best of the courses by a criterion. */
export function bestBy(scored: readonly Scored[], criterion: "bic" | "aicc"): Scored {
  return scored.reduce((a, b) => (b[criterion] < a[criterion] ? b : a));
}

/** Courses with many factors need many points: else they follow the noise, whatever a criterion says. */
function carried(course: Course, n: number, places: Places): boolean {
  if (course.part === "onset" && !places.range(course)) return false;
  const points = Math.min(n, places.doses.length);
  return course.columns <= 1 || points >= (course.part === "onset" ? 4 : 3) * (course.parameters.length + 2);
}

/** Of zeros the rounding is zero, too; a logarithm needs more. */
const TINY = 1e-200;

/** Residuals below this are rounding. */
function rounding({ y, spread }: Series): number {
  const size = 1e-12 * y.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const weight =
    "root" in spread ? spread.root.reduce((sum, v) => sum + v * v, 0) : y.length / spread.factor[0] ** 2;
  return Math.max(weight * size ** 2, TINY);
}
