// Known components fitted to every selected pixel, the spectra of a tile at a time.

import { GlitchList } from "../../../chemometrics/fit/fit-glitches.js";
import { RowsFitter } from "../../../chemometrics/fit/fit-rows.js";
import { shared } from "../shared.js";
import type { RequestKind } from "./kind.js";
import type { SharedOutput } from "./request.js";

/** data: concentrations, [nTimes, nPixels, nComponents]. */
export const fit: RequestKind<"fit"> = {
  allocate({ nComponents, options }, { nTimes, nSelected }) {
    const rows = nTimes * nSelected;
    return {
      data: shared(Float64Array, rows * nComponents),
      rFactor: shared(Float64Array, rows),
      flags: shared(Uint8Array, rows),
      chiSquare: shared(Float64Array, rows),
      standardErrors: shared(Float64Array, rows * nComponents),
      ...(options.nonNegative !== false && { unbounded: shared(Float64Array, rows * nComponents) }),
      ...(options.robust && { glitches: shared(Uint16Array, rows) }),
    };
  },

  writer({ energies }, { place, nSelected, shared: output }, { S, options }) {
    const n = energies.length;
    const nComponents = Math.floor(S.length / n);
    const fitter = new RowsFitter(n, S, options);
    const { unbounded } = output;
    // The same fit without bounds: what lies at a bound hides how a response begins to change.
    const free = unbounded && new RowsFitter(n, S, { ...options, nonNegative: false });
    const C = output.data as Float64Array;
    const { rFactor, flags, chiSquare, standardErrors } = output as Required<SharedOutput>;
    let chosen = new Float32Array(0);
    return {
      tile({ spectra, count, first, t }) {
        // Selected pixels of a tile are consecutive ones of the output.
        let rows = 0;
        let from = 0;
        for (let j = 0; j < count; j++) {
          if (place[first + j] >= 0 && rows++ === 0) from = t * nSelected + place[first + j];
        }
        if (rows === 0) return;
        if (rows < count) {
          if (chosen.length < count * n) chosen = new Float32Array(count * n);
          for (let j = 0, row = 0; j < count; j++) {
            if (place[first + j] >= 0) chosen.set(spectra.subarray(j * n, (j + 1) * n), row++ * n);
          }
        }
        const to = from + rows;
        const glitches = output.glitches && new GlitchList();
        const own = rows < count ? chosen : spectra;
        if (free && unbounded) {
          const scratch = [new Float64Array(rows), new Uint8Array(rows)] as const;
          free.fit(own, rows, unbounded.subarray(from * nComponents, to * nComponents), ...scratch);
        }
        fitter.fit(
          own,
          rows,
          C.subarray(from * nComponents, to * nComponents),
          rFactor.subarray(from, to),
          flags.subarray(from, to),
          {
            chiSquare: chiSquare.subarray(from, to),
            standardErrors: standardErrors.subarray(from * nComponents, to * nComponents),
            glitches,
          },
        );
        if (glitches && output.glitches) output.glitches.set(glitches.result(rows, n).perRow, from);
      },
    };
  },
};
