// Where MCR-ALS starts from: given spectra or an estimate, with what is known put in its place.
import type { Flat } from "../compute/matrix.js";
import { ArgumentError, quote, ShapeError } from "../errors.js";
import { finiteMatrix, wholeNumber } from "./checks.js";
import { type ParsedConstraints, parseConstraints } from "./constraints.js";
import { initialEstimates } from "./initial/index.js";
import type { McrAlsOptions } from "./mcr-als.js";

/** A start for the components that D has room for. */
export interface Start {
  /** Number of components asked for. */
  readonly wanted: number;
  /** Those that are resolved, by their index among the ones asked for; fewer where D is made of fewer. */
  readonly active: readonly number[];
  /** Spectra, shape [active.length, columns]. */
  readonly S: Float64Array;
  /** One where an entry of S is known, same shape; null where none is. */
  readonly fixed: Uint8Array | null;
  readonly constraints: ParsedConstraints;
  /** Whether the spectra were estimated, so that their order means nothing. */
  readonly estimated: boolean;
}

const FEWER = "there cannot be more components than spectra or energies";

/**
 * Reads `components` or `initial`.
 *
 * @param subspace the n leading right singular vectors of D, for estimates that need them
 * @throws ArgumentError, ShapeError, DataError as `mcrAls` says
 */
export function readStart(D: Flat, options: McrAlsOptions, subspace: (n: number) => Float64Array): Start {
  const { components, initial } = options;
  if ((components === undefined) === (initial === undefined)) {
    throw new ArgumentError(
      `mcrAls: expected either components (a number) or initial (spectra), got ${initial ? "both" : "neither"}`,
      { components },
    );
  }
  const fixedS = options.fixedS ?? options.constraints?.fixed?.S;
  const given = { ...options.constraints, fixed: { S: fixedS } };
  return initial === undefined ? estimated(D, options, given, subspace) : fromSpectra(D, initial, given);
}

type Given = Parameters<typeof parseConstraints>[0];

function fromSpectra(D: Flat, initial: NonNullable<McrAlsOptions["initial"]>, given: Given): Start {
  const spectra = finiteMatrix(initial, "mcrAls", "initial");
  if (spectra.columns !== D.columns) {
    throw new ShapeError(
      `mcrAls: expected initial spectra with ${D.columns} energies as D has, got ${spectra.columns}; ` +
        `initial is [nComponents, nEnergies]`,
      { expected: D.columns, got: spectra.columns },
    );
  }
  const most = Math.min(D.rows, D.columns);
  const n = wholeNumber(spectra.rows, most, "mcrAls", "the number of spectra in initial", FEWER);
  const constraints = parseConstraints(given, n, D.columns);
  const S = spectra.data;
  constraints.known?.forEach((v, i) => {
    if (!Number.isNaN(v)) S[i] = v;
  });
  const active = Array.from({ length: n }, (_, j) => j);
  return { wanted: n, active, S, fixed: mask(constraints.known), constraints, estimated: false };
}

function estimated(
  D: Flat,
  options: McrAlsOptions,
  given: Given,
  subspace: (n: number) => Float64Array,
): Start {
  const { estimate = "purest-rows", noise = 0.1 } = options;
  const { rows, columns } = D;
  const n = wholeNumber(options.components, Math.min(rows, columns), "mcrAls", "components", FEWER);
  const constraints = parseConstraints(given, n, columns);
  if (!Object.hasOwn(initialEstimates, estimate)) {
    const names = Object.keys(initialEstimates).map(quote).join(", ");
    throw new ArgumentError(`mcrAls: expected estimate to be one of ${names}, got ${quote(estimate)}`, {
      option: "estimate",
      value: estimate,
    });
  }
  if (!(noise >= 0 && noise < 1)) {
    throw new ArgumentError(`mcrAls: expected noise to be a share from 0 to 1, got ${quote(noise)}`, {
      option: "noise",
      value: noise,
    });
  }
  const closure = constraints.closure !== false;
  const found = initialEstimates[estimate]({
    D: D.data,
    rows,
    columns,
    n,
    closure,
    noise,
    subspace: () => subspace(n),
  });
  return { wanted: n, constraints, estimated: true, ...withKnown(found, constraints.known, n, columns) };
}

/** Known spectra at their index, each in place of the estimate that it resembles most; the other estimates fill the gaps. */
function withKnown(
  found: Float64Array,
  known: Float64Array | null,
  n: number,
  columns: number,
): Pick<Start, "active" | "S" | "fixed"> {
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
  const knownS = known && new Float64Array(S.length);
  active.forEach((j, place) => {
    for (let k = 0; k < columns; k++) {
      const value = known ? known[j * columns + k] : Number.NaN;
      if (knownS) knownS[place * columns + k] = value;
      const start = source[j] >= 0 ? found[source[j] * columns + k] : 0;
      S[place * columns + k] = Number.isNaN(value) ? start : value;
    }
  });
  return { active, S, fixed: mask(knownS) };
}

/** Takes the estimate nearest to a spectrum, where that is known, out of those left; -1 where none is left. */
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

function mask(known: Float64Array | null): Uint8Array | null {
  return known && Uint8Array.from(known, (v) => (Number.isNaN(v) ? 0 : 1));
}
