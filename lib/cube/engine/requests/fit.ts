// Known components fitted to every selected pixel, the spectra of a tile at a time.

import { GlitchList } from "../../../chemometrics/fit/fit-glitches.js";
import type { FitOptions } from "../../../chemometrics/fit/fit-options.js";
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
      ...(options.sigma !== undefined && { chiSquare: shared(Float64Array, rows) }),
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
    const free = unbounded && new FreeFit(n, S, options);
    const C = output.data as Float64Array;
    const { rFactor, flags, standardErrors } = output as Required<SharedOutput>;
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
        const range = [from * nComponents, to * nComponents] as const;
        fitter.fit(own, rows, C.subarray(...range), rFactor.subarray(from, to), flags.subarray(from, to), {
          chiSquare: output.chiSquare?.subarray(from, to),
          standardErrors: standardErrors.subarray(...range),
          glitches,
        });
        if (free && unbounded) free.fit(own, rows, C.subarray(...range), unbounded.subarray(...range));
        if (glitches && output.glitches) output.glitches.set(glitches.result(rows, n).perRow, from);
      },
    };
  },
};

/** The fit without bounds of spectra whose fit with bounds is known. */
class FreeFit {
  readonly #fitter: RowsFitter;
  readonly #nComponents: number;
  /** Least squares have one minimum: where it is not at a bound, both fits are the same. */
  readonly #isConvex: boolean;
  #rows = new Float32Array(0);

  constructor(
    private readonly nEnergies: number,
    S: Float64Array,
    options: FitOptions,
  ) {
    this.#fitter = new RowsFitter(nEnergies, S, { ...options, nonNegative: false });
    this.#nComponents = Math.floor(S.length / nEnergies);
    this.#isConvex = !options.robust;
  }

  /** @param bounded, out concentrations, [count, nComponents] */
  fit(spectra: Float32Array, count: number, bounded: Float64Array, out: Float64Array): void {
    const { nEnergies } = this;
    const n = this.#nComponents;
    out.set(bounded);
    const rows: number[] = [];
    for (let row = 0; row < count; row++) {
      let isBound = !this.#isConvex;
      for (let at = row * n; at < (row + 1) * n; at++) isBound ||= bounded[at] <= 0;
      if (isBound) rows.push(row);
    }
    if (rows.length === 0) return;
    if (this.#rows.length < count * nEnergies) this.#rows = new Float32Array(count * nEnergies);
    for (let to = 0; to < rows.length; to++) {
      this.#rows.set(spectra.subarray(rows[to] * nEnergies, (rows[to] + 1) * nEnergies), to * nEnergies);
    }
    const C = new Float64Array(rows.length * n);
    const scratch = [new Float64Array(rows.length), new Uint8Array(rows.length)] as const;
    this.#fitter.fit(this.#rows, rows.length, C, ...scratch);
    for (let from = 0; from < rows.length * n; from++) {
      out[rows[Math.floor(from / n)] * n + (from % n)] = C[from];
    }
  }
}
