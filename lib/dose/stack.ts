// The stack: layers in the order of the beam. The dose is computed for one of them, the absorber.
import { inspect } from "node:util";
import { ArgumentError, quote } from "../errors.js";
import { checkOptions, type OptionNames, requireOptions } from "../options.js";
import { JOULE_PER_EV } from "../units.js";
import { type AttenuationTables, checkTables, forEachEnergy } from "./attenuation.js";
import { Beam, type BeamOptions } from "./beam.js";
import { within } from "./check.js";
import { type Convention, checkConvention } from "./convention.js";
import { bundle, type Picture, picture } from "./display.js";
import { Layer, type LayerJson, type LayerOptions } from "./layer.js";
import { type LayerEscape, layerEscapes } from "./layer-dose.js";
import { StackDose } from "./stack-dose.js";

export { type Convention, conventions } from "./convention.js";

/** A stack as plain data, as in `experiment.json`, for {@link Stack.from} and from `toJSON`. */
export interface StackJson {
  readonly layers: readonly LayerJson[];
  /** Name or index of the absorber; default the last layer. */
  readonly absorber?: string | number;
  /** Attenuation tables; default elam. */
  readonly tables?: AttenuationTables;
}

/** Settings of a stack beside its layers. */
export interface StackOptions {
  /** Name or index of the layer whose dose is computed; default the last. */
  readonly absorber?: string | number;
  /** Attenuation tables of all numbers of this stack; default elam. */
  readonly tables?: AttenuationTables;
}

const STACK: OptionNames<StackOptions> = { absorber: true, tables: true };

/**
 * Layers in the order in which the beam meets them; immutable.
 *
 * @example
 * const stack = new Stack([
 *   { name: "Window", solid: material("Kapton"), thickness: 50 }, // um
 *   { name: "Cathode", solid: { formula: "LiNiO2", density: 4.716 }, thickness: 10 },
 * ], { absorber: "Cathode" });
 * stack.upstream(8390); // 0.963, fraction of the photons that reach the cathode
 * stack.dose({ energy: 8390, flux: 1e12, width: 3000, height: 1000 })[1].doseRate.dense; // 5552 Gy/s
 */
export class Stack {
  readonly layers: readonly Layer[];
  /** The layer whose dose is computed. */
  readonly absorber: Layer;
  /** Source of its attenuation coefficients. */
  readonly tables: AttenuationTables;

  /**
   * @param layers in the order of the beam, with unique names
   * @throws ArgumentError for no layers, two layers of the same name, an unknown absorber, or unknown tables
   */
  constructor(layers: readonly (Layer | LayerOptions)[], settings: StackOptions = {}) {
    const { absorber, tables } = checkOptions("Stack", settings, STACK);
    this.tables = checkTables("Stack", tables);
    if (!Array.isArray(layers) || layers.length === 0) {
      throw new ArgumentError(`Stack: expected an array of at least one Layer, got ${quote(layers)}`);
    }
    this.layers = Object.freeze(
      layers.map((layer, i) =>
        layer instanceof Layer ? layer : within(`Stack, layer ${i + 1}`, () => new Layer(layer)),
      ),
    );
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

  /**
   * A stack from plain data (`{ layers, absorber?, tables? }`), or the stack itself. @throws ArgumentError
   */
  static from(stack: Stack | StackJson): Stack {
    if (stack instanceof Stack) return stack;
    const { layers, absorber, tables } = requireOptions("Stack.from", stack, { layers: true, ...STACK });
    return new Stack(layers, { absorber, tables });
  }

  /** The same layers with another absorber, or with other tables. @throws ArgumentError */
  with(settings: StackOptions): Stack {
    checkOptions("stack.with", settings, STACK);
    return new Stack(this.layers, { absorber: this.absorber.name, tables: this.tables, ...settings });
  }

  /** The stack with its layers in reverse order; the absorber stays. */
  reversed(): Stack {
    return new Stack([...this.layers].reverse(), { absorber: this.absorber.name, tables: this.tables });
  }

  /**
   * The stack with one more layer in front, such as an {@link attenuator}. @throws ArgumentError for a name
   * that exists
   */
  behind(layer: Layer | LayerOptions): Stack {
    return new Stack([layer, ...this.layers], { absorber: this.absorber.name, tables: this.tables });
  }

  /**
   * Fraction of the photons that is transmitted by all layers.
   *
   * @param energy eV, 1 to 100 keV; a number or an array
   * @returns 0..1, shaped as the energy
   */
  transmission(energy: number): number;
  transmission(energy: ArrayLike<number>): Float64Array;
  transmission(energy: number | ArrayLike<number>): number | Float64Array;
  transmission(energy: number | ArrayLike<number>): number | Float64Array {
    return forEachEnergy("stack.transmission", energy, (e) => through(this.layers, e, this.tables));
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
    return forEachEnergy("stack.upstream", energy, (e) => through(before, e, this.tables));
  }

  /**
   * Power and dose of every layer, in order: an array that is also a table (`toFrame()`) and a picture
   * (`show()`). The power absorbed in all layers and the transmitted power add up to the power of the beam.
   *
   * @param beam a Beam, or its input
   * @throws ArgumentError, ShapeError as {@link Beam}
   */
  dose(beam: Beam | BeamOptions): StackDose<Stack> {
    return new StackDose(this, Beam.from(beam));
  }

  /**
   * Fractions of the absorbed power of each layer that leave the layer as fluorescence or scattered photons.
   * The doses of {@link dose} are not reduced by them: (1 - total) times a dose is a lower limit.
   *
   * @param beam a Beam, or its input
   * @returns one entry per layer, in order, see {@link layerEscape} for geometry and limits; yields and lines
   *   are always Elam's
   */
  escape(beam: Beam | BeamOptions): LayerEscape[] {
    return layerEscapes(this.layers, Beam.from(beam), this.tables);
  }

  /**
   * Dose in the absorber per photon and m2 on the *stack*: upstream(E) E (1 - T(E)) / (tau rho). This is the
   * factor between flux and dose rate in Eq. 2, with the attenuation of the layers before the absorber.
   *
   * @param energy eV, 1 to 100 keV; a number or an array
   * @param convention density convention of rho; `phase` gives the dose of the solid
   * @returns Gy m2, shaped as the energy
   */
  doseRatePerFluence(energy: number, convention: Convention): number;
  doseRatePerFluence(energy: ArrayLike<number>, convention: Convention): Float64Array;
  doseRatePerFluence(energy: number | ArrayLike<number>, convention: Convention): number | Float64Array {
    checkConvention("stack.doseRatePerFluence", convention);
    const { absorber, tables } = this;
    const before = this.layers.slice(0, this.layers.indexOf(absorber));
    const mass = absorber.arealMass(convention);
    return forEachEnergy("stack.doseRatePerFluence", energy, (e) => {
      const share = convention === "phase" ? absorber.solidShare(e, tables) : 1;
      return (through(before, e, tables) * e * JOULE_PER_EV * absorber.absorption(e, tables) * share) / mass;
    });
  }

  toJSON(): StackJson {
    return {
      layers: this.layers.map((layer) => layer.toJSON()),
      absorber: this.absorber.name,
      ...(this.tables !== "elam" && { tables: this.tables }),
    };
  }

  /** A drawing of the layers. */
  show(): Picture {
    return picture("stack", this);
  }

  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return bundle("stack", this, this.summary());
  }

  [inspect.custom](): string {
    return this.summary();
  }

  /** One line: layers with thickness, in the order of the beam. */
  summary(): string {
    const layers = this.layers.map(({ name, thickness }) => `${name} ${thickness} um`);
    return `Stack: ${layers.join(" | ")}; absorber ${this.absorber.name}`;
  }
}

function through(layers: readonly Layer[], energy: number, tables: AttenuationTables): number {
  let depth = 0;
  for (const layer of layers) depth += layer.opticalDepth(energy, tables);
  return Math.exp(-depth);
}

function nameOf(absorber: string | number, names: readonly string[]): string {
  return typeof absorber === "number" ? names[absorber] : absorber;
}
