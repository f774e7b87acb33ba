// Units as files name them, and what turns their numbers into ours. The only table of its kind.
import { FileError, quote } from "../errors.js";
import { JOULE_PER_EV } from "../units.js";

/** Rydberg energy, eV (CODATA 2018). */
const RYDBERG = 13.605693122994;

/**
 * Factors to eV, s, mA, V, um, rad and angstrom by the symbol of the unit. The case of a prefix matters: mA
 * is not MA, and ms is not Ms.
 */
const UNITS = {
  energy: { eV: 1, keV: 1e3, MeV: 1e6, meV: 1e-3, J: 1 / JOULE_PER_EV, Ryd: RYDBERG },
  time: { s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9, min: 60, h: 3600 },
  current: { mA: 1, A: 1e3, uA: 1e-3, nA: 1e-6, pA: 1e-9 },
  voltage: { V: 1, mV: 1e-3 },
  length: { um: 1, mm: 1e3, cm: 1e4, m: 1e6, nm: 1e-3 },
  angle: { deg: Math.PI / 180, rad: 1, mrad: 1e-3 },
  spacing: { A: 1, nm: 10, pm: 0.01 },
} as const;

/**
 * Other words for these symbols, in lower case; those of several letters that have one meaning in any case.
 */
const WORDS: Readonly<Record<string, string>> = {
  ev: "eV",
  electronvolt: "eV",
  "electron volt": "eV",
  kev: "keV",
  kiloelectronvolt: "keV",
  megaelectronvolt: "MeV",
  joule: "J",
  ry: "Ryd",
  ryd: "Ryd",
  rydberg: "Ryd",
  sec: "s",
  second: "s",
  msec: "ms",
  millisecond: "ms",
  usec: "us",
  microsecond: "us",
  nanosecond: "ns",
  minute: "min",
  hr: "h",
  hour: "h",
  amp: "A",
  ampere: "A",
  milliamp: "mA",
  milliampere: "mA",
  microamp: "uA",
  microampere: "uA",
  nanoampere: "nA",
  volt: "V",
  millivolt: "mV",
  micron: "um",
  micrometer: "um",
  micrometre: "um",
  millimeter: "mm",
  millimetre: "mm",
  centimeter: "cm",
  centimetre: "cm",
  meter: "m",
  metre: "m",
  nanometer: "nm",
  nanometre: "nm",
  "\u00b0": "deg",
  degree: "deg",
  radian: "rad",
  milliradian: "mrad",
  å: "A",
  ang: "A",
  angstrom: "A",
};

/** Quantities that have units. */
export type Quantity = keyof typeof UNITS;

/** The symbols of a quantity, ours first. */
export function unitsOf(quantity: Quantity): readonly string[] {
  return Object.keys(UNITS[quantity]);
}

/** What numbers in this unit are multiplied by to be in ours; undefined where it is not known. */
export function knownFactor(quantity: Quantity, unit: string): number | undefined {
  const symbol = unit.trim().replace(/^[\u00b5\u03bc]/, "u");
  const word = symbol.toLowerCase();
  const known: Readonly<Record<string, number>> = UNITS[quantity];
  const names = [symbol, WORDS[word], WORDS[word.replace(/s$/, "")]];
  const name = names.find((one) => one !== undefined && Object.hasOwn(known, one));
  return name === undefined ? undefined : known[name];
}

/**
 * What a file's numbers are multiplied by to be in our unit.
 *
 * @param what whose unit it is, for the message
 * @throws FileError for a unit that is not known, or of another quantity
 */
export function unitFactor(
  call: string,
  path: string,
  what: string,
  quantity: Quantity,
  unit: string,
): number {
  const factor = knownFactor(quantity, unit);
  if (factor !== undefined) return factor;
  throw new FileError(
    `${call}: expected ${what} in one of ${unitsOf(quantity).join(", ")}, got the unit ${quote(unit)} in ${path}; correct the unit in the file`,
    { path, unit, quantity },
  );
}

/** Numbers of a file in our unit; the same array where they are. */
export function inOurUnit(values: Float64Array, factor: number): Float64Array {
  return factor === 1 ? values : values.map((value) => toOurUnit(value, factor));
}

/**
 * A number of a file in our unit, without the last bit that the multiplication makes up: 8.333 keV are 8333
 * eV. `inUnit` of units.ts does not convert: it refuses a number that a caller cannot have meant in our unit.
 */
export function toOurUnit(value: number, factor: number): number {
  return factor === 1 ? value : Number((value * factor).toPrecision(15));
}
