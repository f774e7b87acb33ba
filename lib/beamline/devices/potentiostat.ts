// The potentiostat: rest, charge with a constant current to 4.3 V, and hold, in EC-Lab's format.
import { type Random, random } from "../../compute/random.js";
import type { Configuration } from "../configurations.js";
import { HOLD_VOLTAGE, openCircuit } from "../kinetics/redox.js";
import type { Timetable } from "../time/timetable.js";
import { type Clock, Device, numbers, type Quantities, quantity } from "./device.js";
import { protocolQuantities } from "./documented.js";

const PARAMETERS = {
  cutoff: quantity(
    HOLD_VOLTAGE,
    "V",
    "paper",
    "voltage at which the charge ends and the hold begins, against Li",
  ),
  restTime: quantity(1800, "s", "assumed", "rest before the charge, in the record"),
  interval: quantity(20, "s", "assumed", "time between two rows of the record"),
  voltageNoise: quantity(1e-4, "V", "assumed", "rms noise of a reading"),
  holdDecay: quantity(1500, "s", "assumed", "time in which the current of the hold falls by e"),
} as const satisfies Quantities;

const { restTime, interval, voltageNoise, holdDecay } = numbers(PARAMETERS);

/** Start of the record, s of the experiment's clock: rest before the charge. */
export const RECORD_START: number = -restTime;

/**
 * Deviation of the voltage of a cell from the potential of the electrode: V = U(x) + offset (1 - exp(-x /
 * 0.01)) + slope x, V.
 */
export type CellVoltage = Configuration["cell"];

/** The coin cell of Fig. 2. */
export const COIN_CELL: CellVoltage = { offset: -0.006, slope: -0.01 };

/** EC-Lab's numbers for the modes. */
const MODES = { galvanostatic: 1, potentiostatic: 2, rest: 3 };

/**
 * Voltage of a cell at a time of the charge, V.
 *
 * @param time s since the start of the charge
 */
export function cellVoltage({ offset, slope }: CellVoltage, { chargeTime }: Timetable, time: number): number {
  if (time <= 0) return openCircuit(0);
  const x = time / chargeTime;
  return Math.min(openCircuit(x) + offset * (1 - Math.exp(-x / 0.01)) + slope * x, HOLD_VOLTAGE);
}

/**
 * The record of the whole experiment.
 *
 * @returns columns with EC-Lab's names; time/s starts at {@link RECORD_START}
 */
export function electrochemicalRecord(
  cell: CellVoltage,
  timetable: Timetable,
  seed: number,
  ...key: number[]
): Record<string, Float64Array> {
  const source = random(seed, ...key);
  const length = Math.floor((timetable.holdEnd - RECORD_START) / interval) + 1;
  const column = () => new Float64Array(length);
  const [mode, time, voltage, current, charge] = [column(), column(), column(), column(), column()];
  let passed = 0;
  let holdFrom = Number.NaN;
  for (let i = 0; i < length; i++) {
    const elapsed = i * interval;
    const t = elapsed + RECORD_START;
    const ideal = cellVoltage(cell, timetable, t);
    if (Number.isNaN(holdFrom) && ideal >= HOLD_VOLTAGE) holdFrom = t;
    const state = stateAt(t, holdFrom, timetable.current);
    time[i] = elapsed;
    mode[i] = MODES[state.mode];
    passed += (state.current * interval) / 3600;
    charge[i] = round(passed, 1e6);
    voltage[i] = round(ideal + voltageNoise * source.normal(), 1e5);
    current[i] = round(state.current, 1e6);
  }
  return { mode, "time/s": time, "Ewe/V": voltage, "<I>/mA": current, "(Q-Qo)/mA.h": charge };
}

/** The potentiostat of a cell. It follows its program on the clock, whose zero is the start of the charge. */
export class Potentiostat extends Device {
  readonly parameters: Quantities = { ...PARAMETERS, ...protocolQuantities() };
  private voltage: number = openCircuit(0);

  constructor(
    clock: Clock,
    private readonly cell: CellVoltage,
    private readonly timetable: Timetable,
  ) {
    super("potentiostat", clock);
  }

  /** Measures the voltage. @param source generator of the noise; without one there is none */
  trigger(source?: Random): void {
    const ideal = cellVoltage(this.cell, this.timetable, this.clock.now());
    this.voltage = round(ideal + (source ? voltageNoise * source.normal() : 0), 1e5);
  }

  protected signals(): Quantities {
    const { mode, current } = stateAt(this.clock.now(), this.timetable.holdStart, this.timetable.current);
    return {
      chargeCurrent: quantity(
        this.timetable.current,
        "mA",
        "paper",
        "0.375 mA at C/4, in proportion to the C-rate",
      ),
      mode: quantity(mode, "", "program", "current step of the program"),
      current: quantity(current, "mA", "program", "current now"),
      voltage: quantity(this.voltage, "V", "last reading", "voltage of the cell"),
    };
  }
}

function stateAt(time: number, holdFrom: number, charging: number) {
  if (time < 0) return { mode: "rest", current: 0 } as const;
  if (time >= holdFrom) {
    return { mode: "potentiostatic", current: charging * Math.exp((holdFrom - time) / holdDecay) } as const;
  }
  return { mode: "galvanostatic", current: charging } as const;
}

function round(value: number, steps: number): number {
  return Math.round(value * steps) / steps;
}
