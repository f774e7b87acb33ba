// Frame steps, evaluated for a window of one frame at a time: memory depends on the window, not on the cube.
// Each step requests the window that it needs from the step before it; the first step reads it from the file.
//
// Absorbance in bins, from counts or from their mean over several cubes, is what nearly every chain begins
// with: counts go from the file into the buffer of lib/compute/frame-bins.ts, and come out as absorbance.
import { absorbSlowly, type LeftOut } from "../../compute/frame-bins.js";
import { CORRECTED, type CountsOf, type FrameBuffer } from "../../compute/frame-buffer.js";
import type { FrameStep } from "../plan.js";
import { verbOf } from "../verbs/index.js";
import type { Images } from "../verbs/verb.js";
import { CountsLoader } from "./counts.js";
import { FlatLogs } from "./flat-logs.js";
import { absorbedBin, cubesOf, isOverTime, keepsValues, recordedWindow, windowBefore } from "./geometry.js";
import type { SharedFlatLogs } from "./job.js";
import { type FrameReader, Recording } from "./recording.js";
import { areaOf, type Window } from "./window.js";

/** Evaluates a list of frame steps; one instance per worker. */
export class FramePipeline {
  readonly #buffers = new Map<string, Float32Array>();
  readonly #flatBand = new Map<number, Float32Array>();
  readonly #absorbed: ReturnType<typeof absorbedBin>;
  /** The images before each step, of the sample and of the flat. */
  readonly #before: readonly (readonly [Images, Images])[];
  readonly #loader: CountsLoader | undefined;
  readonly #flatLogs: FlatLogs | undefined;
  /** Samples that were not above the dark, in the sample or in the flat. */
  nonPositive = 0;
  /** Samples that were glitches. */
  glitches = 0;

  /**
   * @param buffer for counts, where the steps absorb and bin
   * @param nFiles of the sample
   * @param flatLogs where the flat's logarithms are kept for others
   */
  constructor(
    private readonly steps: readonly FrameStep[],
    private readonly sample: FrameReader,
    private readonly flat: Recording | undefined,
    buffer: FrameBuffer | undefined,
    private readonly nFiles: number,
    flatLogs?: SharedFlatLogs,
  ) {
    this.#absorbed = absorbedBin(steps);
    this.#before = steps.map((_, level) => [this.#images(level, false), this.#images(level, true)]);
    if (!buffer || !flat || !this.#absorbed) return;
    const before = steps.slice(0, this.#absorbed.end - 2);
    this.#loader = new CountsLoader(buffer);
    this.#flatLogs = new FlatLogs(
      flat,
      this.#loader,
      this.#absorbed.factor,
      before.every(keepsValues) ? (w) => recordedWindow(before, w) : null,
      (k, w) => this.#evaluate(before.length, 0, k, w, true),
      flatLogs,
    );
  }

  /** Begins another window: forgets what is kept of the flat. */
  newWindow(): void {
    this.#flatBand.clear();
    this.#flatLogs?.newWindow();
  }

  /** A window of recorded frame k after all steps, at time step t, into `out`. */
  frame(t: number, k: number, window: Window, out: Float32Array): void {
    const found = this.#evaluate(this.steps.length, t, k, window, false, out);
    if (found !== out) out.set(found);
  }

  /**
   * Returns the values: in `into` if it is given, unless a step without effect returned those of the step
   * before.
   */
  #evaluate(
    level: number,
    t: number,
    k: number,
    w: Window,
    ofFlat: boolean,
    into?: Float32Array,
  ): Float32Array {
    const step = this.steps[level - 1];
    if (step && (isOverTime(step) ? ofFlat || cubesOf(step) === 1 : keepsValues(step))) {
      return this.#evaluate(level - 1, t, k, windowBefore(step, w), ofFlat, into);
    }
    const out = into ?? this.#buffer(level, ofFlat, areaOf(w));
    if (!step) {
      if (ofFlat) this.flat?.readMean(k, w, out);
      else this.sample.read(t, k, w, out);
    } else if (!ofFlat && this.#flatLogs && level === this.#absorbed?.end) {
      this.#absorbAndBin(this.#flatLogs, this.#absorbed, t, k, w, out);
    } else {
      verbOf(step).evaluate?.(step, this.#before[level - 1][ofFlat ? 1 : 0], t, k, w, out);
    }
    return out;
  }

  /** Images as they are after `level` steps. */
  #images(level: number, ofFlat: boolean): Images {
    return {
      nTimes: this.steps.slice(0, level).reduce((n, step) => Math.ceil(n / cubesOf(step)), this.nFiles),
      weight: (t) => this.#weightOf(level, t),
      frame: (t, k, window) => this.#evaluate(level, t, k, window, ofFlat),
      flat: (k, window) => this.#flatRows(level, k, window),
      leaveOut: (nonPositive) => {
        this.nonPositive += nonPositive;
      },
      replaced: (glitches) => {
        this.glitches += glitches;
      },
    };
  }

  /** The flat's counts after `level` steps, kept for the other time steps of the same window. */
  #flatRows(level: number, k: number, w: Window): Float32Array {
    const known = this.#flatBand.get(k);
    if (known) return known;
    const counts = this.#evaluate(level, 0, k, w, true).slice(0, areaOf(w));
    this.#flatBand.set(k, counts);
    return counts;
  }

  /** Absorbance and bin in one; bins in which a pixel has no value go pixel by pixel. */
  #absorbAndBin(
    flat: FlatLogs,
    { end, factor }: NonNullable<ReturnType<typeof absorbedBin>>,
    t: number,
    k: number,
    w: Window,
    out: Float32Array,
  ): void {
    const { buffer } = this.#loader as CountsLoader;
    const inner = windowBefore(this.steps[end - 1], w);
    const width = inner.right - inner.left;
    // First, because it may use the buffer for the flat's own counts.
    flat.load(k, w);
    const found = this.#counts(end - 2, t, k, inner);
    const nSlow = buffer.absorb(found, { width, factor, rows: w.bottom - w.top }, out);
    if (nSlow === 0) return;
    const { kind, scale, dark, saturation } = found;
    const leftOut: LeftOut = { saturated: 0, nonPositive: 0 };
    // The flat of these bins is read into an array of its own.
    const i0 = flat.counts(k, w, buffer.slow, nSlow);
    const counts = kind === 16 ? buffer.counts16 : buffer.counts32;
    const below = dark ? buffer.dark : null;
    for (let s = 0; s < nSlow; s++) {
      const own = i0.subarray(s * factor ** 2, (s + 1) * factor ** 2);
      const bin = buffer.slow[s];
      out[bin] = absorbSlowly(counts, below, saturation, scale, own, width, factor, bin, leftOut);
    }
    this.sample.saturated += leftOut.saturated;
    this.nonPositive += leftOut.nonPositive;
  }

  /** Puts the sample's counts after `level` steps into the buffer, and returns how they are to be read. */
  #counts(level: number, t: number, k: number, w: Window): CountsOf {
    const loader = this.#loader as CountsLoader;
    const before = this.steps.slice(0, level);
    const groups = before.map(cubesOf).filter((cubes) => cubes > 1);
    const direct = groups.length <= 1 && before.every(keepsValues);
    if (direct && this.sample instanceof Recording) {
      const group = groups[0] ?? 1;
      const end = Math.min((t + 1) * group, this.nFiles);
      const taken = loader.load(this.sample, t * group, end, k, recordedWindow(before, w));
      if (taken) return taken;
    }
    loader.buffer.counts32.set(this.#evaluate(level, t, k, w, false).subarray(0, areaOf(w)));
    return CORRECTED;
  }

  /** Sweeps in one time step after `level` steps. */
  #weightOf(level: number, t: number): number {
    if (level === 0) return this.sample.weight(t);
    const cubes = cubesOf(this.steps[level - 1]);
    const { nTimes } = this.#before[level - 1][0];
    let sum = 0;
    for (let m = t * cubes; m < Math.min((t + 1) * cubes, nTimes); m++) sum += this.#weightOf(level - 1, m);
    return sum;
  }

  #buffer(level: number, ofFlat: boolean, length: number): Float32Array {
    const key = `${level}${ofFlat ? "f" : "s"}`;
    const known = this.#buffers.get(key);
    if (known && known.length >= length) return known.subarray(0, length);
    const made = new Float32Array(length);
    this.#buffers.set(key, made);
    return made;
  }
}
