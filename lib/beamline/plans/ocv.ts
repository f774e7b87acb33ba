// OCV: the electrode before the charge, at open circuit.
import { PROTOCOL } from "../parameters.js";
import type { Messages } from "./message.js";
import { onSpot } from "./on-spot.js";
import { STATIC_CUBES } from "./protocol.js";

/**
 * Cubes of spot C at open circuit.
 *
 * @param at first beam on the electrode, s; default 22 min before the charge
 * @param cubes default 120 as in the paper
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
