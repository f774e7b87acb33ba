// Frame steps, evaluated for a few rows of one frame at a time: so memory depends on the rows, not on the cube.
// Each step asks the step before it for just the rows that it needs; the first one reads them from the file.
import { absorbBins, absorbRows, binRows, corrected, cropRows, sumOfLogs } from "../../compute/image-rows.js";
import type { FrameStep } from "../plan.js";
import { accumulate, type FrameReader, Recording } from "./recording.js";

/** Evaluates a list of frame steps; one instance per band and per worker. */
export class FramePipeline {
  /** Width of the image after each number of steps; [0] is the recorded one. */
  private readonly widths: number[];
  private readonly buffers = new Map<string, Float32Array>();
  private readonly flatBand = new Map<number, Float32Array>();
  private readonly flatLogs = new Map<number, Float64Array>();
  /** Samples that were not above the dark, in the sample or in the flat. */
  nonPositive = 0;

  constructor(
    private readonly steps: readonly FrameStep[],
    private readonly sample: FrameReader,
    private readonly flat: Recording | undefined,
    recordedWidth: number,
    private readonly nFiles: number,
  ) {
    this.widths = [recordedWidth];
    for (const step of steps) this.widths.push(widthAfter(step, this.widths[this.widths.length - 1]));
  }

  /** Forgets the flat's rows: call it when the rows change. */
  newBand(): void {
    this.flatBand.clear();
    this.flatLogs.clear();
  }

  /** Final rows [r0, r1) of recorded frame k at time step t; the array is reused by the next call. */
  frame(t: number, k: number, r0: number, r1: number): Float32Array {
    return this.evaluate(this.steps.length, t, k, r0, r1, false);
  }

  private evaluate(
    level: number,
    t: number,
    k: number,
    r0: number,
    r1: number,
    ofFlat: boolean,
  ): Float32Array {
    const width = this.widths[level];
    const out = this.buffer(level, ofFlat, (r1 - r0) * width);
    if (level === 0) {
      if (ofFlat) this.flat?.readMean(k, r0, r1, out);
      else this.sample.read(t, k, r0, r1, out);
      return out;
    }
    const step = this.steps[level - 1];
    switch (step.verb) {
      case "average":
        return ofFlat
          ? this.evaluate(level - 1, t, k, r0, r1, true)
          : this.average(level, step.group, t, k, r0, r1, out);
      case "crop": {
        const inner = this.evaluate(level - 1, t, k, r0 + step.y[0], r1 + step.y[0], ofFlat);
        cropRows(inner, this.widths[level - 1], step.x, r1 - r0, out);
        return out;
      }
      case "bin": {
        const before = this.steps[level - 2];
        if (!ofFlat && before?.verb === "absorb")
          return this.absorbAndBin(level, step.factor, t, k, r0, r1, out);
        const inner = this.evaluate(level - 1, t, k, r0 * step.factor, r1 * step.factor, ofFlat);
        binRows(inner, this.widths[level - 1], step.factor, r1 - r0, out);
        return out;
      }
      case "absorb": {
        const i0 = this.flatRows(level, k, r0, r1);
        const inner = this.evaluate(level - 1, t, k, r0, r1, false);
        this.nonPositive += absorbRows(inner, i0, out);
        return out;
      }
    }
  }

  /** The flat's counts at the absorb step, kept for the other time steps of the same band. */
  private flatRows(level: number, k: number, r0: number, r1: number): Float32Array {
    const known = this.flatBand.get(k);
    if (known) return known;
    const counts = this.evaluate(level - 1, 0, k, r0, r1, true).slice();
    this.flatBand.set(k, counts);
    return counts;
  }

  /**
   * Absorbance and bin in one: the mean of n logarithms is one logarithm of n factors, exact but for rounding. Most of the
   * time of a reduction goes into logarithms, and this needs one in n.
   */
  private absorbAndBin(
    level: number,
    factor: number,
    t: number,
    k: number,
    r0: number,
    r1: number,
    out: Float32Array,
  ): Float32Array {
    const i0 = this.flatRows(level - 1, k, r0 * factor, r1 * factor);
    const width = this.widths[level - 2];
    const logs = this.flatLogs.get(k) ?? sumOfLogs(i0, width, factor, r1 - r0);
    this.flatLogs.set(k, logs);
    if (level > 2 || !(this.sample instanceof Recording)) {
      const inner = this.evaluate(level - 2, t, k, r0 * factor, r1 * factor, false);
      this.nonPositive += absorbBins(inner, corrected, 1, 0, i0, logs, width, factor, r1 - r0, out);
    } else {
      // Straight from the file: dark and scale go into the product of the bin instead of a pass of their own.
      const counts = this.buffer(0, false, (r1 - r0) * factor * width);
      const scale = this.sample.readRaw(t, k, r0 * factor, r1 * factor, counts);
      const offset = r0 * factor * width;
      this.nonPositive += absorbBins(
        counts,
        this.sample,
        scale,
        offset,
        i0,
        logs,
        width,
        factor,
        r1 - r0,
        out,
      );
    }
    return out;
  }

  private average(
    level: number,
    group: number,
    t: number,
    k: number,
    r0: number,
    r1: number,
    out: Float32Array,
  ): Float32Array {
    const before = this.timesBefore(level - 1);
    if (group === 1) return this.evaluate(level - 1, t, k, r0, r1, false);
    const sum = new Float64Array(out.length);
    const weight = new Float64Array(out.length);
    for (let member = t * group; member < Math.min((t + 1) * group, before); member++) {
      accumulate(
        this.evaluate(level - 1, member, k, r0, r1, false),
        this.weightOf(level - 1, member),
        sum,
        weight,
      );
    }
    for (let i = 0; i < out.length; i++) out[i] = sum[i] / weight[i];
    return out;
  }

  /** How many time steps there are after `level` steps. */
  private timesBefore(level: number): number {
    let n = this.nFiles;
    for (const step of this.steps.slice(0, level)) if (step.verb === "average") n = Math.ceil(n / step.group);
    return n;
  }

  /** Sweeps in one time step after `level` steps. */
  private weightOf(level: number, t: number): number {
    if (level === 0) return this.sample.weight(t);
    const step = this.steps[level - 1];
    if (step.verb !== "average") return this.weightOf(level - 1, t);
    let sum = 0;
    for (let m = t * step.group; m < Math.min((t + 1) * step.group, this.timesBefore(level - 1)); m++) {
      sum += this.weightOf(level - 1, m);
    }
    return sum;
  }

  private buffer(level: number, ofFlat: boolean, length: number): Float32Array {
    const key = `${level}${ofFlat ? "f" : "s"}`;
    const known = this.buffers.get(key);
    if (known && known.length === length) return known;
    const made = new Float32Array(length);
    this.buffers.set(key, made);
    return made;
  }
}

/** Width of an image after a step. */
export function widthAfter(step: FrameStep, width: number): number {
  if (step.verb === "crop") return step.x[1] - step.x[0];
  return step.verb === "bin" ? Math.floor(width / step.factor) : width;
}

/** How many recorded rows one final row needs. */
export function rowFactor(steps: readonly FrameStep[]): number {
  return steps.reduce((factor, step) => (step.verb === "bin" ? factor * step.factor : factor), 1);
}

/** Recorded rows that final rows [r0, r1) are made of. */
export function recordedRows(steps: readonly FrameStep[], r0: number, r1: number): [number, number] {
  let [from, to] = [r0, r1];
  for (const step of [...steps].reverse()) {
    if (step.verb === "crop") [from, to] = [from + step.y[0], to + step.y[0]];
    else if (step.verb === "bin") [from, to] = [from * step.factor, to * step.factor];
  }
  return [from, to];
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
