// Kernels of spreading damage: densities in the plane, scaled so that L is the root mean square distance.
import { besselK } from "../../compute/bessel.js";
import { oneOf } from "../../options.js";

/** Names of the kernels. */
export type Kernel = keyof typeof KERNELS;

/**
 * Density at distance r times L^2, as a function of q = (r / L)^2. Its integral over the plane is 1, and the
 * mean of r^2 is L^2.
 */
type Density = (q: number) => number;

const KERNELS = {
  /**
   * Production at a constant rate during a time T with diffusion: E1(r^2 / 4DT) / 4 pi DT, L = sqrt(2 D T).
   */
  diffusion: (q) => expIntegral(q / 2) / (2 * Math.PI),
  /** A Gaussian: diffusion after instantaneous production, or scattering; L = sqrt(2) sigma. */
  gaussian: (q) => Math.exp(-q) / Math.PI,
  /** Steady state of diffusion with loss at a rate k: K0(r / sqrt(D / k)), L = 2 sqrt(D / k). */
  steady: (q) => (2 / Math.PI) * besselK(0, 2 * Math.sqrt(q)),
} as const satisfies Record<string, Density>;

/** The density of a kernel. @throws ArgumentError for another name */
export function kernelOf(call: string, name: unknown): Density {
  return KERNELS[oneOf(call, "kernel", name, Object.keys(KERNELS) as Kernel[])];
}

/** Points per side for the average over pixels near the source, where the density is steep. */
const SAMPLES = 8;
const NEAR = 3;

/**
 * Fraction of the damage of one pixel that is found dy rows and dx columns away, symmetric in both.
 *
 * @param length L in pixels
 * @returns shape [rows, columns], for dy = 0 .. rows - 1 and dx = 0 .. columns - 1
 */
export function neighborWeights(
  density: Density,
  length: number,
  rows: number,
  columns: number,
): Float64Array {
  const out = new Float64Array(rows * columns);
  const scale = 1 / (length * length);
  for (let dy = 0; dy < rows; dy++) {
    for (let dx = 0; dx < columns; dx++) {
      const samples = dx <= NEAR && dy <= NEAR ? SAMPLES : 1;
      let sum = 0;
      for (let i = 0; i < samples; i++) {
        for (let j = 0; j < samples; j++) {
          const y = dy + (i + 0.5) / samples - 0.5;
          const x = dx + (j + 0.5) / samples - 0.5;
          sum += density((x * x + y * y) * scale);
        }
      }
      out[dy * columns + dx] = (sum * scale) / (samples * samples);
    }
  }
  return out;
}

const EULER = 0.5772156649015329;

/**
 * E1(x), x > 0: series below 1, continued fraction above. @see M. Abramowitz, I. A. Stegun, 5.1.11 and 5.1.22
 */
export function expIntegral(x: number): number {
  if (x > 700) return 0;
  if (x <= 1) {
    let sum = -EULER - Math.log(x);
    for (let k = 1, term = 1; k < 30; k++) {
      term *= -x / k;
      sum -= term / k;
    }
    return sum;
  }
  let f = 0;
  for (let k = 60; k >= 1; k--) f = k / (1 + k / (x + f));
  return Math.exp(-x) / (x + f);
}
