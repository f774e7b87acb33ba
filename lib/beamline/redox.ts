// The undamaged electrode: how fast each step of Ni3+ -> intermediate -> Ni4+ goes at a given state of charge.
import { KINETICS, OPEN_CIRCUIT, PROTOCOL } from "./parameters.js";
import { pchip } from "./pchip.js";

/** Voltage of the cell against Li removed, V. */
export const openCircuit = pchip(OPEN_CIRCUIT.lithium, OPEN_CIRCUIT.voltage);

/** Voltage of the hold, V. */
export const HOLD_VOLTAGE = 4.3;

/** When the charge ends and the hold begins, s. */
export const HOLD_START = PROTOCOL.finalLithium * PROTOCOL.chargeTime;

/** What drives the reaction at one time. */
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
 * @param time s since the start of the charge; before it no current flows and nothing reacts
 */
export function driveAt(time: number): Drive {
  if (time < 0) return { voltage: openCircuit(0), rate1: 0, rate2: 0 };
  const { x1, K1cap, b2, g2, x3, K2cap, hf } = KINETICS;
  const x = Math.min(time / PROTOCOL.chargeTime, PROTOCOL.finalLithium);
  const hold = time > HOLD_START;
  const perSecond = (hold ? hf : 1) / PROTOCOL.chargeTime;
  return {
    voltage: hold ? HOLD_VOLTAGE : openCircuit(x),
    rate1: Math.min(K1cap, 1 / Math.max(x1 - x, 1e-6)) * perSecond,
    rate2: Math.min(K2cap, b2 * (Math.max(x - x3, 0) / 0.3) ** g2) * perSecond,
  };
}
