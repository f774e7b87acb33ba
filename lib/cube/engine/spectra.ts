// The one turn from frames to spectra, and the spectrum steps, on tiles of pixels.
import { Normalizer } from "../../xas/normalizer.js";
import { ShiftInterpolator } from "../../xas/shift.js";
import type { Job } from "./job.js";

/** Pixels that are turned at a time: small enough for the cache, large enough to read frames in runs. */
export const TILE = 16;

/** Shift and normalisation of spectra; one instance a worker. */
export class SpectrumPipeline {
  /** Spectra of the last tile, [TILE, nEnergies]. */
  readonly spectra: Float64Array;
  /** Edge steps of the last tile; NaN where nothing is normalised. */
  readonly edgeSteps: Float64Array = new Float64Array(TILE).fill(Number.NaN);
  readonly #interpolate: ShiftInterpolator | undefined;
  readonly #normalizer: Normalizer | undefined;
  readonly #work: Float64Array;

  constructor(private readonly job: Job) {
    const n = job.energies.length;
    this.#interpolate = job.shift && new ShiftInterpolator(job.energies);
    this.#normalizer = job.normalize && new Normalizer(job.energies, job.normalize);
    this.spectra = new Float64Array(TILE * n);
    this.#work = new Float64Array(n);
  }

  /**
   * Turns pixels [from, from + count) of a band and applies the steps.
   *
   * @param frames [nEnergies, nPixels] of the band
   * @param first final pixel of the first of them
   * @param wanted final pixels that anybody asks for, 1 or 0; the spectra of others are left as they are
   */
  tile(
    frames: Float32Array,
    nPixels: number,
    from: number,
    count: number,
    first: number,
    wanted: Uint8Array,
  ): void {
    const { job, spectra } = this;
    const n = job.energies.length;
    for (let k = 0; k < n; k++) {
      const at = k * nPixels + from;
      for (let j = 0; j < count; j++) spectra[j * n + k] = frames[at + j];
    }
    for (let j = 0; j < count; j++) {
      if (wanted[first + j] === 0) continue;
      const spectrum = spectra.subarray(j * n, (j + 1) * n);
      if (this.#interpolate && job.shift) {
        this.#work.set(spectrum);
        this.#interpolate.apply(this.#work, job.shift[first + j], spectrum);
      }
      if (this.#normalizer && job.normalize) {
        this.#work.set(spectrum);
        this.edgeSteps[j] = this.#normalizer.apply(this.#work, spectrum, job.normalize.flatten);
      }
    }
  }
}
