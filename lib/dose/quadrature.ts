// Gauss-Legendre integration over 0..1, for angles.

/** Nodes in 0..1, and weights with the sum 1. */
export interface Quadrature {
  readonly x: Float64Array;
  readonly w: Float64Array;
}

/**
 * The n nodes of Gauss-Legendre quadrature, exact for polynomials of degree 2n - 1.
 *
 * @see Abramowitz and Stegun, Handbook of Mathematical Functions, 25.4.30
 */
export function gaussLegendre(n: number): Quadrature {
  const x = new Float64Array(n);
  const w = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let t = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 0;
    for (let step = 0; step < 8; step++) {
      const [p, before] = legendre(n, t);
      slope = (n * (t * p - before)) / (t * t - 1);
      t -= p / slope;
    }
    x[i] = (1 + t) / 2;
    w[i] = 1 / ((1 - t * t) * slope * slope);
  }
  return { x, w };
}

// Legendre polynomials of degree n and n - 1 at t.
function legendre(n: number, t: number): [number, number] {
  let [p, before] = [1, 0];
  for (let k = 1; k <= n; k++) [p, before] = [((2 * k - 1) * t * p - (k - 1) * before) / k, p];
  return [p, before];
}
