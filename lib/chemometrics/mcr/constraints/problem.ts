// Problem of MCR-ALS for its constraints: the shape of D, and the two factors.

/** The concentrations (one row per spectrum) or the spectra. */
export type Side = "C" | "S";

/** Properties of the problem D = C S, shape [rows, columns], with or without blocks. */
export interface Problem {
  readonly rows: number;
  readonly columns: number;
  /** Number of requested components; options count components from 0 to wanted - 1. */
  readonly wanted: number;
  /** For each requested component its index among those that are resolved; -1 if D does not resolve it. */
  readonly places: readonly number[];
  /** Number of components that are resolved. */
  readonly n: number;
  /** First row of each block, and `rows`: [0, rows] where D is one block. */
  readonly rowBounds: readonly number[];
  /** The same for energies. */
  readonly columnBounds: readonly number[];
}

/** Both factors of D = C S on flat arrays. */
export interface Factors {
  /** Shape [rows, n]. */
  readonly C: Float64Array;
  /** Shape [n, columns]. */
  readonly S: Float64Array;
}
