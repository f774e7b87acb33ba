// Energy, exposure time and ring current in the header of a frame, under the names that beamlines use.
import { quote } from "../errors.js";
import { knownFactor, type Quantity, toOurUnit } from "./file-units.js";

/** A quantity that the library computes with. */
export type FrameQuantity = "energy" | "exposure_time" | "ring_current";

interface Names {
  readonly unit: string;
  /** Keys of the header, the first that has a value counts; any case. */
  readonly keys: readonly string[];
  /**
   * Mnemonics in `motor_mne` and `counter_mne`, with their values in `motor_pos` and `counter_pos`; any case.
   */
  readonly mnemonics: readonly string[];
  readonly quantity: Quantity;
}

const quantities: Readonly<Record<FrameQuantity, Names>> = {
  energy: { unit: "eV", keys: ["energy"], mnemonics: ["energy"], quantity: "energy" },
  exposure_time: {
    unit: "s",
    keys: ["exposure_time", "exposuretime", "count_time", "acq_expo_time"],
    mnemonics: ["sec"],
    quantity: "time",
  },
  ring_current: {
    unit: "mA",
    keys: ["ring_current", "srcur", "srcurrent", "sr_current", "machine_current"],
    mnemonics: ["srcur", "srcurrent", "sr_current"],
    quantity: "current",
  },
};

/** A monochromator is off by some eV: two statements of an energy may differ by so much, eV. */
export const CORRECTION = 15;

const keys = new Set(Object.values(quantities).flatMap((names) => names.keys));

/** True for the (lower-case) keys whose value is one of these quantities. */
export const isQuantityKey = (lowerKey: string): boolean => keys.has(lowerKey);

/**
 * A quantity of a frame: eV, s or mA; NaN where the header does not name it, a text that says what is wrong
 * where its value is no number in a known unit. A number without unit is in eV, s or mA.
 */
export function frameQuantity(
  header: Readonly<Record<string, string>>,
  quantity: FrameQuantity,
): number | string {
  const { keys, mnemonics, unit, quantity: kind } = quantities[quantity];
  // Most headers have it under the first of its names.
  const plain = Object.hasOwn(header, quantity) ? numberIn(header[quantity], kind) : undefined;
  if (plain !== undefined && !("motor_mne" in header || "counter_mne" in header)) return plain;
  const values = new Map<string, string>();
  for (const key in header) values.set(key.toLowerCase(), header[key]);
  const named = keys.find((key) => (values.get(key) ?? "") !== "");
  const listed = listedQuantity(values, mnemonics, kind);
  if (named === undefined) return listed;
  const text = values.get(named) as string;
  const value = numberIn(text, kind);
  if (value === undefined) return `expected ${named} as a number in ${unit}, got ${quote(text)}`;
  // Motors have no unit: energy is in eV or keV there.
  if (kind === "energy" && [1, 1e3].every((unit) => Math.abs(Number(listed) * unit - value) > CORRECTION)) {
    return `expected one energy, got ${quote(text)} in ${named} and ${listed} among the motors or counters`;
  }
  return value;
}

/** The quantity in the lists of motors and counters: a number, NaN where none names it, or what is wrong. */
function listedQuantity(
  values: ReadonlyMap<string, string>,
  mnemonics: readonly string[],
  kind: Quantity,
): number | string {
  for (const list of ["motor", "counter"]) {
    const names = words(values.get(`${list}_mne`));
    const at = names.findIndex((name) => mnemonics.includes(name.toLowerCase()));
    if (at < 0) continue;
    const numbers = words(values.get(`${list}_pos`));
    if (numbers.length !== names.length) {
      return `expected ${names.length} numbers in ${list}_pos, one for each name in ${list}_mne, got ${numbers.length}`;
    }
    const value = numberIn(numbers[at], kind);
    return value ?? `expected ${names[at]} in ${list}_pos as a number, got ${quote(numbers[at])}`;
  }
  return Number.NaN;
}

function words(text = ""): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

function numberIn(text: string, quantity: Quantity): number | undefined {
  if (/^nan$/i.test(text)) return Number.NaN;
  const parts = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*\[?([a-zµμ]*)\]?$/i.exec(text);
  if (!parts) return undefined;
  if (parts[2] === "") return Number(parts[1]);
  const factor = knownFactor(quantity, parts[2]);
  return factor === undefined ? undefined : toOurUnit(Number(parts[1]), factor);
}
