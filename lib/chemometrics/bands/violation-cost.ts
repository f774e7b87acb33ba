// Increase of the residual sum of squares when C and S are projected onto their limits.
import type { Sum } from "../../compute/solvers/bounded.js";
import { BoundedLeastSquares } from "../../compute/solvers/bounded.js";
import type { Rotation, RotationSpace } from "./rotation.js";

/** Limits of all entries of C or S, shape [length, n]: one row per spectrum of C, or per energy of S. */
export interface EntryBounds {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * Increase of the residual sum of squares when entries beyond their limits are projected onto them. The other
 * entries of the same energy or row are fitted again.
 */
export class ViolationCost {
  readonly #solverS: BoundedLeastSquares;
  readonly #solverC: BoundedLeastSquares;
  readonly #transposedS: Float64Array;

  /**
   * @param rounding largest violation that is a rounding error, in units of the matrix
   * @param sums closures of a row of C
   */
  constructor(
    readonly space: RotationSpace,
    readonly bounds: { readonly C: EntryBounds; readonly S: EntryBounds },
    readonly rounding: { readonly C: number; readonly S: number },
    sums: readonly Sum[],
  ) {
    const { n, columns, S } = space;
    this.#solverS = new BoundedLeastSquares(n, []);
    this.#solverC = new BoundedLeastSquares(n, sums);
    this.#transposedS = new Float64Array(columns * n);
    for (let k = 0; k < columns; k++)
      for (let j = 0; j < n; j++) this.#transposedS[k * n + j] = S[j * columns + k];
  }

  /**
   * The cost, in squared units of the data. Adds its partial derivatives with respect to V and T to dV and
   * dT, if given.
   */
  at({ T, V }: Rotation, dT?: Float64Array, dV?: Float64Array): number {
    const { n, gramC, gramS, C } = this.space;
    const { bounds, rounding } = this;
    const transposedV = transposed(V, n);
    // For an energy: min |C V x - C s|^2 over spectra x. For a row: min |c - x T|^2 in the metric of S S^T.
    return (
      side(n, this.#transposedS, T, transposedV, gramC, bounds.S, rounding.S, this.#solverS, dV, true) +
      side(n, C, transposedV, T, gramS, bounds.C, rounding.C, this.#solverC, dT, false)
    );
  }
}

/**
 * Cost of one matrix: for each row p of `points` with y = M p beyond its limits, the minimum over x within
 * the limits of (B^T x - p)^T gram (B^T x - p).
 */
function side(
  n: number,
  points: Float64Array,
  M: Float64Array,
  B: Float64Array,
  gram: Float64Array,
  { low, high }: EntryBounds,
  rounding: number,
  solver: BoundedLeastSquares,
  gradient: Float64Array | undefined,
  onColumns: boolean,
): number {
  const G = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++)
        for (let l = 0; l < n; l++) G[i * n + j] += B[i * n + k] * gram[k * n + l] * B[j * n + l];
    }
  }
  const y = new Float64Array(n);
  const b = new Float64Array(n);
  const x = new Float64Array(n);
  const rest = new Float64Array(n);
  const lower = new Float64Array(n);
  const upper = new Float64Array(n);
  let cost = 0;
  for (let at = 0; at < points.length; at += n) {
    let violated = false;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += M[i * n + j] * points[at + j];
      y[i] = sum;
      if (sum < low[at + i] - rounding || sum > high[at + i] + rounding) violated = true;
    }
    if (!violated) continue;
    for (let i = 0; i < n; i++) {
      b[i] = 0;
      for (let j = 0; j < n; j++) b[i] += G[i * n + j] * y[j];
      // NaN means that the entry has a fixed value.
      lower[i] = Number.isNaN(low[at + i]) ? y[i] : low[at + i];
      upper[i] = Number.isNaN(high[at + i]) ? y[i] : high[at + i];
    }
    solver.solve(G, b, lower, upper, x);
    for (let j = 0; j < n; j++) {
      rest[j] = -points[at + j];
      for (let i = 0; i < n; i++) rest[j] += B[i * n + j] * x[i];
    }
    for (let j = 0; j < n; j++) {
      let pull = 0;
      for (let l = 0; l < n; l++) pull += gram[j * n + l] * rest[l];
      cost += rest[j] * pull;
      if (!gradient) continue;
      for (let i = 0; i < n; i++) gradient[onColumns ? j * n + i : i * n + j] += 2 * pull * x[i];
    }
  }
  return cost;
}

function transposed(a: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[j * n + i] = a[i * n + j];
  return out;
}
