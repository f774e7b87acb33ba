// The cell as the beam meets it: layers in order, one of which is the absorber whose dose is asked for.
import { ArgumentError, quote } from "../errors.js";
import { JOULE_PER_EV } from "../units.js";
import { forEachEnergy } from "./attenuation.js";
import { Beam, type BeamOptions } from "./beam.js";
import { options } from "./check.js";
import { type Convention, checkConvention } from "./convention.js";
import { Layer, type LayerJson, type LayerOptions } from "./layer.js";
import { type LayerDose, layerDoses } from "./layer-dose.js";

export { type Convention, conventions } from "./convention.js";

/** A stack as plain data, as in `experiment.json`; what {@link Stack.from} reads and `toJSON` gives back. */
export interface StackJson {
  readonly layers: readonly LayerJson[];
  /** Name or index of the absorber; default the last layer. */
  readonly absorber?: string | number;
}

/** Layers in the order in which the beam meets them; immutable. */
export class Stack {
  readonly layers: readonly Layer[];
  /** The layer whose dose is asked for. */
  readonly absorber: Layer;

  /**
   * @param layers in the order of the beam, with different names
   * @param absorber name or index of the layer whose dose is asked for; default the last
   * @throws ArgumentError for no layers, two of one name, or an absorber that is not among them
   */
  constructor(layers: readonly (Layer | LayerOptions)[], settings: { absorber?: string | number } = {}) {
    const { absorber } = options("Stack", settings, "{ absorber? } after the layers");
    if (!Array.isArray(layers) || layers.length === 0) {
      throw new ArgumentError(`Stack: expected an array of at least one Layer, got ${quote(layers)}`);
    }
    this.layers = Object.freeze(layers.map((layer) => (layer instanceof Layer ? layer : new Layer(layer))));
    const names = this.layers.map((layer) => layer.name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) {
      throw new ArgumentError(
        `Stack: expected layers of different names, got ${quote(twice)} twice; rename one`,
        {
          name: twice,
        },
      );
    }
    const index = absorber === undefined ? names.length - 1 : names.indexOf(nameOf(absorber, names));
    if (index < 0) {
      throw new ArgumentError(
        `Stack: expected absorber to be one of ${names.map(quote).join(", ")} or an index below ${names.length}, ` +
          `got ${quote(absorber)}`,
        { absorber },
      );
    }
    this.absorber = this.layers[index];
    Object.freeze(this);
  }

  /** A stack from plain data (`{ layers, absorber? }`), or the stack itself. @throws ArgumentError */
  static from(stack: Stack | StackJson): Stack {
    if (stack instanceof Stack) return stack;
    const { layers, absorber } = options("Stack.from", stack, "a Stack or { layers, absorber? }");
    return new Stack(layers, { absorber });
  }

  /**
   * Fraction of the photons that leaves the last layer.
   *
   * @param energy eV, 1 to 100 keV; a number or an array
   * @returns 0..1, shaped as the energy
   */
  transmission(energy: number): number;
  transmission(energy: ArrayLike<number>): Float64Array;
  transmission(energy: number | ArrayLike<number>): number | Float64Array;
  transmission(energy: number | ArrayLike<number>): number | Float64Array {
    return forEachEnergy("stack.transmission", energy, (e) => through(this.layers, e));
  }

  /**
   * Fraction of the photons that reaches the absorber.
   *
   * @param energy eV, 1 to 100 keV; a number or an array
   * @returns 0..1, shaped as the energy
   */
  upstream(energy: number): number;
  upstream(energy: ArrayLike<number>): Float64Array;
  upstream(energy: number | ArrayLike<number>): number | Float64Array;
  upstream(energy: number | ArrayLike<number>): number | Float64Array {
    const before = this.layers.slice(0, this.layers.indexOf(this.absorber));
    return forEachEnergy("stack.upstream", energy, (e) => through(before, e));
  }

  /**
   * What every layer takes up from a beam, in order. What all layers absorb and what the last one lets through add up to
   * what the beam brings.
   *
   * @param beam a Beam, or what one is made from
   * @throws ArgumentError, ShapeError as {@link Beam} says
   */
  dose(beam: Beam | BeamOptions): LayerDose[] {
    return layerDoses(this.layers, beam instanceof Beam ? beam : new Beam(beam));
  }

  /**
   * Dose in the absorber for each photon per m2 that meets the *stack*: upstream(E) E (1 - T(E)) / (tau rho), the factor
   * between flux and dose rate in Eq. 2, with the attenuation of the layers before the absorber.
   *
   * @param energy eV, 1 to 100 keV; a number or an array
   * @param convention what rho is; `phase` gives the solid's dose
   * @returns Gy m2, shaped as the energy
   */
  doseRatePerFluence(energy: number, convention: Convention): number;
  doseRatePerFluence(energy: ArrayLike<number>, convention: Convention): Float64Array;
  doseRatePerFluence(energy: number | ArrayLike<number>, convention: Convention): number | Float64Array {
    checkConvention("stack.doseRatePerFluence", convention);
    const { absorber } = this;
    const before = this.layers.slice(0, this.layers.indexOf(absorber));
    const mass = absorber.arealMass(convention);
    return forEachEnergy("stack.doseRatePerFluence", energy, (e) => {
      const share = convention === "phase" ? absorber.solidShare(e) : 1;
      return (through(before, e) * e * JOULE_PER_EV * absorber.absorption(e) * share) / mass;
    });
  }

  toJSON(): StackJson {
    return { layers: this.layers.map((layer) => layer.toJSON()), absorber: this.absorber.name };
  }
}

function through(layers: readonly Layer[], energy: number): number {
  let depth = 0;
  for (const layer of layers) depth += layer.opticalDepth(energy);
  return Math.exp(-depth);
}

function nameOf(absorber: string | number, names: readonly string[]): string {
  return typeof absorber === "number" ? names[absorber] : absorber;
}
