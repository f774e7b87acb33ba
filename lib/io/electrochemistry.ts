// The record of the potentiostat on the clock of the experiment.
import { ArgumentError, FileError, quote, SchemaError } from "../errors.js";
import { checkOptions } from "../options.js";
import { checkExperiment, type Experiment } from "./experiment.js";
import { inOurUnit, knownFactor, type Quantity, unitsOf } from "./file-units.js";
import { readMpt } from "./mpt.js";

/** What the potentiostat recorded, one value per row of its file. */
export interface Electrochemistry {
  /** s since the start of the charge. */
  time: Float64Array;
  /** V. */
  voltage: Float64Array;
  /** mA, positive while charging: measured, or else as set; absent when the file has no current. */
  current?: Float64Array;
}

/** Options of `loadElectrochemistry`. */
export interface ElectrochemistryOptions {
  /** Time zero of the file on the clock of the experiment, s; default the manifest's, or 0 for a file. */
  readonly start?: number;
  /** Which run, from 1, of a file with several, in each of which time begins anew. */
  readonly run?: number;
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

/**
 * Voltage and current against time, from an experiment's record on its own clock, or from an EC-Lab file of
 * another cell.
 *
 * @param from an experiment, or the path of an .mpt file
 * @throws SchemaError when the manifest names no such record; FileError when the file cannot be read, lacks
 *   time or voltage, has them in units that are not understood, or holds several runs and none is chosen
 * @example
 * const { time, voltage } = await loadElectrochemistry(openExperiment(demonstrationFolder()));
 * interpolate(time, voltage, 3600); // V, one hour after the start of the charge
 */
export async function loadElectrochemistry(
  from: Experiment | string,
  options?: ElectrochemistryOptions,
): Promise<Electrochemistry> {
  const chosen = checkOptions(CALL, options, { start: true, run: true });
  const { path, start } =
    typeof from === "string" ? { path: from, start: 0 } : recordOf(checkExperiment(CALL, from));
  const zero = chosen.start === undefined ? start : chosen.start;
  if (!Number.isFinite(zero)) {
    throw new ArgumentError(`${CALL}: expected start in s, got ${quote(zero)}`, {
      option: "start",
      value: zero,
    });
  }
  const { columns } = await readMpt(path);
  const elapsed = columnOf(path, columns, TIME);
  const voltage = columnOf(path, columns, VOLTAGE);
  const current = columnOf(path, columns, CURRENT);
  if (!elapsed || !voltage) {
    throw new FileError(
      `${CALL}: expected columns time/s and ${VOLTAGE.names.map((name) => `${name}/V`).join(" or ")}, got ${Object.keys(columns).join(", ")} in ${path}; export them from EC-Lab`,
      { path, columns: Object.keys(columns) },
    );
  }
  const [first, end] = runOf(path, elapsed, chosen.run);
  const time = elapsed.slice(first, end).map((t) => t + zero);
  const rows = { time, voltage: voltage.slice(first, end) };
  return current ? { ...rows, current: current.slice(first, end) } : rows;
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
