// The maps that belong to a cube: what each of them is called, and in which unit its values are. The verb
// that adds a map computes it.
import { SchemaError } from "../errors.js";

/** A kind of map. */
interface MapKind {
  /** As the label of a figure. */
  readonly label: string;
  /** Within a sentence. */
  readonly noun: string;
  /** Unit of the values; `displayUnit` of lib/units.ts gives the unit in which they are shown. */
  readonly unit: string;
  /** The calls that add it. */
  readonly remedy: string;
}

/** All maps by name. */
export const MAPS = {
  doseRate: { label: "Dose rate", noun: "dose-rate map", unit: "Gy/s", remedy: ".doseRate(stack)" },
  dose: { label: "Dose", noun: "dose map", unit: "Gy", remedy: ".doseRate(stack).dose()" },
  shift: { label: "Energy shift", noun: "shift map", unit: "eV", remedy: ".calibrate()" },
} as const satisfies Readonly<Record<string, MapKind>>;

/** Name of a map. */
export type MapName = keyof typeof MAPS;

/** All names. */
export const MAP_NAMES = Object.keys(MAPS) as readonly MapName[];

/** The error of a call that needs a map which the cube does not have. */
export function missingMap(call: string, name: MapName): SchemaError {
  const { noun, remedy } = MAPS[name];
  return new SchemaError(`${call}: no ${noun} on this cube; call ${remedy} first`, { map: name });
}
