// Optimal hard threshold of singular values for the recovery of data from noise.
import type { SingularSpectrum } from "./spectrum.js";

/**
 * Number of singular values above the optimal hard threshold.
 *
 * @param noise standard deviation of the noise, used if the median singular value is unknown
 * @see M. Gavish, D. L. Donoho, IEEE Transactions on Information Theory 60 (2014) 5040, equations 3 to 5
 */
export function hardThreshold({ raw, rows, columns }: SingularSpectrum, noise: number): number {
  const c = Math.min(rows, columns);
  const beta = c / Math.max(rows, columns);
  let threshold: number;
  if (raw.length === c) {
    const median = (Math.sqrt(raw[(c - 1) >> 1]) + Math.sqrt(raw[c >> 1])) / 2;
    threshold = (0.56 * beta ** 3 - 0.95 * beta ** 2 + 1.82 * beta + 1.43) * median;
  } else {
    const root = Math.sqrt(beta * beta + 14 * beta + 1);
    const lambda = Math.sqrt(2 * (beta + 1) + (8 * beta) / (beta + 1 + root));
    threshold = lambda * Math.sqrt(Math.max(rows, columns)) * noise;
  }
  return raw.filter((v) => Math.sqrt(v) > threshold).length;
}
