// Dose and response as maps: which values they hold, and in which unit the threshold is told.

import { toVector } from "../../compute/matrix.js";
import { quote, SchemaError, ShapeError } from "../../errors.js";
import { displayUnit } from "../../units.js";

/** An image of numbers, row-major, [height, width]: a MapResult, or a plain object of the same form. */
export interface MapLike {
  readonly values: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
  /** um at the sample. */
  readonly pixelSize?: number;
  /** Unit of the values. */
  readonly unit?: string;
}

/** True for an image, false for a plain list of numbers. */
export function isMap(value: unknown): value is MapLike {
  return typeof value === "object" && value !== null && "values" in value && "width" in value;
}

/**
 * Checks a map, and that it has the size of another.
 *
 * @throws ShapeError when the values do not fill the image, or the images differ in size
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
 * A dose map in MGy, as people speak of doses; maps in another unit than Gy stay as they are.
 *
 * @throws SchemaError for a dose-rate map: its numbers look like doses and are not
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
