// Mean over the selected pixels. Sums are kept for some rows each, and added in the order of the rows: they do
// not depend on the bands, nor on the number of workers.

import { shared } from "../shared.js";
import { TILE } from "../spectra.js";
import type { RequestKind } from "./kind.js";

/** data: [nTimes, nEnergies] */
export const mean: RequestKind<"mean"> = {
  allocate: (_, { nTimes, nEnergies }) => ({ data: shared(Float64Array, nTimes * nEnergies) }),

  allocateBlock({ nTimes, height, sumRows, energies }) {
    const length = nTimes * Math.ceil(height / sumRows) * energies.length;
    return { sums: shared(Float64Array, length), counts: shared(Int32Array, length) };
  },

  writer({ energies, height, width, sumRows }, { place, shared: output }) {
    const n = energies.length;
    const nSums = Math.ceil(height / sumRows);
    // Of the rows at hand: their numbers go to shared memory once, when they are complete.
    const sums = new Float64Array(n);
    const gaps = new Int32Array(n);
    const choice = new Uint8Array(TILE);
    let whole = 0;
    let part = -1;
    const keep = (t: number): void => {
      if (part < 0) return;
      const at = (t * nSums + part) * n;
      (output.sums as Float64Array).set(sums, at);
      for (let k = 0; k < n; k++) (output.counts as Int32Array)[at + k] = whole - gaps[k];
      sums.fill(0);
      gaps.fill(0);
      whole = 0;
      part = -1;
    };
    return {
      tile({ spectra, count, first, t, addRows }) {
        const own = Math.floor(first / width / sumRows);
        if (own !== part) keep(t);
        part = own;
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
      end: keep,
    };
  },

  finishBlock({ nTimes, energies, height, sumRows }, { shared: { data, sums, counts } }) {
    const n = energies.length;
    const nSums = Math.ceil(height / sumRows);
    for (let t = 0; t < nTimes; t++) {
      for (let k = 0; k < n; k++) {
        let [sum, count] = [0, 0];
        for (let part = 0, at = t * nSums * n + k; part < nSums; part++, at += n) {
          sum += (sums as Float64Array)[at];
          count += (counts as Int32Array)[at];
        }
        data[t * n + k] = sum / count;
      }
    }
  },
};
