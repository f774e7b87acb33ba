// Concentrations that follow a kinetic model with unknown rates (hard modeling).
import { type MatrixLike, toFlat, toVector } from "../../../compute/matrix.js";
import { type LevenbergMarquardt, levenbergMarquardt } from "../../../compute/solvers/levenberg-marquardt.js";
import { DataError, ShapeError } from "../../../errors.js";
import type { OptionNames } from "../../../options.js";
import type { Active, Constraint } from "./constraint.js";
import type { Problem } from "./problem.js";
import { block, components, parts, refuse } from "./read.js";

/** A kinetic model for some components. */
export interface KineticOptions {
  /**
   * Concentrations at the given times, shape [times, components], for positive rates.
   */
  readonly model: (time: Float64Array, rates: Float64Array) => MatrixLike;
  /** Starting values of the rates, positive. */
  readonly rates: ArrayLike<number>;
  /** One per row (of the block), any unit. Default 0, 1, 2, ... */
  readonly time?: ArrayLike<number>;
  /** Components of the columns of the model, counted from 0; default all, in order. */
  readonly components?: readonly number[];
  /** Only in this block of a multiset. Default all rows as one series. */
  readonly block?: number;
}

const NAMES: OptionNames<KineticOptions> = {
  model: true,
  rates: true,
  time: true,
  components: true,
  block: true,
};

/** Result of the fit. */
export interface KineticFound {
  /** Per unit of time, in the given order. */
  readonly rates: Float64Array;
  /** Root mean square difference between profiles and model, as a fraction of the size of each profile. */
  readonly misfit: number;
}

/**
 * In each iteration rates are fitted to the profiles from the least squares, each profile with a free factor
 * (which its spectrum compensates). Then the model replaces the profiles.
 *
 * @see A. de Juan, M. Maeder, M. Martinez, R. Tauler, Chemometrics and Intelligent Laboratory Systems 54
 *   (2000) 123
 */
export const kinetic: Constraint<KineticOptions | readonly KineticOptions[]> = {
  read(option, problem): Active | null {
    if (option === undefined) return null;
    const models = parts("kinetic", option, NAMES).map((part) => new Model(part, problem));
    return {
      named: true,
      scaled: models.flatMap(({ places }) => places.filter((place) => place >= 0)),
      found: () => models.map(({ rates, misfit }): KineticFound => ({ rates: rates.slice(), misfit })),
      apply(on, { C }) {
        if (on === "C") for (const model of models) model.apply(C);
      },
      violation(on, { C }) {
        return on === "C" ? Math.max(...models.map((model) => model.violation(C))) : 0;
      },
      distance(on, { C }) {
        return on === "C" ? Math.max(...models.map((model) => model.distance(C))) : 0;
      },
    };
  },
};

class Model {
  readonly places: readonly number[];
  readonly #first: number;
  readonly #time: Float64Array;
  rates: Float64Array;
  misfit = 0;

  constructor(
    readonly options: KineticOptions,
    readonly problem: Problem,
  ) {
    const { model, rates, time } = options;
    if (typeof model !== "function") throw refuse("kinetic.model", "a function of time and rates", model);
    this.places = components("kinetic", options.components, problem).map((j) => problem.places[j]);
    const index = block("kinetic", options.block, "C", problem);
    const bounds = problem.rowBounds;
    this.#first = index === undefined ? 0 : bounds[index];
    const count = (index === undefined ? problem.rows : bounds[index + 1]) - this.#first;
    this.#time = Float64Array.from(
      time === undefined ? Array(count).keys() : toVector(time, "mcrAls", "kinetic.time"),
    );
    if (this.#time.length !== count || !this.#time.every(Number.isFinite)) {
      throw refuse("kinetic.time", `${count} finite numbers, one per row`, time);
    }
    this.rates = Float64Array.from(toVector(rates, "mcrAls", "kinetic.rates"));
    if (this.rates.length === 0 || !this.rates.every((rate) => rate > 0 && Number.isFinite(rate))) {
      throw refuse("kinetic.rates", "one or more numbers above 0 to start from", rates);
    }
    this.#profiles(this.rates);
  }

  apply(C: Float64Array): void {
    const fit = this.#fit(this.#read(C));
    this.rates = fit.parameters.map(Math.exp);
    this.misfit = Math.sqrt(fit.sumOfSquares / this.places.length);
    const model = this.#profiles(this.rates);
    this.#each((at, from) => {
      C[at] = model[from];
    });
  }

  /**
   * Root mean square difference between profiles and model with the best rates, as a fraction of the size of
   * each profile.
   */
  distance(C: Float64Array): number {
    // The sum of squares is flat near its minimum, so an accuracy of 1e-3 of the rates is sufficient.
    return Math.sqrt(this.#fit(this.#read(C), 1e-3).sumOfSquares / this.places.length);
  }

  /** The best rates, each profile with a free factor. Residuals are relative to the size of each profile. */
  #fit(target: Float64Array, settled?: number): LevenbergMarquardt {
    const places = this.places;
    const count = this.#time.length;
    // The logarithm keeps rates positive.
    const start = this.rates.map(Math.log);
    return levenbergMarquardt(
      (logarithms, out) => {
        const model = this.#evaluate(logarithms.map(Math.exp));
        for (let a = 0; a < places.length; a++) {
          let xy = 0;
          let xx = 0;
          let yy = 0;
          for (let i = 0; i < count; i++) {
            const x = model[i * places.length + a];
            const y = target[i * places.length + a];
            xy += x * y;
            xx += x * x;
            yy += y * y;
          }
          const factor = xx > 0 ? xy / xx : 0;
          const size = yy > 0 ? 1 / Math.sqrt(yy) : 0;
          for (let i = 0; i < count; i++) {
            const at = i * places.length + a;
            out[at] = (target[at] - factor * model[at]) * size;
          }
        }
      },
      start,
      target.length,
      settled,
    );
  }

  violation(C: Float64Array): number {
    const model = this.#profiles(this.rates);
    let most = 0;
    let worst = 0;
    this.#each((at, from) => {
      most = Math.max(most, Math.abs(model[from]));
      worst = Math.max(worst, Math.abs(C[at] - model[from]));
    });
    return worst > 0 ? worst / (most || 1) : 0;
  }

  #read(C: Float64Array): Float64Array {
    const out = new Float64Array(this.#time.length * this.places.length);
    this.#each((at, to) => {
      out[to] = C[at];
    });
    return out;
  }

  /** Visits each entry of C in the model, with its index in the matrix of the model. */
  #each(visit: (at: number, own: number) => void): void {
    const { places } = this;
    for (let i = 0; i < this.#time.length; i++) {
      for (let a = 0; a < places.length; a++) {
        if (places[a] >= 0) visit((this.#first + i) * this.problem.n + places[a], i * places.length + a);
      }
    }
  }

  /** Profiles of the model, after a check that they are finite numbers. */
  #profiles(rates: Float64Array): Float64Array {
    const data = this.#evaluate(rates);
    const bad = data.find((v) => !Number.isFinite(v));
    if (bad === undefined) return data;
    throw new DataError(
      `mcrAls: expected kinetic.model to give finite numbers, got ${bad} at rates ${Array.from(rates).join(", ")}`,
      { rates: Array.from(rates) },
    );
  }

  #evaluate(rates: Float64Array): Float64Array {
    const { data, rows, columns } = toFlat(this.options.model(this.#time, rates), "mcrAls: kinetic.model");
    if (rows !== this.#time.length || columns !== this.places.length) {
      throw new ShapeError(
        `mcrAls: expected kinetic.model to give ${this.#time.length} times x ${this.places.length} components, ` +
          `got ${rows} x ${columns}`,
        { rows, columns },
      );
    }
    return data;
  }
}
