// The record of the potentiostat on the clock of the experiment.
import { ArgumentError, FileError, quote, SchemaError } from "../errors.js";
import { checkOptions } from "../options.js";
import { americanDateIn } from "./clock.js";
import { readCycler } from "./cycler.js";
import { type CyclerRecipe, openCyclerRecipe } from "./cycler-recipe.js";
import { checkExperiment, type Experiment } from "./experiment.js";
import { inOurUnit, knownFactor, type Quantity, unitsOf } from "./file-units.js";
import { formatOf } from "./formats.js";
import { readMpt } from "./mpt.js";

/** What the potentiostat recorded, one value per row of its file. */
export interface Electrochemistry {
  /** s since the start of the charge. */
  time: Float64Array;
  /** V. */
  voltage: Float64Array;
  /** mA, positive while charging: measured, or else as set; absent when the file has no current. */
  current?: Float64Array;
  /** Rows at which the second, third, ... of several files begins: what passed between them is not known. */
  breaks?: readonly number[];
}

/** Options of `loadElectrochemistry`. */
export interface ElectrochemistryOptions {
  /**
   * Time zero of the file on the clock of the experiment, s; default the manifest's, or 0 for a file. Of several files
   * that of the first, since their headers say when the others began; or a list with one for each.
   */
  readonly start?: number | readonly number[];
  /** Which run, from 1, of a file with several, in each of which time begins anew. */
  readonly run?: number;
  /**
   * Columns of a cycler's table: "arbin" or "neware", which are recognized without it, or the path of a JSON file
   * (docs/recipes.md).
   */
  readonly recipe?: string;
}

/** A quantity in EC-Lab's column names, "name/unit": the names in the order of choice. */
interface Column {
  readonly names: readonly string[];
  readonly quantity: Quantity;
}

const TIME: Column = { names: ["time"], quantity: "time" };
const VOLTAGE: Column = { names: ["Ewe", "Ewe-Ece", "Ecell"], quantity: "voltage" };
const CURRENT: Column = { names: ["<I>", "I", "control"], quantity: "current" };

const CALL = "loadElectrochemistry";

/** What one file holds. */
interface OneFile {
  readonly path: string;
  readonly time: Float64Array;
  readonly voltage: Float64Array;
  readonly current: Float64Array | undefined;
  /** Time zero in s since 1970, by the clock of the instrument; undefined where the file does not tell. */
  readonly started: number | undefined;
}

/**
 * Voltage and current against time: from an experiment's record on its own clock, from an EC-Lab file or a cycler's
 * table (Arbin, Neware) of another cell, or from several files one after the other.
 *
 * @param from an experiment, the path of a file, or a list of paths: their rows on one clock, in the order of their
 *   times
 * @throws SchemaError when the manifest names no such record; FileError when a file cannot be read, lacks
 *   time or voltage, has them in units that are not understood, or holds several runs and none is chosen; when
 *   several files do not tell when they began, or overlap; ArgumentError for an unknown option or recipe
 * @example
 * const { time, voltage } = await loadElectrochemistry(openExperiment(demonstrationFolder()));
 * interpolate(time, voltage, 3600); // V, one hour after the start of the charge
 */
export async function loadElectrochemistry(
  from: Experiment | string | readonly string[],
  options?: ElectrochemistryOptions,
): Promise<Electrochemistry> {
  const chosen = checkOptions(CALL, options, { start: true, run: true, recipe: true });
  const recipe = chosen.recipe === undefined ? undefined : openCyclerRecipe(CALL, chosen.recipe);
  if (Array.isArray(from) && from.length > 0 && from.every((one) => typeof one === "string" && one !== "")) {
    const records: OneFile[] = [];
    for (const path of from) records.push(await recordIn(path, chosen.run, recipe));
    return onOneClock(records, chosen.start);
  }
  const { path, start } =
    typeof from === "string" ? { path: from, start: 0 } : recordOf(checkExperiment(CALL, from));
  const zero = chosen.start === undefined ? start : chosen.start;
  if (typeof zero !== "number" || !Number.isFinite(zero)) throw noStart(zero);
  const { time, voltage, current } = await recordIn(path, chosen.run, recipe);
  return { time: time.map((t) => t + zero), voltage, ...(current && { current }) };
}

function noStart(value: unknown, n = 1): ArgumentError {
  const expected = n === 1 ? "start in s" : `start in s, or a list of ${n} of them, one for each file`;
  return new ArgumentError(`${CALL}: expected ${expected}, got ${quote(value)}`, { option: "start", value });
}

/** The rows of a file, or of one run in it. */
async function recordIn(
  path: string,
  run: number | undefined,
  recipe: CyclerRecipe | undefined,
): Promise<OneFile> {
  const isTable = recipe !== undefined || formatOf(path, CALL).name !== "mpt";
  const whole = isTable ? { path, ...(await readCycler(CALL, path, recipe)) } : await ecLabRecord(path);
  const [first, end] = runOf(path, whole.time, run);
  const rows = (values: Float64Array): Float64Array => values.slice(first, end);
  return {
    path,
    time: rows(whole.time),
    voltage: rows(whole.voltage),
    current: whole.current && rows(whole.current),
    started: whole.started,
  };
}

async function ecLabRecord(path: string): Promise<OneFile> {
  const { columns, header } = await readMpt(path);
  const time = columnOf(path, columns, TIME);
  const voltage = columnOf(path, columns, VOLTAGE);
  if (!time || !voltage) {
    throw new FileError(
      `${CALL}: expected columns time/s and ${VOLTAGE.names.map((name) => `${name}/V`).join(" or ")}, got ${Object.keys(columns).join(", ")} in ${path}; export them from EC-Lab`,
      { path, columns: Object.keys(columns) },
    );
  }
  const line = header.map((text) => /^Acquisition started on\s*:\s*(.*)$/.exec(text)?.[1]).find(Boolean);
  return {
    path,
    time,
    voltage,
    current: columnOf(path, columns, CURRENT),
    started: line === undefined ? undefined : americanDateIn(line),
  };
}

/** Records one after the other. @throws FileError where it is not known when they began, or where they overlap */
function onOneClock(
  records: readonly OneFile[],
  start: ElectrochemistryOptions["start"] = 0,
): Electrochemistry {
  const n = records.length;
  const list: readonly number[] | undefined = Array.isArray(start) ? start : undefined;
  const isStart = list ? list.length === n && list.every(Number.isFinite) : Number.isFinite(start);
  if (!isStart) throw noStart(start, n);
  const unknown = list ? undefined : records.find(({ started }) => started === undefined);
  if (unknown && n > 1) {
    throw new FileError(
      `${CALL}: expected the date of the first row (EC-Lab: "Acquisition started on : month/day/year ..."), got none that is understood in ${unknown.path}; give { start: [...] }, one for each file in s`,
      { path: unknown.path },
    );
  }
  const begin = Math.min(...records.map(({ started = 0 }) => started));
  const sorted = records
    .map((record, k) => ({
      ...record,
      zero: list ? list[k] : (start as number) + (record.started ?? begin) - begin,
    }))
    .toSorted((a, b) => a.zero + a.time[0] - (b.zero + b.time[0]));
  for (const [k, { path, zero, time }] of sorted.entries()) {
    const before = sorted[k - 1];
    if (!before) continue;
    const [end, next] = [before.zero + before.time[before.time.length - 1], zero + time[0]];
    if (next >= end - JITTER) continue;
    throw new FileError(
      `${CALL}: expected ${path} to begin after the last row of ${before.path} (${end} s), got ${next} s; give each file once, and { start: [...] } where a clock was wrong`,
      { path, other: before.path },
    );
  }
  const joined = (values: readonly Float64Array[]): Float64Array =>
    Float64Array.from(values.flatMap((one) => [...one]));
  const currents = sorted.map(({ current }) => current);
  const without = currents.indexOf(undefined);
  if (without >= 0 && currents.some((one) => one !== undefined)) {
    throw new FileError(
      `${CALL}: expected a current in every file or in none, got none in ${sorted[without].path}; export the column <I>/mA`,
      { path: sorted[without].path },
    );
  }
  let end = 0;
  const ends = sorted.map(({ time }) => {
    end += time.length;
    return end;
  });
  return {
    time: joined(sorted.map(({ time, zero }) => time.map((t) => t + zero))),
    voltage: joined(sorted.map(({ voltage }) => voltage)),
    ...(without < 0 && { current: joined(currents as Float64Array[]) }),
    ...(n > 1 && { breaks: ends.slice(0, -1) }),
  };
}

/**
 * The first of a quantity's columns, in its unit: "Ewe/V", "<Ewe>/V", "<Ewe/V>" and "Ewe/mV" are one
 * quantity.
 */
function columnOf(
  path: string,
  columns: Readonly<Record<string, Float64Array>>,
  { names, quantity }: Column,
): Float64Array | undefined {
  const plain = (text: string) => text.replace(/[<>]/g, "");
  for (const name of names) {
    for (const exact of [true, false]) {
      for (const [label, values] of Object.entries(columns)) {
        const [of, unit, more] = label.replace(/^<([^<>]+\/[^<>]+)>$/, "<$1").split(/\/|\s+vs\./);
        if (exact ? of !== name : plain(of) !== plain(name)) continue;
        // control/V/mA is a voltage or a current, row by row.
        if (unit === undefined || (name === "control" && (more !== undefined || unit === "V"))) continue;
        const factor = knownFactor(quantity, unit);
        if (factor === undefined) {
          throw new FileError(
            `${CALL}: expected ${plain(name)} in ${unitsOf(quantity).join(", ")}, got the column ${quote(label)} in ${path}; export it in one of these units`,
            { path, column: label },
          );
        }
        return inOurUnit(values, factor);
      }
    }
  }
  return undefined;
}

/** Row at which time goes back by more than the clock's own jitter, or is missing; -1 when it does not. */
export function firstStepBack(time: Float64Array, from = 1): number {
  for (let k = Math.max(1, from); k < time.length; k++) {
    if (!(time[k] >= time[k - 1] - JITTER)) return k;
  }
  return -1;
}

/** Rows that a potentiostat writes for one moment can differ by its rounding, s. */
const JITTER = 1e-3;

/** Rows of a run, [first, end]. */
function runOf(path: string, time: Float64Array, run: number | undefined): [first: number, end: number] {
  const starts = [0];
  for (let k = firstStepBack(time); k >= 0; k = firstStepBack(time, k + 1)) {
    if (Number.isNaN(time[k]) || Number.isNaN(time[k - 1])) {
      throw new FileError(
        `${CALL}: expected a time in every row, got none in row ${k + 1} of ${path}; export it again`,
        {
          path,
        },
      );
    }
    starts.push(k);
  }
  const n = starts.length;
  if (run === undefined && n > 1) {
    const k = starts[1];
    throw new FileError(
      `${CALL}: expected times that do not go back, got ${time[k]} s after ${time[k - 1]} s in row ${k + 1} of ${path}; the file holds ${n} runs: choose one with { run: 1 } to { run: ${n} }`,
      { path, runs: n },
    );
  }
  const index = (run ?? 1) - 1;
  if (!Number.isInteger(index) || index < 0 || index >= n) {
    throw new ArgumentError(`${CALL}: expected run from 1 to ${n}, got ${quote(run)} (${path})`, {
      option: "run",
      value: run,
    });
  }
  return [starts[index], starts[index + 1] ?? time.length];
}

function recordOf(experiment: Experiment): { path: string; start: number } {
  const entry = experiment.manifest.electrochemistry;
  if (entry) return { path: experiment.path(entry.file), start: entry.start };
  throw new SchemaError(
    `${CALL}: expected "electrochemistry" in the manifest of ${experiment.folder}, got none; add the potentiostat's file to it`,
    { folder: experiment.folder },
  );
}
