// A feature of the edge in every selected pixel, with the standard error that the counts give it.

import { CountingNoise } from "../../../xas/counting-noise.js";
import { EdgeFeature, type NoFeature } from "../../../xas/edge-features.js";
import { NormalizationGradient } from "../../../xas/normalization-gradient.js";
import { ShiftInterpolator } from "../../../xas/shift.js";
import { normalization } from "../../verbs/normalize.js";
import type { Job } from "../job.js";
import { shared } from "../shared.js";
import type { Measured, RequestKind } from "./kind.js";

/** Why a pixel has no value; the flag of a pixel is the place in this list, 0 for a value. */
export const NO_VALUE = ["", "no normalized spectrum", "too few counts", "no edge", "ambiguous"] as const;

const FLAGS = { missing: 1, "no edge": 3, ambiguous: 4 } as const satisfies Record<NoFeature, number>;
const FEW_COUNTS = 2;

/** An edge step below so many standard errors is no edge above the noise. */
const ABOVE_NOISE = 5;

/** data, standardErrors, flags: [nTimes, nPixels]. */
export const feature: RequestKind<"feature"> = {
  allocate(_, { nTimes, nSelected }) {
    const rows = nTimes * nSelected;
    return {
      data: shared(Float64Array, rows),
      standardErrors: shared(Float64Array, rows),
      flags: shared(Uint8Array, rows),
    };
  },

  writer(job, { place, nSelected, shared: output }, { feature: name, e0, reach }) {
    const n = job.energies.length;
    const found = name === "edgeStep" ? null : EdgeFeature.on(name, job.energies, e0, reach);
    // Refused before: a writer that finds nothing must not look like pixels without an edge.
    if (found === undefined) throw new RangeError(`${name}: the axis does not cover its range`);
    const errors = new ErrorsOfCounts(job, e0);
    const gradient = new Float64Array(n);
    const { data, standardErrors, flags } = output as Required<typeof output>;
    return {
      tile({ spectra, edgeSteps, count, first, t, measured }) {
        for (let j = 0; j < count; j++) {
          const at = place[first + j];
          if (at < 0) continue;
          const to = t * nSelected + at;
          data[to] = Number.NaN;
          standardErrors[to] = Number.NaN;
          flags[to] = 0;
          const step = edgeSteps[j];
          if (job.normalize && !(step > 0)) {
            flags[to] = FLAGS.missing;
            continue;
          }
          errors.begin(measured, j, t);
          const stepError = job.normalize ? errors.ofEdgeStep() : Number.NaN;
          if (!found) {
            data[to] = step;
            standardErrors[to] = stepError;
            continue;
          }
          const why = step < ABOVE_NOISE * stepError ? FEW_COUNTS : reason(found.find(spectra, j));
          flags[to] = why;
          if (why !== 0) continue;
          gradient.set(found.gradient);
          const error = job.normalize ? errors.of(gradient, spectra, j, step) : Number.NaN;
          // Beyond a quarter of a fit the error is no longer linear in the noise.
          if (error > reach / 4 && name !== "whiteLineHeight") flags[to] = FEW_COUNTS;
          else [data[to], standardErrors[to]] = [found.value, error];
        }
      },
    };
  },
};

function reason(why: NoFeature | undefined): number {
  return why === undefined ? 0 : FLAGS[why];
}

/** Standard errors of what is computed from the spectrum of a pixel: through shift and normalization. */
class ErrorsOfCounts {
  readonly #n: number;
  readonly #noise: CountingNoise;
  readonly #shift: ShiftInterpolator | undefined;
  readonly #measured: Float64Array;
  readonly #ofStep: Float64Array;
  #normalization: NormalizationGradient | undefined;
  #leftOut: readonly number[] | undefined;
  #own: {
    readonly frames: Float32Array;
    readonly pitch: number;
    readonly at: number;
    readonly shift: number;
  };

  constructor(
    private readonly job: Job,
    e0: number,
  ) {
    this.#n = job.energies.length;
    this.#noise = new CountingNoise(job.energies, e0);
    this.#shift = job.shift && new ShiftInterpolator(job.energies);
    this.#measured = new Float64Array(this.#n);
    this.#ofStep = new Float64Array(this.#n);
    this.#own = { frames: new Float32Array(0), pitch: 0, at: 0, shift: 0 };
  }

  /** The spectrum is the j-th of a tile at time step t. */
  begin({ frames, pitch, at, shiftAt }: Measured, j: number, t: number): void {
    const { job } = this;
    this.#own = { frames, pitch, at: at + j, shift: job.shift ? job.shift[shiftAt + j] : 0 };
    this.#noise.estimate(frames, at + j, pitch);
    const leaveOut = job.leaveOut?.[t] ?? NONE;
    if (!job.normalize || leaveOut === this.#leftOut) return;
    const { flatten } = job.normalize;
    const options = normalization(job.normalize);
    this.#normalization = new NormalizationGradient(job.energies, options, flatten, leaveOut);
    this.#leftOut = leaveOut;
    this.#normalization.edgeStep(this.#ofStep);
  }

  ofEdgeStep(): number {
    return this.#size(this.#ofStep);
  }

  /** @param gradient with respect to the normalized spectrum; overwritten */
  of(gradient: Float64Array, spectra: Float32Array, j: number, edgeStep: number): number {
    this.#normalization?.pull(gradient, spectra, j * this.#n, edgeStep);
    return this.#size(gradient);
  }

  #size(gradient: Float64Array): number {
    const { frames, pitch, at, shift } = this.#own;
    let own = gradient;
    if (this.#shift) {
      this.#shift.transpose(gradient, shift, this.#measured);
      own = this.#measured;
    }
    let variance = 0;
    for (let k = 0, i = at; k < this.#n; k++, i += pitch) {
      if (own[k] !== 0) variance += own[k] ** 2 * this.#noise.variance(frames[i]);
    }
    return Math.sqrt(variance);
  }
}

const NONE: readonly number[] = [];
