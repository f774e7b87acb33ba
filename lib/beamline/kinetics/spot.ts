// Dose rate of each place of the electrode in a configuration.
import type { Configuration } from "../configurations.js";
import { doseRateOnGrid } from "../devices/beam-profile.js";
import type { Grid } from "../recording/grid.js";

/** What the dose rate follows from. */
export type Irradiance = Pick<Configuration, "beam" | "field" | "attenuation">;

/**
 * Dose rate of the electrode (density convention porous), behind the attenuator.
 *
 * @returns kGy/s, shape [rows, columns]; without attenuator its integral over the field is the calibrated
 *   one, in every configuration
 */
export function doseRateAt({ beam, field, attenuation = 0 }: Irradiance, grid: Grid): Float64Array {
  const doseRate = doseRateOnGrid(beam, field, grid);
  return attenuation === 0 ? doseRate : doseRate.map((rate) => rate * (1 - attenuation));
}
