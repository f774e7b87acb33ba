// The error function, for penumbrae.

/**
 * Error function, to 1e-15: erf(x) = 2 / sqrt(pi) exp(-x^2) sum 2^n x^(2n+1) / (2n+1)!!, a series without
 * cancellation.
 *
 * @see Abramowitz and Stegun, 7.1.6
 */
export function erf(x: number): number {
  const u = Math.abs(x);
  if (u > 6) return Math.sign(x);
  let term = u;
  let sum = u;
  for (let n = 1; term > 1e-17 * sum; n++) {
    term *= (2 * u * u) / (2 * n + 1);
    sum += term;
  }
  return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * Math.exp(-u * u) * sum;
}
