// Known components fitted to every selected pixel, many spectra at a time: the fit's set-up costs about as much as one.

import { fitRows } from "../../../chemometrics/fit-components.js";
import { GlitchList } from "../../../chemometrics/fit-glitches.js";
import { type RequestKind, shared } from "./request.js";

/** Spectra that are fitted at a time. */
const FIT_ROWS = 128;

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
      ...(options.robust && { glitches: shared(Uint16Array, rows) }),
    };
  },

  writer({ energies }, { place, nSelected, shared: output }, { S, nComponents, options }) {
    const n = energies.length;
    const waiting = new Float64Array(FIT_ROWS * n);
    let count = 0;
    // The rows that wait are consecutive ones of the output, the last of them before `end`.
    const flush = (end: number): void => {
      const from = end - count;
      const glitches = output.glitches && new GlitchList();
      fitRows(
        waiting,
        count,
        n,
        S,
        options,
        (output.data as Float64Array).subarray(from * nComponents, end * nComponents),
        (output.rFactor as Float64Array).subarray(from, end),
        (output.flags as Uint8Array).subarray(from, end),
        {
          chiSquare: (output.chiSquare as Float64Array).subarray(from, end),
          standardErrors: (output.standardErrors as Float64Array).subarray(
            from * nComponents,
            end * nComponents,
          ),
          glitches,
        },
      );
      if (glitches && output.glitches) output.glitches.set(glitches.result(count, n).perRow, from);
      count = 0;
    };
    let next = 0;
    return {
      tile({ spectra, count: m, first, t }) {
        for (let j = 0; j < m; j++) {
          const at = place[first + j];
          if (at < 0) continue;
          waiting.set(spectra.subarray(j * n, (j + 1) * n), count * n);
          next = t * nSelected + at + 1;
          if (++count === FIT_ROWS) flush(next);
        }
      },
      end() {
        if (count > 0) flush(next);
      },
    };
  },
};
