// The potentiostat: rest, charge at C/4 to 4.3 V, and hold, as EC-Lab writes it.
import { random } from "../../compute/random.js";
import type { Configuration } from "../configurations.js";
import { PROTOCOL } from "../parameters.js";
import { HOLD_START, HOLD_VOLTAGE, openCircuit } from "../redox.js";

/** Start of the record on the experiment's clock, s: rest before the charge. */
export const RECORD_START = -1800;

/** s between two rows, mA of the charge, V rms of a reading, and s in which the current of the hold falls by e. */
const INTERVAL = 20;
const CURRENT = 0.375;
const VOLTAGE_NOISE = 1e-4;
const HOLD_DECAY = 1500;

/** EC-Lab's numbers for the modes. */
const MODES = { galvanostatic: 1, potentiostatic: 2, rest: 3 };

/**
 * Voltage of a configuration's cell at a time of the charge, V.
 *
 * @param time s since the start of the charge
 */
export function cellVoltage({ cell }: Configuration, time: number): number {
  if (time <= 0) return openCircuit(0);
  if (time > HOLD_START) return HOLD_VOLTAGE;
  const x = time / PROTOCOL.chargeTime;
  const voltage = openCircuit(x) + cell.offset * (1 - Math.exp(-x / 0.01)) + cell.slope * x;
  return Math.min(voltage, HOLD_VOLTAGE);
}

/**
 * The record of the whole experiment.
 *
 * @returns columns by EC-Lab's names; time/s counts from {@link RECORD_START}
 */
export function electrochemicalRecord(
  configuration: Configuration,
  seed: number,
  ...key: number[]
): Record<string, Float64Array> {
  const source = random(seed, ...key);
  const length = Math.floor((HOLD_START + PROTOCOL.holdTime - RECORD_START) / INTERVAL) + 1;
  const column = () => new Float64Array(length);
  const [mode, time, voltage, current, charge] = [column(), column(), column(), column(), column()];
  let passed = 0;
  let holdFrom = Number.NaN;
  for (let i = 0; i < length; i++) {
    const elapsed = i * INTERVAL;
    const t = elapsed + RECORD_START;
    const ideal = cellVoltage(configuration, t);
    if (Number.isNaN(holdFrom) && ideal >= HOLD_VOLTAGE) holdFrom = t;
    const resting = t < 0;
    const holding = t >= holdFrom;
    time[i] = elapsed;
    mode[i] = resting ? MODES.rest : holding ? MODES.potentiostatic : MODES.galvanostatic;
    current[i] = resting ? 0 : CURRENT * (holding ? Math.exp((holdFrom - t) / HOLD_DECAY) : 1);
    passed += (current[i] * INTERVAL) / 3600;
    charge[i] = round(passed, 1e6);
    voltage[i] = round(ideal + VOLTAGE_NOISE * source.normal(), 1e5);
    current[i] = round(current[i], 1e6);
  }
  return { mode, "time/s": time, "Ewe/V": voltage, "<I>/mA": current, "(Q-Qo)/mA.h": charge };
}

function round(value: number, steps: number): number {
  return Math.round(value * steps) / steps;
}
