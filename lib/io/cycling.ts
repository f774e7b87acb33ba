// What passed through a cell: half cycles with their capacities and C-rates, and dQ/dV.
import { ArgumentError, DataError, quote, SchemaError, ShapeError } from "../errors.js";
import { checkOptions } from "../options.js";
import { type Electrochemistry, firstStepBack } from "./electrochemistry.js";

/** Rows in which a cell was charged, discharged, or at rest. */
export interface HalfCycle {
  readonly kind: "charge" | "discharge" | "rest";
  /** Rows of the record, [first, end). */
  readonly rows: readonly [first: number, end: number];
  /** s. */
  readonly start: number;
  readonly end: number;
  /** mAh that passed, without sign. */
  readonly capacity: number;
  /** mA, mean over time, with sign. */
  readonly current: number;
  /** Current over the nominal capacity, 1/h, without sign; undefined where none was given. */
  readonly rate?: number;
  /** V at the first and the last row. */
  readonly voltage: readonly [first: number, last: number];
}

/** Options of `halfCycles`. */
export interface HalfCycleOptions {
  /** mAh: what is charged in one hour at 1C. Without it there are no C-rates. */
  readonly nominalCapacity?: number;
  /** Largest current that counts as rest, mA; default 1 % of the largest current of the record. */
  readonly rest?: number;
}

/** Part of the largest current that counts as rest. */
const REST = 0.01;

/**
 * Charges, discharges and rests of a record, in order, with the charge that passed. Between two files of a record
 * nothing is counted, and a new half cycle begins.
 *
 * @returns mAh, mA, s, V, and 1/h
 * @throws SchemaError for a record without current; ShapeError, DataError for one that is none; ArgumentError
 * @example
 * const cell = await loadElectrochemistry(openExperiment(demonstrationFolder()));
 * const [charge] = halfCycles(cell, { nominalCapacity: 0.35 }).filter(({ kind }) => kind === "charge");
 * [charge.capacity, charge.rate]; // mAh, 1/h
 */
export function halfCycles(cell: Electrochemistry, options?: HalfCycleOptions): HalfCycle[] {
  const call = "halfCycles";
  const { nominalCapacity, rest } = checkOptions(call, options, { nominalCapacity: true, rest: true });
  if (nominalCapacity !== undefined) above(call, "nominalCapacity", nominalCapacity, "mAh");
  if (rest !== undefined) above(call, "rest", rest, "mA");
  const { time, voltage, current } = checked(call, cell);
  const limit = rest ?? REST * current.reduce((most, i) => Math.max(most, Math.abs(i)), 0);
  const kindOf = (i: number): HalfCycle["kind"] =>
    Math.abs(i) <= limit ? "rest" : i > 0 ? "charge" : "discharge";
  const breaks = new Set(cell.breaks ?? []);
  const cycles: HalfCycle[] = [];
  for (let first = 0; first < time.length; ) {
    const kind = kindOf(current[first]);
    let end = first + 1;
    while (end < time.length && kindOf(current[end]) === kind && !breaks.has(end)) end++;
    // A row belongs to the current that flowed until it: what passed before the first row is that of the change.
    const from = first > 0 && !breaks.has(first) ? first - 1 : first;
    const passed = charge(time, current, from, end, first);
    const duration = time[end - 1] - time[from];
    const mean = duration > 0 ? (3600 * passed) / duration : current[first];
    cycles.push({
      kind,
      rows: [first, end],
      start: time[from],
      end: time[end - 1],
      capacity: Math.abs(passed),
      current: mean,
      ...(nominalCapacity !== undefined && { rate: Math.abs(mean) / nominalCapacity }),
      voltage: [voltage[first], voltage[end - 1]],
    });
    first = end;
  }
  return cycles;
}

/** mAh from a row to another; up to the first row of a half cycle its own current flowed. */
function charge(time: Float64Array, current: Float64Array, from: number, end: number, first: number): number {
  let sum = 0;
  for (let k = from + 1; k < end; k++) {
    const before = k <= first ? current[first] : current[k - 1];
    sum += (((before + current[k]) / 2) * (time[k] - time[k - 1])) / 3600;
  }
  return sum;
}

/** dQ/dV over the voltage. */
export interface IncrementalCapacity {
  /** V, middles of the steps. */
  readonly voltage: Float64Array;
  /** mAh/V; negative for a discharge; NaN at voltages that the rows do not pass. */
  readonly dQdV: Float64Array;
}

/** Options of `incrementalCapacity`. */
export interface IncrementalCapacityOptions {
  /** Width of the steps, V. */
  readonly step: number;
  /** Rows [first, end) of one half cycle; default all, which then have to be one. */
  readonly rows?: readonly [first: number, end: number];
}

/** Steps at most: a step of a few uV is a mistake in its unit. */
const MOST_STEPS = 1e6;

/**
 * dQ/dV of one half cycle: the charge that passed while the voltage was within each step, over the width of the step.
 * Where the voltage goes back and forth, what passed is counted each time; the sum over all steps is the capacity.
 *
 * @returns V and mAh/V, from low to high voltage
 * @throws DataError where the current changes its sign, or the record breaks off, within the rows; SchemaError,
 *   ShapeError for a record that is none; ArgumentError
 * @example
 * const cell = await loadElectrochemistry(openExperiment(demonstrationFolder()));
 * const [{ rows }] = halfCycles(cell).filter(({ kind }) => kind === "charge");
 * const { voltage, dQdV } = incrementalCapacity(cell, { rows, step: 0.01 }); // V, mAh/V
 */
export function incrementalCapacity(
  cell: Electrochemistry,
  options: IncrementalCapacityOptions,
): IncrementalCapacity {
  const call = "incrementalCapacity";
  const given = checkOptions(call, options, { step: true, rows: true });
  const step = above(call, "step", given.step, "V");
  const { time, voltage, current } = checked(call, cell);
  const [first, end] = given.rows ?? [0, time.length];
  if (
    !Number.isInteger(first) ||
    !Number.isInteger(end) ||
    first < 0 ||
    end > time.length ||
    end - first < 2
  ) {
    throw new ArgumentError(
      `${call}: expected rows [first, end) within 0 to ${time.length}, two or more, got ${quote(given.rows ?? [first, end])}`,
      { option: "rows", value: given.rows },
    );
  }
  const signs = current
    .slice(first, end)
    .map(Math.sign)
    .filter((sign) => sign !== 0);
  const isBroken = (cell.breaks ?? []).some((row) => row > first && row < end);
  if (isBroken || signs.some((sign) => sign !== signs[0])) {
    throw new DataError(
      `${call}: expected rows of one half cycle, got ${isBroken ? "rows of several files" : "charge and discharge"}; choose { rows } with halfCycles(cell)`,
      { rows: [first, end] },
    );
  }
  const part = voltage.subarray(first, end);
  const [low, high] = [part.reduce((a, b) => Math.min(a, b)), part.reduce((a, b) => Math.max(a, b))];
  const origin = Math.floor(low / step);
  const n = Math.floor(high / step) - origin + 1;
  if (n > MOST_STEPS) {
    throw new ArgumentError(
      `${call}: expected at most ${MOST_STEPS} steps, got ${n} of ${step} V; give step in V`,
      {
        option: "step",
        value: step,
      },
    );
  }
  const sum = new Float64Array(n);
  const seen = new Uint8Array(n);
  for (let k = first + 1; k < end; k++) {
    const dQ = (((current[k - 1] + current[k]) / 2) * (time[k] - time[k - 1])) / 3600;
    const [a, b] = [voltage[k - 1], voltage[k]].toSorted((x, y) => x - y);
    const [from, to] = [Math.floor(a / step) - origin, Math.floor(b / step) - origin];
    for (let bin = from; bin <= to; bin++) {
      const [left, right] = [(bin + origin) * step, (bin + origin + 1) * step];
      // The charge of two rows is spread evenly over the voltage between them.
      const share = b > a ? (Math.min(b, right) - Math.max(a, left)) / (b - a) : 1;
      sum[bin] += dQ * Math.max(0, share);
      seen[bin] = 1;
    }
  }
  return {
    voltage: Float64Array.from(sum, (_, bin) => (bin + origin + 0.5) * step),
    dQdV: sum.map((q, bin) => (seen[bin] === 1 ? q / step : Number.NaN)),
  };
}

function above(call: string, option: string, value: unknown, unit: string): number {
  if (typeof value === "number" && value > 0 && Number.isFinite(value)) return value;
  throw new ArgumentError(`${call}: expected ${option} > 0 in ${unit}, got ${quote(value)}`, {
    option,
    value,
  });
}

function checked(call: string, cell: Electrochemistry): Required<Omit<Electrochemistry, "breaks">> {
  const isList = (values: unknown): values is ArrayLike<number> =>
    Array.isArray(values) || (ArrayBuffer.isView(values) && !(values instanceof DataView));
  if (typeof cell !== "object" || cell === null || !isList(cell.time) || !isList(cell.voltage)) {
    throw new ArgumentError(
      `${call}: expected a record { time, voltage, current }, got ${quote(cell)}; load it with loadElectrochemistry`,
      { cell },
    );
  }
  if (!isList(cell.current)) {
    throw new SchemaError(
      `${call}: expected a record with a current, got none; export the column <I>/mA from EC-Lab`,
    );
  }
  const lists = { time: cell.time, voltage: cell.voltage, current: cell.current };
  for (const [name, list] of Object.entries(lists)) {
    if (list.length !== cell.time.length || list.length === 0) {
      throw new ShapeError(
        `${call}: expected ${cell.time.length || "some"} values of ${name}, one per time, got ${list.length}`,
        {
          expected: cell.time.length,
          got: list.length,
        },
      );
    }
    const bad = Array.from(list).findIndex((value) => typeof value !== "number" || !Number.isFinite(value));
    if (bad < 0) continue;
    throw new DataError(
      `${call}: expected finite numbers in ${name}, got ${quote(list[bad])} in row ${bad + 1}; leave such rows out`,
      {
        row: bad,
      },
    );
  }
  const time = Float64Array.from(cell.time);
  const back = firstStepBack(time);
  if (back >= 0) {
    throw new DataError(
      `${call}: expected times that do not go back, got ${time[back]} s after ${time[back - 1]} s in row ${back + 1}; choose one run, with loadElectrochemistry(path, { run })`,
      { row: back },
    );
  }
  return { time, voltage: Float64Array.from(cell.voltage), current: Float64Array.from(cell.current) };
}
