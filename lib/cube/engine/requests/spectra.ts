import { shared } from "../shared.js";
import type { RequestKind } from "./kind.js";

/** Every selected pixel's spectrum; data: [nTimes, nPixels, nEnergies]. */
export const spectra: RequestKind<"spectra"> = {
  allocate: (_, { nTimes, nSelected, nEnergies }) => ({
    data: shared(Float32Array, nTimes * nSelected * nEnergies),
  }),

  writer({ energies }, { place, nSelected, shared: { data } }) {
    const n = energies.length;
    return {
      tile({ spectra: rows, count, first, t }) {
        for (let j = 0; j < count; j++) {
          const at = place[first + j];
          if (at >= 0) data.set(rows.subarray(j * n, (j + 1) * n), (t * nSelected + at) * n);
        }
      },
    };
  },
};
