// One band of final rows, all time steps: frames, the one turn, spectra, and into the shared answers.
import type { Recorded } from "../source.js";
import { StoredFrames } from "../store/frames.js";
import { FramePipeline, recordedRows } from "./frames.js";
import type { Job } from "./job.js";
import { type FrameReader, meanDark, Recording, referenceOf } from "./recording.js";
import { requestKind, type Writer } from "./requests/index.js";
import { SpectrumPipeline, TILE } from "./spectra.js";

/** Runs the bands of one job; a worker keeps one as long as it is sent bands of the same job. */
export class BandRunner {
  private readonly sample: FrameReader;
  private readonly flat: Recording | undefined;
  private readonly pipeline: FramePipeline;
  private readonly spectra: SpectrumPipeline;
  private readonly writers: Promise<Writer>[];
  /** Final pixels that any request is of, 1 or 0. */
  private readonly wanted: Uint8Array;

  constructor(private readonly job: Job) {
    const [, height, width] = job.recorded;
    const open = ({ files, dark }: Recorded, together: number): Recording =>
      new Recording(
        files,
        job.recorded,
        job.saturation,
        meanDark(dark, height, width),
        referenceOf(job.reference),
        Math.max(64, together),
      );
    this.sample =
      job.store === undefined
        ? open(job.sample, job.together)
        : new StoredFrames(job.store, job.sample.files, job.recorded);
    this.flat = job.flat && open(job.flat, job.flat.files.length);
    this.pipeline = new FramePipeline(job.steps, this.sample, this.flat, width, job.sample.files.length);
    this.spectra = new SpectrumPipeline(job);
    this.wanted = new Uint8Array(job.height * job.width);
    for (const { place } of job.targets) {
      for (let p = 0; p < place.length; p++) if (place[p] >= 0) this.wanted[p] = 1;
    }
    this.writers = job.targets.map(async (target) =>
      requestKind(target.request).writer(job, target, target.request),
    );
  }

  /** Computes one band. Bands in which no request has a pixel are not read. */
  async run(band: number): Promise<void> {
    const { job, pipeline } = this;
    const r0 = band * job.bandRows;
    const r1 = Math.min(r0 + job.bandRows, job.height);
    const first = r0 * job.width;
    const nPixels = (r1 - r0) * job.width;
    const wanted = this.wanted.subarray(first, first + nPixels).includes(1);
    if (!wanted && !job.targets.some(({ request }) => requestKind(request).always)) return;
    const writers = await Promise.all(this.writers);
    const nEnergies = job.energies.length;
    const frames = new Float32Array(wanted ? nEnergies * nPixels : 0);
    pipeline.newBand();
    for (let t = 0; t < job.nTimes; t++) {
      for (const writer of writers) writer.begin?.(r0, r1);
      if (wanted) {
        await this.fetch(t, r0, r1);
        for (let k = 0; k < nEnergies; k++) {
          frames.set(pipeline.frame(t, job.frames[0] + k, r0, r1), k * nPixels);
        }
        this.tiles(frames, nPixels, first, t, band, writers);
      }
      for (const writer of writers) await writer.end?.(t, r0, r1);
    }
    this.count(band);
  }

  /** Closes the files. */
  close(): void {
    this.sample.close();
    this.flat?.close();
  }

  /** A saved cube's chunks have to be fetched before the frame steps run over them. */
  private async fetch(t: number, r0: number, r1: number): Promise<void> {
    if (!(this.sample instanceof StoredFrames)) return;
    const { together, sample, steps } = this.job;
    const end = Math.min((t + 1) * together, sample.files.length);
    await this.sample.fetch(t * together, end, ...recordedRows(steps, r0, r1));
  }

  private tiles(
    frames: Float32Array,
    nPixels: number,
    first: number,
    t: number,
    band: number,
    writers: readonly Writer[],
  ): void {
    const { wanted, spectra: pipeline } = this;
    const { spectra, edgeSteps } = pipeline;
    for (let from = 0; from < nPixels; from += TILE) {
      const count = Math.min(TILE, nPixels - from);
      const at = first + from;
      if (!wanted.subarray(at, at + count).includes(1)) continue;
      pipeline.tile(frames, nPixels, from, count, at, wanted);
      const tile = { spectra, edgeSteps, count, first: at, t, band };
      for (const writer of writers) writer.tile(tile);
    }
  }

  /** Notes what had no value in this band, and begins to count anew. */
  private count(band: number): void {
    const { sample, flat, pipeline } = this;
    const { invalid } = this.job;
    invalid[band * 3] = sample.saturated + (flat?.saturated ?? 0);
    invalid[band * 3 + 1] = pipeline.nonPositive;
    invalid[band * 3 + 2] = sample.total + (flat?.total ?? 0);
    for (const reader of [sample, flat]) {
      if (!reader) continue;
      reader.saturated = 0;
      reader.total = 0;
    }
    pipeline.nonPositive = 0;
  }
}
