// The potentiostat's record on the clock of the experiment.
import { FileError, SchemaError } from "../errors.js";
import type { Experiment } from "./experiment.js";
import { readMpt } from "./mpt.js";

/** What the potentiostat recorded, one value a row of its file. */
export interface Electrochemistry {
  /** s since the start of the charge. */
  time: Float64Array;
  /** V. */
  voltage: Float64Array;
  /** mA, positive while charging; absent when the file has no current. */
  current?: Float64Array;
}

const voltages = ["Ewe/V", "<Ewe>/V", "Ewe-Ece/V", "Ecell/V"];
const currents = ["<I>/mA", "I/mA"];

/**
 * Voltage and current against time, from an experiment's record on its own clock, or from an EC-Lab file of another cell.
 *
 * @param from an experiment, or the path of an .mpt file
 * @param options.start what the file calls zero, on the clock that is wanted, s; default the manifest's, 0 for a file
 * @throws SchemaError when the manifest names no such record; FileError when the file cannot be read or lacks time or
 *   voltage
 */
export async function loadElectrochemistry(
  from: Experiment | string,
  options: { readonly start?: number } = {},
): Promise<Electrochemistry> {
  const { path, start } = typeof from === "string" ? { path: from, start: 0 } : recordOf(from);
  const { columns } = await readMpt(path);
  const find = (names: readonly string[]) => names.map((name) => columns[name]).find((column) => column);
  const elapsed = find(["time/s"]);
  const voltage = find(voltages);
  const current = find(currents);
  if (!elapsed || !voltage) {
    throw new FileError(
      `${CALL}: expected columns time/s and ${voltages.join(" or ")}, got ${Object.keys(columns).join(", ")} in ${path}; export them from EC-Lab`,
      { path, columns: Object.keys(columns) },
    );
  }
  const time = elapsed.map((t) => t + (options.start ?? start));
  return current ? { time, voltage, current } : { time, voltage };
}

const CALL = "loadElectrochemistry";

function recordOf(experiment: Experiment): { path: string; start: number } {
  const entry = experiment.manifest.electrochemistry;
  if (entry) return { path: experiment.path(entry.file), start: entry.start };
  throw new SchemaError(
    `${CALL}: expected "electrochemistry" in the manifest of ${experiment.folder}, got none; add the potentiostat's file to it`,
    { folder: experiment.folder },
  );
}

/**
 * The part of a record in which a current flows that is (nearly) constant: where it is at least 0.98 of the highest, up to the
 * first moment after which it no longer is.
 *
 * @returns the rows, with the charge passed since the first of them, mAh
 * @throws SchemaError for a record without current, or without a charging one
 */
export function galvanostaticPart(
  cell: Electrochemistry,
): Electrochemistry & { readonly charge: Float64Array } {
  const { time, voltage, current } = cell;
  const most = current?.reduce((a, b) => Math.max(a, b), 0) ?? 0;
  if (!current || !(most > 0)) {
    throw new SchemaError(
      `galvanostaticPart: expected a record with a charging current, got ${current ? "none above zero" : "none"}; export the column <I>/mA from EC-Lab`,
    );
  }
  const first = current.findIndex((i) => i >= 0.98 * most);
  const after = current.findIndex((i, k) => k > first && i < 0.98 * most);
  const end = after < 0 ? current.length : after;
  const charge = new Float64Array(end - first);
  for (let k = 1; k < charge.length; k++) {
    const at = first + k;
    charge[k] = charge[k - 1] + (((current[at] + current[at - 1]) / 2) * (time[at] - time[at - 1])) / 3600;
  }
  const part = (values: Float64Array): Float64Array => values.slice(first, end);
  return { time: part(time), voltage: part(voltage), current: part(current), charge };
}
