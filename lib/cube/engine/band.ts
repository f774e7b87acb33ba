// One band of final rows, all time steps: frames, the one turn, spectra, and into the shared output.
import { fitRows } from "../../chemometrics/fit-components.js";
import { interpolate } from "../../compute/curves.js";
import { Normalizer } from "../../xas/normalizer.js";
import { ShiftInterpolator } from "../../xas/shift.js";
import type { Recorded } from "../source.js";
import { FramePipeline } from "./frames.js";
import type { Job } from "./job.js";
import { meanDark, Recording, referenceOf } from "./recording.js";

/** Pixels that are turned at a time: small enough for the cache, large enough to read frames in runs. */
const TILE = 16;

/** Spectra that are fitted at a time: the fit's set-up costs about as much as one of them. */
const FIT_ROWS = 128;

/** Runs the bands of one job; a worker keeps one as long as it is sent bands of the same job. */
export class BandRunner {
  private readonly sample: Recording;
  private readonly flat: Recording | undefined;
  private readonly pipeline: FramePipeline;
  private readonly spectra: SpectrumPipeline;

  constructor(private readonly job: Job) {
    const [, height, width] = job.recorded;
    const reference = referenceOf(job.reference);
    const open = ({ files, dark }: Recorded, together: number): Recording =>
      new Recording(
        files,
        job.recorded,
        job.saturation,
        meanDark(dark, height, width),
        reference,
        Math.max(64, together),
      );
    this.sample = open(job.sample, job.together);
    this.flat = job.flat && open(job.flat, job.flat.files.length);
    this.pipeline = new FramePipeline(job.steps, this.sample, this.flat, width, job.sample.files.length);
    this.spectra = new SpectrumPipeline(job);
  }

  /** Computes one band and writes it to the shared output. Bands without selected pixels are not read. */
  run(band: number): void {
    const { job, pipeline } = this;
    const r0 = band * job.bandRows;
    const r1 = Math.min(r0 + job.bandRows, job.height);
    const nPixels = (r1 - r0) * job.width;
    const first = r0 * job.width;
    if (!hasSelected(job.place, first, first + nPixels)) return;
    const nEnergies = job.energies.length;
    const frames = new Float32Array(nEnergies * nPixels);
    pipeline.newBand();
    for (let t = 0; t < job.nTimes; t++) {
      for (let k = 0; k < nEnergies; k++) {
        frames.set(pipeline.frame(t, job.frames[0] + k, r0, r1), k * nPixels);
      }
      this.spectra.run(frames, nPixels, first, t, band);
    }
    const counts = job.shared.invalid;
    counts[band * 3] = this.sample.saturated + (this.flat?.saturated ?? 0);
    counts[band * 3 + 1] = pipeline.nonPositive;
    counts[band * 3 + 2] = this.sample.total + (this.flat?.total ?? 0);
    for (const recording of [this.sample, this.flat]) {
      if (!recording) continue;
      recording.saturated = 0;
      recording.total = 0;
    }
    pipeline.nonPositive = 0;
  }

  /** Closes the files. */
  close(): void {
    this.sample.close();
    this.flat?.close();
  }
}

function hasSelected(place: Int32Array, from: number, to: number): boolean {
  for (let p = from; p < to; p++) if (place[p] >= 0) return true;
  return false;
}

/** Place of the last selected pixel before `end`. */
function placeBefore(place: Int32Array, end: number): number {
  let p = end - 1;
  while (place[p] < 0) p--;
  return place[p];
}

/** The spectrum steps, on tiles of pixels. */
class SpectrumPipeline {
  private readonly interpolate: ShiftInterpolator | undefined;
  private readonly normalizer: Normalizer | undefined;
  private readonly tile: Float64Array;
  private readonly shifted: Float64Array;
  private readonly normalized: Float64Array;
  private readonly toFit: Float64Array;
  private waiting = 0;

  constructor(private readonly job: Job) {
    const n = job.energies.length;
    this.interpolate = job.shift && new ShiftInterpolator(job.energies);
    this.normalizer = job.normalize && new Normalizer(job.energies, job.normalize);
    this.tile = new Float64Array(TILE * n);
    this.shifted = new Float64Array(n);
    this.normalized = new Float64Array(n);
    this.toFit = new Float64Array(job.request.kind === "fit" ? FIT_ROWS * n : 0);
  }

  /** Frames [nEnergies, nPixels] of a band whose first pixel is `first`. */
  run(frames: Float32Array, nPixels: number, first: number, t: number, band: number): void {
    const { job, tile } = this;
    const n = job.energies.length;
    for (let p0 = 0; p0 < nPixels; p0 += TILE) {
      const count = Math.min(TILE, nPixels - p0);
      if (!hasSelected(job.place, first + p0, first + p0 + count)) continue;
      for (let k = 0; k < n; k++) {
        const from = k * nPixels + p0;
        for (let j = 0; j < count; j++) tile[j * n + k] = frames[from + j];
      }
      for (let j = 0; j < count; j++) {
        const pixel = first + p0 + j;
        if (job.place[pixel] >= 0) this.one(tile.subarray(j * n, (j + 1) * n), pixel, t, band);
      }
    }
    if (this.waiting > 0) this.fit(t * job.nSelected + placeBefore(job.place, first + nPixels) + 1);
  }

  /** Fits the spectra that wait; they are those of the consecutive output rows before `end`. */
  private fit(end: number): void {
    const { request, shared, energies } = this.job;
    if (request.kind !== "fit") return;
    const from = end - this.waiting;
    fitRows(
      this.toFit,
      this.waiting,
      energies.length,
      request.S,
      request.options,
      shared.data.subarray(from * request.nComponents, end * request.nComponents) as Float64Array,
      (shared.rFactor as Float64Array).subarray(from, end),
      (shared.flags as Uint8Array).subarray(from, end),
    );
    this.waiting = 0;
  }

  private one(measured: Float64Array, pixel: number, t: number, band: number): void {
    const { job } = this;
    let spectrum = measured;
    if (this.interpolate && job.shift) {
      this.interpolate.apply(spectrum, job.shift[pixel], this.shifted);
      spectrum = this.shifted;
    }
    let edgeStep = Number.NaN;
    if (this.normalizer && job.normalize) {
      edgeStep = this.normalizer.apply(spectrum, this.normalized, job.normalize.flatten);
      spectrum = this.normalized;
    }
    this.write(spectrum, edgeStep, pixel, t, band);
  }

  private write(spectrum: Float64Array, edgeStep: number, pixel: number, t: number, band: number): void {
    const { job } = this;
    const { request, shared } = job;
    const n = spectrum.length;
    const row = t * job.nSelected + job.place[pixel];
    switch (request.kind) {
      case "mean": {
        const at = (band * job.nTimes + t) * n;
        const counts = shared.counts as Int32Array;
        for (let k = 0; k < n; k++) {
          const v = spectrum[k];
          if (!Number.isNaN(v)) {
            shared.data[at + k] += v;
            counts[at + k]++;
          }
        }
        break;
      }
      case "spectra":
        shared.data.set(spectrum, row * n);
        break;
      case "image":
        shared.data[row] = interpolate(job.energies, spectrum, request.energy);
        break;
      case "edgeStep":
        shared.data[row] = edgeStep;
        break;
      case "fit":
        this.toFit.set(spectrum, this.waiting * n);
        if (++this.waiting === FIT_ROWS) this.fit(row + 1);
        break;
    }
  }
}
