// The part of a potentiostat's record with constant current, and the charge that passed in it.
import { ArgumentError, DataError, quote, SchemaError, ShapeError } from "../errors.js";
import { type Electrochemistry, firstStepBack } from "./electrochemistry.js";

/** A part with constant current. */
export interface GalvanostaticPart extends Electrochemistry {
  readonly current: Float64Array;
  /** mAh since the first row. */
  readonly charge: Float64Array;
  /** Rows with a current that no cell had (a spike, a missing value); their neighbors' was integrated. */
  readonly spikes: number;
}

const CALL = "galvanostaticPart";
/** Rows that a spike or a dip may last. */
const BRIEF = 3;

/**
 * The first part of a record in which a current flows that is (nearly) constant. The current is the one that
 * most charging rows have, within 10 %; a row belongs to the part when it differs by at most 2 %, or four
 * standard deviations of the noise. What differs for up to three rows does not end the part.
 *
 * @returns the rows, with the charge passed since the first of them, mAh
 * @throws SchemaError for a record without current, or without a charging one; ShapeError when the columns
 *   differ in length; DataError when time goes back or a value is no number; ArgumentError for no record
 * @example
 * const cell = await loadElectrochemistry(openExperiment(demonstrationFolder()));
 * const { charge, voltage } = galvanostaticPart(cell); // mAh, V
 */
export function galvanostaticPart(cell: Electrochemistry): GalvanostaticPart {
  if (typeof cell !== "object" || cell === null || !isList(cell.time) || !isList(cell.voltage)) {
    throw new ArgumentError(
      `${CALL}: expected a record { time, voltage, current }, got ${quote(cell)}; load it with loadElectrochemistry`,
      { cell },
    );
  }
  const time = numbers("time", cell.time);
  const voltage = numbers("voltage", cell.voltage);
  const current = numbers("current", isList(cell.current) ? cell.current : []);
  if (!cell.current || !current.some((i) => i > 0)) {
    throw new SchemaError(
      `${CALL}: expected a record with a charging current, got ${cell.current ? "none above zero" : "none"}; export the column <I>/mA from EC-Lab`,
    );
  }
  for (const [name, { length }] of Object.entries({ voltage, current })) {
    if (length === time.length) continue;
    throw new ShapeError(`${CALL}: expected ${time.length} values of ${name}, one per time, got ${length}`, {
      expected: time.length,
      got: length,
    });
  }
  const back = firstStepBack(time);
  if (back >= 0) {
    throw new DataError(
      `${CALL}: expected times that do not go back, got ${time[back]} s after ${time[back - 1]} s in row ${back + 1}; choose one run, with loadElectrochemistry(path, { run })`,
      { row: back },
    );
  }

  const { level, tolerance } = plateau(current);
  const inside = current.map((i) => (Math.abs(i / level - 1) <= tolerance ? 1 : 0));
  const [first, end] = firstStretch(inside);
  const charge = new Float64Array(end - first);
  // A dip is a current that flowed; above the plateau, below zero or missing it is none of this cell.
  const usable = (k: number) => inside[k] === 1 || (current[k] >= 0 && current[k] < level);
  let before = first;
  let spikes = 0;
  for (let k = first + 1; k < end; k++) {
    if (!usable(k)) {
      spikes++;
      continue;
    }
    const step = (((current[k] + current[before]) / 2) * (time[k] - time[before])) / 3600;
    for (let j = before + 1; j <= k; j++) {
      const part = time[k] > time[before] ? (time[j] - time[before]) / (time[k] - time[before]) : 1;
      charge[j - first] = charge[before - first] + part * step;
    }
    before = k;
  }
  const part = (values: Float64Array): Float64Array => values.slice(first, end);
  return { time: part(time), voltage: part(voltage), current: part(current), charge, spikes };
}

function isList(values: unknown): values is ArrayLike<unknown> {
  return Array.isArray(values) || (ArrayBuffer.isView(values) && !(values instanceof DataView));
}

/** One column of the record. JSON has null for NaN. @throws DataError for what is no number */
function numbers(name: string, values: ArrayLike<unknown>): Float64Array {
  return Float64Array.from(values, (value, row) => {
    if (typeof value === "number") return value;
    if (value === null || value === undefined) return Number.NaN;
    throw new DataError(
      `${CALL}: expected numbers in ${name}, got ${quote(value)} in row ${row + 1}; convert it, or give null for a missing value`,
      { row: row + 1 },
    );
  });
}

/** The current that most charging rows have within 10 %, and how far rows may differ from it. */
function plateau(current: Float64Array): { level: number; tolerance: number } {
  const sorted = current.filter((i) => i > 0 && i < Number.POSITIVE_INFINITY).sort();
  let best = [0, 0];
  for (let low = 0, high = 0; low < sorted.length; low++) {
    while (high < sorted.length && sorted[high] * 0.9 <= sorted[low] * 1.1) high++;
    // Of equally many rows the higher current: the decay of a constant voltage follows a constant current.
    if (high - low >= best[1] - best[0]) best = [low, high];
  }
  const rows = sorted.subarray(best[0], best[1]);
  const level = median(rows);
  const deviations = rows.map((i) => Math.abs(i - level)).sort();
  const noise = (1.4826 * median(deviations)) / level;
  return { level, tolerance: Math.min(0.2, Math.max(0.02, 4 * noise)) };
}

function median(sorted: Float64Array): number {
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** The first stretch of rows inside, as [first, end]; what is outside for a moment does not end it. */
function firstStretch(inside: ArrayLike<number>): [first: number, end: number] {
  const stretches: [number, number][] = [];
  for (let k = 0; k < inside.length; k++) {
    if (inside[k] === 0) continue;
    const last = stretches.at(-1);
    if (last && k - last[1] <= BRIEF) last[1] = k + 1;
    else stretches.push([k, k + 1]);
  }
  const longest = Math.max(...stretches.map(([a, b]) => b - a));
  // A row of noise that happens to lie on the plateau is no part of it.
  return stretches.find(([a, b]) => b - a >= Math.min(BRIEF, longest)) ?? [0, 0];
}
