// Dose at which each place departs from the median of the least irradiated places in a time series.

import { toVector } from "../compute/matrix.js";
import { MAD_TO_SIGMA, median, medianAbsoluteDeviation, quantile } from "../compute/stats.js";
import { ArgumentError, DataError, quote, ShapeError } from "../errors.js";
import { checkOptions, type OptionNames } from "../options.js";
import { checkMap, doseValues, isMap, type MapLike } from "./threshold/maps.js";

/** Options of `departureDose`. */
export interface DepartureOptions {
  /**
   * 1 for the places whose median is the reference trajectory, else 0. Default: the tenth with the lowest
   * final dose.
   */
  readonly reference?: ArrayLike<number>;
  /**
   * Standard deviation of a response, one for each time. Default: the scatter of the reference places about
   * their median, but at least the median of this scatter over time.
   */
  readonly sigma?: ArrayLike<number>;
  /** Deviations beyond this many standard deviations count. Default 4. */
  readonly criterion?: number;
  /** Number of consecutive times, on the same side. Default 2. */
  readonly run?: number;
}

/** What `departureDose` returns; arrays over places have one number per place, row-major for maps. */
export interface Departure {
  /** Dose at the first time of the deviation; NaN where the place does not depart, or has no value. */
  readonly dose: Float64Array;
  /** Dose at the time before. The departure is between the two doses. */
  readonly before: Float64Array;
  /** Index of the first time of the deviation; -1 where there is none. */
  readonly time: Int32Array;
  /** Reference trajectory, one number per time. */
  readonly trajectory: Float64Array;
  /** Standard deviation used for the deviations, one per time. */
  readonly sigma: Float64Array;
  /** MGy for dose maps in Gy, "" where it is not known. */
  readonly unit: string;
  readonly nReference: number;
  /** Number of places that departed, and of places with a value at every time. */
  readonly nDeparted: number;
  readonly nPlaces: number;
}

/** Fewer places than this give no reliable scatter. */
const LEAST_REFERENCE = 8;

/**
 * Dose at which each place first departs from the reference trajectory. The response then deviates from the
 * median of the reference places by more than `criterion` standard deviations at `run` consecutive times,
 * always to the same side.
 *
 * For normal noise that is independent between times, the defaults give a false departure in about 1e-9 of
 * time steps. Slow drifts of single places count as deviations.
 *
 * @param responses one map, or one list of places, for each time, in order
 * @param doses accumulated dose at the same times and places; maps in Gy are converted to MGy
 * @throws ShapeError when numbers of times or places differ; DataError when fewer than 8 reference places
 *   have a value at all times; ArgumentError for invalid options
 * @example
 * // Nine places follow the reference trajectory, the tenth leaves it at 20 MGy.
 * const places = Array.from({ length: 10 }, (_, i) => i);
 * const responses = [1, 0.8, 0.6, 0.4].map((level, t) =>
 *   places.map((i) => (i === 9 && t > 0 ? 1 : level)),
 * );
 * const doses = [0, 1, 2, 3].map((t) => places.map((i) => (i === 9 ? 20 * t : t)));
 * const reference = places.map((i) => (i < 9 ? 1 : 0));
 * departureDose(responses, doses, { reference, sigma: [0.01, 0.01, 0.01, 0.01] }).dose[9]; // 20
 */
export function departureDose(
  responses: readonly (MapLike | ArrayLike<number>)[],
  doses: readonly (MapLike | ArrayLike<number>)[],
  options: DepartureOptions = {},
): Departure {
  const { criterion = 4, run = 2 } = checkOptions(CALL, options, NAMES);
  if (!(typeof criterion === "number" && criterion > 0)) {
    throw new ArgumentError(`${CALL}: expected criterion above 0, got ${quote(criterion)}`, { criterion });
  }
  if (!(Array.isArray(responses) && Array.isArray(doses) && responses.length === doses.length)) {
    throw new ShapeError(
      `${CALL}: expected one dose map for each response map, got ${quote(doses?.length)} for ${quote(responses?.length)}`,
    );
  }
  const nTimes = responses.length;
  if (!(Number.isInteger(run) && run >= 1 && run < nTimes)) {
    throw new ArgumentError(
      `${CALL}: expected run as a whole number from 1 to below the number of times (${nTimes}), got ${quote(run)}`,
      { run },
    );
  }
  const response = responses.map((r, t) =>
    isMap(r) ? checkMap(CALL, "response", r).values : toVector(r, CALL, `response ${t}`),
  );
  const read = doses.map((d, t) =>
    isMap(d)
      ? doseValues(CALL, checkMap(CALL, "dose", d))
      : { values: toVector(d, CALL, `dose ${t}`), unit: "" },
  );
  const dose = read.map((d) => d.values);
  const n = dose[0].length;
  for (const [name, list] of Object.entries({ response, dose })) {
    const wrong = list.findIndex((values) => values.length !== n);
    if (wrong < 0) continue;
    throw new ShapeError(
      `${CALL}: expected ${n} places at each time, got ${list[wrong].length} in ${name} ${wrong}`,
      {
        time: wrong,
      },
    );
  }
  const known = Array.from({ length: n }, (_, p) =>
    response.every((values, t) => Number.isFinite(values[p]) && Number.isFinite(dose[t][p])),
  );
  const chosen = referencePlaces(options.reference, dose[nTimes - 1], known);
  const at = (t: number) => Float64Array.from(chosen, (p) => response[t][p]);
  const trajectory = Float64Array.from(response, (_, t) => median(at(t)));
  const sigma = sigmaOf(options.sigma, nTimes, at);
  const out = { dose: new Float64Array(n), before: new Float64Array(n), time: new Int32Array(n).fill(-1) };
  let nDeparted = 0;
  for (let p = 0; p < n; p++) {
    const t = known[p] ? firstRun(response, trajectory, sigma, p, criterion, run) : -1;
    out.time[p] = t;
    out.dose[p] = t < 0 ? Number.NaN : dose[t][p];
    out.before[p] = t < 0 ? Number.NaN : t === 0 ? 0 : dose[t - 1][p];
    if (t >= 0) nDeparted++;
  }
  const nPlaces = known.filter(Boolean).length;
  return { ...out, trajectory, sigma, unit: read[0].unit, nReference: chosen.length, nDeparted, nPlaces };
}

const CALL = "departureDose";
const NAMES: OptionNames<DepartureOptions> = { reference: true, sigma: true, criterion: true, run: true };

function referencePlaces(
  option: ArrayLike<number> | undefined,
  last: ArrayLike<number>,
  known: readonly boolean[],
): number[] {
  const given = option && toVector(option, CALL, "reference");
  if (given && given.length !== known.length) {
    throw new ShapeError(
      `${CALL}: expected reference to have one number per place (${known.length}), got ${given.length}`,
    );
  }
  const all = known.flatMap((k, p) => (k ? [p] : []));
  const limit = given ? 0 : quantile(all.map((p) => last[p]), 0.1); // biome-ignore format: one line
  const chosen = all.filter((p) => (given ? given[p] > 0 : last[p] <= limit));
  if (chosen.length >= LEAST_REFERENCE) return chosen;
  throw new DataError(
    `${CALL}: expected at least ${LEAST_REFERENCE} reference places with a value at every time, got ${chosen.length}; give more places in reference, or bin less`,
    { chosen: chosen.length },
  );
}

function sigmaOf(
  option: ArrayLike<number> | undefined,
  nTimes: number,
  at: (time: number) => Float64Array,
): Float64Array {
  const given = option && toVector(option, CALL, "sigma");
  if (!given) {
    const own = Float64Array.from(
      { length: nTimes },
      (_, t) => MAD_TO_SIGMA * medianAbsoluteDeviation(at(t)),
    );
    // The scatter of few places is sometimes small by chance. It is at least the median over time.
    const usual = median(own);
    return own.map((s) => Math.max(s, usual));
  }
  if (given.length !== nTimes)
    throw new ShapeError(
      `${CALL}: expected sigma to have one number per time (${nTimes}), got ${given.length}`,
    );
  const wrong = Array.from(given).findIndex((s) => !(s >= 0 && Number.isFinite(s)));
  if (wrong < 0) return Float64Array.from(given);
  throw new ArgumentError(
    `${CALL}: expected sigma of 0 or above, got ${quote(given[wrong])} at time ${wrong}`,
  );
}

function firstRun(
  response: readonly ArrayLike<number>[],
  trajectory: Float64Array,
  sigma: Float64Array,
  place: number,
  criterion: number,
  run: number,
): number {
  let [length, side] = [0, 0];
  for (let t = 0; t < response.length; t++) {
    const deviation = response[t][place] - trajectory[t];
    const now = Math.abs(deviation) > criterion * sigma[t] ? Math.sign(deviation) : 0;
    length = now === 0 ? 0 : now === side ? length + 1 : 1;
    side = now;
    if (length === run) return t - run + 1;
  }
  return -1;
}
