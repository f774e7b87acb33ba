// Dose and response as maps: their values, and the unit of the threshold.

import { toVector } from "../../compute/matrix.js";
import { quote, SchemaError, ShapeError } from "../../errors.js";
import { displayUnit } from "../../units.js";

/** An image of numbers, row-major, [height, width]: a MapResult, or a plain object with the same fields. */
export interface MapLike {
  readonly values: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
  /** um at the sample. */
  readonly pixelSize?: number;
  /** Unit of the values. */
  readonly unit?: string;
}

/** True for an image, false for a list of numbers. */
export function isMap(value: unknown): value is MapLike {
  return typeof value === "object" && value !== null && "values" in value && "width" in value;
}

/**
 * Checks a map, and that its size is that of another map.
 *
 * @throws ShapeError when the number of values is not width x height, or the sizes differ
 */
export function checkMap(call: string, name: string, map: MapLike, like: MapLike = map): MapLike {
  const { width, height } = map;
  const values = toVector(map.values, call, `${name}.values`);
  if (!(Number.isInteger(width) && Number.isInteger(height) && values?.length === width * height)) {
    throw new ShapeError(
      `${call}: expected ${name} as { values, width, height } with width x height values, got ${quote(width)} x ${quote(height)} and ${quote(values?.length)} values`,
      { name },
    );
  }
  if (width !== like.width || height !== like.height) {
    throw new ShapeError(
      `${call}: expected ${name} to have the size of the dose map, ${like.width} x ${like.height} pixels, got ${width} x ${height}; take both from the same chain`,
      { name },
    );
  }
  return values === map.values
    ? map
    : { ...map, values, width, height, pixelSize: map.pixelSize, unit: map.unit };
}

/**
 * A dose map in MGy. Maps in a unit other than Gy are not converted.
 *
 * @throws SchemaError for a dose-rate map, which is easily taken for a dose map
 */
export function doseValues(call: string, map: MapLike): { values: Float64Array; unit: string } {
  const { unit = "" } = map;
  if (unit.endsWith("/s")) {
    throw new SchemaError(
      `${call}: expected a dose map, got a dose rate in ${quote(unit)}; take .dose().map("dose")`,
      { unit },
    );
  }
  const { unit: displayed, scale } = displayUnit(unit);
  return { values: Float64Array.from(map.values, (v) => v / scale), unit: displayed };
}
