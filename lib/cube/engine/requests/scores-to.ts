// Coordinates of every selected pixel's spectrum in given principal components, and the sum of squares that they
// leave, into a Zarr folder.
import { multiplyTransposed } from "../../../chemometrics/products.js";
import { shared } from "../shared.js";
import { TILE } from "../spectra.js";
import { imageWriter } from "./image-writer.js";
import type { RequestKind } from "./kind.js";

/** data is empty; images: the scores, and then what is left. NaN where a spectrum lacks a value. */
export const scoresTo: RequestKind<"scoresTo"> = {
  always: true,

  allocate: () => ({ data: shared(Float64Array, 0) }),

  writer(job, { place }, { path, loadings, nComponents, mean, scaling }) {
    const n = job.energies.length;
    const rows = new Float64Array(TILE * n);
    const scores = new Float64Array(TILE * nComponents);
    const band = new Float64Array(job.bandRows * job.width * (nComponents + 1));
    let [from, to] = [0, 0];
    return imageWriter(job, path, nComponents + 1, {
      begin(first, end) {
        [from, to] = [first, end];
        band.fill(Number.NaN);
      },
      tile({ spectra, count, first }) {
        for (let at = 0; at < count * n; at++) rows[at] = (spectra[at] - mean[at % n]) / scaling[at % n];
        multiplyTransposed(rows, count, loadings, nComponents, n, scores);
        for (let j = 0; j < count; j++) {
          if (place[first + j] < 0) continue;
          const own = scores.subarray(j * nComponents, (j + 1) * nComponents);
          const at = (first + j - from) * (nComponents + 1);
          band.set(own, at);
          band[at + nComponents] = leftBy(rows.subarray(j * n, (j + 1) * n), loadings, own);
        }
      },
      end(images) {
        for (let p = 0; p < to - from; p++) {
          for (let a = 0; a <= nComponents; a++)
            images[a * (to - from) + p] = band[p * (nComponents + 1) + a];
        }
      },
    });
  },
};

/** Sum of squares of what components leave of a row, entry by entry: accurate also where little is left. */
function leftBy(row: Float64Array, loadings: Float64Array, scores: Float64Array): number {
  const n = row.length;
  let sum = 0;
  for (let k = 0; k < n; k++) {
    let left = row[k];
    for (let a = 0; a < scores.length; a++) left -= scores[a] * loadings[a * n + k];
    sum += left * left;
  }
  return sum;
}
