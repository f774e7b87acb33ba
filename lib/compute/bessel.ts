// Modified Bessel functions of the second kind and their integral.

/**
 * K_nu(x): integral of exp(-x cosh t) cosh(nu t) over t > 0. The trapezoidal rule converges exponentially for
 * it.
 *
 * @param x above 0
 */
export function besselK(order: number, x: number): number {
  return integral(x, (t) => Math.cosh(order * t));
}

/**
 * The integral of K_nu from x to infinity: of exp(-x cosh t) cosh(nu t) / cosh t over t > 0.
 *
 * @param x above 0
 * @see V. O. Kostroun, Nucl. Instrum. Methods 172, 371 (1980)
 */
export function besselKIntegral(order: number, x: number): number {
  return integral(x, (t) => Math.cosh(order * t) / Math.cosh(t));
}

/** Step of t; the rule is then exact to 1e-12 for orders up to 5/3. */
const STEP = 0.1;

function integral(x: number, factor: (t: number) => number): number {
  let sum = Math.exp(-x) / 2;
  for (let t = STEP; ; t += STEP) {
    const term = Math.exp(-x * Math.cosh(t)) * factor(t);
    sum += term;
    if (!(term > 1e-17 * sum)) return sum * STEP;
  }
}
