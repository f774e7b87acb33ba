// Bayesian evidence for k directions about the mean with uniform noise.
import { logGamma } from "../../../compute/distributions.js";
import { hardThreshold } from "./hard-threshold.js";
import { noiseSpectrum } from "./noise-spectrum.js";
import { type SingularSpectrum, tails } from "./spectrum.js";

/** Largest number of directions that is tried: the sum over pairs of eigenvalues would take seconds. */
const MOST = 60;

/**
 * Logarithm of the evidence (Laplace's approximation) for k = 0, 1, ... directions about the mean; only
 * differences have a meaning. -Infinity where there are fewer directions than k.
 *
 * The variables are the shorter side of D, the samples the longer one. If only leading singular values are
 * known, those in the noise and the unknown ones are replaced by the spectrum of noise with the known sum of
 * squares.
 *
 * @param noise standard deviation of the noise, used if not all singular values are known
 * @see T. P. Minka, Automatic choice of dimensionality for PCA, Advances in Neural Information Processing
 *   Systems 13 (2001)
 */
export function minkaEvidence(spectrum: SingularSpectrum, noise: number): Float64Array {
  const { centered, centeredTotal, rows, columns } = spectrum;
  const samples = rows > columns ? rows : columns;
  const d = Math.min(rows - 1, columns);
  const complete = centered.length === Math.min(rows, columns);
  const rest = tails(centered, centeredTotal, complete);
  const eigenvalues = new Float64Array(d);
  let known = Math.min(centered.length, d);
  if (!complete) {
    // The noise matters, because the evidence compares a component with all later ones.
    known = Math.min(known, hardThreshold({ ...spectrum, raw: centered, rawTotal: centeredTotal }, noise));
    const bulk = noiseSpectrum(d - known, (d - known) / samples);
    for (let j = known; j < d; j++) eigenvalues[j] = (rest[known] / (d - known)) * bulk[j - known];
  }
  eigenvalues.set(centered.subarray(0, known));
  for (let j = 0; j < d; j++) eigenvalues[j] /= samples;
  const most = Math.max(0, Math.min(d - 1, centered.length, MOST));
  const out = new Float64Array(most + 1).fill(Number.NEGATIVE_INFINITY);
  let product = 0;
  let sphere = 0;
  for (let k = 0; k <= most; k++) {
    if (k > 0) {
      const smallest = eigenvalues[k - 1];
      if (!(smallest > 0)) break;
      product += Math.log(smallest);
      const dimension = (d - k + 1) / 2;
      sphere += logGamma(dimension) - dimension * Math.log(Math.PI) - Math.log(2);
    }
    let noise = 0;
    for (let j = k; j < d; j++) noise += eigenvalues[j];
    // No residual: all directions are among the k.
    if (!(noise > 0)) {
      out[k] = Number.POSITIVE_INFINITY;
      break;
    }
    noise /= d - k;
    const parameters = d * k - (k * (k + 1)) / 2;
    out[k] =
      sphere -
      (samples / 2) * (product + (d - k) * Math.log(noise)) +
      ((parameters + k) / 2) * Math.log(2 * Math.PI) -
      curvature(eigenvalues, k, noise, samples) / 2 -
      (k / 2) * Math.log(samples);
  }
  return out;
}

/** Logarithm of the determinant of the Hessian. */
function curvature(eigenvalues: Float64Array, k: number, noise: number, samples: number): number {
  const d = eigenvalues.length;
  let sum = 0;
  for (let i = 0; i < k; i++) {
    for (let j = i + 1; j < d; j++) {
      const other = j < k ? eigenvalues[j] : noise;
      // Equal eigenvalues would give the logarithm of zero; a minimum difference prevents it.
      const gap = Math.max(eigenvalues[i] - eigenvalues[j], 1e-15 * eigenvalues[i]);
      const inverse = Math.max(1 / other - 1 / eigenvalues[i], 1e-15 / eigenvalues[i]);
      sum += Math.log(gap) + Math.log(inverse) + Math.log(samples);
    }
  }
  return sum;
}
