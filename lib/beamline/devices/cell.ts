// The electrochemical cell and the Ni foil as absorbers: optical depth against the true energy, with the fine
// structure of the species on the smooth background of the tables.
import { massAttenuation } from "../../dose/attenuation.js";
import { rockCell } from "../../dose/rock-cell.js";
import { openCircuit } from "../kinetics/redox.js";
import { normalizedSpectrum, SPECIES } from "../spectra.js";
import { CELL_BODY } from "./cell-body.js";
import { type Clock, Device, numbers, type Quantities, quantity, type Status } from "./device.js";
import { kineticQuantities, materialQuantities } from "./documented.js";

/** Layers in front of and at the electrode, as in the paper's dose calculation. */
export const STACK = rockCell();

const PARAMETERS = {
  ...Object.fromEntries(
    STACK.layers.flatMap(({ name, thickness, porosity }) => [
      [`${name}, thickness`, quantity(thickness, "um", "paper", "in the order in which the beam meets them")],
      [`${name}, porosity`, quantity(porosity, "1", "paper", "volume fraction of the pores")],
    ]),
  ),
  ...CELL_BODY,
  electrodeArea: quantity(1.539, "cm2", "paper", "disk of 14 mm diameter"),
  collector: quantity(20, "um", "paper", "aluminum behind the electrode"),
  collectorDensity: quantity(2.7, "g/cm3", "tables", "density of aluminum"),
  exitWindow: quantity(145, "um", "paper", "diamond behind the cell"),
  exitWindowDensity: quantity(3.5, "g/cm3", "paper", "density of diamond"),
  collection: quantity(
    0.85,
    "1",
    "assumed",
    "effective transmission of the part behind the electrode for the scintillator: 0.55 at 8390 eV",
  ),
  foilThickness: quantity(6, "um", "assumed", "nickel foil beside the cell"),
  foilDensity: quantity(8.908, "g/cm3", "tables", "density of nickel"),
} as const satisfies Quantities;

const P = numbers(PARAMETERS) as Readonly<Record<string, number>>;
const FOIL: Foil = { formula: "Ni", thickness: P.foilThickness, density: P.foilDensity };
/** Behind the electrode: aluminum current collector and diamond exit window. */
const COLLECTOR: Foil = { formula: "Al", thickness: P.collector, density: P.collectorDensity };
const EXIT_WINDOW: Foil = { formula: "C", thickness: P.exitWindow, density: P.exitWindowDensity };

/**
 * Energies at which the smooth parts equal the tables, eV: below and above the Ni K edge, and at both ends.
 */
const BELOW: Pair = [8050, 8325];
const ABOVE: Pair = [8345, 8900];
const ENDS: Pair = [8266, 8878];
type Pair = readonly [number, number];

/** Optical depth (natural logarithm) against the true energy, eV. */
export type OpticalDepth = (energy: number) => number;

/**
 * Everything between the open beam and the scintillator for an electrode of one pure species: window,
 * lithium, separator, electrode, collector, exit window.
 */
export function cellDepth(species: (typeof SPECIES)[number]): OpticalDepth {
  const { thickness, porosity, solid } = STACK.absorber;
  const active = nickelEdge(solid.formula, (1 - porosity) * solid.density * thickness * CM_PER_UM);
  const rest = restDepth();
  return (energy) =>
    active.background(energy) + active.step(energy) * normalizedSpectrum(species, energy) + rest(energy);
}

/** {@link cellDepth} without the solid of the electrode. */
export function restDepth(): OpticalDepth {
  const { thickness, porosity, liquid } = STACK.absorber;
  // Without an edge in the range, a power law through both ends is within 1e-4 of the tables.
  return powerLaw(ENDS, (energy) => {
    const pores = liquid
      ? porosity * attenuation({ formula: liquid.formula, density: liquid.density, thickness }, energy)
      : 0;
    return pores - Math.log(STACK.upstream(energy)) + downstreamDepth(energy);
  });
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

/** The cell with its layers; what is set is how much Li has been removed. */
export class RockCell extends Device {
  readonly parameters: Quantities = { ...PARAMETERS, ...materialQuantities(), ...kineticQuantities() };
  private lithium = 0;

  constructor(clock: Clock) {
    super("cell", clock);
  }

  /** Removes Li, as a charge would. @param lithium removed, Li a formula unit, 0 to 0.975 */
  set(lithium: number): Status {
    this.demand("Li removed, 0 to 0.975 a formula unit", lithium, (x) => x >= 0 && x <= 0.975);
    this.lithium = lithium;
    return this.moved(0);
  }

  /** V against Li, of an electrode from which Li has been removed. */
  potential(lithium: number = this.lithium): number {
    return openCircuit(lithium);
  }

  protected signals(): Quantities {
    return {
      lithium: quantity(this.lithium, "1", "set", "Li removed from a formula unit of LiNiO2"),
      potential: quantity(this.potential(), "V", "paper, Fig. 2", "potential of the electrode against Li"),
      upstream: quantity(
        STACK.upstream(8390),
        "1",
        "tables",
        "fraction of the light that reaches the electrode, at 8390 eV",
      ),
    };
  }
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
  return attenuation(COLLECTOR, energy) + attenuation(EXIT_WINDOW, energy) - Math.log(P.collection);
}

/**
 * The edge of the tables as a background and a step. The background continues the trend below the edge, and
 * the sum follows the tables above it. Both are power laws in energy, smooth through the edge.
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
