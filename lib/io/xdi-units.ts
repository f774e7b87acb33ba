// Units, lattice spacing, element and edge of XDI; an unknown one is refused by name.
import { quote } from "../errors.js";
import { HC_EV_ANGSTROM, unitProblem } from "../units.js";
import { inOurUnit, knownFactor, type Quantity, unitsOf } from "./file-units.js";
import { parseNumber } from "./numbers.js";

/** What is wrong with an XDI file; the reader adds path and line. */
export class XdiProblem extends Error {
  constructor(
    readonly expected: string,
    readonly got: string,
    readonly remedy: string,
  ) {
    super(`expected ${expected}, got ${got}`);
  }
}

/** Names and units of the columns. */
export interface Table {
  readonly labels: string[];
  /** Without brackets; empty where none is given. */
  readonly units: string[];
}

/** Label and unit of a column, "energy eV || BL:readback" or "energy (eV)" for example. */
export function unitOf(text: string): [label: string, unit: string] {
  const [label = "", unit = ""] = text
    .split("||")[0]
    .trim()
    .split(/[\s,]+|(?=[[(])/);
  return [label, unit.replace(/^[[(]|[\])]$/g, "")];
}

/**
 * Energies in eV from a column of energies or angles; undefined where there is neither.
 *
 * @throws XdiProblem for units, spacings and angles that are not understood
 */
export function energyOf(
  fields: ReadonlyMap<string, string>,
  { labels, units }: Table,
  columns: readonly Float64Array[],
): Float64Array | undefined {
  const lower = labels.map((label) => label.toLowerCase());
  const at = lower.indexOf("energy");
  const angle = lower.indexOf("angle");
  if (at >= 0) {
    const unit = units[at] || guessed(columns[at], (e) => e >= 50, "eV", at);
    const factor = factorOf("energy", at, unit);
    checkEnergies("energy", unit, at, columns[at], factor, (value, by) => value * by);
    const energies = inOurUnit(columns[at], factor);
    if (angle >= 0 && units[angle] && (fields.get("mono.d_spacing") ?? "") !== "") {
      refuseOtherAngles(energies, energiesOfAngles(fields, units, columns, angle));
    }
    return energies;
  }
  return angle < 0 ? undefined : energiesOfAngles(fields, units, columns, angle);
}

/** Energies and angles with a lattice spacing may differ by this fraction: encoders have an offset. */
const OFFSET = 0.05;

function refuseOtherAngles(energies: Float64Array, others: Float64Array): void {
  const i = energies.findIndex((e, k) => Math.abs(others[k] / e - 1) > OFFSET);
  if (i < 0) return;
  throw new XdiProblem(
    "energies and angles that agree",
    `${Number(energies[i].toPrecision(6))} eV beside an angle of ${Number(others[i].toPrecision(6))} eV in row ${i + 1}`,
    "correct Mono.d_spacing or a unit, or rename the column that is wrong",
  );
}

function energiesOfAngles(
  fields: ReadonlyMap<string, string>,
  units: readonly string[],
  columns: readonly Float64Array[],
  angle: number,
): Float64Array {
  const unit = units[angle] || guessed(columns[angle], (a) => a >= 2, "deg", angle);
  const factor = factorOf("angle", angle, unit);
  const spacing = spacingOf(fields.get("mono.d_spacing"));
  const wrong = columns[angle].find((value) => !(value * factor > 0 && value * factor <= Math.PI / 2));
  if (wrong !== undefined) {
    throw new XdiProblem(
      "angles above 0 to 90 degrees",
      `${wrong} ${units[angle] || "deg"}`,
      "correct the unit in Column.N",
    );
  }
  // Bragg: E = h c / (2 d sin(theta)).
  const bragg = (theta: number, by: number) => HC_EV_ANGSTROM / (2 * spacing * Math.sin(theta * by));
  checkEnergies("angle", unit, angle, columns[angle], factor, bragg);
  return columns[angle].map((theta) => bragg(theta, factor));
}

/** @throws XdiProblem where a number in its unit gives an energy that no absorption spectrum has */
function checkEnergies(
  quantity: Quantity,
  unit: string,
  at: number,
  values: Float64Array,
  factor: number,
  energy: (value: number, factor: number) => number,
): void {
  const wrong = values.find((value) => unitProblem("spectrumEnergy", energy(value, factor)) !== undefined);
  if (wrong === undefined) return;
  const meant = unitsOf(quantity).find((other) => {
    return !unitProblem("spectrumEnergy", energy(wrong, knownFactor(quantity, other) ?? Number.NaN));
  });
  throw new XdiProblem(
    `energies in ${unitProblem("spectrumEnergy", energy(wrong, factor))?.expected}`,
    `${Number(energy(wrong, factor).toPrecision(6))} eV from ${wrong} ${unit}`,
    `${meant ? `did you mean ${meant}? ` : ""}correct Column.${at + 1}`,
  );
}

/** The default unit of XDI for a column without unit, where its numbers are plausible in it. */
function guessed(
  values: Float64Array,
  plausible: (value: number) => boolean,
  unit: string,
  at: number,
): string {
  if (values.every((value) => Number.isNaN(value) || plausible(value))) return unit;
  throw new XdiProblem(
    `a unit in Column.${at + 1}`,
    `none, with numbers from ${values[0]} to ${values[values.length - 1]} that are hardly ${unit}`,
    `write it behind the name, # Column.${at + 1}: energy keV for example`,
  );
}

function factorOf(quantity: Quantity, at: number, unit: string): number {
  const factor = knownFactor(quantity, unit);
  if (factor !== undefined) return factor;
  throw new XdiProblem(
    `${quantity} in ${unitsOf(quantity).join(", ")}`,
    `${quote(unit)} in column ${at + 1}`,
    "correct Column.N, or read the numbers with readColumns",
  );
}

/** Angstrom. */
function spacingOf(text = ""): number {
  if (text === "") {
    throw new XdiProblem(
      "Mono.d_spacing with a column of angles",
      "none",
      "add # Mono.d_spacing: 3.1356, in angstrom",
    );
  }
  const [, number = "", unit = ""] = /^(\S*?\d\.?)\s*([^\d\s.]*)$/.exec(text.normalize("NFC")) ?? [];
  const spacing =
    (parseNumber(number, false) ?? Number.NaN) * (knownFactor("spacing", unit || "A") ?? Number.NaN);
  const problem = unitProblem("spacing", spacing);
  if (spacing > 0 && !problem) return spacing;
  const remedy = unit === "" && problem ? problem.remedy : "correct it in the header";
  throw new XdiProblem("Mono.d_spacing in angstrom (A), nm or pm", quote(text), remedy);
}

const SYMBOLS = new Set(
  (
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc " +
    "Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi " +
    "Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og"
  )
    .toLowerCase()
    .split(" "),
);
const EDGE =
  /^(K|L([1-3]|I{1,3})?|M([1-5]|I{1,3}|IV|V)?|N([1-7]|I{1,3}|IV|V|VI|VII)?|L2,3|M2,3|M4,5|N2,3|N4,5)$/i;

/** @throws XdiProblem where the header names no element or no edge that exists; both may be absent */
export function checkElement(fields: ReadonlyMap<string, string>): void {
  const symbol = fields.get("element.symbol") ?? "";
  if (symbol !== "" && !SYMBOLS.has(symbol.toLowerCase())) {
    throw new XdiProblem("Element.symbol as a chemical symbol", quote(symbol), "correct it in the header");
  }
  const edge = fields.get("element.edge") ?? "";
  if (edge !== "" && !EDGE.test(edge)) {
    throw new XdiProblem("Element.edge as K, L1, L2, L3, M1 ...", quote(edge), "correct it in the header");
  }
}
