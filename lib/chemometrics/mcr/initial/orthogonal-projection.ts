// The spectra that lie farthest out of the space of those already chosen, as a start.
import { dot, meanRow } from "../../products.js";
import type { EstimateInput } from "./estimate.js";

/** What may be left of the longest row, as a fraction of its squared length, before the search ends: rounding. */
const SAME = 1e-20;

/**
 * Orthogonal projection approach: the spectrum least like the mean spectrum, then the one least like that, then the one that
 * has most outside the space of those chosen. Dissimilarity is the determinant of the matrix of products of the chosen
 * spectra, brought to unit length, and the candidate as it is: a strong spectrum counts more than a weak one.
 *
 * Unlike "purest-rows", which looks for corners of the cloud of spectra about its mean, it looks from the origin and does
 * not smooth by principal components; the chosen spectra are rows of D as measured.
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
  // Rows that are all alike leave nothing of one another: the first then stands for them.
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

/** The row with most left of it; -1 where no row has more than `least`. */
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
