// Inequalities of a rotation: limits on entries of C or S, each relaxed by the effect of the noise.

import { random } from "../../compute/random.js";
import { choleskyFactor } from "../../compute/solvers/linear-solve.js";
import { largestOf } from "../checks.js";
import { Names } from "./names.js";
import type { Rotation, RotationSpace } from "./rotation.js";
import type { ViolationCost } from "./violation-cost.js";

/** One of the two matrices. */
export type Side = "C" | "S";

/** Limits on the entries of one component in C or S. Few of its many points are active. */
export interface Limit {
  readonly side: Side;
  readonly component: number;
  /** One vector per point, shape [count, n]; times the row of T or column of V it gives the entry. */
  readonly points: Float64Array;
  /** Lower limit of each point, or of all points; -Infinity where there is none. */
  readonly low: Float64Array | number;
  readonly high: Float64Array | number;
  /** Points used in the search. The others are checked afterwards and added if they are violated. */
  readonly working: number[];
  /** Whether noise does not relax the limit, because the values are known and not measured. */
  readonly exact?: boolean;
}

/** Another condition than limits on entries: constraint violation of C and S, 0 where satisfied. */
export interface Condition {
  readonly name: string;
  readonly side: Side;
  /** As a fraction of the largest entry of the matrix. */
  violation(C: Float64Array, S: Float64Array): number;
  /** Violation of the result itself. */
  readonly atResult: number;
}

/** Rounding errors, relative to the largest entry of a matrix, are no violation. */
export const ROUNDING = 1e-9;

/** All inequalities of a problem, with their tolerance. */
export class Limits {
  readonly scale: Readonly<Record<Side, number>>;
  /**
   * Largest allowed cost of projecting all violations: increase of the residual sum of squares / variance of
   * the noise. If every entry were at its limit, noise would violate half of the limits, and in one of twenty
   * data sets the cost would exceed this.
   */
  readonly budget: number;
  readonly #names: Names;
  readonly #n: number;

  /**
   * @param cost cost of projecting all violations
   * @param allowance allowed violation in standard deviations of the entries of S or C because of the noise
   *   in the data
   * @param noise standard deviation of the noise in the data
   */
  constructor(
    readonly space: RotationSpace,
    readonly limits: readonly Limit[],
    readonly conditions: readonly Condition[],
    readonly cost: ViolationCost,
    readonly allowance: number,
    readonly noise: number,
  ) {
    this.#n = space.n;
    const N = space.n * (space.rows + space.columns);
    this.budget = (N / 2 + 1.645 * Math.sqrt(1.25 * N)) * (allowance / noiseAllowance(N)) ** 2;
    this.#names = new Names(space);
    this.scale = { C: largestOf(space.C) || 1, S: largestOf(space.S) || 1 };
  }

  /** These limits and additional ones. */
  with(further: readonly Limit[]): Limits {
    const { space, limits, conditions, cost, allowance, noise } = this;
    return new Limits(space, [...limits, ...further], conditions, cost, allowance, noise);
  }

  /** Number of inequalities of the search; it increases with `admit`. */
  get count(): number {
    let count = this.conditions.length + this.#names.count + 1;
    for (const { working, low, high } of this.limits) {
      for (const i of working) count += (at(low, i) > -Infinity ? 1 : 0) + (at(high, i) < Infinity ? 1 : 0);
    }
    return count;
  }

  /** Allowed violation of the entries of a component: `allowance` standard errors, and rounding. */
  tolerance(side: Side, component: number, rotation: Rotation): number {
    const noise = this.allowance * this.noise * Math.sqrt(this.#variance(side, component, rotation));
    return noise + ROUNDING * this.scale[side];
  }

  #tolerance({ side, component, exact }: Limit, rotation: Rotation): number {
    return exact ? ROUNDING * this.scale[side] : this.tolerance(side, component, rotation);
  }

  /** Fills g with the inequalities in units of the largest entry of the matrix; satisfied where g >= 0. */
  evaluate(rotation: Rotation, g: Float64Array): void {
    const n = this.#n;
    this.#names.evaluate(rotation, g);
    let next = this.#names.count;
    for (const limit of this.limits) {
      const { side, component, points, low, high, working } = limit;
      const tolerance = this.#tolerance(limit, rotation);
      const unit = 1 / this.scale[side];
      for (const i of working) {
        const value = entry(points, i, rotation, side, component, n);
        const [lowest, highest] = [at(low, i), at(high, i)];
        if (lowest > -Infinity) g[next++] = (value - lowest + tolerance) * unit;
        if (highest < Infinity) g[next++] = (highest - value + tolerance) * unit;
      }
    }
    g[next++] = this.#isExact ? 1 : 1 - Math.sqrt(this.cost.at(rotation) / this.budget) / this.noise;
    if (this.conditions.length > 0) {
      const values = this.conditionValues(rotation);
      for (const value of values) g[next++] = value;
    }
  }

  /**
   * Fills the gradients of all inequalities except the conditions with respect to the unknowns, one row each.
   */
  differentiate(rotation: Rotation, jacobian: Float64Array): void {
    const n = this.#n;
    const { unknowns } = this.space;
    this.#names.differentiate(rotation, jacobian);
    let next = this.#names.count;
    const vector = new Float64Array(n);
    for (const limit of this.limits) {
      const { side, component, points, low, high, working } = limit;
      const unit = 1 / this.scale[side];
      const slack = this.#toleranceSlope(limit, rotation);
      for (const i of working) {
        for (const [bound, sign] of [
          [at(low, i), 1],
          [-at(high, i), -1],
        ]) {
          if (bound === -Infinity) continue;
          for (let j = 0; j < n; j++) vector[j] = unit * (sign * points[i * n + j] + slack[j]);
          this.space.entrySlope(
            side,
            component,
            rotation,
            vector,
            jacobian.subarray(next * unknowns, (next + 1) * unknowns),
          );
          next++;
        }
      }
    }
    this.#differentiateCost(rotation, jacobian.subarray(next * unknowns, (next + 1) * unknowns));
  }

  get #isExact(): boolean {
    return !(this.allowance * this.noise > 0);
  }

  #differentiateCost(rotation: Rotation, out: Float64Array): void {
    out.fill(0);
    if (this.#isExact) return;
    const dT = new Float64Array(this.#n ** 2);
    const dV = new Float64Array(this.#n ** 2);
    const allowed = this.budget * this.noise ** 2;
    const cost = this.cost.at(rotation, dT, dV);
    if (cost === 0) return;
    const factor = -0.5 / Math.sqrt(cost * allowed);
    this.space.pullBack(
      rotation,
      dT.map((v) => v * factor),
      dV.map((v) => v * factor),
      out,
    );
  }

  /** The conditions as inequalities, with the same tolerance as single entries. */
  conditionValues(rotation: Rotation): number[] {
    const C = this.space.concentrations(rotation);
    const S = this.space.spectra(rotation);
    return this.conditions.map(({ side, violation, atResult }) => {
      let tolerance = 0;
      for (let k = 0; k < this.#n; k++) tolerance = Math.max(tolerance, this.tolerance(side, k, rotation));
      return Math.max(atResult, tolerance / this.scale[side]) - violation(C, S);
    });
  }

  /** Adds the points with the largest violation to the working set; false if there is no violation. */
  admit(rotation: Rotation, beyond: number): boolean {
    let found = false;
    for (const limit of this.limits) {
      const { side, component, points, low, high, working } = limit;
      const tolerance = this.#tolerance(limit, rotation);
      let worst = -beyond * this.scale[side];
      let chosen = -1;
      const count = points.length / this.#n;
      for (let i = 0; i < count; i++) {
        const value = entry(points, i, rotation, side, component, this.#n);
        const margin = Math.min(value - at(low, i), at(high, i) - value) + tolerance;
        if (margin < worst && !working.includes(i)) {
          worst = margin;
          chosen = i;
        }
      }
      if (chosen >= 0) {
        working.push(chosen);
        found = true;
      }
    }
    return found;
  }

  /** Clips entries to their limits, in place. */
  clip(factors: { readonly C: Float64Array; readonly S: Float64Array }): void {
    const { n, columns } = this.space;
    for (const { side, component, points, low, high } of this.limits) {
      const values = factors[side];
      const length = side === "C" ? this.space.rows : columns;
      // Limits on combinations of entries have other points.
      if (points.length !== length * n || typeof low === "number" || typeof high === "number") continue;
      for (let i = 0; i < length; i++) {
        const where = side === "C" ? i * n + component : component * columns + i;
        values[where] = Math.min(high[i], Math.max(low[i], values[where]));
      }
    }
  }

  #variance(side: Side, component: number, rotation: Rotation): number {
    const n = this.#n;
    const product = this.#covarianceTimes(side, component, rotation);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      sum += product[i] * (side === "S" ? rotation.T[component * n + i] : rotation.V[i * n + component]);
    }
    return Math.max(0, sum);
  }

  /** Gradient of the tolerance with respect to its row of T or column of V. */
  #toleranceSlope({ side, component, exact }: Limit, rotation: Rotation): Float64Array {
    const n = this.#n;
    const slope = new Float64Array(n);
    const deviation = exact ? 0 : Math.sqrt(this.#variance(side, component, rotation));
    if (!(deviation > 0)) return slope;
    const factor = (this.allowance * this.noise) / deviation;
    const product = this.#covarianceTimes(side, component, rotation);
    for (let i = 0; i < n; i++) slope[i] = factor * product[i];
    return slope;
  }

  #covarianceTimes(side: Side, component: number, { T, V }: Rotation): Float64Array {
    const n = this.#n;
    const covariance = side === "S" ? this.space.covarianceS : this.space.covarianceC;
    const out = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        out[i] += covariance[i * n + j] * (side === "S" ? T[component * n + j] : V[j * n + component]);
      }
    }
    return out;
  }
}

/**
 * Extreme points of a cloud in many directions. A linear inequality that holds at these points, with any
 * coefficients, holds approximately at all others.
 *
 * @param points shape [count, n]
 * @param gram sum of the outer products of the points, shape [n, n]; directions are isotropic after whitening
 *   with it
 */
export function supportPoints(points: Float64Array, n: number, gram: Float64Array): number[] {
  const factor = gram.slice();
  for (let i = 0; i < n; i++) factor[i * n + i] *= 1 + 1e-9;
  const round = choleskyFactor(factor, n);
  const count = points.length / n;
  const draw = random(1);
  const direction = new Float64Array(n);
  const found = new Set<number>();
  for (let k = 0; k < 40 * n; k++) {
    for (let i = 0; i < n; i++) direction[i] = draw.normal();
    // The direction is multiplied by L^-T.
    for (let i = n - 1; round && i >= 0; i--) {
      for (let j = i + 1; j < n; j++) direction[i] -= factor[j * n + i] * direction[j];
      direction[i] /= factor[i * n + i];
    }
    let lowest = Number.POSITIVE_INFINITY;
    let chosen = 0;
    for (let i = 0; i < count; i++) {
      let value = 0;
      for (let j = 0; j < n; j++) value += direction[j] * points[i * n + j];
      if (value < lowest) {
        lowest = value;
        chosen = i;
      }
    }
    found.add(chosen);
  }
  return [...found];
}

/** Quantile that the maximum of N standard normal numbers exceeds in 1 of 20 cases (Mills' ratio, to 1 %). */
export function noiseAllowance(N: number): number {
  const rarity = (20 * N) / Math.sqrt(2 * Math.PI);
  let z = 3;
  for (let k = 0; k < 20; k++) z = Math.sqrt(2 * Math.log(rarity / z));
  return z;
}

function entry(
  points: Float64Array,
  i: number,
  { T, V }: Rotation,
  side: Side,
  component: number,
  n: number,
): number {
  let value = 0;
  if (side === "S") for (let j = 0; j < n; j++) value += points[i * n + j] * T[component * n + j];
  else for (let j = 0; j < n; j++) value += points[i * n + j] * V[j * n + component];
  return value;
}

function at(bound: Float64Array | number, i: number): number {
  return typeof bound === "number" ? bound : bound[i];
}
