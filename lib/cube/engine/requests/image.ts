import { interpolate } from "../../../compute/curves.js";
import { shared } from "../shared.js";
import type { RequestKind } from "./kind.js";

/** The image at one energy; data: [nTimes, nPixels]. */
export const image: RequestKind<"image"> = {
  allocate: (_, { nTimes, nSelected }) => ({ data: shared(Float64Array, nTimes * nSelected) }),

  writer({ energies }, { place, nSelected, shared: { data } }, { energy }) {
    const n = energies.length;
    return {
      tile({ spectra, count, first, t }) {
        for (let j = 0; j < count; j++) {
          const at = place[first + j];
          if (at < 0) continue;
          data[t * nSelected + at] = interpolate(energies, spectra.subarray(j * n, (j + 1) * n), energy);
        }
      },
    };
  },
};
