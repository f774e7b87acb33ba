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
 * Voltage and current of an experiment against its own clock.
 *
 * @throws SchemaError when the manifest names no such record; FileError when the file cannot be read or lacks time or
 *   voltage
 */
export async function loadElectrochemistry(experiment: Experiment): Promise<Electrochemistry> {
  const call = "loadElectrochemistry";
  const entry = experiment.manifest.electrochemistry;
  if (!entry) {
    throw new SchemaError(
      `${call}: expected "electrochemistry" in the manifest of ${experiment.folder}, got none; add the potentiostat's file to it`,
      { folder: experiment.folder },
    );
  }
  const path = experiment.path(entry.file);
  const { columns } = await readMpt(path);
  const find = (names: readonly string[]) => names.map((name) => columns[name]).find((column) => column);
  const elapsed = find(["time/s"]);
  const voltage = find(voltages);
  const current = find(currents);
  if (!elapsed || !voltage) {
    throw new FileError(
      `${call}: expected columns time/s and ${voltages.join(" or ")}, got ${Object.keys(columns).join(", ")} in ${path}; export them from EC-Lab`,
      { path, columns: Object.keys(columns) },
    );
  }
  const time = elapsed.map((t) => t + entry.start);
  return current ? { time, voltage, current } : { time, voltage };
}
