// Doses of the layers of a stack: an array with one entry per layer, which is also a table and a picture.
import { type InspectOptions, inspect } from "node:util";
import type { DataFrame } from "danfojs-node";
import type { AttenuationTables } from "./attenuation.js";
import type { Beam } from "./beam.js";
import { bundle, type Columns, dataFrame, type Picture, picture } from "./display.js";
import type { Layer } from "./layer.js";
import { type LayerDose, type LayerEscape, layerDoses } from "./layer-dose.js";

/** Part of a `Stack` that its doses need. */
interface Layers {
  readonly layers: readonly Layer[];
  readonly absorber: Layer;
  readonly tables: AttenuationTables;
  escape(beam: Beam): LayerEscape[];
}

/**
 * Dose of every layer in a beam, one {@link LayerDose} per layer, in the order of the beam.
 *
 * @example
 * const doses = rockCell().dose({
 *   energy: 8390,
 *   flux: 1.041e12,
 *   width: 3315,
 *   height: 1202.5,
 *   exposure: 60,
 * });
 * doses[3].doseRate.porous; // 4134 Gy/s
 * doses.toFrame(); // one row per layer
 */
export class StackDose<S extends Layers = Layers> extends Array<LayerDose> {
  /** `map` and `filter` return plain arrays. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  readonly #stack: S;
  readonly #beam: Beam;

  constructor(stack: S, beam: Beam) {
    super();
    this.push(...layerDoses(stack.layers, beam, stack.tables));
    this.#stack = stack;
    this.#beam = beam;
  }

  /** The stack. */
  get stack(): S {
    return this.#stack;
  }

  /** The beam. */
  get beam(): Beam {
    return this.#beam;
  }

  /**
   * The numbers as columns, one row per layer; null where there is none. Units as in {@link LayerDose};
   * thickness in um.
   */
  columns(): Columns {
    const rows = Array.from(this);
    const layers = this.#stack.layers;
    const of = (pick: (dose: LayerDose) => number) => rows.map((row) => finite(pick(row)));
    const both = (quantity: "doseRate" | "dose"): Columns => ({
      [`${quantity} dense`]: of((d) => d[quantity].dense),
      [`${quantity} composite`]: of((d) => d[quantity].composite),
      [`${quantity} porous`]: of((d) => d[quantity].porous),
      [`${quantity} solid`]: of((d) => d[quantity].phase.solid),
      [`${quantity} liquid`]: of((d) => d[quantity].phase.liquid),
    });
    return {
      layer: rows.map((row) => row.layer),
      solid: layers.map((layer) => layer.solid.name),
      liquid: layers.map((layer) => layer.liquid?.name ?? null),
      thickness: layers.map((layer) => layer.thickness),
      porosity: layers.map((layer) => layer.porosity),
      transmission: of((d) => d.transmission),
      transmittedFlux: of((d) => d.transmittedFlux),
      absorbedPower: of((d) => d.absorbedPower),
      ...both("doseRate"),
      ...both("dose"),
    };
  }

  /** The table as a danfojs DataFrame. */
  toFrame(): DataFrame {
    return dataFrame(this.columns());
  }

  /** A drawing of the stack with the transmission and absorption of each layer. */
  show(): Picture {
    return picture("dose", this);
  }

  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return bundle("dose", this, `Doses of ${this.length} layers, ${this.map((d) => d.layer).join(", ")}`);
  }

  /** All numbers: Node would print the doses of solid and liquid as [Object]. */
  [inspect.custom](_depth: number, options: InspectOptions): string {
    return `StackDose(${this.length}) ${inspect(Array.from(this), { ...options, depth: null })}`;
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
