// One pass over all frames of a flat, in groups of frames: the weighted sum of what each pixel has of its
// frame (Eq. 1), and, where the chain will need them, the logarithms of the flat over bins. Frames are read
// whole, one after the other, as disks like it.
import { frameBuffer } from "../../compute/frame-bins.js";
import { CORRECTED, type CountsOf, type FrameBuffer } from "../../compute/frame-buffer.js";
import { borrowKernels, type Kernels, returnKernels } from "../../compute/wasm.js";
import type { Recorded, RecordedFile } from "../recorded.js";
import { CountsLoader } from "./counts.js";
import { collapse, SharedRows } from "./flat-logs.js";
import type { SharedFlatLogs, SharedRecording } from "./job.js";
import { Recording } from "./recording.js";
import type { Reference } from "./reference.js";
import { shared } from "./shared.js";
import type { Window } from "./window.js";

/** Frames of a group: as many are added in float32 before the sum goes to float64. */
const GROUP = 32;

/** Sums in shared memory at most: threads take turns with them. */
const MOST_SUMS = 4;

/** What can be sent to a worker. */
export interface FlatSumJob {
  readonly id: string;
  readonly sample: Recorded;
  readonly reference: RecordedFile;
  readonly shared: SharedRecording;
  readonly scaledTo: Reference;
  readonly saturation?: number;
  /** Of each frame. */
  readonly weights: Float64Array;
  /** Receives the sum of the valid counts of each frame, up to the first of its group without light. */
  readonly counts: Float64Array;
  /** Several sums over all pixels, which are to be added: weight x frame / counts of the groups. */
  readonly sums: readonly Float64Array[];
  /** 1 while a thread adds to that sum. */
  readonly taken: Int32Array;
  /** Sums are multiples of it, so that their order does not matter. */
  readonly quantum: number;
  /** Where the logarithms are wanted: bins of `factor` pixels, from the corner of the recorded image on. */
  readonly bins?: { readonly logs: SharedFlatLogs; readonly factor: number };
  /** 1: stop. */
  readonly stop: Int32Array;
}

/** Memory for the results of so many threads. */
export function flatSums(
  weights: Float64Array,
  pixels: number,
  workers: number,
): Pick<FlatSumJob, "weights" | "counts" | "sums" | "taken" | "quantum"> {
  const nSums = Math.min(workers, MOST_SUMS);
  const most = weights.reduce((sum, w) => sum + w, 0);
  return {
    weights,
    counts: shared(Float64Array, weights.length),
    sums: Array.from({ length: nSums }, () => shared(Float64Array, pixels)),
    taken: shared(Int32Array, nSums),
    // A pixel has less than the whole frame: less than 2^51 multiples.
    quantum: 2 ** (Math.ceil(Math.log2(most)) - 51),
  };
}

/** Number of groups of a job. */
export function groupsOf({ weights }: Pick<FlatSumJob, "weights">): number {
  return Math.ceil(weights.length / GROUP);
}

/** Runs the groups of one job. */
export class FlatRunner {
  readonly #kernels: Kernels | null;
  readonly #recording: Recording;
  readonly #buffer: FrameBuffer;
  readonly #loader: CountsLoader;
  readonly #window: Window;
  #darkSum: number | undefined;

  constructor(private readonly job: FlatSumJob) {
    const { sample, shared, saturation, scaledTo, bins } = job;
    const [, height, width] = shared.table.shape;
    this.#window = { top: 0, bottom: height, left: 0, right: width };
    this.#kernels = borrowKernels();
    this.#recording = new Recording(sample.files, shared.table, saturation, shared.dark, scaledTo);
    this.#buffer = frameBuffer(this.#kernels, {
      pixels: height * width,
      bins: bins ? Math.floor(height / bins.factor) * Math.floor(width / bins.factor) : 0,
      means: sample.files.length > 1,
      sums: true,
    });
    this.#loader = new CountsLoader(this.#buffer);
  }

  /** Frames [group * GROUP, ...). */
  run(group: number): void {
    const { job } = this;
    const buffer = this.#buffer;
    const [nFrames, height, width] = job.shared.table.shape;
    const n = height * width;
    for (let k = group * GROUP; k < Math.min((group + 1) * GROUP, nFrames); k++) {
      if (Atomics.load(job.stop, 0) === 1) throw new Error("stopped");
      const frame = this.#load(k);
      this.#logs(k, frame);
      if (frame.dark) this.#darkSum ??= buffer.dark.reduce((sum, d) => sum + d, 0);
      const counts = buffer.total(frame, n, this.#darkSum ?? 0);
      job.counts[k] = counts;
      // The caller refuses a frame without light.
      if (!(counts > 0)) break;
      buffer.addWeighted(frame, n, job.weights[k] / counts);
    }
    this.#recording.close();
    this.#add();
  }

  /** Adds to the first sum that no other thread adds to. */
  #add(): void {
    const { sums, taken, quantum } = this.job;
    for (let s = 0; ; s = (s + 1) % sums.length) {
      if (Atomics.compareExchange(taken, s, 0, 1) !== 0) {
        if (s === sums.length - 1) Atomics.wait(taken, s, 1, 1);
        continue;
      }
      this.#buffer.takeWeighted(sums[s], quantum);
      Atomics.store(taken, s, 0);
      Atomics.notify(taken, s);
      return;
    }
  }

  /** Closes the files; the runner is not to be used again. */
  close(): void {
    returnKernels(this.#kernels);
    this.#recording.close();
  }

  #load(k: number): CountsOf {
    const { files } = this.job.sample;
    const loaded = this.#loader.load(this.#recording, 0, files.length, k, this.#window);
    if (loaded) return loaded;
    this.#recording.readMean(k, this.#window, this.#buffer.counts32);
    return CORRECTED;
  }

  /** Logarithms of counts as they were recorded; those of others are made where they are needed. */
  #logs(k: number, frame: CountsOf): void {
    const { bins, shared } = this.job;
    if (!bins || frame.kind !== 16) return;
    const rows = SharedRows.of(bins.logs, k, bins.logs.window);
    if (!rows || rows.ready) return;
    const [, , width] = shared.table.shape;
    const { top, bottom } = bins.logs.window;
    const saturated = new Uint32Array(bottom - top);
    collapse(this.#buffer, frame, { width, factor: bins.factor, rows: bottom - top }, rows.logs, saturated);
    rows.finish(saturated);
  }
}
