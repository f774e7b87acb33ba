// The beam on the stack, uniform over a rectangle: photons of one energy, a scan over several energies, or a
// spectrum of several energies at once.

import { ArgumentError, quote, ShapeError } from "../errors.js";
import { type OptionNames, requireOptions } from "../options.js";
import { inUnit } from "../units.js";
import { inRange } from "./attenuation.js";
import { positive } from "./check.js";

/** Input of a beam; `toJSON` returns it. */
export interface BeamOptions {
  /** eV; an array is a scan, one energy after the other, unless `polychromatic` is true. */
  readonly energy: number | ArrayLike<number>;
  /**
   * Photons per second on the first layer. An array has one flux for each energy. A number is the flux at
   * every energy of a scan, or the flux of all energies together in a polychromatic beam.
   */
  readonly flux: number | ArrayLike<number>;
  /** um */
  readonly width: number;
  /** um */
  readonly height: number;
  /** Total time of exposure, s, over all energies together; default 1. */
  readonly exposure?: number;
  /** All energies at once; default false. */
  readonly polychromatic?: boolean;
  /**
   * One weight per energy, in any unit: the time at each energy of a scan, or the flux at each energy of a
   * polychromatic beam with one flux; default uniform. A polychromatic beam with a flux for each energy takes
   * no weights.
   */
  readonly weights?: ArrayLike<number>;
}

/** One energy of a beam. */
export interface Line {
  /** eV */
  readonly energy: number;
  /** ph/s on the first layer while the beam has this energy. */
  readonly flux: number;
  /**
   * Fraction of the exposure at this energy: 1 in a polychromatic beam. The fractions of a scan add up to 1.
   */
  readonly share: number;
}

/**
 * A beam on the stack; immutable.
 *
 * @example
 * const beam = new Beam({ energy: 8390, flux: 1.041e12, width: 3315, height: 1202.5, exposure: 60 });
 * rockCell().dose(beam)[3].dose.porous / 1e6; // 0.248 MGy in one minute
 */
export class Beam {
  /** eV, a number or a frozen array, as given. */
  readonly energy: number | readonly number[];
  /** ph/s on the first layer, a number or a frozen array, as given. */
  readonly flux: number | readonly number[];
  /** um */
  readonly width: number;
  /** um */
  readonly height: number;
  /** s */
  readonly exposure: number;
  /** Whether all energies are on at once. */
  readonly polychromatic: boolean;
  /** As given, a frozen array; undefined for uniform weights. */
  readonly weights: readonly number[] | undefined;

  /**
   * @throws ArgumentError for energies outside 1-100 keV, a negative flux or weight, or a size or exposure
   *   that is not positive
   * @throws ShapeError when flux or weights do not have the length of energy
   */
  constructor(beam: BeamOptions) {
    const given = requireOptions("Beam", beam, NAMES);
    const { energy, flux, width, height, exposure, polychromatic = false, weights } = given;
    this.energy = copy("energy", energy);
    this.flux = copy("flux", flux);
    const energies = list(this.energy);
    for (const e of energies) inRange("Beam", e);
    checkFlux("Beam", this.flux, energies.length);
    this.width = inUnit("Beam", "width", "beamSide", positive("Beam", "width", width, "um"));
    this.height = inUnit("Beam", "height", "beamSide", positive("Beam", "height", height, "um"));
    this.exposure =
      exposure === undefined
        ? 1
        : inUnit("Beam", "exposure", "time", positive("Beam", "exposure", exposure, "s"));
    if (typeof polychromatic !== "boolean") {
      throw new ArgumentError(`Beam: expected polychromatic true or false, got ${quote(polychromatic)}`);
    }
    this.polychromatic = polychromatic;
    this.weights = weights === undefined ? undefined : checkWeights(weights, energies.length);
    if (polychromatic && this.weights && typeof this.flux !== "number") {
      throw new ArgumentError(
        "Beam: expected weights beside one flux, got a flux for each energy of a polychromatic beam; multiply the flux by the weights",
      );
    }
    Object.freeze(this);
  }

  /** A beam from plain data, or the beam itself. @throws ArgumentError, ShapeError */
  static from(beam: Beam | BeamOptions): Beam {
    return beam instanceof Beam ? beam : new Beam(beam);
  }

  /** The energies, at least one. */
  get lines(): Line[] {
    const energies = list(this.energy);
    const weights = this.weights ?? energies.map(() => 1);
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    return energies.map((energy, k) => {
      const share = weights[k] / all;
      const flux = fluxAt(this.flux, k);
      if (!this.polychromatic) return { energy, flux, share };
      return { energy, flux: typeof this.flux === "number" ? flux * share : flux, share: 1 };
    });
  }

  /** Mean photons per second on the first layer, all energies together. */
  get meanFlux(): number {
    return this.lines.reduce((sum, { flux, share }) => sum + flux * share, 0);
  }

  /** Cross section, m2. */
  get area(): number {
    return this.width * this.height * M2_PER_UM2;
  }

  toJSON(): BeamOptions {
    return {
      energy: this.energy,
      flux: this.flux,
      width: this.width,
      height: this.height,
      exposure: this.exposure,
      ...(this.polychromatic && { polychromatic: true }),
      ...(this.weights && { weights: this.weights }),
    };
  }
}

/** The flux at energy k, ph/s. */
export function fluxAt(flux: number | ArrayLike<number>, k: number): number {
  return typeof flux === "number" ? flux : flux[k];
}

/** Checks a flux (ph/s) that is one number or one per energy. @throws ArgumentError, ShapeError */
export function checkFlux(call: string, flux: number | ArrayLike<number>, nEnergies: number): void {
  if (typeof flux !== "number" && !(typeof flux === "object" && flux !== null && flux.length === nEnergies)) {
    throw new ShapeError(
      `${call}: expected one flux, or one for each of ${nEnergies} energies, got ${quote(flux)}`,
      {
        expected: nEnergies,
      },
    );
  }
  const values = typeof flux === "number" ? [flux] : Array.from(flux);
  for (const value of values) {
    if (!(Number.isFinite(value) && value >= 0)) {
      throw new ArgumentError(`${call}: expected flux >= 0 ph/s, got ${quote(value)}`, { flux: value });
    }
  }
  // A beam that is off has no photons, nor have single energies of a spectrum.
  const most = Math.max(...values);
  if (most > 0) inUnit(call, "flux", "flux", most);
}

const M2_PER_UM2 = 1e-12;
const NAMES: OptionNames<BeamOptions> = {
  energy: true,
  flux: true,
  width: true,
  height: true,
  exposure: true,
  polychromatic: true,
  weights: true,
};

function checkWeights(weights: ArrayLike<number>, nEnergies: number): readonly number[] {
  if (typeof weights !== "object" || weights === null || weights.length !== nEnergies) {
    throw new ShapeError(
      `Beam: expected one weight for each of ${nEnergies} energies, got ${quote(weights)}`,
      {
        expected: nEnergies,
      },
    );
  }
  const values = Array.from(weights);
  const bad = values.find((value) => !(Number.isFinite(value) && value >= 0));
  if (bad !== undefined || !values.some((value) => value > 0)) {
    throw new ArgumentError(`Beam: expected weights >= 0, not all zero, got ${quote(bad ?? values)}`, {
      weights: bad,
    });
  }
  return Object.freeze(values);
}

function list(value: number | readonly number[]): readonly number[] {
  return typeof value === "number" ? [value] : value;
}

function copy(name: string, value: number | ArrayLike<number>): number | readonly number[] {
  if (typeof value === "number") return value;
  if (typeof value === "object" && value !== null && value.length > 0)
    return Object.freeze(Array.from(value));
  throw new ArgumentError(`Beam: expected ${name} as a number or an array of numbers, got ${quote(value)}`);
}
