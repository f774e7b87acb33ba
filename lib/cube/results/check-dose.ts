import type { MapLike } from "../../dose/threshold/maps.js";
import { quote, SchemaError, ShapeError } from "../../errors.js";

interface Labeled extends MapLike {
  readonly label: string;
}

/**
 * A dose map in Gy of the same image; a dose-rate map would give a curve with wrong numbers and no warning.
 */
export function checkDose(call: string, dose: Labeled, own: MapLike): void {
  if (dose?.unit !== "Gy") {
    throw new SchemaError(
      `${call}: expected a dose map in Gy, got ${quote(dose?.label)} in ${quote(dose?.unit)}; take .dose().map("dose")`,
    );
  }
  if (own.width !== dose.width || own.height !== dose.height) {
    throw new ShapeError(
      `${call}: expected a dose map of ${own.width} x ${own.height} pixels, got ${dose.width} x ${dose.height}; take it from the same chain, .map("dose")`,
    );
  }
}
