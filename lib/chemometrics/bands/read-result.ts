// From a result of MCR-ALS to the inequalities of all equivalent solutions.

import type { Matrix } from "ml-matrix";
import { toFlat } from "../../compute/matrix.js";
import { ArgumentError, DataError, quote, ShapeError } from "../../errors.js";
import { largestOf } from "../checks.js";
import { ConstraintSet } from "../mcr/constraints/constraint-set.js";
import {
  type ConstraintName,
  constraints,
  type KineticFound,
  type KineticOptions,
  type McrConstraints,
} from "../mcr/constraints/index.js";
import type { Linear } from "../mcr/constraints/linear.js";
import type { Problem, Side } from "../mcr/constraints/problem.js";
import { dot } from "../products.js";
import { type Condition, type Limit, Limits, noiseAllowance, ROUNDING, supportPoints } from "./limits.js";
import { RotationSpace } from "./rotation.js";
import { type EntryBounds, ViolationCost } from "./violation-cost.js";

/** The fields of a result of `mcrAls` that `feasibleBands` uses. */
export interface Resolved {
  /** Shape [nSpectra, nComponents]. */
  readonly C: Matrix;
  /** Shape [nComponents, nEnergies]. */
  readonly S: Matrix;
  /** In % of the data. */
  readonly lackOfFit: { readonly experimental: number };
  /** As given to `mcrAls`; if undefined its defaults: both non-negative, and closure. */
  readonly constraints?: McrConstraints;
  /** Components that no spectrum contains; they are left out. */
  readonly vanished?: readonly number[];
  /** What constraints found: the rates of `kinetic` are starting values. */
  readonly found?: Readonly<Record<string, unknown>>;
  /** The parts of a multiset. */
  readonly blocks?: { readonly C: readonly Matrix[]; readonly S: readonly Matrix[] };
}

/** A result without the components that vanished. */
export interface Reading {
  readonly space: RotationSpace;
  readonly limits: Limits;
  /** Remaining components, by their index in the result. */
  readonly present: readonly number[];
  /** First row of each block, and the number of rows. */
  readonly rowBounds: readonly number[];
  readonly columnBounds: readonly number[];
  /**
   * Factor that each spectrum of the result was divided by to get those of `space`; C was multiplied by it.
   */
  readonly scales: Float64Array;
}

/** Constraints that are limits on single entries or scales, and not conditions on whole profiles. */
const BY_ENTRY: readonly ConstraintName[] = ["nonNegative", "zero", "fixed", "closure", "norm"];

/**
 * Reads a result.
 *
 * @param tolerance standard errors by which an entry may violate its limit; undefined: the number that noise
 *   exceeds at some true zero in one of twenty data sets
 * @param noise standard deviation of the data; undefined: from the lack of fit
 */
export function readResult(result: Resolved, tolerance?: number, noise?: number): Reading {
  if (typeof result !== "object" || result === null || !result.C || !result.S || !result.lackOfFit) {
    throw new ArgumentError(`feasibleBands: expected a result of mcrAls, got ${quote(result)}`);
  }
  const C = toFlat(result.C, "feasibleBands");
  const S = toFlat(result.S, "feasibleBands");
  const wanted = C.columns;
  if (S.rows !== wanted) {
    throw new ShapeError(
      `feasibleBands: expected as many spectra in S as columns in C, got ${S.rows} and ${wanted}; give the result of mcrAls without changes`,
      { expected: wanted, got: S.rows },
    );
  }
  const { rows } = C;
  const { columns } = S;
  const absent = result.vanished ?? [];
  const present = Array.from({ length: wanted }, (_, j) => j).filter((j) => !absent.includes(j));
  const n = present.length;
  if (n === 0)
    throw new DataError("feasibleBands: expected at least one component, got only components that vanished");
  const problem: Problem = {
    rows,
    columns,
    wanted,
    n,
    places: Array.from({ length: wanted }, (_, j) => present.indexOf(j)),
    rowBounds: result.blocks ? boundsOf(result.blocks.C.map((c) => c.rows)) : [0, rows],
    columnBounds: result.blocks ? boundsOf(result.blocks.S.map((s) => s.columns)) : [0, columns],
  };
  const given = asEqualities(withRates(result.constraints ?? {}, result.found));
  const set = new ConstraintSet(given, problem);
  const sums = set.linear.C.sums.filter(({ equal }) => equal);
  const closed = sums.some(({ members }) => members.length === n) || coversAll(sums, n);

  const ownC = pick(C.data, rows, wanted, present, "columns");
  const ownS = pick(S.data, wanted, columns, present, "rows");
  const scales = new Float64Array(n).fill(1);
  if (!closed) equalAreas(ownC, ownS, scales, rows, n, columns);
  const { experimental } = result.lackOfFit;
  if (experimental > 99.9 || largestOf(ownC) === 0 || largestOf(ownS) === 0) {
    throw new DataError(
      `feasibleBands: expected a result that explains something, got a lack of fit of ${experimental.toPrecision(4)} %; resolve again`,
      { lackOfFit: experimental },
    );
  }
  const space = new RotationSpace(ownC, ownS, rows, n, columns, closed);
  if (n > 1 && space.covarianceC.every((v) => v === 0)) {
    throw new DataError(
      "feasibleBands: expected spectra that differ, got components whose spectra depend on one another; resolve fewer components",
    );
  }
  const sigma = noise ?? noiseOf(space, experimental);
  const allowance = tolerance ?? noiseAllowance(n * (rows + columns));
  const transposed = new Float64Array(columns * n);
  for (let k = 0; k < columns; k++) for (let j = 0; j < n; j++) transposed[k * n + j] = ownS[j * columns + k];
  const limits = [
    ...entryLimits(set.linear.C, space, ownC, scales),
    ...entryLimits(set.linear.S, space, transposed, scales),
    ...sums.filter(({ members }) => members.length < n).flatMap(({ members }) => groupLimits(members, n)),
  ];
  const conditions = profileConditions(given, problem, space, scales);
  const { rowBounds, columnBounds } = problem;
  const rounding = { C: ROUNDING * largestOf(ownC), S: ROUNDING * largestOf(ownS) };
  const bounds = {
    C: boundsOfSide(set.linear.C, space, scales),
    S: boundsOfSide(set.linear.S, space, scales),
  };
  const cost = new ViolationCost(space, bounds, rounding, closed ? sums : []);
  return {
    space,
    limits: new Limits(space, limits, conditions, cost, allowance, sigma),
    present,
    rowBounds,
    columnBounds,
    scales,
  };
}

function boundsOf(lengths: readonly number[]): number[] {
  const out = [0];
  for (const length of lengths) out.push(out[out.length - 1] + length);
  return out;
}

/** Approximate variants of a constraint are replaced by the exact one. */
function asEqualities(given: McrConstraints): McrConstraints {
  const exact = (option: unknown, way: string): unknown =>
    JSON.parse(JSON.stringify(option ?? true), (_, v) => (v === way ? true : v));
  return {
    ...given,
    nonNegative: exact(given.nonNegative, "clip") as McrConstraints["nonNegative"],
    closure: exact(given.closure, "scale") as McrConstraints["closure"],
  };
}

/** Kinetic models with the rates of the result as starting values. */
function withRates(given: McrConstraints, found: Resolved["found"]): McrConstraints {
  const fitted = found?.kinetic as readonly KineticFound[] | undefined;
  if (given.kinetic === undefined || fitted === undefined) return given;
  const models = [given.kinetic].flat() as readonly KineticOptions[];
  return {
    ...given,
    kinetic: models.map((model, m) => ({ ...model, rates: fitted[m]?.rates ?? model.rates })),
  };
}

function coversAll(sums: readonly { members: readonly number[] }[], n: number): boolean {
  return sums.length > 0 && new Set(sums.flatMap(({ members }) => members)).size === n;
}

/** Without closure C and S have a free factor. Spectra of equal area remove it from the search. */
function equalAreas(
  C: Float64Array,
  S: Float64Array,
  scales: Float64Array,
  rows: number,
  n: number,
  columns: number,
): void {
  for (let j = 0; j < n; j++) {
    let area = 0;
    for (let k = 0; k < columns; k++) area += S[j * columns + k];
    const length = Math.sqrt(dot(S, j * columns, S, j * columns, columns));
    // The area of spectra with negative values may be near zero.
    scales[j] = area > 0.01 * length * Math.sqrt(columns) ? area / columns : length || 1;
    for (let k = 0; k < columns; k++) S[j * columns + k] /= scales[j];
    for (let i = 0; i < rows; i++) C[i * n + j] *= scales[j];
  }
}

/** Noise that explains the lack of fit: the residual sum of squares over its degrees of freedom. */
function noiseOf({ rows, n, columns, gramC, gramS }: RotationSpace, lackOfFit: number): number {
  const r = Math.min(lackOfFit / 100, 0.999);
  const product = dot(gramC, 0, gramS, 0, n * n);
  const residual = (product * r * r) / (1 - r * r);
  const freedom = rows * columns - n * (rows + columns) + n * n;
  return Math.sqrt(residual / Math.max(freedom, 1));
}

/** Limits on the entries of each component, as in the least squares of MCR-ALS; the result satisfies them. */
function entryLimits(
  linear: Linear,
  space: RotationSpace,
  points: Float64Array,
  scales: Float64Array,
): Limit[] {
  const { side } = linear;
  const { n, closed } = space;
  const values = side === "C" ? space.C : space.S;
  const support = supportPoints(points, n, side === "C" ? space.gramC : space.gramS);
  const out: Limit[] = [];
  for (let component = 0; component < n; component++) {
    const factor = side === "C" ? scales[component] : 1 / scales[component];
    const known: number[] = [];
    const low = new Float64Array(linear.length).fill(linear.lower[component] * factor);
    const high = new Float64Array(linear.length).fill(Number.POSITIVE_INFINITY);
    for (let i = 0; i < linear.length; i++) {
      const at = linear.at(i, component);
      const value = linear.known?.[at] ?? Number.NaN;
      if (Number.isNaN(value)) {
        high[i] = (linear.upper?.[at] ?? Number.POSITIVE_INFINITY) * factor;
      } else {
        known.push(i);
        // Without closure a known value determines the shape only, see below.
        if (closed || value === 0) low[i] = high[i] = value * factor;
      }
      low[i] = Math.min(low[i], values[at]);
      high[i] = Math.max(high[i], values[at]);
    }
    if (side === "S" && known.length === linear.length) {
      out.push(...unchanged(component, n));
      continue;
    }
    if (!closed) out.push(...ratioLimits(linear, component, known, points, n));
    const working = support.filter(
      (i) => low[i] > Number.NEGATIVE_INFINITY || high[i] < Number.POSITIVE_INFINITY,
    );
    if (low.some((v) => v > Number.NEGATIVE_INFINITY) || high.some((v) => v < Number.POSITIVE_INFINITY)) {
      out.push({ side, component, points, low, high, working });
    }
  }
  return out;
}

/**
 * The same limits for all components of an energy or a row; NaN where the rotation determines a known value.
 */
function boundsOfSide(
  linear: Linear,
  { C, S, n, columns, closed }: RotationSpace,
  scales: Float64Array,
): EntryBounds {
  const isC = linear.side === "C";
  const low = new Float64Array(linear.length * n);
  const high = new Float64Array(linear.length * n);
  for (let i = 0; i < linear.length; i++) {
    for (let j = 0; j < n; j++) {
      const factor = isC ? scales[j] : 1 / scales[j];
      const at = linear.at(i, j);
      const own = isC ? C[i * n + j] : S[j * columns + i];
      const known = linear.known?.[at] ?? Number.NaN;
      const isKnown = !Number.isNaN(known);
      const [least, most] = isKnown
        ? [known, known]
        : [linear.lower[j], linear.upper?.[at] ?? Number.POSITIVE_INFINITY];
      const stays = isKnown && !closed && known !== 0;
      low[i * n + j] = stays ? Number.NaN : Math.min(least * factor, own);
      high[i * n + j] = stays ? Number.NaN : Math.max(most * factor, own);
    }
  }
  return { low, high };
}

/** A spectrum that is completely known does not change. */
function unchanged(component: number, n: number): Limit[] {
  return Array.from({ length: n }, (_, j): Limit => {
    const points = new Float64Array(n);
    points[j] = 1;
    const value = j === component ? 1 : 0;
    return { side: "S", component, points, low: value, high: value, working: [0], exact: true };
  });
}

/** For known values of a component with free scale, the ratios to the largest one are known. */
function ratioLimits(
  linear: Linear,
  component: number,
  known: readonly number[],
  points: Float64Array,
  n: number,
): Limit[] {
  const knownAt = (i: number): number => linear.known?.[linear.at(i, component)] ?? 0;
  const nonZero = known.filter((i) => knownAt(i) !== 0);
  if (nonZero.length < 2) return [];
  const first = nonZero.reduce((a, b) => (Math.abs(knownAt(b)) > Math.abs(knownAt(a)) ? b : a));
  const others = nonZero.filter((i) => i !== first);
  const vectors = new Float64Array(others.length * n);
  others.forEach((i, row) => {
    const ratio = knownAt(i) / knownAt(first);
    for (let j = 0; j < n; j++) vectors[row * n + j] = points[i * n + j] - ratio * points[first * n + j];
  });
  const working = Array.from({ length: Math.min(others.length, 4 * n) }, (_, k) =>
    Math.floor((k * others.length) / Math.min(others.length, 4 * n)),
  );
  return [{ side: linear.side, component, points: vectors, low: 0, high: 0, working }];
}

/** Components of a closure group rotate only within the group. */
function groupLimits(members: readonly number[], n: number): Limit[] {
  const points = Float64Array.from({ length: n }, (_, j) => (members.includes(j) ? 1 : 0));
  return Array.from({ length: n }, (_, component): Limit => {
    const value = members.includes(component) ? 1 : 0;
    return { side: "S", component, points, low: value, high: value, working: [0], exact: true };
  });
}

/** Constraints on whole profiles, in C and in S separately. */
function profileConditions(
  given: McrConstraints,
  problem: Problem,
  space: RotationSpace,
  scales: Float64Array,
): Condition[] {
  const names = (Object.keys(constraints) as ConstraintName[]).filter((name) => !BY_ENTRY.includes(name));
  return names.flatMap((name) => {
    const active = constraints[name].read(given[name] as never, problem, given);
    if (!active) return [];
    return (["C", "S"] as const).flatMap((side: Side): Condition[] => {
      const away = active.distance ?? active.violation;
      const violation = (C: Float64Array, S: Float64Array): number =>
        away(side, unscaled(C, S, space, scales));
      const atResult = violation(space.C, space.S);
      return [{ name, side, violation, atResult }];
    });
  });
}

/** Copies of C and S with the scales of the result. */
export function unscaled(
  C: Float64Array,
  S: Float64Array,
  { n, columns }: RotationSpace,
  scales: Float64Array,
): { C: Float64Array; S: Float64Array } {
  if (scales.every((v) => v === 1)) return { C, S };
  return {
    C: C.map((v, at) => v / scales[at % n]),
    S: S.map((v, at) => v * scales[Math.floor(at / columns)]),
  };
}

function pick(
  data: Float64Array,
  rows: number,
  columns: number,
  chosen: readonly number[],
  axis: "rows" | "columns",
): Float64Array {
  if (axis === "rows") {
    const out = new Float64Array(chosen.length * columns);
    chosen.forEach((j, to) => {
      out.set(data.subarray(j * columns, (j + 1) * columns), to * columns);
    });
    return out;
  }
  const out = new Float64Array(rows * chosen.length);
  for (let i = 0; i < rows; i++) {
    chosen.forEach((j, to) => {
      out[i * chosen.length + to] = data[i * columns + j];
    });
  }
  return out;
}
