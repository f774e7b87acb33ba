// OCV: the electrode before the charge, at open circuit.
import { PROTOCOL } from "../parameters.js";
import type { Messages } from "./message.js";
import { onSpot } from "./on-spot.js";
import { STATIC_CUBES } from "./protocol.js";

/**
 * Cubes of spot C at open circuit.
 *
 * @param at s, when the beam first meets the electrode; default 22 min before the charge
 * @param cubes default the paper's 120
 */
export function ocv({
  at = -PROTOCOL.ocvTime,
  cubes = STATIC_CUBES,
}: {
  at?: number;
  cubes?: number;
} = {}): Messages {
  return onSpot({ spot: "C", at, seconds: PROTOCOL.ocvTime, record: { part: "ocv", cubes } });
}
