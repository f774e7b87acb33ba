// Input of the estimates of the number of components.

/** Singular values of a data matrix, of itself and about its mean row. */
export interface SingularSpectrum {
  readonly rows: number;
  readonly columns: number;
  /** Squared singular values of D, descending; the leading ones, if not all are known. */
  readonly raw: Float64Array;
  /** The same of D minus its mean row. */
  readonly centered: Float64Array;
  /** Sums of all squared singular values, including unknown ones. */
  readonly rawTotal: number;
  readonly centeredTotal: number;
}

/** Sum of the squared singular values after the first n, for n = 0 to the number of known ones. */
export function tails(values: Float64Array, total: number, complete: boolean): Float64Array {
  const out = new Float64Array(values.length + 1);
  // Summed from the smallest if all are known, because a difference of large numbers would be a rounding
  // error.
  if (complete) for (let n = values.length - 1; n >= 0; n--) out[n] = out[n + 1] + values[n];
  else {
    out[0] = total;
    for (let n = 0; n < values.length; n++) out[n + 1] = Math.max(0, out[n] - values[n]);
  }
  return out;
}
