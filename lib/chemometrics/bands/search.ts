// Search for extremes among the rotations that satisfy the limits, from many starts; each solution is a start
// for later searches.
import { type ConstrainedProblem, constrainedMinimum } from "../../compute/solvers/constrained-minimum.js";
import type { Limit, Limits } from "./limits.js";
import type { Objective } from "./objectives.js";
import type { Rotation, RotationSpace } from "./rotation.js";

/** Unknowns beyond this are unbounded: the spectrum would be 100 times a difference of the other spectra. */
const FARTHEST = 100;

/** Smaller violations, relative to the largest entry of a matrix, are rounding errors of the solver. */
const SATISFIED = 1e-7;

/** Relative accuracies of extremes that are reported, and of those that only outline a band. */
const FINE = 1e-7;
export const ROUGH = 1e-4;

/** Step of numerical derivatives. */
const STEP = 1e-6;

/** Number of solutions far from each other from which the end of a range is searched. */
const FAR_STARTS = 8;

/** A rotation that satisfies the limits, and the value of the objective. */
export interface Found {
  readonly x: Float64Array;
  readonly value: number;
}

/** The end of a range. */
export interface End extends Found {
  /** Number of searches from different solutions, and how many of them ended there. */
  readonly searches: number;
  readonly agreeing: number;
}

/** Finds extremes of objectives, and keeps all solutions. */
export class Search {
  /** The unknowns of all solutions found; the first is the result itself. */
  readonly solutions: Float64Array[];
  /** Whether a solution reached `FARTHEST`, so that the constraints do not bound the ambiguity. */
  unbounded = false;
  readonly #rotation: Rotation;

  constructor(
    readonly space: RotationSpace,
    readonly limits: Limits,
  ) {
    this.solutions = [new Float64Array(space.unknowns)];
    this.#rotation = space.empty();
  }

  /**
   * The smallest value of an objective, from the best `nBest` solutions so far and from `starts`.
   *
   * @param accuracy relative; a lower accuracy is sufficient for outlines and starts
   */
  minimum(
    objective: Objective,
    starts: readonly Float64Array[] = [],
    nBest = 2,
    accuracy: number = FINE,
  ): Found {
    const ranked = this.solutions
      .map((x) => ({ x, value: this.#valueAt(objective, x) }))
      .sort((a, b) => a.value - b.value);
    let best: Found = ranked[0];
    const tried = [...spread(ranked, nBest).map((r) => r.x), ...starts];
    for (const start of tried) {
      const x = this.#descend(objective, start, accuracy);
      if (!x) continue;
      const value = this.#valueAt(objective, x);
      if (value < best.value) best = { x, value };
    }
    return best;
  }

  /**
   * The smallest value of an objective that has several local minima: from solutions far from each other, and
   * from the best ones.
   *
   * @param nBest as in `minimum`
   * @param tolerance searches agree if their values differ by less
   */
  end(objective: Objective, nBest: number, tolerance: number): End {
    const ends: Found[] = [];
    for (const start of this.#farApart(FAR_STARTS)) {
      const x = this.#descend(objective, start, ROUGH);
      if (x) ends.push({ x, value: this.#valueAt(objective, x) });
    }
    const found = this.minimum(objective, [], this.space.n > 1 ? nBest : 0);
    const agreeing = ends.filter(({ value }) => value - found.value < tolerance).length;
    return { ...found, searches: ends.length, agreeing };
  }

  /**
   * Solutions far from each other, the first of them far from the result. Unknowns are compared by their
   * arctangent: beyond 1 all are about equally far.
   */
  #farApart(count: number): Float64Array[] {
    const places = this.solutions.map((x) => x.map(Math.atan));
    return farApart(places, count + 1, 1e-3)
      .slice(1)
      .map((i) => this.solutions[i]);
  }

  /**
   * The smallest value under additional limits. The solution satisfies the limits of the search, and the
   * additional ones to the accuracy of the solver. Null where none was found.
   */
  along(objective: Objective, further: readonly Limit[], start: Float64Array): Float64Array | null {
    return this.#descend(objective, start, ROUGH, this.limits.with(further));
  }

  /** A rotation as n x n numbers. */
  rotation(x: Float64Array): Rotation {
    const rotation = this.space.empty();
    this.space.set(x, rotation);
    return rotation;
  }

  /** Whether a rotation satisfies the limits of all points in use. */
  allows(x: Float64Array): boolean {
    if (!this.space.set(x, this.#rotation)) return false;
    const g = new Float64Array(this.limits.count);
    this.limits.evaluate(this.#rotation, g);
    return g.every((v) => v >= -SATISFIED) && x.every((v) => Math.abs(v) <= FARTHEST);
  }

  /** A local solution from a start that satisfies every limit; null where none was found. */
  #descend(
    objective: Objective,
    start: Float64Array,
    accuracy: number,
    limits = this.limits,
  ): Float64Array | null {
    let x = start;
    for (let round = 0; round < 20; round++) {
      x = constrainedMinimum(new RotationProblem(this.space, limits, objective), x, {
        accuracy,
        iterations: accuracy === FINE ? 60 : 20,
      }).x;
      if (!this.space.set(x, this.#rotation) || !this.limits.admit(this.#rotation, SATISFIED / 2)) break;
    }
    const kept = this.#pullInside(x);
    if (kept) {
      this.solutions.push(kept);
      this.unbounded ||= kept.some((v) => Math.abs(v) > 0.98 * FARTHEST);
    }
    return kept;
  }

  /** The nearest rotation on the line to the result that satisfies every limit of every point. */
  #pullInside(x: Float64Array): Float64Array | null {
    const on = (share: number): Float64Array => x.map((v) => v * (1 - share));
    for (let round = 0; round < 20; round++) {
      let [inside, outside] = [1, 0];
      if (this.allows(x)) inside = 0;
      else {
        // Violations are of the order of the accuracy of the solver, so the search begins nearby.
        for (let share = 1e-9; share < 1; share *= 8) {
          if (this.allows(on(share))) {
            inside = share;
            break;
          }
          outside = share;
        }
        for (let k = 0; k < 12 && inside > 0; k++) {
          const middle = (inside + outside) / 2;
          if (this.allows(on(middle))) inside = middle;
          else outside = middle;
        }
      }
      if (inside === 1) return null;
      const kept = on(inside);
      this.space.set(kept, this.#rotation);
      if (!this.limits.admit(this.#rotation, SATISFIED)) return kept;
    }
    return null;
  }

  #valueAt(objective: Objective, x: Float64Array): number {
    this.space.set(x, this.#rotation);
    return objective.value(this.#rotation);
  }
}

/**
 * Indices of points that are far from each other: the first one, and then always the point that is farthest
 * from all others.
 *
 * @param least smallest squared distance
 */
export function farApart(points: readonly Float64Array[], count: number, least: number): number[] {
  const chosen: number[] = [];
  const distance = new Float64Array(points.length).fill(Number.POSITIVE_INFINITY);
  let next = 0;
  while (chosen.length < Math.min(count, points.length) && distance[next] > least) {
    chosen.push(next);
    const last = points[next];
    points.forEach((point, i) => {
      const square = point.reduce((sum, v, j) => sum + (v - last[j]) ** 2, 0);
      distance[i] = Math.min(distance[i], square);
      if (distance[i] > distance[next]) next = i;
    });
  }
  return chosen;
}

/** The first rotation, and others that are not nearly equal to earlier ones. */
function spread(ranked: readonly Found[], count: number): Found[] {
  const chosen: Found[] = [];
  for (const candidate of ranked) {
    if (chosen.length >= count) break;
    const near = chosen.some(({ x }) => x.every((v, i) => Math.abs(v - candidate.x[i]) < 1e-3));
    if (!near) chosen.push(candidate);
  }
  return chosen;
}

/** An objective under the limits, in the form of the optimizer. */
class RotationProblem implements ConstrainedProblem {
  readonly unknowns: number;
  readonly inequalities: number;
  readonly #rotation: Rotation;
  readonly #dT: Float64Array;
  readonly #dV: Float64Array;
  readonly #nLimits: number;

  constructor(
    readonly space: RotationSpace,
    readonly limits: Limits,
    readonly objective: Objective,
  ) {
    this.unknowns = space.unknowns;
    this.#nLimits = limits.count;
    this.inequalities = this.#nLimits + space.unknowns;
    this.#rotation = space.empty();
    this.#dT = new Float64Array(space.n ** 2);
    this.#dV = new Float64Array(space.n ** 2);
  }

  evaluate(x: Float64Array, g: Float64Array): number {
    if (!this.space.set(x, this.#rotation)) return Number.POSITIVE_INFINITY;
    this.limits.evaluate(this.#rotation, g);
    for (let i = 0; i < x.length; i++) g[this.#nLimits + i] = 1 - (x[i] / FARTHEST) ** 2;
    return this.objective.value(this.#rotation);
  }

  differentiate(x: Float64Array, gradient: Float64Array, jacobian: Float64Array): void {
    const rotation = this.#rotation;
    const { unknowns } = this;
    this.space.set(x, rotation);
    this.limits.differentiate(rotation, jacobian);
    jacobian.fill(0, this.#nLimits * unknowns);
    for (let i = 0; i < unknowns; i++) {
      jacobian[(this.#nLimits + i) * unknowns + i] = (-2 * x[i]) / FARTHEST ** 2;
    }
    if (this.objective.addGradient) {
      this.#dT.fill(0);
      this.#dV.fill(0);
      this.objective.addGradient(rotation, this.#dT, this.#dV);
      this.space.pullBack(rotation, this.#dT, this.#dV, gradient);
    }
    this.#differentiateNumerically(x, gradient, jacobian);
  }

  /** Numerical derivatives of additional quantities and conditions. */
  #differentiateNumerically(x: Float64Array, gradient: Float64Array, jacobian: Float64Array): void {
    const { conditions } = this.limits;
    const isNumeric = this.objective.addGradient === undefined;
    if (!isNumeric && conditions.length === 0) return;
    const from = this.#nLimits - conditions.length;
    const at = (): number[] => [
      ...(isNumeric ? [this.objective.value(this.#rotation)] : []),
      ...(conditions.length > 0 ? this.limits.conditionValues(this.#rotation) : []),
    ];
    const here = at();
    for (let i = 0; i < x.length; i++) {
      const middle = x[i];
      const ends = [STEP, -STEP].map((step) => {
        x[i] = middle + step;
        return this.space.set(x, this.#rotation) ? at() : here;
      });
      x[i] = middle;
      const slopes = ends[0].map((v, k) => (v - ends[1][k]) / (2 * STEP));
      if (isNumeric) gradient[i] = slopes.shift() as number;
      slopes.forEach((v, c) => {
        jacobian[(from + c) * this.unknowns + i] = v;
      });
    }
    this.space.set(x, this.#rotation);
  }
}
