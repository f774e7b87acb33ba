// What MCR-ALS asks of concentrations and spectra, as the caller writes it and as the half steps read it.
import { ArgumentError, DataError, quote, ShapeError } from "../errors.js";

/**
 * How non-negativity is reached: `true` by non-negative least squares, `"clip"` by setting negative results of ordinary least
 * squares to zero (what older programs do; not a least-squares solution), `false` not at all.
 */
export type NonNegativity = boolean | "clip";

/** A spectrum that is known (numbers), partly known (NaN where it is not) or unknown (null or left out). */
export type KnownSpectrum = ArrayLike<number> | null | undefined;

/** Constraints of MCR-ALS. */
export interface McrConstraints {
  /** Default true for both C and S. */
  readonly nonNegative?: NonNegativity | { readonly C?: NonNegativity; readonly S?: NonNegativity };
  /**
   * Rows of C sum to one: `true` (default) as an equality inside the least squares, `"scale"` by dividing each row by its sum
   * afterwards (as some programs do; not a least-squares solution), `false` not at all: each spectrum then has maximum one.
   */
  readonly closure?: boolean | "scale";
  /** What is known beforehand. `S`: a known spectrum for each component, by index. */
  readonly fixed?: { readonly S?: readonly KnownSpectrum[] };
}

/** The same with every default filled in. */
export interface ParsedConstraints {
  readonly C: NonNegativity;
  readonly S: NonNegativity;
  readonly closure: boolean | "scale";
  /** Known values, shape [n, nEnergies], NaN where free; null when nothing is known. */
  readonly known: Float64Array | null;
}

/**
 * Reads the constraints for n components.
 *
 * @throws ArgumentError for values that are none of those listed; ShapeError for a known spectrum of another length;
 *   DataError for a known value that is infinite, or negative where S has to be non-negative
 */
export function parseConstraints(
  constraints: McrConstraints,
  n: number,
  nEnergies: number,
): ParsedConstraints {
  const { nonNegative = true, closure = true, fixed = {} } = constraints;
  const sides = typeof nonNegative === "object" ? nonNegative : { C: nonNegative, S: nonNegative };
  const C = sides.C ?? true;
  const S = sides.S ?? true;
  for (const value of [C, S]) {
    if (typeof value === "boolean" || value === "clip") continue;
    throw new ArgumentError(`mcrAls: expected nonNegative to be true, false or "clip", got ${quote(value)}`, {
      option: "constraints.nonNegative",
      value,
    });
  }
  if (typeof closure !== "boolean" && closure !== "scale") {
    throw new ArgumentError(`mcrAls: expected closure to be true, false or "scale", got ${quote(closure)}`, {
      option: "constraints.closure",
      value: closure,
    });
  }
  return { C, S, closure, known: parseKnown(fixed.S, n, nEnergies, S !== false) };
}

function parseKnown(
  spectra: readonly KnownSpectrum[] | undefined,
  n: number,
  nEnergies: number,
  nonNegative: boolean,
): Float64Array | null {
  if (!spectra || spectra.every((s) => s === null || s === undefined)) return null;
  if (spectra.length > n) {
    throw new ShapeError(
      `mcrAls: expected at most ${n} fixed spectra, one a component, got ${spectra.length}`,
      {
        expected: n,
        got: spectra.length,
      },
    );
  }
  const known = new Float64Array(n * nEnergies).fill(Number.NaN);
  spectra.forEach((spectrum, j) => {
    if (spectrum === null || spectrum === undefined) return;
    if (spectrum.length !== nEnergies) {
      throw new ShapeError(
        `mcrAls: expected fixed spectrum ${j} to have ${nEnergies} energies as D has, got ${spectrum.length}`,
        { component: j, expected: nEnergies, got: spectrum.length },
      );
    }
    for (let k = 0; k < nEnergies; k++) {
      const value = spectrum[k];
      if (Math.abs(value) === Number.POSITIVE_INFINITY || (nonNegative && value < 0)) {
        throw new DataError(
          `mcrAls: expected fixed spectrum ${j} to hold ${nonNegative ? "non-negative " : ""}numbers or NaN (free), ` +
            `got ${value} at energy ${k}; free that energy or allow negative values`,
          { component: j, energy: k, value },
        );
      }
      known[j * nEnergies + k] = value;
    }
  });
  return known;
}
