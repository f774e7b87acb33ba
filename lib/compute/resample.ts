// One curve from one axis onto another.

/**
 * Values of a curve at other places: cubic Lagrange interpolation through the four nearest points, as for the
 * shift of the energy axis; beyond the ends the end values are held.
 *
 * @param x strictly monotonic, at least 4 points
 * @param y values at x
 * @param at where values are wanted, in any order
 */
export function resample(x: ArrayLike<number>, y: ArrayLike<number>, at: ArrayLike<number>): Float64Array {
  const n = x.length;
  const rising = x[n - 1] > x[0];
  const [first, last] = rising ? [0, n - 1] : [n - 1, 0];
  return Float64Array.from(at, (q) => {
    if (q <= x[first]) return y[first];
    if (q >= x[last]) return y[last];
    let [low, high] = [0, n - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (x[middle] <= q === rising) low = middle;
      else high = middle;
    }
    const start = Math.min(Math.max(low - 1, 0), n - 4);
    let sum = 0;
    for (let a = start; a < start + 4; a++) {
      let weight = 1;
      for (let b = start; b < start + 4; b++) if (b !== a) weight *= (q - x[b]) / (x[a] - x[b]);
      sum += weight * y[a];
    }
    return sum;
  });
}
