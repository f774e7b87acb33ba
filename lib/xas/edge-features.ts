// What a normalized spectrum says about its edge without a model of species: energies of the edge, white line.
import { ascendingAxis } from "./axis.js";
import { halfStep } from "./half-step.js";
import { LocalCubic } from "./local-cubic.js";

/** The features by name. */
export const EDGE_FEATURES = ["e0", "edgeEnergy", "whiteLine", "whiteLineHeight", "centroid"] as const;

/** Name of a feature. */
export type EdgeFeatureName = (typeof EDGE_FEATURES)[number];

/** Ranges in which the features are looked for, eV relative to the nominal edge energy. */
export const FEATURE_RANGES = {
  e0: [-15, 25],
  edgeEnergy: [-20, 40],
  whiteLine: [-5, 40],
  whiteLineHeight: [-5, 40],
  centroid: [-20, 40],
} as const satisfies Readonly<Record<EdgeFeatureName, readonly [number, number]>>;

/** Half width of the cubics of e0 and of the white line, eV; their weights have half of their size at 3.2 eV. */
export const FEATURE_REACH = 6;

/** Why a spectrum has no value of a feature. */
export type NoFeature = "missing" | "no edge" | "ambiguous";

/**
 * One feature of spectra on one axis.
 *
 * - `e0`: inflection of the cubic fitted to the points within `reach` of it, where the slope is highest
 * - `edgeEnergy`: where the spectrum rises through one half, on the straight line between two points
 * - `whiteLine`, `whiteLineHeight`: highest maximum of the cubic fitted to the points within `reach` of it
 * - `centroid`: edge of a unit step that has the same integral over the range
 *
 * @see Savitzky and Golay, Anal. Chem. 36 (1964) 1627: polynomials fitted to the points around each point
 *   (here with weights);
 *   Capehart et al., Phys. Rev. B 52 (1995) 7907: edge shifts from integrals
 */
export class EdgeFeature {
  /** eV, or the height of the white line; after `find` returned undefined. */
  value = Number.NaN;
  /** Derivative of the value with respect to each number of the spectrum, in its order. */
  readonly gradient: Float64Array;
  readonly #axis: Float64Array;
  readonly #descending: boolean;
  readonly #spectrum: Float64Array;
  /** Points that the feature depends on, [from, to). */
  readonly #from: number;
  readonly #to: number;
  readonly #cubic: LocalCubic | undefined;

  /**
   * @param energies eV, ascending or descending
   * @param e0 nominal edge energy, eV
   * @returns undefined where the axis does not cover the range of the feature
   */
  static on(
    name: EdgeFeatureName,
    energies: ArrayLike<number>,
    e0: number,
    reach: number = FEATURE_REACH,
  ): EdgeFeature | undefined {
    const { axis, descending } = ascendingAxis(energies, name, 2);
    const [low, high] = FEATURE_RANGES[name].map((x) => e0 + x);
    if (!(axis[0] <= low && axis[axis.length - 1] >= high)) return undefined;
    const point = name === "e0" ? "inflection" : name.startsWith("whiteLine") ? "maximum" : null;
    const cubic = point ? LocalCubic.on(axis, point, [low, high], reach) : null;
    if (cubic === undefined) return undefined;
    const range = [axis.findIndex((e) => e >= low), axis.findLastIndex((e) => e <= high) + 1] as const;
    return new EdgeFeature(name, axis, descending, cubic?.used ?? range, cubic ?? undefined);
  }

  private constructor(
    readonly name: EdgeFeatureName,
    axis: Float64Array,
    descending: boolean,
    [from, to]: readonly [number, number],
    cubic: LocalCubic | undefined,
  ) {
    this.#axis = axis;
    this.#descending = descending;
    this.#from = from;
    this.#to = to;
    this.#cubic = cubic;
    this.#spectrum = new Float64Array(axis.length);
    this.gradient = new Float64Array(axis.length);
  }

  /**
   * Finds the feature; undefined, or why there is none.
   *
   * @param values all spectra, row-major, in the order of the energies
   * @param row which of them
   */
  find(values: ArrayLike<number>, row = 0): NoFeature | undefined {
    const n = this.#axis.length;
    const y = this.#spectrum;
    const first = row * n;
    for (let k = this.#from; k < this.#to; k++) {
      y[k] = values[first + this.#place(k)];
      if (!Number.isFinite(y[k])) return "missing";
    }
    this.gradient.fill(0);
    if (this.#cubic) return this.#ofCubic(this.#cubic);
    return this.name === "centroid" ? this.#centroid() : this.#halfStep();
  }

  #place(k: number): number {
    return this.#descending ? this.#axis.length - 1 - k : k;
  }

  #ofCubic(cubic: LocalCubic): NoFeature | undefined {
    if (!cubic.find(this.#spectrum)) return "no edge";
    const isHeight = this.name === "whiteLineHeight";
    this.value = isHeight ? cubic.value : cubic.energy;
    const gradient = isHeight ? cubic.valueGradient : cubic.energyGradient;
    for (let k = cubic.from; k < cubic.to; k++) this.gradient[this.#place(k)] = gradient[k - cubic.from];
    return undefined;
  }

  #halfStep(): NoFeature | undefined {
    const y = this.#spectrum;
    const [from, to] = [this.#from, this.#to];
    const value = (k: number): number => y[from + k];
    const found = halfStep(to - from, value);
    if (!found) return "no edge";
    const [i, k] = [from + found[0], from + found[1]];
    // Noise that reaches one half makes the first of several crossings come too early.
    for (let j = k + 1; j < to; j++) if (y[j] < 0.5) return "ambiguous";
    const [run, rise] = [this.#axis[k] - this.#axis[i], y[k] - y[i]];
    const t = (0.5 - y[i]) / rise;
    this.value = this.#axis[i] + t * run;
    this.gradient[this.#place(i)] = (-(1 - t) * run) / rise;
    this.gradient[this.#place(k)] = (-t * run) / rise;
    return undefined;
  }

  /** Last energy minus the integral: the edge of a step from 0 to 1 with that integral. */
  #centroid(): undefined {
    const [axis, y] = [this.#axis, this.#spectrum];
    const [first, last] = [this.#from, this.#to - 1];
    let integral = 0;
    for (let k = first; k <= last; k++) {
      const weight = (axis[Math.min(k + 1, last)] - axis[Math.max(k - 1, first)]) / 2;
      integral += weight * y[k];
      this.gradient[this.#place(k)] = -weight;
    }
    this.value = axis[last] - integral;
    return undefined;
  }
}
