// What an initial estimate is: spectra to start MCR-ALS from, found in the data.
import type { Floats } from "../../products.js";

/** What an estimate is made from. */
export interface EstimateInput {
  /** Spectra, row-major, shape [rows, columns]. */
  readonly D: Floats;
  readonly rows: number;
  readonly columns: number;
  /** Number of components wanted. */
  readonly n: number;
  /** Whether the concentrations of a spectrum sum to one, so that spectra count as they are; otherwise by shape only. */
  readonly closure: boolean;
  /** Fraction of the strongest signal below which a row or variable is too weak to be called pure, 0 to 1. */
  readonly noise: number;
  /** Seed of the estimates that draw lots; default 1. */
  readonly seed?: number;
  /** The n leading right singular vectors of D (not centred), shape [n, columns]; computed at the first call. */
  readonly subspace: () => Float64Array;
}

/**
 * Finds spectra to start from: row-major, shape [found, columns]. Found is n, or less where D has no more independent rows:
 * all further ones would be mixtures of those.
 */
export type InitialEstimate = (input: EstimateInput) => Float64Array;
