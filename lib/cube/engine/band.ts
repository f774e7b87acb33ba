// One band of final rows, all time steps: frames, their transpose to spectra, and the shared results.
import { frameBuffer } from "../../compute/frame-bins.js";
import type { FrameBuffer } from "../../compute/frame-buffer.js";
import { borrowKernels, type Kernels, returnKernels } from "../../compute/wasm.js";
import type { Recorded } from "../recorded.js";
import { StoredFrames } from "../store/frames.js";
import { noteMean, probedPixels } from "./disturbance.js";
import { noteEdgeSteps } from "./edge-steps.js";
import { FramePipeline } from "./frames.js";
import { absorbedBin, cubesOf, recordedWindow } from "./geometry.js";
import { INVALID, type SharedJob, type SharedRecording } from "./job.js";
import { type FrameReader, Recording } from "./recording.js";
import { requestKind } from "./requests/index.js";
import type { Writer } from "./requests/kind.js";
import { binsOfBand } from "./shared-recordings.js";
import { type SpectrumPipeline, spectrumPipeline, TILE } from "./spectra.js";
import { areaOf, type Window, windowOf } from "./window.js";

/** Longest time without the event loop, ms. */
const BREATH = 100;

/** Thrown where a band was stopped. */
class Stopped extends Error {
  override readonly name = "Stopped";
}

/** Runs the bands of one job; a worker keeps it for all bands of the same job. */
export class BandRunner {
  readonly #kernels: Kernels | null;
  private readonly sample: FrameReader;
  private readonly flat: Recording | undefined;
  private readonly pipeline: FramePipeline;
  private readonly spectra: SpectrumPipeline;
  private readonly writers: Promise<Writer>[];
  /** Final pixels that any request is of, 1 or 0. */
  private readonly wanted: Uint8Array;
  #nextBreath = 0;

  /** @param breathe awaited every BREATH ms, so that the event loop of the thread runs */
  constructor(
    private readonly job: SharedJob,
    private readonly breathe: () => Promise<void>,
  ) {
    this.#kernels = borrowKernels();
    const { recordings } = job;
    const open = ({ files }: Recorded, { table, dark }: SharedRecording): Recording =>
      new Recording(
        files,
        table,
        job.saturation,
        dark,
        (recordings as NonNullable<typeof recordings>).reference,
      );
    this.sample = recordings
      ? open(job.sample, recordings.sample)
      : new StoredFrames(job.store as string, job.sample.files, job.recorded);
    this.flat = job.flat && recordings?.flat && open(job.flat, recordings.flat);
    const nFiles = job.sample.files.length;
    this.pipeline = new FramePipeline(
      job.steps,
      this.sample,
      this.flat,
      this.#buffer(),
      nFiles,
      recordings?.flatLogs,
    );
    this.spectra = spectrumPipeline(this.#kernels, job, job.bandRows * job.width);
    this.wanted = new Uint8Array(job.height * job.width);
    for (const { place } of job.targets) {
      for (let p = 0; p < place.length; p++) if (place[p] >= 0) this.wanted[p] = 1;
    }
    this.writers = job.targets.map(async (target) =>
      requestKind(target.request).writer(job, target, target.request),
    );
  }

  /** Computes one band. Rows without a requested pixel are not read. */
  async run(band: number): Promise<void> {
    const { job, pipeline } = this;
    const r0 = band * job.bandRows;
    const r1 = Math.min(r0 + job.bandRows, job.height);
    const window = windowOf(this.wanted, job.width, r0, r1);
    if (!window && !job.targets.some(({ request }) => requestKind(request).always)) return;
    const writers = await Promise.all(this.writers);
    pipeline.newWindow();
    const probe = job.probe?.band === band && window ? job.probe : undefined;
    const probed = probe && probedPixels(this.wanted, job.width, window as Window);
    for (let t = 0; t < job.nTimes; t++) {
      for (const writer of writers) writer.begin?.(r0, r1);
      if (window) {
        await this.#fetch(t, window);
        await this.#frames(t, window);
        const { frames, pitch } = this.spectra;
        if (probe && probed) noteMean(probe, t, frames, pitch, job.energies.length, probed);
        if (job.leaveOut) this.spectra.leaveOut(job.leaveOut[t]);
        await this.#tiles(window, t, band, writers);
      }
      for (const writer of writers) await writer.end?.(t, r0, r1);
    }
    this.sample.close();
    this.flat?.close();
    this.#count(band);
  }

  /** Closes the files; the runner is not to be used again. */
  close(): void {
    returnKernels(this.#kernels);
    this.sample.close();
    this.flat?.close();
  }

  /** Buffer for the recorded pixels of a band. */
  #buffer(): FrameBuffer | undefined {
    const { steps } = this.job;
    const used = absorbedBin(steps);
    if (!used) return undefined;
    const bins = binsOfBand(this.job);
    const pixels = bins * used.factor ** 2;
    const averages = steps.slice(0, used.end).some((step) => cubesOf(step) > 1);
    const means = averages || (this.job.flat?.files.length ?? 0) > 1;
    return frameBuffer(this.#kernels, { pixels, bins, means });
  }

  /**
   * Asynchronous work before the frame steps of a time step: fetches the chunks of a saved cube, indexes
   * files that are new.
   */
  async #fetch(t: number, window: Window): Promise<void> {
    const { together, sample, steps } = this.job;
    const end = Math.min((t + 1) * together, sample.files.length);
    if (!(this.sample instanceof StoredFrames)) {
      // The flat first: the others are compared with it.
      for (let index = 0; this.flat && index < this.flat.files.length; index++) this.flat.prepare(index);
      for (let index = t * together; index < end; index++) {
        (this.sample as Recording).prepare(index);
        await this.#pause();
      }
      return;
    }
    const { top, bottom } = recordedWindow(steps, window);
    await this.sample.fetch(t * together, end, top, bottom);
  }

  async #frames(t: number, window: Window): Promise<void> {
    const { job, pipeline, spectra } = this;
    const { frames, pitch } = spectra;
    const n = areaOf(window);
    for (let k = 0; k < job.energies.length; k++) {
      pipeline.frame(t, job.frames[0] + k, window, frames.subarray(k * pitch, k * pitch + n));
      await this.#pause();
    }
  }

  /** Tiles lie within a row of the window, so that their pixels are neighbors in the final image, too. */
  async #tiles({ top, bottom, left, right }: Window, t: number, band: number, writers: readonly Writer[]) {
    const { wanted, job, spectra: pipeline } = this;
    const { spectra, edgeSteps, frames, pitch } = pipeline;
    const nEnergies = job.energies.length;
    const isWhole = (at: number): boolean => {
      for (let k = 0; k < nEnergies; k++) if (Number.isNaN(frames[k * pitch + at])) return false;
      return true;
    };
    const addRows = (chosen: Uint8Array, sums: Float64Array): number => pipeline.addRows(chosen, sums);
    const columns = right - left;
    const pixels = job.height * job.width;
    const own = job.shift && job.shift.length > pixels ? t * pixels : 0;
    for (let r = top; r < bottom; r++) {
      for (let from = 0; from < columns; from += TILE) {
        const count = Math.min(TILE, columns - from);
        const first = r * job.width + left + from;
        if (!wanted.subarray(first, first + count).includes(1)) continue;
        const at = (r - top) * columns + from;
        pipeline.run(at, count, own + first);
        if (job.edgeSteps) noteEdgeSteps(job.edgeSteps, edgeSteps, count, first, (j) => isWhole(at + j));
        const measured = { frames, pitch, at, shiftAt: own + first };
        const tile = { spectra, edgeSteps, count, first, t, band, measured, addRows };
        for (const writer of writers) writer.tile(tile);
      }
      await this.#pause();
    }
  }

  /** Throws where the job is to stop; otherwise lets the event loop run every BREATH ms. */
  async #pause(): Promise<void> {
    if (Atomics.load(this.job.stop, 0) === 1) throw new Stopped("stopped");
    const now = performance.now();
    if (now < this.#nextBreath) return;
    await this.breathe();
    this.#nextBreath = performance.now() + BREATH;
  }

  /** Stores the counts of invalid samples of the band and resets them. */
  #count(band: number): void {
    const { sample, flat, pipeline } = this;
    const { invalid, firstTime } = this.job;
    // The flat serves all blocks of time steps, and counts once.
    const counted = firstTime === 0 ? flat : undefined;
    const numbers = [
      sample.saturated + (counted?.saturated ?? 0),
      pipeline.nonPositive,
      sample.total + (counted?.total ?? 0),
      pipeline.glitches,
    ];
    invalid.set(numbers, band * INVALID);
    this.job.bytes[band] = sample.bytes + (flat?.bytes ?? 0);
    for (const reader of [sample, flat]) {
      if (!reader) continue;
      reader.saturated = 0;
      reader.total = 0;
      reader.bytes = 0;
    }
    pipeline.nonPositive = 0;
    pipeline.glitches = 0;
  }
}
