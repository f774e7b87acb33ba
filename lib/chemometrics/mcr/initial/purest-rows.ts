// Initial estimate from the most dissimilar spectra. In a series between two pure species it finds these
// exactly, and the spectrum farthest from their mixtures for a third species.
import { dot, meanRow, multiplyTransposed } from "../../products.js";
import type { EstimateInput } from "./estimate.js";

/** Two rows are equal if their squared distance is below this fraction of the squared length of a row. */
const SAME = 1e-20;

/**
 * Successive projections: the row farthest from the mean, then the row farthest from the first, and then the
 * row farthest from the line, plane, ... through those already chosen. Each is a corner of the cloud of
 * spectra.
 *
 * Distances are measured in the subspace of the n leading principal components, and the chosen rows are
 * projected onto it, which reduces the effect of noise. Without closure, rows are first scaled to the same
 * projection on the mean spectrum, and rows weaker than `noise` times the strongest are left out.
 *
 * @returns row-major, shape [found, columns]; in the order of choice
 * @see U. M. C. Araujo et al., Chemometrics and Intelligent Laboratory Systems 57 (2001) 65 (successive
 *   projections); W. Windig, J. Guilment, Analytical Chemistry 63 (1991) 1425 (purity and its noise offset)
 */
export function purestRows({ D, rows, columns, n, closure, noise, subspace }: EstimateInput): Float64Array {
  const vectors = subspace();
  const coordinates = new Float64Array(rows * n);
  multiplyTransposed(D, rows, vectors, n, columns, coordinates);
  const strong = new Uint8Array(rows).fill(1);
  if (!closure) scaleAlongMean(coordinates, rows, n, noise, strong);

  // Remaining part of each row outside the span of the chosen ones, with the mean as the origin.
  const rest = coordinates.slice();
  const mean = meanRow(coordinates, rows, n);
  for (let i = 0; i < rows; i++) for (let a = 0; a < n; a++) rest[i * n + a] -= mean[a];
  const chosen: number[] = [];
  while (chosen.length < n) {
    const next = farthest(rest, rows, n, strong);
    if (next < 0) break;
    const origin = rest.slice(next * n, next * n + n);
    const distance = dot(origin, 0, origin, 0, n);
    const size = dot(coordinates, next * n, coordinates, next * n, n);
    // The first row is always accepted, a further one only if it is not a mixture of the others, up to
    // rounding.
    if (chosen.length > 0 && distance <= SAME * size) break;
    if (chosen.length === 0) {
      for (let i = 0; i < rows; i++) for (let a = 0; a < n; a++) rest[i * n + a] -= origin[a];
    } else {
      projectOut(rest, rows, n, origin);
    }
    chosen.push(next);
    strong[next] = 0;
  }

  const spectra = new Float64Array(chosen.length * columns);
  chosen.forEach((row, j) => {
    for (let a = 0; a < n; a++) {
      const weight = coordinates[row * n + a];
      for (let k = 0; k < columns; k++) spectra[j * columns + k] += weight * vectors[a * columns + k];
    }
  });
  return spectra;
}

/** Scales each row to projection 1 on the mean row. Rows that are too weak are unmarked and set to zero. */
function scaleAlongMean(
  rest: Float64Array,
  rows: number,
  n: number,
  noise: number,
  strong: Uint8Array,
): void {
  const mean = meanRow(rest, rows, n);
  const extent = new Float64Array(rows);
  let most = 0;
  for (let i = 0; i < rows; i++) {
    extent[i] = dot(rest, i * n, mean, 0, n);
    most = Math.max(most, extent[i]);
  }
  for (let i = 0; i < rows; i++) {
    strong[i] = extent[i] > noise * most ? 1 : 0;
    for (let a = 0; a < n; a++) rest[i * n + a] = strong[i] ? rest[i * n + a] / extent[i] : 0;
  }
}

/** The row with the largest distance; -1 where none remains. */
function farthest(rest: Float64Array, rows: number, n: number, allowed: Uint8Array): number {
  let best = -1;
  let most = -1;
  for (let i = 0; i < rows; i++) {
    if (!allowed[i]) continue;
    const distance = dot(rest, i * n, rest, i * n, n);
    if (distance > most) {
      most = distance;
      best = i;
    }
  }
  return best;
}

function projectOut(rest: Float64Array, rows: number, n: number, direction: Float64Array): void {
  const power = dot(direction, 0, direction, 0, n);
  if (power === 0) return;
  for (let i = 0; i < rows; i++) {
    const share = dot(rest, i * n, direction, 0, n) / power;
    for (let a = 0; a < n; a++) rest[i * n + a] -= share * direction[a];
  }
}
