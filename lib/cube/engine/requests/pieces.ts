import { shared } from "../shared.js";
import type { RequestKind } from "./kind.js";

/** Spectra with fewer of their values are left out. */
const LEAST = 0.75;

/**
 * Images of consecutive energies, for the comparison of images; data: [nTimes, pieces, nPixels]. A missing
 * value within a spectrum is replaced by the straight line between its neighbors, so that it does not change the
 * mean of a pixel against that of its neighbors.
 */
export const pieces: RequestKind<"pieces"> = {
  allocate: ({ pieces: n }, { nTimes, nSelected }) => ({
    data: shared(Float32Array, nTimes * n * nSelected),
  }),

  writer({ energies }, { place, nSelected, shared: { data } }, { pieces: n }) {
    const nEnergies = energies.length;
    const filled = new Float64Array(nEnergies);
    return {
      tile({ spectra, count, first, t }) {
        for (let j = 0; j < count; j++) {
          const at = place[first + j];
          if (at < 0) continue;
          const isKnown = fill(spectra.subarray(j * nEnergies, (j + 1) * nEnergies), filled);
          for (let piece = 0; piece < n; piece++) {
            const [from, to] = [piece, piece + 1].map((i) => Math.round((i * nEnergies) / n));
            let sum = isKnown ? 0 : Number.NaN;
            for (let k = from; k < to; k++) sum += filled[k];
            data[(t * n + piece) * nSelected + at] = sum / (to - from);
          }
        }
      },
    };
  },
};

/** Copies a spectrum with its gaps filled; false where too little of it is there. */
function fill(spectrum: Float32Array, out: Float64Array): boolean {
  let last = -1;
  let known = 0;
  for (let k = 0; k < out.length; k++) {
    const value = spectrum[k];
    if (Number.isNaN(value)) continue;
    known++;
    out[k] = value;
    const before = last < 0 ? value : out[last];
    for (let gap = last + 1; gap < k; gap++) {
      out[gap] = last < 0 ? value : before + ((value - before) * (gap - last)) / (k - last);
    }
    last = k;
  }
  if (known < LEAST * out.length) return false;
  out.fill(out[last], last + 1);
  return true;
}
