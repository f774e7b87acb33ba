// Least-squares monotonic and unimodal curves.

/**
 * Replaces the values from `from` to `to` (excluded) by the nearest increasing curve: pool adjacent
 * violators.
 *
 * @see R. E. Barlow et al., Statistical Inference under Order Restrictions (1972)
 */
export function makeRising(values: Float64Array, from = 0, to = values.length): void {
  pool(values, from, to, 1, null);
}

/** Replaces the values by the nearest decreasing curve. */
export function makeFalling(values: Float64Array, from = 0, to = values.length): void {
  pool(values, to - 1, from - 1, -1, null);
}

/**
 * Replaces the values by the nearest unimodal curve. Every position of the maximum is tried; the first of
 * equally good ones is taken.
 *
 * @see Q. F. Stout, Computational Statistics & Data Analysis 53 (2008) 289
 */
export function makeUnimodal(values: Float64Array): void {
  const n = values.length;
  const rising = new Float64Array(n + 1);
  const falling = new Float64Array(n + 1);
  pool(values.slice(), 0, n, 1, rising);
  pool(values.slice(), n - 1, -1, -1, falling);
  let best = 0;
  for (let m = 1; m <= n; m++) if (rising[m] + falling[n - m] < rising[best] + falling[n - best]) best = m;
  makeRising(values, 0, best);
  makeFalling(values, best, n);
}

/**
 * Pools adjacent violators from `first` (included) in steps of `step` to `end` (excluded), so that the values
 * increase.
 *
 * @param error receives the residual sum of squares for the first 0, 1, 2, ... values; the values are then
 *   not changed
 */
function pool(
  values: Float64Array,
  first: number,
  end: number,
  step: 1 | -1,
  error: Float64Array | null,
): void {
  const count = (end - first) * step;
  const mean = new Float64Array(Math.max(0, count));
  const size = new Int32Array(Math.max(0, count));
  let last = -1;
  let total = 0;
  for (let i = 0; i < count; i++) {
    last++;
    mean[last] = values[first + i * step];
    size[last] = 1;
    while (last > 0 && mean[last - 1] > mean[last]) {
      const together = size[last - 1] + size[last];
      const apart = mean[last - 1] - mean[last];
      // It increases only where values decrease, so that it is exactly zero for an increasing curve.
      const more = (apart * apart * size[last - 1] * size[last]) / together;
      total += more;
      mean[last - 1] -= (apart * size[last]) / together;
      size[last - 1] = together;
      last--;
    }
    if (error) error[i + 1] = total;
  }
  if (error) return;
  for (let b = 0, i = 0; b <= last; b++)
    for (let k = 0; k < size[b]; k++, i++) values[first + i * step] = mean[b];
}
