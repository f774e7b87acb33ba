// Absorbance in bins from recorded counts: dark, exposure and binning in one step, with one logarithm per
// bin; and sums of images. The plain loops here are the reference of the compiled kernels.
//
// The flat field is reduced once to the means of its logarithms. Its pixels are needed only for bins in which
// a pixel of either image has no value: `absorb` lists these bins, and `absorbSlowly` computes them pixel by
// pixel.
import type { BinGrid, BufferUse, CountsOf, FrameBuffer } from "./frame-buffer.js";
import type { Kernels } from "./wasm.js";
import { CompiledFrameBuffer } from "./wasm-frames.js";

/** Logarithms are relative to ln 256, the middle of the range of uint16, to lose fewer digits in float32. */
const ORIGIN = Math.log(256);

/** Buffers for images, in the memory of `kernels` unless null. */
export function frameBuffer(kernels: Kernels | null, use: BufferUse): FrameBuffer {
  return kernels ? new CompiledFrameBuffer(kernels, use) : new PlainFrameBuffer(use);
}

/** The same in plain loops: reference of the compiled kernel. */
class PlainFrameBuffer implements FrameBuffer {
  readonly bytes: Uint8Array;
  readonly counts16: Uint16Array;
  readonly counts32: Float32Array;
  readonly dark: Float32Array;
  readonly flat: Float32Array;
  readonly slow: Int32Array;
  readonly #sum: Float64Array;
  readonly #weight: Float64Array;
  readonly #sweeps: Float64Array;
  readonly #weighted: Float64Array;

  constructor({ pixels, bins, means, sums }: BufferUse) {
    const counts = new ArrayBuffer(4 * pixels);
    this.bytes = new Uint8Array(counts);
    this.counts16 = new Uint16Array(counts, 0, pixels);
    this.counts32 = new Float32Array(counts);
    this.dark = new Float32Array(pixels);
    this.flat = new Float32Array(bins);
    this.slow = new Int32Array(bins);
    const more = means ? pixels : 0;
    this.#sum = new Float64Array(more);
    this.#weight = new Float64Array(more);
    this.#sweeps = new Float64Array(more);
    this.#weighted = new Float64Array(sums ? pixels : 0);
  }

  setDark(fill: (dark: Float32Array) => void): void {
    fill(this.dark);
  }

  logs({ kind, scale, dark, saturation }: CountsOf, grid: BinGrid, out: Float32Array): number {
    const { width, factor, rows } = grid;
    const counts = kind === 16 ? this.counts16 : this.counts32;
    const columns = Math.floor(width / factor);
    const logScale = Math.log(scale);
    let nSlow = 0;
    for (let bin = 0; bin < rows * columns; bin++) {
      const corner = Math.floor(bin / columns) * factor * width + (bin % columns) * factor;
      // One logarithm of a product within the range of float64, instead of one per pixel.
      let product = 1;
      let sum = 0;
      for (let y = 0; y < factor; y++) {
        for (let i = corner + y * width; i < corner + y * width + factor; i++) {
          const v = counts[i] - (dark ? this.dark[i] : 0);
          product *= v > 0 && counts[i] < saturation ? v : Number.NaN;
        }
        if (!(product > 1e-200 && product < 1e200)) {
          sum += Math.log(product);
          product = 1;
        }
      }
      out[bin] = (sum + Math.log(product)) / (factor * factor) - ORIGIN + logScale;
      if (Number.isNaN(out[bin])) this.slow[nSlow++] = bin;
    }
    return nSlow;
  }

  absorb(counts: CountsOf, grid: BinGrid, out: Float32Array): number {
    this.logs(counts, grid, out);
    let nSlow = 0;
    for (let bin = 0; bin < grid.rows * Math.floor(grid.width / grid.factor); bin++) {
      out[bin] = this.flat[bin] - out[bin];
      if (Number.isNaN(out[bin])) this.slow[nSlow++] = bin;
    }
    return nSlow;
  }

  clear(n: number): void {
    this.#sum.fill(0, 0, n);
    this.#weight.fill(0, 0, n);
    this.#sweeps.fill(0, 0, n);
  }

  add(n: number, saturation: number, scale: number, sweeps: number): number {
    let saturated = 0;
    for (let i = 0; i < n; i++) {
      const v = this.counts16[i];
      if (v >= saturation) saturated++;
      else {
        this.#sum[i] += scale * sweeps * v;
        this.#weight[i] += scale * sweeps;
        this.#sweeps[i] += sweeps;
      }
    }
    return saturated;
  }

  mean(n: number, dark: boolean): void {
    for (let i = 0; i < n; i++) {
      const below = dark ? this.dark[i] * this.#weight[i] : 0;
      this.counts32[i] = (this.#sum[i] - below) / this.#sweeps[i];
    }
  }

  total({ kind, dark, saturation }: CountsOf, n: number): number {
    const counts = kind === 16 ? this.counts16 : this.counts32;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      if (counts[i] < saturation && Number.isFinite(counts[i])) sum += counts[i] - (dark ? this.dark[i] : 0);
    }
    return sum;
  }

  addWeighted({ kind, dark, saturation }: CountsOf, n: number, weight: number): void {
    const counts = kind === 16 ? this.counts16 : this.counts32;
    for (let i = 0; i < n; i++) {
      const value = counts[i] < saturation ? counts[i] - (dark ? this.dark[i] : 0) : Number.NaN;
      this.#weighted[i] += weight * value;
    }
  }

  takeWeighted(out: Float64Array, quantum: number): void {
    for (let i = 0; i < out.length; i++) out[i] += Math.round(this.#weighted[i] / quantum) * quantum;
    this.#weighted.fill(0, 0, out.length);
  }
}

/** Samples without a value. */
export interface LeftOut {
  /** At or above saturation. */
  saturated: number;
  /** Not above the dark, in the sample or in the flat. */
  nonPositive: number;
}

/**
 * One bin in which a pixel has no value: the mean over those that have one, or NaN.
 *
 * @param counts, dark of the image, [rows * factor, width]; dark null: none
 * @param scale as for `absorb`
 * @param i0 corrected counts of the flat in this bin, [factor, factor]; NaN where a pixel has none
 * @param leftOut is added to
 */
export function absorbSlowly(
  counts: Uint16Array | Float32Array,
  dark: Float32Array | null,
  saturation: number,
  scale: number,
  i0: Float32Array,
  width: number,
  factor: number,
  bin: number,
  leftOut: LeftOut,
): number {
  const columns = Math.floor(width / factor);
  const corner = Math.floor(bin / columns) * factor * width + (bin % columns) * factor;
  let sum = 0;
  let n = 0;
  for (let j = 0; j < factor * factor; j++) {
    const i = corner + Math.floor(j / factor) * width + (j % factor);
    if (counts[i] >= saturation) {
      leftOut.saturated++;
      continue;
    }
    const v = (counts[i] - (dark ? dark[i] : 0)) * scale;
    if (v > 0 && i0[j] > 0) {
      sum += Math.log(i0[j] / v);
      n++;
    } else if (v <= 0 || i0[j] <= 0) leftOut.nonPositive++;
  }
  return n === 0 ? Number.NaN : sum / n;
}
