// The transpose of frames to spectra, and the spectrum steps, on tiles of pixels: compiled where possible,
// otherwise one spectrum after another.
import type { Kernels } from "../../compute/wasm.js";
import { SpectrumTiles, type TilePlan, type WindowFit } from "../../compute/wasm-spectra.js";
import { Normalizer } from "../../xas/normalizer.js";
import { ShiftInterpolator } from "../../xas/shift.js";
import { windowFit } from "../../xas/window-fit.js";
import { TINY_STEP } from "../../xas/windows.js";
import { normalization } from "../verbs/normalize.js";
import type { Job } from "./job.js";

/** Pixels of a tile at most: their frames and their spectra stay in a core's own cache together. */
export const TILE = 48;

/** Transposes frames, shifts and normalizes spectra; one instance per worker. */
export interface SpectrumPipeline {
  /** Frames to be filled in, [nEnergies, pitch]. */
  readonly frames: Float32Array;
  /** Numbers from frame to frame. */
  readonly pitch: number;
  /** Spectra of the last tile, [TILE, nEnergies]. */
  readonly spectra: Float32Array;
  /** Edge steps of the last tile; NaN where nothing is normalized. */
  readonly edgeSteps: Float64Array;
  /** From now on the fits of the normalization leave out energies, as indices. */
  leaveOut(indices: readonly number[]): void;
  /**
   * Transposes pixels [from, from + count) of the frames and applies the steps.
   *
   * @param first place of the first of them among the shifts: its final pixel, in the images of all time steps
   *   where each has its own
   */
  run(from: number, count: number, first: number): void;
  /**
   * Adds spectra of the last tile to `sums`, those that are chosen (1) and have a number everywhere.
   *
   * @param chosen one entry per spectrum; 2 where a chosen one was left out because it has gaps
   * @returns how many were left out
   */
  addRows(chosen: Uint8Array, sums: Float64Array): number;
}

/** @param framePixels pixels of a frame at most */
export function spectrumPipeline(
  kernels: Kernels | null,
  job: Pick<Job, "energies" | "shift" | "normalize">,
  framePixels: number,
): SpectrumPipeline {
  // A stencil of the shift has four energies.
  return kernels && job.energies.length >= 4
    ? new CompiledPipeline(kernels, job, framePixels)
    : new PlainPipeline(job, framePixels);
}

type Views = Pick<SpectrumPipeline, "frames" | "spectra" | "edgeSteps">;

class CompiledPipeline implements SpectrumPipeline {
  readonly #tiles: SpectrumTiles;
  #views: Views | undefined;

  constructor(
    kernels: Kernels,
    private readonly job: Pick<Job, "energies" | "shift" | "normalize">,
    framePixels: number,
  ) {
    this.#tiles = new SpectrumTiles(kernels, tilePlan(job), framePixels, TILE);
  }

  get pitch(): number {
    return this.#tiles.pitch;
  }

  get frames(): Float32Array {
    return this.#view.frames;
  }

  get spectra(): Float32Array {
    return this.#view.spectra;
  }

  get edgeSteps(): Float64Array {
    return this.#view.edgeSteps;
  }

  leaveOut(indices: readonly number[]): void {
    const { normalize } = tilePlan(this.job, indices);
    if (normalize) this.#tiles.useFits(normalize);
  }

  run(from: number, count: number, first: number): void {
    this.#tiles.run(from, count, this.job.shift, first);
  }

  addRows(chosen: Uint8Array, sums: Float64Array): number {
    return this.#tiles.addRows(chosen, sums);
  }

  /** Taken at first use, when everything that holds a place in the kernels' memory has been made. */
  get #view(): Views {
    if (!this.#views) {
      const { frames, spectra, edgeSteps } = this.#tiles;
      this.#views = { frames, spectra, edgeSteps };
    }
    return this.#views;
  }
}

/** The numbers of ShiftInterpolator and Normalizer, as the kernels take them. */
function tilePlan(
  { energies, shift, normalize }: Pick<Job, "energies" | "shift" | "normalize">,
  leaveOut: readonly number[] = [],
): TilePlan {
  if (!normalize) return { energies, shift: shift !== undefined, normalize: null };
  const { e0, preDegree, degree, flatten } = normalize;
  const fitOf = (name: "pre" | "post", d: number): WindowFit =>
    windowFit(energies, e0, normalize[name], d, name, "normalize", leaveOut);
  return {
    energies,
    shift: shift !== undefined,
    normalize: {
      e0,
      pre: fitOf("pre", preDegree),
      post: fitOf("post", degree),
      flatten,
      tiny: TINY_STEP,
    },
  };
}

class PlainPipeline implements SpectrumPipeline {
  readonly frames: Float32Array;
  readonly spectra: Float32Array;
  readonly edgeSteps: Float64Array = new Float64Array(TILE).fill(Number.NaN);
  readonly #interpolate: ShiftInterpolator | undefined;
  #normalizer: Normalizer | undefined;
  readonly #measured: Float64Array;
  readonly #spectrum: Float64Array;

  constructor(
    private readonly job: Pick<Job, "energies" | "shift" | "normalize">,
    readonly pitch: number,
  ) {
    const n = job.energies.length;
    this.#interpolate = job.shift && new ShiftInterpolator(job.energies);
    this.#normalizer = job.normalize && new Normalizer(job.energies, normalization(job.normalize));
    this.frames = new Float32Array(n * pitch);
    this.spectra = new Float32Array(TILE * n);
    this.#measured = new Float64Array(n);
    this.#spectrum = new Float64Array(n);
  }

  leaveOut(indices: readonly number[]): void {
    const { energies, normalize } = this.job;
    this.#normalizer = normalize && new Normalizer(energies, normalization(normalize), indices);
  }

  run(from: number, count: number, first: number): void {
    const { job, spectra, frames, pitch } = this;
    const [measured, spectrum] = [this.#measured, this.#spectrum];
    const n = job.energies.length;
    for (let j = 0; j < count; j++) {
      for (let k = 0, at = from + j; k < n; k++, at += pitch) measured[k] = frames[at];
      if (this.#interpolate && job.shift) this.#interpolate.apply(measured, job.shift[first + j], spectrum);
      else spectrum.set(measured);
      if (this.#normalizer && job.normalize) {
        this.edgeSteps[j] = this.#normalizer.apply(spectrum, spectrum, job.normalize.flatten);
      }
      spectra.set(spectrum, j * n);
    }
  }

  addRows(chosen: Uint8Array, sums: Float64Array): number {
    const n = sums.length;
    let leftOut = 0;
    for (let j = 0; j < chosen.length; j++) {
      if (chosen[j] === 0) continue;
      const row = this.spectra.subarray(j * n, (j + 1) * n);
      if (row.every(Number.isFinite)) for (let k = 0; k < n; k++) sums[k] += row[k];
      else {
        chosen[j] = 2;
        leftOut++;
      }
    }
    return leftOut;
  }
}
