import { shared } from "../shared.js";
import type { RequestKind } from "./kind.js";

/** Sum over the energies of every selected pixel, of the values that are there; data: [nTimes, nPixels]. */
export const total: RequestKind<"total"> = {
  allocate: (_, { nTimes, nSelected }) => ({ data: shared(Float64Array, nTimes * nSelected) }),

  writer({ energies }, { place, nSelected, shared: { data } }) {
    const n = energies.length;
    return {
      tile({ spectra, count, first, t }) {
        for (let j = 0; j < count; j++) {
          const at = place[first + j];
          if (at < 0) continue;
          let sum = 0;
          for (let k = j * n; k < (j + 1) * n; k++) if (!Number.isNaN(spectra[k])) sum += spectra[k];
          data[t * nSelected + at] = sum;
        }
      },
    };
  },
};
