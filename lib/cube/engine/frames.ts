// Frame steps, evaluated for a window of one frame at a time: so memory depends on the window, not on the cube. Each step asks the
// step before it for just the window that it needs; the first one reads it from the file.
//
// Absorbance in bins, from counts or from their mean over several cubes, is what nearly every chain begins with: counts go from the
// file into the room of lib/compute/frame-bins.ts, and come out as absorbance.
import { absorbSlowly, type FrameRoom, type LeftOut } from "../../compute/frame-bins.js";
import { absorbRows, binRows, cropRows } from "../../compute/image-rows.js";
import type { FrameStep } from "../plan.js";
import { CORRECTED, CountsLoader, type CountsOf } from "./counts.js";
import { FlatLogs, type SharedFlat } from "./flat-logs.js";
import { accumulate, type FrameReader, Recording } from "./recording.js";
import { areaOf, recordedWindow, type Window, windowBefore } from "./window.js";

/** Evaluates a list of frame steps; one instance a worker. */
export class FramePipeline {
  readonly #buffers = new Map<string, Float32Array>();
  readonly #flatBand = new Map<number, Float32Array>();
  /** Steps up to and with the bin that follows absorb; 0: there is none. */
  readonly #absorbed: number;
  readonly #loader: CountsLoader | undefined;
  readonly #flatLogs: FlatLogs | undefined;
  /** Samples that were not above the dark, in the sample or in the flat. */
  nonPositive = 0;

  /**
   * @param room for counts, where the steps absorb and bin
   * @param nFiles of the sample
   */
  constructor(
    private readonly steps: readonly FrameStep[],
    private readonly sample: FrameReader,
    private readonly flat: Recording | undefined,
    room: FrameRoom | undefined,
    private readonly nFiles: number,
  ) {
    this.#absorbed = absorbedBin(steps);
    const bin = steps[this.#absorbed - 1];
    if (!room || !flat || bin?.verb !== "bin") return;
    const before = steps.slice(0, this.#absorbed - 2);
    this.#loader = new CountsLoader(room);
    this.#flatLogs = new FlatLogs(
      flat,
      this.#loader,
      bin.factor,
      before.every(({ verb }) => verb === "crop" || verb === "average")
        ? (w) => recordedWindow(before, w)
        : null,
      (k, w) => this.#evaluate(before.length, 0, k, w, true),
    );
  }

  /**
   * Begins another window: forgets what is kept of the flat.
   *
   * @param shared where the flat's logarithms of this window are kept for others
   */
  newWindow(shared?: SharedFlat): void {
    this.#flatBand.clear();
    this.#flatLogs?.newWindow(shared);
  }

  /** All frames of the window have been asked for, at one time step at least. */
  finishWindow(): void {
    this.#flatLogs?.finishWindow();
  }

  /** A window of recorded frame k after all steps, at time step t, into `out`. */
  frame(t: number, k: number, window: Window, out: Float32Array): void {
    const found = this.#evaluate(this.steps.length, t, k, window, false, out);
    if (found !== out) out.set(found);
  }

  /** The numbers are in what is returned, which is `into` where one is given and the level has not been passed through. */
  #evaluate(
    level: number,
    t: number,
    k: number,
    w: Window,
    ofFlat: boolean,
    into?: Float32Array,
  ): Float32Array {
    const step = this.steps[level - 1];
    if (step?.verb === "crop" || (step?.verb === "average" && (ofFlat || step.group === 1))) {
      return this.#evaluate(level - 1, t, k, windowBefore(step, w), ofFlat, into);
    }
    const out = into ?? this.#buffer(level, ofFlat, areaOf(w));
    if (!step) {
      if (ofFlat) this.flat?.readMean(k, w, out);
      else this.sample.read(t, k, w, out);
      return out;
    }
    switch (step.verb) {
      case "average":
        this.#average(level, step.group, t, k, w, out);
        return out;
      case "bin": {
        if (!ofFlat && this.#flatLogs && level === this.#absorbed) {
          this.#absorbAndBin(this.#flatLogs, step.factor, t, k, w, out);
          return out;
        }
        const before = windowBefore(step, w);
        const inner = this.#evaluate(level - 1, t, k, before, ofFlat);
        binRows(inner, before.right - before.left, step.factor, w.bottom - w.top, out);
        return out;
      }
      case "absorb": {
        const i0 = this.#flatRows(level, k, w);
        this.nonPositive += absorbRows(this.#evaluate(level - 1, t, k, w, false), i0, out);
        return out;
      }
    }
  }

  /** The flat's counts at the absorb step, kept for the other time steps of the same window. */
  #flatRows(level: number, k: number, w: Window): Float32Array {
    const known = this.#flatBand.get(k);
    if (known) return known;
    const counts = this.#evaluate(level - 1, 0, k, w, true).slice(0, areaOf(w));
    this.#flatBand.set(k, counts);
    return counts;
  }

  /** Absorbance and bin in one; bins in which a pixel has no value go pixel by pixel. */
  #absorbAndBin(flat: FlatLogs, factor: number, t: number, k: number, w: Window, out: Float32Array): void {
    const { room } = this.#loader as CountsLoader;
    const inner = windowBefore(this.steps[this.#absorbed - 1], w);
    const width = inner.right - inner.left;
    // First, because it may use the room for the flat's own counts.
    flat.load(k, areaOf(w), inner);
    const { kind, scale, dark, saturation } = this.#counts(this.#absorbed - 2, t, k, inner);
    room.meanLogs(kind, dark, saturation, width, factor, w.bottom - w.top);
    const nSlow = room.absorb(areaOf(w), scale, out);
    if (nSlow === 0) return;
    const leftOut: LeftOut = { saturated: 0, nonPositive: 0 };
    // What the bins' flat is read into is not the room.
    const i0 = flat.counts(k, inner, room.slow, nSlow);
    const counts = kind === 16 ? room.counts16 : room.counts32;
    const below = dark ? room.dark : null;
    for (let s = 0; s < nSlow; s++) {
      const own = i0.subarray(s * factor ** 2, (s + 1) * factor ** 2);
      const bin = room.slow[s];
      out[bin] = absorbSlowly(counts, below, saturation, scale, own, width, factor, bin, leftOut);
    }
    this.sample.saturated += leftOut.saturated;
    this.nonPositive += leftOut.nonPositive;
  }

  /** Puts the sample's counts after `level` steps into the room, and says how they are to be taken. */
  #counts(level: number, t: number, k: number, w: Window): CountsOf {
    const loader = this.#loader as CountsLoader;
    const before = this.steps.slice(0, level);
    const groups = before.flatMap((step) => (step.verb === "average" && step.group > 1 ? [step.group] : []));
    const direct = groups.length <= 1 && before.every(({ verb }) => verb === "crop" || verb === "average");
    if (direct && this.sample instanceof Recording) {
      const group = groups[0] ?? 1;
      const end = Math.min((t + 1) * group, this.nFiles);
      const taken = loader.load(this.sample, t * group, end, k, recordedWindow(before, w));
      if (taken) return taken;
    }
    loader.room.counts32.set(this.#evaluate(level, t, k, w, false).subarray(0, areaOf(w)));
    return CORRECTED;
  }

  /** Mean of a group of frames of the step before, weighted by sweeps, of the valid ones. */
  #average(level: number, group: number, t: number, k: number, w: Window, out: Float32Array): void {
    const n = areaOf(w);
    const sum = new Float64Array(n);
    const weight = new Float64Array(n);
    const end = Math.min((t + 1) * group, this.#timesBefore(level - 1));
    for (let member = t * group; member < end; member++) {
      const frame = this.#evaluate(level - 1, member, k, w, false);
      accumulate(frame, this.#weightOf(level - 1, member), sum, weight);
    }
    for (let i = 0; i < n; i++) out[i] = sum[i] / weight[i];
  }

  /** How many time steps there are after `level` steps. */
  #timesBefore(level: number): number {
    let n = this.nFiles;
    for (const step of this.steps.slice(0, level)) if (step.verb === "average") n = Math.ceil(n / step.group);
    return n;
  }

  /** Sweeps in one time step after `level` steps. */
  #weightOf(level: number, t: number): number {
    if (level === 0) return this.sample.weight(t);
    const step = this.steps[level - 1];
    if (step.verb !== "average") return this.#weightOf(level - 1, t);
    let sum = 0;
    for (let m = t * step.group; m < Math.min((t + 1) * step.group, this.#timesBefore(level - 1)); m++) {
      sum += this.#weightOf(level - 1, m);
    }
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

/** Number of steps up to and with a bin that directly follows absorb; 0: there is none. */
export function absorbedBin(steps: readonly FrameStep[]): number {
  const absorb = steps.findIndex(({ verb }) => verb === "absorb");
  return absorb >= 0 && steps[absorb + 1]?.verb === "bin" ? absorb + 2 : 0;
}

/** How many recorded rows one final row needs. */
export function rowFactor(steps: readonly FrameStep[]): number {
  return steps.reduce((factor, step) => (step.verb === "bin" ? factor * step.factor : factor), 1);
}

/** Applies the crop and bin steps to a whole map of the recorded image, such as the dose rate. */
export function reshapeMap(
  map: Float32Array,
  [height, width]: readonly [number, number],
  steps: readonly FrameStep[],
): Float32Array {
  let [values, h, w] = [map, height, width];
  for (const step of steps) {
    if (step.verb === "crop") {
      const out = new Float32Array((step.y[1] - step.y[0]) * (step.x[1] - step.x[0]));
      cropRows(values.subarray(step.y[0] * w, step.y[1] * w), w, step.x, step.y[1] - step.y[0], out);
      [values, h, w] = [out, step.y[1] - step.y[0], step.x[1] - step.x[0]];
    } else if (step.verb === "bin") {
      const [rows, columns] = [Math.floor(h / step.factor), Math.floor(w / step.factor)];
      const out = new Float32Array(rows * columns);
      binRows(values, w, step.factor, rows, out);
      [values, h, w] = [out, rows, columns];
    }
  }
  return values;
}
