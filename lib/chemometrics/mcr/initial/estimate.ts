// Interface of an initial estimate: spectra computed from the data as a start of MCR-ALS.
import type { Floats } from "../../products.js";

/** Input of an estimate. */
export interface EstimateInput {
  /** Spectra, row-major, shape [rows, columns]. */
  readonly D: Floats;
  readonly rows: number;
  readonly columns: number;
  /** Number of requested components. */
  readonly n: number;
  /** Whether the concentrations of a spectrum sum to 1. Otherwise only the shape of spectra matters. */
  readonly closure: boolean;
  /**
   * A row or variable with less than this fraction of the strongest signal is too weak to be pure, 0 to 1.
   */
  readonly noise: number;
  /** Seed of random estimates; default 1. */
  readonly seed?: number;
  /**
   * The n leading right singular vectors of D (not centered), shape [n, columns]; computed at the first call.
   */
  readonly subspace: () => Float64Array;
}

/**
 * Initial spectra: row-major, shape [found, columns]. found is n, or less where D has fewer independent rows.
 */
export type InitialEstimate = (input: EstimateInput) => Float64Array;
