// Start of MCR-ALS: given spectra or concentrations, or an initial estimate, with known values inserted.
import { ArgumentError, quote, ShapeError } from "../../errors.js";
import { finiteMatrix, largestOf, refuseUnusualSize, wholeNumber } from "../checks.js";
import { RowFit } from "../fit/row-fit.js";
import type { Floats } from "../products.js";
import { isClosed } from "./constraints/closure.js";
import { ConstraintSet } from "./constraints/constraint-set.js";
import { knownSpectra } from "./constraints/fixed.js";
import type { McrConstraints } from "./constraints/index.js";
import type { Problem } from "./constraints/problem.js";
import type { Data } from "./data.js";
import { initialEstimates } from "./initial/index.js";
import type { McrAlsOptions } from "./mcr-options.js";
import { inPlaces, orderOfAppearance } from "./order.js";

/** A start for the components that D can resolve. */
export interface Start {
  /** `places`: the requested components that are resolved; fewer if the rank of D is lower. */
  readonly problem: Problem;
  readonly constraints: ConstraintSet;
  /** Shape [rows, n]; zeros where the start is spectra. */
  readonly C: Float64Array;
  /** Shape [n, columns]; zeros where the start is concentrations. */
  readonly S: Float64Array;
  /** Whether components must still be put in order of appearance. */
  readonly unordered: boolean;
}

/** Data without missing values, for estimates. */
export interface CompleteData {
  readonly D: Floats;
  /** Its n leading right singular vectors. */
  readonly subspace: (n: number) => Float64Array;
}

const FEWER = "there cannot be more components than spectra or energies";

/**
 * Checks `components` or `initial`, and the constraints.
 *
 * @param given the requested constraints
 * @param complete called if an estimate is needed
 * @throws ArgumentError, ShapeError, DataError as `mcrAls`
 */
export function readStart(
  data: Data,
  options: McrAlsOptions,
  given: McrConstraints,
  complete: (n: number) => CompleteData,
): Start {
  const { components, initial } = options;
  if ((components === undefined) === (initial === undefined)) {
    throw new ArgumentError(
      `mcrAls: expected either components (a number) or initial (spectra), got ${initial ? "both" : "neither"}`,
      { components },
    );
  }
  return initial === undefined ? estimated(data, options, given, complete) : fromGiven(data, options, given);
}

function problemOf(data: Data, wanted: number, active: readonly number[]): Problem {
  const { rows, columns, rowBounds, columnBounds } = data;
  const places = Array.from({ length: wanted }, (_, j) => active.indexOf(j));
  return { rows, columns, rowBounds, columnBounds, wanted, places, n: active.length };
}

function allOf(n: number): number[] {
  return Array.from({ length: n }, (_, j) => j);
}

function fromGiven(data: Data, options: McrAlsOptions, given: McrConstraints): Start {
  const { rows, columns } = data;
  const ofC = options.first === "S";
  const start = finiteMatrix(options.initial as NonNullable<McrAlsOptions["initial"]>, "mcrAls", "initial");
  const [length, expected] = ofC ? [start.rows, rows] : [start.columns, columns];
  if (length !== expected) {
    throw new ShapeError(
      ofC
        ? `mcrAls: expected initial concentrations with ${rows} rows as D has, got ${length}; ` +
            'with first: "S" initial is [nSpectra, nComponents]'
        : `mcrAls: expected initial spectra with ${columns} energies as D has, got ${length}; ` +
            "initial is [nComponents, nEnergies]",
      { expected, got: length },
    );
  }
  // Each profile is checked separately: beside one of the order of 1, one of 1e-200 would count as absent.
  for (let j = 0; j < (ofC ? start.columns : start.rows); j++) {
    const own = ofC
      ? start.data.filter((_, at) => at % start.columns === j)
      : start.data.subarray(j * columns, (j + 1) * columns);
    refuseUnusualSize(largestOf(own), "mcrAls", "initial");
  }
  const count = ofC ? start.columns : start.rows;
  const what = `the number of ${ofC ? "profiles" : "spectra"} in initial`;
  const n = wholeNumber(count, Math.min(rows, columns), "mcrAls", what, FEWER);
  const problem = problemOf(data, n, allOf(n));
  const constraints = new ConstraintSet(given, problem);
  const known = constraints.linear[ofC ? "C" : "S"].known;
  known?.forEach((v, at) => {
    if (!Number.isNaN(v)) start.data[at] = v;
  });
  const C = ofC ? start.data : new Float64Array(rows * n);
  const S = ofC ? new Float64Array(n * columns) : start.data;
  return { problem, constraints, C, S, unordered: false };
}

function estimated(
  data: Data,
  options: McrAlsOptions,
  given: McrConstraints,
  complete: (n: number) => CompleteData,
): Start {
  const { estimate = "purest-rows", noise = 0.1, seed = 1 } = options;
  const { rows, columns } = data;
  const wanted = wholeNumber(options.components, Math.min(rows, columns), "mcrAls", "components", FEWER);
  if (!Object.hasOwn(initialEstimates, estimate)) {
    const names = Object.keys(initialEstimates).map(quote).join(", ");
    throw new ArgumentError(`mcrAls: expected estimate to be one of ${names}, got ${quote(estimate)}`, {
      option: "estimate",
      value: estimate,
    });
  }
  if (!(noise >= 0 && noise < 1)) {
    throw new ArgumentError(`mcrAls: expected noise to be a fraction from 0 to 1, got ${quote(noise)}`, {
      option: "noise",
      value: noise,
    });
  }
  if (!Number.isInteger(seed)) {
    throw new ArgumentError(`mcrAls: expected seed to be a whole number, got ${quote(seed)}`, {
      option: "seed",
      value: seed,
    });
  }
  // Options are checked before the computation of an estimate.
  const all = problemOf(data, wanted, allOf(wanted));
  new ConstraintSet(given, all);
  const known = knownSpectra(given.fixed, all);
  const closure = isClosed(given.closure, wanted);
  const { D, subspace } = complete(wanted);
  const find = initialEstimates[estimate];
  const found = find({ D, rows, columns, n: wanted, closure, noise, seed, subspace: () => subspace(wanted) });
  const { active, S } = withKnown(found, known, wanted, columns);
  const problem = problemOf(data, wanted, active);
  const constraints = new ConstraintSet(given, problem);
  const n = active.length;
  const C = new Float64Array(rows * n);
  if (!constraints.named) return { problem, constraints, C, S, unordered: true };
  // Constraints count components in order of appearance, which is fixed here.
  new RowFit(n, columns, { nonNegative: true, closure }).use(S).fitMany(D, rows, C);
  const order = orderOfAppearance(C, rows, n, fixedPlaces(known, problem), data.rowBounds);
  const sorted = inPlaces(S, n, columns, order, allOf(n), n, "rows");
  return { problem, constraints, C: C.fill(0), S: sorted, unordered: false };
}

/** Places whose spectrum is known at least in part, and which keep their index. */
export function fixedPlaces(known: Float64Array | null, { places, columns, n }: Problem): boolean[] {
  const out = new Array<boolean>(n).fill(false);
  places.forEach((place, j) => {
    if (known && place >= 0) out[place] = !known.subarray(j * columns, (j + 1) * columns).every(Number.isNaN);
  });
  return out;
}

/**
 * Known spectra at their index, each instead of the most similar estimate; the other estimates take the
 * remaining places.
 */
function withKnown(
  found: Float64Array,
  known: Float64Array | null,
  n: number,
  columns: number,
): { active: readonly number[]; S: Float64Array } {
  const left = Array.from({ length: found.length / columns }, (_, j) => j);
  const rowOf = (a: Float64Array, j: number): Float64Array => a.subarray(j * columns, (j + 1) * columns);
  const isKnown = (j: number): boolean => known !== null && !rowOf(known, j).every(Number.isNaN);
  const source = new Int32Array(n).fill(-1);
  for (let j = 0; j < n; j++) {
    if (known && isKnown(j)) source[j] = takeNearest(left, rowOf(known, j), found);
  }
  for (let j = 0; j < n; j++) if (!isKnown(j)) source[j] = left.shift() ?? -1;
  const active = Array.from(source.keys()).filter((j) => source[j] >= 0 || isKnown(j));
  const S = new Float64Array(active.length * columns);
  active.forEach((j, place) => {
    for (let k = 0; k < columns; k++) {
      const value = known ? known[j * columns + k] : Number.NaN;
      const start = source[j] >= 0 ? found[source[j] * columns + k] : 0;
      S[place * columns + k] = Number.isNaN(value) ? start : value;
    }
  });
  return { active, S };
}

/** Removes and returns the remaining estimate closest to a known spectrum; -1 where none remains. */
function takeNearest(left: number[], spectrum: Float64Array, found: Float64Array): number {
  let nearest = -1;
  let least = Number.POSITIVE_INFINITY;
  left.forEach((candidate, at) => {
    let distance = 0;
    spectrum.forEach((v, k) => {
      if (!Number.isNaN(v)) distance += (v - found[candidate * spectrum.length + k]) ** 2;
    });
    if (distance < least) {
      least = distance;
      nearest = at;
    }
  });
  return nearest < 0 ? -1 : left.splice(nearest, 1)[0];
}
