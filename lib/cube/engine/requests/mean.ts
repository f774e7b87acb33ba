// Mean over the selected pixels. Sums are kept a band and added in the order of the bands: they do not depend on the number
// of workers.
import { type RequestKind, shared } from "./request.js";

/** data: sums while working, the mean in the end; [nBands, nTimes, nEnergies] and [nTimes, nEnergies]. */
export const mean: RequestKind<"mean"> = {
  allocate(_, { nBands, nTimes, nEnergies }) {
    const length = nBands * nTimes * nEnergies;
    return { data: shared(Float64Array, length), counts: shared(Int32Array, length) };
  },

  writer({ nTimes, energies }, { place, shared: output }) {
    const n = energies.length;
    const sums = output.data;
    const counts = output.counts as Int32Array;
    return {
      tile({ spectra, count, first, t, band }) {
        const at = (band * nTimes + t) * n;
        for (let j = 0; j < count; j++) {
          if (place[first + j] < 0) continue;
          for (let k = 0; k < n; k++) {
            const v = spectra[j * n + k];
            if (Number.isNaN(v)) continue;
            sums[at + k] += v;
            counts[at + k]++;
          }
        }
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
