// Initial estimate by the orthogonal projection approach.
import { dot, meanRow } from "../../products.js";
import type { EstimateInput } from "./estimate.js";

/**
 * The search ends if the largest squared length outside the span is below this fraction of the longest row: a
 * rounding error.
 */
const SAME = 1e-20;

/**
 * Orthogonal projection approach: the spectrum least similar to the mean spectrum, then the one least similar
 * to the first, and then the one with the largest part outside the span of those chosen. Dissimilarity is the
 * determinant of the Gram matrix of the chosen spectra, normalized to length 1, and the candidate, which is
 * not normalized: strong spectra have larger values.
 *
 * In contrast to "purest-rows", which finds corners of the cloud of spectra about its mean, it starts from
 * the origin and does not smooth by principal components. The chosen spectra are rows of D.
 *
 * @returns row-major, shape [found, columns]; in the order of choice
 * @see F. Cuesta Sánchez et al., Analytical Chemistry 68 (1996) 79
 */
export function orthogonalProjection({ D, rows, columns, n }: EstimateInput): Float64Array {
  const mean = meanRow(D, rows, columns);
  const rest = Float64Array.from(D);
  let longest = 0;
  for (let i = 0; i < rows; i++) longest = Math.max(longest, power(rest, i, columns));
  projectOut(rest, rows, columns, mean);
  // If all rows are proportional, nothing remains outside the span of the first.
  const chosen = [Math.max(0, farthest(rest, rows, columns, SAME * longest))];
  rest.set(D);
  while (chosen.length < n) {
    const last = chosen[chosen.length - 1];
    projectOut(rest, rows, columns, rest.slice(last * columns, (last + 1) * columns));
    const next = farthest(rest, rows, columns, SAME * longest);
    if (next < 0) break;
    chosen.push(next);
  }
  const spectra = new Float64Array(chosen.length * columns);
  chosen.forEach((row, j) => {
    spectra.set(D.subarray(row * columns, (row + 1) * columns), j * columns);
  });
  return spectra;
}

/** The row with the largest remaining part; -1 where no row has more than `least`. */
function farthest(rest: Float64Array, rows: number, columns: number, least: number): number {
  let best = -1;
  let most = least;
  for (let i = 0; i < rows; i++) {
    const left = power(rest, i, columns);
    if (left > most) {
      most = left;
      best = i;
    }
  }
  return best;
}

function power(a: Float64Array, row: number, columns: number): number {
  return dot(a, row * columns, a, row * columns, columns);
}

function projectOut(rest: Float64Array, rows: number, columns: number, direction: Float64Array): void {
  const size = dot(direction, 0, direction, 0, columns);
  if (size === 0) return;
  for (let i = 0; i < rows; i++) {
    const share = dot(rest, i * columns, direction, 0, columns) / size;
    for (let k = 0; k < columns; k++) rest[i * columns + k] -= share * direction[k];
  }
}
