// Mean over the selected pixels. Sums are kept per band and added in the order of the bands: they do not
// depend on the number of workers.

import { shared } from "../shared.js";
import { TILE } from "../spectra.js";
import type { RequestKind } from "./kind.js";

/** data: sums while working, the mean in the end; [nBands, nTimes, nEnergies] and [nTimes, nEnergies]. */
export const mean: RequestKind<"mean"> = {
  allocate(_, { nBands, nTimes, nEnergies }) {
    const length = nBands * nTimes * nEnergies;
    return { data: shared(Float64Array, length), counts: shared(Int32Array, length) };
  },

  writer({ nTimes, energies, bandRows }, { place, shared: output }) {
    const n = energies.length;
    // Of the band at hand: its numbers go to shared memory once, when it is complete.
    const sums = new Float64Array(n);
    const gaps = new Int32Array(n);
    const choice = new Uint8Array(TILE);
    let whole = 0;
    let band = 0;
    return {
      begin(r0) {
        band = Math.floor(r0 / bandRows);
        sums.fill(0);
        gaps.fill(0);
        whole = 0;
      },
      tile({ spectra, count, first, addRows }) {
        const chosen = choice.subarray(0, count);
        for (let j = 0; j < count; j++) chosen[j] = place[first + j] < 0 ? 0 : 1;
        for (const one of chosen) whole += one;
        if (addRows(chosen, sums) === 0) return;
        for (let j = 0; j < count; j++) {
          if (chosen[j] !== 2) continue;
          for (let k = 0, at = j * n; k < n; k++, at++) {
            if (Number.isNaN(spectra[at])) gaps[k]++;
            else sums[k] += spectra[at];
          }
        }
      },
      end(t) {
        const at = (band * nTimes + t) * n;
        output.data.set(sums, at);
        for (let k = 0; k < n; k++) (output.counts as Int32Array)[at + k] = whole - gaps[k];
      },
    };
  },

  collect({ nTimes, energies, nBands }, { shared: output }) {
    const length = nTimes * energies.length;
    const sum = new Float64Array(length);
    const n = new Float64Array(length);
    const counts = output.counts as Int32Array;
    for (let band = 0; band < nBands; band++) {
      for (let i = 0; i < length; i++) {
        sum[i] += output.data[band * length + i];
        n[i] += counts[band * length + i];
      }
    }
    for (let i = 0; i < length; i++) sum[i] /= n[i];
    return sum;
  },
};
