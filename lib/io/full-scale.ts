// The highest count that a number type holds.

/** Where a camera of 16 bits ends, also in a file whose numbers could be larger. */
export const CAMERA_16_BITS = 65535;

/**
 * The highest number of an integer type of 8 or 16 bits, or of unsigned ones of 32: a camera that fills the
 * type is saturated there, and detectors mark pixels without a value by it. Infinity for all other types:
 * their ends are no camera's.
 *
 * @param bytes of one number
 */
export function fullScaleOf(bytes: number, integer: boolean, signed: boolean): number {
  if (!integer || bytes > 4 || (bytes === 4 && signed)) return Number.POSITIVE_INFINITY;
  return 2 ** (8 * bytes - Number(signed)) - 1;
}
