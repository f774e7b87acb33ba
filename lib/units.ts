// Physical constants, the few unit conversions of the library, and which values can only be in another unit.
// Inside: eV, um, s, g/cm3, ph/s, Gy/s, Gy. In masks and figures: kGy/s and MGy, as in the paper.
import { ArgumentError, quote } from "./errors.js";

/** Joule per electronvolt (exact, SI 2019). */
export const JOULE_PER_EV = 1.602176634e-19;

/** Planck's constant times the speed of light, eV A (CODATA 2018). */
export const HC_EV_ANGSTROM = 12398.41984332;

/** Gy/s in one kGy/s. */
export const KGY = 1e3;

/** Gy in one MGy. */
export const MGY = 1e6;

const DISPLAYED: Readonly<Record<string, { readonly unit: string; readonly scale: number }>> = {
  "Gy/s": { unit: "kGy/s", scale: KGY },
  Gy: { unit: "MGy", scale: MGY },
};

/** The display unit of values in `unit`; displayed value = value / scale = value * factor. */
export function displayUnit(unit: string): { unit: string; scale: number; factor: number } {
  const displayed = DISPLAYED[unit] ?? { unit, scale: 1 };
  return { ...displayed, factor: 1 / displayed.scale };
}

/** A physical quantity that callers give as a number, the values it can have, and units it is often given in instead. */
interface Plausible {
  readonly unit: string;
  /** Values outside of this cannot be meant in `unit`. */
  readonly range: readonly [number, number];
  /** How many of `unit` are in one of the other unit. */
  readonly others: Readonly<Record<string, number>>;
}

/** What a value can be at all. The ranges are wide: what is physically possible is never questioned. */
const plausible = {
  /** Photons that cross a sample: from the softest X-rays to the range of a synchrotron. */
  energy: { unit: "eV", range: [200, 1e6], others: { keV: 1e3, MeV: 1e6 } },
  /** No layer is thinner than an atom, 0.1 nm. Air paths reach 10 m. */
  thickness: { unit: "um", range: [1e-4, 1e7], others: { m: 1e6, cm: 1e4 } },
  /** Osmium, the densest element, has 22.6 g/cm3; gases have 1e-5 and more. */
  density: { unit: "g/cm3", range: [1e-6, 23], others: { "kg/m3": 1e-3 } },
  /** From the weakest laboratory sources; 1e20 photons per second of 10 keV are 160 kW. */
  flux: { unit: "ph/s", range: [1e3, 1e20], others: { "1e12 ph/s": 1e12 } },
  /** A pixel of an image at the sample: from oversampled zone plates, 1 nm, to large pixels, 1 mm. */
  pixelSize: { unit: "um", range: [1e-3, 1e3], others: { m: 1e6, nm: 1e-3 } },
  /** From the finest scans, 1 nm, to one detector element behind the whole beam, 10 mm. */
  detectorElement: { unit: "um", range: [1e-3, 1e4], others: { m: 1e6, mm: 1e3, nm: 1e-3 } },
  /** Energies of an absorption spectrum: from below the K edge of Li, 55 eV, to above that of U, 116 keV. */
  spectrumEnergy: { unit: "eV", range: [50, 2e5], others: { keV: 1e3, MeV: 1e6 } },
  /** Spacing of lattice planes or layers: from high orders of silicon to multilayers. */
  spacing: { unit: "angstrom", range: [0.5, 150], others: { nm: 10, pm: 0.01 } },
  /** The longer side of an image at the sample. X-ray beams are at most some 100 mm wide. */
  field: { unit: "um", range: [0, 3e5], others: { nm: 1e-3 } },
  /** Beam time and the time from one cube to the next: up to three years. */
  time: { unit: "s", range: [0, 1e8], others: { ms: 1e-3, us: 1e-6 } },
  /** Sides of a beam: from the finest foci, 2 nm, to 1 m. */
  beamSide: { unit: "um", range: [2e-3, 1e6], others: { m: 1e6, nm: 1e-3 } },
} as const satisfies Readonly<Record<string, Plausible>>;

/** A quantity of the table. */
export type Measured = keyof typeof plausible;

/**
 * The value, when it can be meant in the unit of its quantity.
 *
 * @param call for the message
 * @param name option or argument that the value belongs to
 * @throws ArgumentError for a value that can only be in another unit, with that unit and the value in the right one
 */
export function inUnit(call: string, name: string, quantity: Measured, value: number): number {
  const problem = unitProblem(quantity, value);
  if (!problem) return value;
  const { unit, expected, remedy } = problem;
  throw new ArgumentError(`${call}: expected ${name} in ${expected}, got ${quote(value)}; ${remedy}`, {
    option: name,
    value,
    unit,
  });
}

/** What `inUnit` says of a value; undefined where it can be meant in the unit of its quantity. */
export function unitProblem(
  quantity: Measured,
  value: number,
): { readonly unit: string; readonly expected: string; readonly remedy: string } | undefined {
  const { unit, range, others }: Plausible = plausible[quantity];
  if (!(value < range[0] || value > range[1])) return undefined;
  const meant = Object.entries(others).find(([, factor]) => {
    return value * factor >= range[0] && value * factor <= range[1];
  });
  const remedy = meant
    ? `this looks like ${meant[0]}; did you mean ${Number((value * meant[1]).toPrecision(12))}?`
    : "check its unit";
  return { unit, expected: `${unit}, from ${range[0]} to ${range[1]}`, remedy };
}
