// Distribution of the eigenvalues of noise.

/** Number of points of the integration. */
const STEPS = 4000;

/**
 * `count` eigenvalues of the covariance of white noise of variance 1, descending: quantiles of the
 * Marchenko-Pastur distribution, normalized to mean 1.
 *
 * @param beta variables / samples, above 0 and at most 1
 * @see V. A. Marchenko, L. A. Pastur, Matematicheskii Sbornik 72 (1967) 507
 */
export function noiseSpectrum(count: number, beta: number): Float64Array {
  const low = (1 - Math.sqrt(beta)) ** 2;
  const high = (1 + Math.sqrt(beta)) ** 2;
  const out = new Float64Array(count);
  // As a function of the angle t with x = middle - half cos t the density is smooth, without square roots at
  // the ends.
  const middle = (low + high) / 2;
  const half = (high - low) / 2;
  const weight = (t: number): number => Math.sin(t) ** 2 / (middle + half * Math.cos(t));
  let total = 0;
  for (let s = 0; s < STEPS; s++) total += weight(((s + 0.5) / STEPS) * Math.PI);
  let below = 0;
  let next = 0;
  let sum = 0;
  for (let s = 0; s < STEPS && next < count; s++) {
    const t = ((s + 0.5) / STEPS) * Math.PI;
    below += weight(t) / total;
    while (next < count && below >= (next + 0.5) / count) {
      out[next] = middle + half * Math.cos(t);
      sum += out[next++];
    }
  }
  // Rounding may leave out the last ones, which are the smallest.
  for (; next < count; next++) sum += out[next] = low;
  return out.map((v) => (v * count) / sum);
}
