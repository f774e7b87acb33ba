// Initial estimate: principal components after a varimax rotation of the scores.
import { dot, multiplyTransposed } from "../../products.js";
import type { EstimateInput } from "./estimate.js";
import { spectraOfProfiles } from "./from-profiles.js";
import { varimax } from "./varimax.js";

/** Smaller scores, relative to the largest, are rounding errors: D has fewer independent rows. */
const ROUNDING = 1e-8;

/**
 * The scores of the n leading principal components (not centered) after a varimax rotation, which brings each
 * row close to a single component. With a positive sign and without negative parts they are the initial
 * concentrations, and the spectra follow by non-negative least squares. The estimate is good for components
 * that dominate some rows, and poor if all rows are mixtures.
 *
 * @returns row-major, shape [found, columns]
 * @see H. F. Kaiser, Psychometrika 23 (1958) 187; J. K. Strasters et al., Journal of Chromatography 385
 *   (1987) 181
 */
export function rotatedComponents({ D, rows, columns, n, closure, subspace }: EstimateInput): Float64Array {
  const all = new Float64Array(rows * n);
  multiplyTransposed(D, rows, subspace(), n, columns, all);
  const size = new Float64Array(n);
  for (let i = 0; i < rows; i++) for (let a = 0; a < n; a++) size[a] += all[i * n + a] ** 2;
  const kept = Array.from(size.keys()).filter((a) => Math.sqrt(size[a] / size[0]) > ROUNDING);
  const count = kept.length;
  const scores = new Float64Array(rows * count);
  for (let i = 0; i < rows; i++) for (let a = 0; a < count; a++) scores[i * count + a] = all[i * n + kept[a]];
  varimax(scores, rows, count);
  for (let a = 0; a < count; a++) {
    // The sign with the larger sum of squares is made positive.
    let balance = 0;
    for (let i = 0; i < rows; i++) balance += scores[i * count + a] * Math.abs(scores[i * count + a]);
    if (balance < 0) for (let i = 0; i < rows; i++) scores[i * count + a] *= -1;
  }
  if (count === 0 || dot(scores, 0, scores, 0, scores.length) === 0)
    return Float64Array.from(D.subarray(0, columns));
  return spectraOfProfiles(scores, D, rows, columns, count, closure);
}
