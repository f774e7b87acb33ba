// All constraints of a problem: those in the least squares, and those applied to its solution, in order.

import { BoundedLeastSquares } from "../../../compute/solvers/bounded.js";
import { ArgumentError, quote } from "../../../errors.js";
import { checkOptions, type OptionNames } from "../../../options.js";
import type { Active } from "./constraint.js";
import { type ConstraintName, constraints, type McrConstraints } from "./index.js";
import { Linear } from "./linear.js";
import type { Factors, Problem, Side } from "./problem.js";

/** Smaller violations are ignored when constraints are applied repeatedly. */
const SATISFIED = 1e-11;
/** Constraints are contradictory after this many rounds in which the violation does not decrease by 1 %. */
const STUCK = 200;

const NAMES = {
  ...Object.fromEntries(Object.keys(constraints).map((name) => [name, true])),
  order: true,
} as OptionNames<McrConstraints>;

/** All constraints of a problem, after checks. */
export class ConstraintSet {
  /** Names in the order of application; those in the least squares come first. */
  readonly order: readonly ConstraintName[];
  /** Constraints in the least squares. */
  readonly linear: Readonly<Record<Side, Linear>>;
  /** Places of components whose scale is fixed by a constraint. */
  readonly scaled: ReadonlySet<number>;
  /** Whether a constraint applies to particular components. */
  readonly named: boolean;
  readonly #active: ReadonlyMap<ConstraintName, Active>;
  readonly #applied: readonly Active[];
  readonly #projection: Record<Side, LinearProjection | null>;

  /**
   * @param given the requested constraints
   * @throws ArgumentError, ShapeError, DataError for invalid or contradictory constraints
   */
  constructor(
    given: McrConstraints,
    readonly problem: Problem,
  ) {
    const names = Object.keys(constraints) as ConstraintName[];
    checkOptions("mcrAls, constraints", given, NAMES);
    const sequence = readOrder(given.order, names);
    const active = new Map<ConstraintName, Active>();
    for (const name of sequence) {
      const read = constraints[name].read(given[name] as never, problem, given);
      if (read) active.set(name, read);
    }
    this.#active = active;
    const isApplied = (name: ConstraintName): boolean => active.get(name)?.apply !== undefined;
    const present = [...active.keys()];
    this.order = [...present.filter((name) => !isApplied(name)), ...present.filter(isApplied)];
    this.#applied = present.filter(isApplied).map((name) => active.get(name) as Active);
    this.named = present.some((name) => active.get(name)?.named);
    refuseTwoScales(active, problem);
    this.scaled = new Set([...active.values()].flatMap(({ scaled }) => scaled ?? []));
    const linear = (on: Side): Linear => {
      const out = new Linear(on, problem);
      for (const constraint of active.values()) constraint.linear?.(on, out);
      return out.check();
    };
    this.linear = { C: linear("C"), S: linear("S") };
    const projection = (on: Side): LinearProjection | null =>
      this.linear[on].isEmpty ? null : new LinearProjection(this.linear[on]);
    this.#projection = { C: projection("C"), S: projection("S") };
  }

  /** Whether a matrix changes after its least squares. */
  get worksAfterwards(): boolean {
    return this.#applied.length > 0;
  }

  /** Projects a matrix onto the constraints of the least squares. */
  project(side: Side, factors: Factors): void {
    this.#projection[side]?.run(factors[side]);
  }

  /**
   * Applies the constraints that follow the least squares to one matrix, in order, and repeats them with
   * those of the least squares until all hold or `rounds` are over.
   */
  apply(side: Side, factors: Factors, rounds: number): void {
    if (this.#applied.length === 0) return;
    let least = Number.POSITIVE_INFINITY;
    let since = 0;
    for (let round = 0; round < rounds && since < STUCK; round++) {
      if (round > 0) this.project(side, factors);
      for (const constraint of this.#applied) constraint.apply?.(side, factors);
      let worst = 0;
      for (const constraint of this.#active.values()) {
        worst = Math.max(worst, constraint.violation(side, factors));
      }
      if (worst <= SATISFIED) return;
      since = worst < 0.99 * least ? 0 : since + 1;
      least = Math.min(least, worst);
    }
  }

  /** Constraint violations of C and S, by name; 0 = satisfied. */
  violations(factors: Factors): Record<string, number> {
    const entries = this.order.map((name): [string, number] => {
      const constraint = this.#active.get(name) as Active;
      return [name, Math.max(constraint.violation("C", factors), constraint.violation("S", factors))];
    });
    return Object.fromEntries(entries);
  }

  /** Further results of constraints, by name. */
  found(): Record<string, unknown> {
    const entries = this.order.flatMap((name) => {
      const found = this.#active.get(name)?.found?.();
      return found === undefined ? [] : [[name, found] as const];
    });
    return Object.fromEntries(entries);
  }
}

/** Projects each row of C, or each energy of S, onto bounds, known values and sums. */
class LinearProjection {
  readonly #solver: BoundedLeastSquares;
  readonly #identity: Float64Array;

  constructor(readonly linear: Linear) {
    const { n } = linear.problem;
    this.#solver = new BoundedLeastSquares(n, linear.sums);
    this.#identity = new Float64Array(n * n);
    for (let j = 0; j < n; j++) this.#identity[j * n + j] = 1;
  }

  run(values: Float64Array): void {
    const { linear } = this;
    const { n } = linear.problem;
    const lower = new Float64Array(n);
    const upper = new Float64Array(n);
    const x = new Float64Array(n);
    const target = new Float64Array(n);
    for (let i = 0; i < linear.length; i++) {
      linear.bounds(i, lower, upper);
      for (let j = 0; j < n; j++) target[j] = values[linear.at(i, j)];
      this.#solver.solve(this.#identity, target, lower, upper, x);
      for (let j = 0; j < n; j++) values[linear.at(i, j)] = x[j];
    }
  }
}

function readOrder(
  order: readonly ConstraintName[] | undefined,
  names: readonly ConstraintName[],
): readonly ConstraintName[] {
  if (order === undefined) return names;
  const valid = Array.isArray(order) && order.every((name) => names.includes(name));
  if (!valid || new Set(order).size < order.length) {
    throw new ArgumentError(
      `mcrAls: expected constraints.order to be names out of ${names.join(", ")}, each once, got ${quote(order)}`,
      { option: "constraints.order", value: order },
    );
  }
  return [...order, ...names.filter((name) => !order.includes(name))];
}

/**
 * C and S of a component have one free factor, so its spectrum cannot have a fixed size if its concentrations
 * have a fixed sum.
 */
function refuseTwoScales(active: ReadonlyMap<ConstraintName, Active>, problem: Problem): void {
  const sizes = active.get("norm")?.scaled ?? [];
  for (const [name, { scaled = [] }] of active) {
    const both = name === "norm" ? undefined : sizes.find((place) => scaled.includes(place));
    if (both === undefined) continue;
    throw new ArgumentError(
      `mcrAls: expected norm for components whose scale is free, got component ${problem.places.indexOf(both)} ` +
        `in ${name} too; ${name === "closure" ? "set closure: false" : `leave it out of norm`}`,
      { option: "constraints.norm", other: name },
    );
  }
}
