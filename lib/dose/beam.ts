// The beam that meets the stack: photons of one energy, or a scan over several, spread evenly over a rectangle.
import { ArgumentError, quote, ShapeError } from "../errors.js";
import { inRange } from "./attenuation.js";
import { options, positive } from "./check.js";

/** What a beam is made from, and what its `toJSON` gives back. */
export interface BeamOptions {
  /** eV; an array is a scan in which every energy gets the same share of the time. */
  readonly energy: number | ArrayLike<number>;
  /** Photons per second on the first layer; a number for all energies, or one for each. */
  readonly flux: number | ArrayLike<number>;
  /** um */
  readonly width: number;
  /** um */
  readonly height: number;
  /** Total time of exposure, s, over all energies together; default 1. */
  readonly exposure?: number;
}

/** A beam on the stack; immutable. */
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

  /**
   * @throws ArgumentError for energies outside 1-100 keV, a negative flux, or a size or exposure that is not above zero
   * @throws ShapeError when flux and energy are arrays of different length
   */
  constructor(beam: BeamOptions) {
    const { energy, flux, width, height, exposure } = options(
      "Beam",
      beam,
      "{ energy, flux, width, height, exposure? }",
    );
    this.energy = copy("energy", energy);
    this.flux = copy("flux", flux);
    for (const e of list(this.energy)) inRange("Beam", e);
    checkFlux("Beam", this.flux, list(this.energy).length);
    this.width = positive("Beam", "width", width, "um");
    this.height = positive("Beam", "height", height, "um");
    this.exposure = exposure === undefined ? 1 : positive("Beam", "exposure", exposure, "s");
    Object.freeze(this);
  }

  /** The scan as pairs of energy (eV) and flux (ph/s), at least one. */
  get lines(): { energy: number; flux: number }[] {
    return list(this.energy).map((energy, k) => ({ energy, flux: fluxAt(this.flux, k) }));
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
    };
  }
}

/** The flux at energy k, ph/s. */
export function fluxAt(flux: number | ArrayLike<number>, k: number): number {
  return typeof flux === "number" ? flux : flux[k];
}

/** Checks a flux (ph/s) that is one number or one a energy. @throws ArgumentError, ShapeError */
export function checkFlux(call: string, flux: number | ArrayLike<number>, nEnergies: number): void {
  if (typeof flux !== "number" && !(typeof flux === "object" && flux !== null && flux.length === nEnergies)) {
    throw new ShapeError(
      `${call}: expected one flux, or one for each of ${nEnergies} energies, got ${quote(flux)}`,
      {
        expected: nEnergies,
      },
    );
  }
  for (const value of typeof flux === "number" ? [flux] : Array.from(flux)) {
    if (!(Number.isFinite(value) && value >= 0)) {
      throw new ArgumentError(`${call}: expected flux >= 0 ph/s, got ${quote(value)}`, { flux: value });
    }
  }
}

const M2_PER_UM2 = 1e-12;

function list(value: number | readonly number[]): readonly number[] {
  return typeof value === "number" ? [value] : value;
}

function copy(name: string, value: number | ArrayLike<number>): number | readonly number[] {
  if (typeof value === "number") return value;
  if (typeof value === "object" && value !== null && value.length > 0)
    return Object.freeze(Array.from(value));
  throw new ArgumentError(`Beam: expected ${name} as a number or an array of numbers, got ${quote(value)}`);
}
