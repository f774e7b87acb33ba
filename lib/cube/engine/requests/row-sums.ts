// Sums over all rows, for principal components: one set per band of a block, joined in their order, so that they
// do not depend on the number of workers. Spectra without a value at some energy are left out.
import { BLOCK_ROWS, RowSums } from "../../../chemometrics/pca/row-sums.js";
import { shared } from "../shared.js";
import type { RequestKind } from "./kind.js";

/** whole: the sums; data is empty. */
export const rowSums: RequestKind<"rowSums"> = {
  byBand: true,

  allocate: (_, { nEnergies }) => ({
    data: shared(Float64Array, 0),
    whole: shared(Float64Array, RowSums.length(nEnergies)),
  }),

  allocateBlock: ({ nBands, energies }) => ({
    parts: shared(Float64Array, nBands * RowSums.length(energies.length)),
  }),

  writer({ energies, nTimes, bandRows }, { place, shared: { parts } }) {
    const n = energies.length;
    const length = RowSums.length(n);
    const block = new Float64Array(BLOCK_ROWS * n);
    let sums = new RowSums(n, new Float64Array(0));
    let band = -1;
    let rows = 0;
    const flush = (): void => {
      sums.add(block, rows);
      rows = 0;
    };
    return {
      begin(r0) {
        const own = Math.floor(r0 / bandRows);
        if (own === band) return;
        band = own;
        // It is not empty where the pass begins again without disturbed energies.
        const memory = (parts as Float64Array).subarray(own * length, (own + 1) * length).fill(0);
        sums = new RowSums(n, memory);
        rows = 0;
      },
      tile({ spectra, count, first }) {
        for (let j = 0; j < count; j++) {
          const row = spectra.subarray(j * n, (j + 1) * n);
          if (place[first + j] < 0 || !row.every(Number.isFinite)) continue;
          block.set(row, rows++ * n);
          if (rows === BLOCK_ROWS) flush();
        }
      },
      end(t) {
        if (t === nTimes - 1) flush();
      },
    };
  },

  finishBlock({ nBands, energies }, { shared: { whole, parts } }) {
    const n = energies.length;
    const length = RowSums.length(n);
    const all = new RowSums(n, whole);
    for (let band = 0; band < nBands; band++) {
      all.join(new RowSums(n, (parts as Float64Array).subarray(band * length, (band + 1) * length)));
    }
  },
};
