// A plate in front of the cell, given by its thickness or by its transmission.
import { ArgumentError, quote } from "../errors.js";
import { checkOptions, type OptionNames } from "../options.js";
import { inUnit } from "../units.js";
import { type AttenuationTables, checkTables, inRange } from "./attenuation.js";
import { nonEmpty, positive, within } from "./check.js";
import { Layer } from "./layer.js";
import { Material, type MaterialOptions } from "./material.js";

/** Material of an attenuator, and either its `thickness` or its `transmission` at `energy`. */
export interface AttenuatorOptions {
  /** Default: "Attenuator". */
  readonly name?: string;
  readonly material: Material | MaterialOptions;
  /** um */
  readonly thickness?: number;
  /** Transmitted fraction of the photons, 0 < transmission < 1. */
  readonly transmission?: number;
  /** Energy of this transmission, eV. */
  readonly energy?: number;
  /** Tables for this transmission; default: elam. */
  readonly tables?: AttenuationTables;
}

/**
 * A layer to put before a stack.
 *
 * @throws ArgumentError unless there is either a thickness, or a transmission between 0 and 1 and its energy
 * @example
 * const plate = attenuator({ material: material("aluminum"), transmission: 0.1, energy: 8390 });
 * plate.thickness; // 194.7 um
 * rockCell().behind(plate).upstream(8390) / rockCell().upstream(8390); // 0.1
 */
export function attenuator(settings: AttenuatorOptions): Layer {
  const given = checkOptions("attenuator", settings, NAMES);
  const name = given.name === undefined ? "Attenuator" : nonEmpty("attenuator", "name", given.name);
  const material =
    given.material instanceof Material
      ? given.material
      : within("attenuator", () => new Material(given.material as MaterialOptions));
  if ((given.thickness === undefined) === (given.transmission === undefined)) {
    throw new ArgumentError(
      `attenuator: expected either a thickness (um) or a transmission with its energy (eV), got ` +
        `thickness ${quote(given.thickness)} and transmission ${quote(given.transmission)}`,
    );
  }
  const thickness =
    given.thickness === undefined
      ? thicknessFor(material, given)
      : inUnit(
          "attenuator",
          "thickness",
          "thickness",
          positive("attenuator", "thickness", given.thickness, "um"),
        );
  return new Layer({ name, solid: material, thickness });
}

const NAMES: OptionNames<AttenuatorOptions> = {
  name: true,
  material: true,
  thickness: true,
  transmission: true,
  energy: true,
  tables: true,
};
const UM_PER_CM = 1e4;

/**
 * Thickness of a layer with the given transmission, um.
 *
 * @throws ArgumentError unless the transmission is between 0 and 1 and the energy is one number
 */
export function thicknessFor(
  material: Material,
  { transmission, energy, tables }: Pick<AttenuatorOptions, "transmission" | "energy" | "tables">,
): number {
  if (!(typeof transmission === "number" && transmission > 0 && transmission < 1)) {
    throw new ArgumentError(
      `attenuator: expected 0 < transmission < 1 (a fraction, not percent), got ${quote(transmission)}`,
      { transmission },
    );
  }
  const at = inRange("attenuator", energy as number);
  const mu = material.linearAttenuation(at, checkTables("attenuator", tables));
  return (-Math.log(transmission) / mu) * UM_PER_CM;
}
