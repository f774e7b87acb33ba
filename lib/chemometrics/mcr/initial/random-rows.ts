// Initial estimate from random spectra, for restarts that show the dependence of the result on the start.
import { random } from "../../../compute/random.js";
import { orthonormalize } from "../../pca/subspace.js";
import { dot, meanRow, multiplyTransposed } from "../../products.js";
import type { EstimateInput } from "./estimate.js";

/** Range of the distance of a start from the mean, as a multiple of the distance of the drawn row. */
const NEAREST = 0.5;
const FARTHEST = 2.5;

/**
 * n different random rows, each moved along its line from the mean to 0.5 to 2.5 times its distance, with
 * negative values set to zero. Starts are inside and outside the cloud of spectra, where pure spectra may be.
 * Rows are projected onto the n leading principal components.
 *
 * @returns row-major, shape [found, columns]; found is less than n where drawn spectra are linearly dependent
 */
export function randomRows({ D, rows, columns, n, seed = 1, subspace }: EstimateInput): Float64Array {
  const draw = random(seed);
  const vectors = subspace();
  const coordinates = new Float64Array(rows * n);
  multiplyTransposed(D, rows, vectors, n, columns, coordinates);
  const mean = meanRow(coordinates, rows, n);
  const chosen = new Set<number>();
  while (chosen.size < n) chosen.add(Math.floor(draw.uniform() * rows));
  const spectra = new Float64Array(n * columns);
  [...chosen].forEach((row, j) => {
    const stretch = NEAREST + (FARTHEST - NEAREST) * draw.uniform();
    for (let a = 0; a < n; a++) {
      const weight = mean[a] + stretch * (coordinates[row * n + a] - mean[a]);
      for (let k = 0; k < columns; k++) spectra[j * columns + k] += weight * vectors[a * columns + k];
    }
  });
  return independent(spectra, n, columns).map((v) => Math.max(0, v));
}

/** The spectra that are linearly independent of those before them; always the first. */
function independent(spectra: Float64Array, n: number, columns: number): Float64Array {
  const directions = spectra.slice();
  orthonormalize(directions, n, columns);
  const kept = Array.from({ length: n }, (_, j) => j).filter(
    (j) => j === 0 || dot(directions, j * columns, directions, j * columns, columns) > 0,
  );
  const out = new Float64Array(kept.length * columns);
  kept.forEach((j, place) => {
    out.set(spectra.subarray(j * columns, (j + 1) * columns), place * columns);
  });
  return out;
}
