// The undamaged electrode: rates of both steps of Ni3+ -> intermediate -> Ni4+ at a given state of charge.
import { KINETICS, OPEN_CIRCUIT } from "../parameters.js";
import type { Timetable } from "../time/timetable.js";
import { pchip } from "./pchip.js";

/** Voltage of the electrode against Li removed, V. */
export const openCircuit = pchip(OPEN_CIRCUIT.lithium, OPEN_CIRCUIT.voltage);

/** Voltage of the hold, V. */
export const HOLD_VOLTAGE = 4.3;

/** Driving force of the reaction at one time. */
export interface Drive {
  /** V */
  readonly voltage: number;
  /** Undamaged rate constants of both steps, 1/s. */
  readonly rate1: number;
  readonly rate2: number;
}

/**
 * Voltage and undamaged rates at a time.
 *
 * @param time s since the start of the charge; before it there is no current and no reaction
 */
export function driveAt(
  time: number,
  { chargeTime, finalLithium, holdStart }: Pick<Timetable, "chargeTime" | "finalLithium" | "holdStart">,
): Drive {
  if (time < 0) return { voltage: openCircuit(0), rate1: 0, rate2: 0 };
  const { x1, K1cap, b2, g2, x3, K2cap, hf } = KINETICS;
  const x = Math.min(time / chargeTime, finalLithium);
  const hold = time > holdStart;
  const perSecond = (hold ? hf : 1) / chargeTime;
  return {
    voltage: hold ? HOLD_VOLTAGE : openCircuit(x),
    rate1: Math.min(K1cap, 1 / Math.max(x1 - x, 1e-6)) * perSecond,
    rate2: Math.min(K2cap, b2 * (Math.max(x - x3, 0) / 0.3) ** g2) * perSecond,
  };
}

/** Voltage-dependent factor of the first rate, 0 to 1. @param overpotential V, from damage */
export function opening1(voltage: number, overpotential: number): number {
  return logistic((voltage - KINETICS.U1 - overpotential) / KINETICS.w1);
}

/** Voltage-dependent factor of the second rate, 0 to 1. @param overpotential V, from damage */
export function opening2(voltage: number, overpotential: number): number {
  return logistic((voltage - KINETICS.U2 - overpotential) / KINETICS.w2);
}

function logistic(u: number): number {
  return 1 / (1 + Math.exp(-Math.min(Math.max(u, -60), 60)));
}
