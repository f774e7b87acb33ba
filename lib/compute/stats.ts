// Order statistics. All of them sort a copy; NaN is not a value and is left out.

/**
 * Quantile by linear interpolation between order statistics (numpy's default, Hyndman and Fan's type 7).
 *
 * @param values any order; NaN are left out
 * @param q 0..1
 * @returns NaN when there is no value
 */
export function quantile(values: ArrayLike<number>, q: number): number {
  return sortedQuantile(sorted(values), q);
}

/** Median; NaN are left out; NaN when there is no value. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/**
 * Median absolute deviation from the median, not scaled: times 1.4826 it estimates sigma of a normal
 * distribution.
 *
 * @returns NaN when there is no value
 */
export function medianAbsoluteDeviation(values: ArrayLike<number>): number {
  const finite = sorted(values);
  const center = sortedQuantile(finite, 0.5);
  for (let i = 0; i < finite.length; i++) finite[i] = Math.abs(finite[i] - center);
  return sortedQuantile(finite.sort(), 0.5);
}

/** Sigma of a normal distribution from its median absolute deviation: 1 / Phi^-1(3/4). */
export const MAD_TO_SIGMA = 1.482602218505602;

function sorted(values: ArrayLike<number>): Float64Array {
  const copy = new Float64Array(values.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isNaN(value)) copy[n++] = value;
  }
  return copy.subarray(0, n).sort();
}

function sortedQuantile(values: Float64Array, q: number): number {
  if (values.length === 0) return Number.NaN;
  const position = (values.length - 1) * q;
  const low = Math.floor(position);
  const high = Math.min(low + 1, values.length - 1);
  // An infinite value beside a finite one must not become NaN through infinity minus infinity.
  if (values[low] === values[high]) return values[low];
  return values[low] + (values[high] - values[low]) * (position - low);
}
