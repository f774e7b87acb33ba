// Numbers in sentences.

/** A number with so many significant digits, without zeros at its end. */
export function short(value: number, digits = 3): string {
  return String(Number(value.toPrecision(digits)));
}

/** A fraction in percent. */
export function percent(fraction: number, digits = 2): string {
  return `${short(100 * fraction, digits)} %`;
}
