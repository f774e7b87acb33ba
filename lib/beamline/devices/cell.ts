// The electrochemical cell and the Ni foil as absorbers: optical depth against the true energy, with the species' fine
// structure on the tables' smooth background.
import { massAttenuation } from "../../dose/attenuation.js";
import { rockCell } from "../../dose/rock-cell.js";
import { normalizedSpectrum, SPECIES } from "../spectra.js";

/** Layers in front of and at the electrode, as in the paper's dose calculation. */
export const STACK = rockCell();

const FOIL: Foil = { formula: "Ni", thickness: 6, density: 8.908 };
/** Behind the electrode: aluminium current collector and diamond exit window. */
const COLLECTOR: Foil = { formula: "Al", thickness: 20, density: 2.7 };
const EXIT_WINDOW: Foil = { formula: "C", thickness: 145, density: 3.5 };
/**
 * What the scintillator sees of the cell less than of the open beam beyond absorption (air, scattering): makes the part
 * behind the electrode transmit 0.55 at 8390 eV.
 */
const COLLECTION = 0.85;

/** Energies at which the smooth parts are pinned to the tables, eV: below and above the Ni K edge, and at both ends. */
const BELOW: Pair = [8050, 8325];
const ABOVE: Pair = [8345, 8900];
const ENDS: Pair = [8266, 8878];
type Pair = readonly [number, number];

/** Optical depth (natural logarithm) against the true energy, eV. */
export type OpticalDepth = (energy: number) => number;

/**
 * Everything between the open beam and the scintillator for an electrode of one pure species: window, lithium, separator,
 * electrode, collector, exit window.
 */
export function cellDepth(species: (typeof SPECIES)[number]): OpticalDepth {
  const { thickness, porosity, solid, liquid } = STACK.absorber;
  const active = nickelEdge(solid.formula, (1 - porosity) * solid.density * thickness * CM_PER_UM);
  // Without an edge in the range, a power law through both ends is within 1e-4 of the tables.
  const rest = powerLaw(ENDS, (energy) => {
    const pores = liquid
      ? porosity * attenuation({ formula: liquid.formula, density: liquid.density, thickness }, energy)
      : 0;
    return pores - Math.log(STACK.upstream(energy)) + downstreamDepth(energy);
  });
  return (energy) =>
    active.background(energy) + active.step(energy) * normalizedSpectrum(species, energy) + rest(energy);
}

/** {@link cellDepth} of the three species. */
export function cellDepths(): OpticalDepth[] {
  return SPECIES.map(cellDepth);
}

/** The Ni foil, without the cell. */
export function foilDepth(): OpticalDepth {
  const nickel = nickelEdge(FOIL.formula, FOIL.density * FOIL.thickness * CM_PER_UM);
  return (energy) => nickel.background(energy) + nickel.step(energy) * normalizedSpectrum("foil", energy);
}

const CM_PER_UM = 1e-4;

interface Foil {
  readonly formula: string;
  /** um */
  readonly thickness: number;
  /** g/cm3 */
  readonly density: number;
}

function attenuation({ formula, thickness, density }: Foil, energy: number): number {
  return massAttenuation(formula, energy) * density * thickness * CM_PER_UM;
}

function downstreamDepth(energy: number): number {
  return attenuation(COLLECTOR, energy) + attenuation(EXIT_WINDOW, energy) - Math.log(COLLECTION);
}

/**
 * The tables' edge taken apart: a background that continues its trend below the edge, and a step that with it follows the
 * tables above the edge. Both are power laws in energy, smooth through the edge, where the tables jump.
 *
 * @param arealMass g/cm2
 */
function nickelEdge(formula: string, arealMass: number): { background: OpticalDepth; step: OpticalDepth } {
  const background = powerLaw(BELOW, (energy) => massAttenuation(formula, energy) * arealMass);
  const step = powerLaw(ABOVE, (energy) => massAttenuation(formula, energy) * arealMass - background(energy));
  return { background, step };
}

function powerLaw([a, b]: Pair, f: OpticalDepth): OpticalDepth {
  const [fa, fb] = [f(a), f(b)];
  const exponent = Math.log(fb / fa) / Math.log(b / a);
  return (energy) => fa * (energy / a) ** exponent;
}
