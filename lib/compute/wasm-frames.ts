// Rows of one image in the kernels' memory: the compiled twin of PlainFrameBuffer (frame-bins.ts), where
// everything is described.
import type { BinGrid, BufferUse, CountsOf, FrameBuffer } from "./frame-buffer.js";
import type { Kernels } from "./wasm.js";

type Views = Pick<FrameBuffer, "bytes" | "counts16" | "counts32" | "dark" | "flat" | "slow">;

/**
 * Rows of one image in the memory of `kernels`. Use it when everything that holds places there has been made.
 */
export class CompiledFrameBuffer implements FrameBuffer {
  readonly #kernels: Kernels;
  readonly #use: BufferUse;
  readonly #at: Readonly<
    Record<
      | "counts"
      | "dark"
      | "limits"
      | "scratch"
      | "logs"
      | "flat"
      | "slow"
      | "sum"
      | "missing"
      | "missingSweeps"
      | "total"
      | "weighted",
      number
    >
  >;
  #views: Views | undefined;
  /** Width of the image that the limits of the dark are known for. */
  #limitsOf = 0;
  #members = 0;
  #weight = 0;
  #sweeps = 0;
  #saturated = 0;
  /** Weights so far, of images whose dark is still to be subtracted, and the unit of the sum. */
  #darkWeight = 0;
  #unit = 0;

  constructor(kernels: Kernels, use: BufferUse) {
    this.#kernels = kernels;
    this.#use = use;
    const { pixels, bins, means = false, sums = false } = use;
    const more = means ? pixels : 0;
    this.#at = {
      counts: kernels.hold(4 * pixels),
      dark: kernels.hold(4 * pixels),
      limits: kernels.hold(2 * Math.ceil(pixels / 4)),
      // For bins of 4 x 4 pixels: a row of them has four times its width.
      scratch: kernels.hold(pixels),
      logs: kernels.hold(4 * bins),
      flat: kernels.hold(4 * bins),
      slow: kernels.hold(4 * bins),
      sum: kernels.hold(4 * more),
      missing: kernels.hold(4 * more),
      missingSweeps: kernels.hold(4 * more),
      total: kernels.hold(8 * more),
      weighted: kernels.hold(sums ? 4 * pixels : 0),
    };
    // What was held there before may have left something.
    const { sum, missing, missingSweeps, weighted } = this.#at;
    for (const at of [sum, missing, missingSweeps]) kernels.f32(at, more).fill(0);
    kernels.f32(weighted, sums ? pixels : 0).fill(0);
  }

  get bytes(): Uint8Array {
    return this.#view.bytes;
  }

  get counts16(): Uint16Array {
    return this.#view.counts16;
  }

  get counts32(): Float32Array {
    return this.#view.counts32;
  }

  get dark(): Float32Array {
    return this.#view.dark;
  }

  get flat(): Float32Array {
    return this.#view.flat;
  }

  get slow(): Int32Array {
    return this.#view.slow;
  }

  setDark(fill: (dark: Float32Array) => void): void {
    fill(this.dark);
    this.#limitsOf = 0;
  }

  logs(counts: CountsOf, grid: BinGrid, out: Float32Array): number {
    return this.#meanLogs(counts, grid, 0, -Math.log(counts.scale), out);
  }

  absorb(counts: CountsOf, grid: BinGrid, out: Float32Array): number {
    return this.#meanLogs(counts, grid, this.#at.flat, Math.log(counts.scale), out);
  }

  #meanLogs(
    { kind, dark, saturation }: CountsOf,
    { width, factor, rows }: BinGrid,
    flat: number,
    offset: number,
    out: Float32Array,
  ): number {
    const { counts, dark: below, limits, scratch, logs, slow } = this.#at;
    const { run } = this.#kernels;
    if (kind === 16 && dark && factor === 4 && this.#limitsOf !== width) {
      run.darkLimits(below, width, Math.floor(this.#use.pixels / width / factor), limits);
      this.#limitsOf = width;
    }
    // What lies in this memory already is written there.
    const there = out.buffer === run.memory.buffer;
    const to = there ? out.byteOffset : logs;
    const rest = [width, factor, rows, flat, offset, scratch, to, slow] as const;
    const nSlow =
      kind === 16
        ? run.meanLogs16(counts, dark ? below : 0, limits, saturation, ...rest)
        : run.meanLogs32(counts, ...rest);
    const n = rows * Math.floor(width / factor);
    if (!there) out.set(this.#kernels.f32(logs, n));
    return nSlow;
  }

  clear(n: number): void {
    // Sums are zero again after each mean; what is missing is rarely touched.
    if (this.#saturated > 0) {
      this.#kernels.f32(this.#at.missing, n).fill(0);
      this.#kernels.f32(this.#at.missingSweeps, n).fill(0);
    }
    this.#members = 0;
    this.#weight = 0;
    this.#sweeps = 0;
    this.#saturated = 0;
  }

  add(n: number, saturation: number, scale: number, sweeps: number): number {
    const { counts, sum, missing, missingSweeps } = this.#at;
    const weight = Math.fround(scale * sweeps);
    const found = this.#kernels.run.accumulate16(
      ...([counts, n, saturation, weight, sweeps, sum, missing, missingSweeps] as const),
    );
    this.#saturated += found;
    this.#weight += weight;
    this.#sweeps += sweeps;
    if (++this.#members % FOLD === 0) this.#fold(n);
    return found;
  }

  mean(n: number, dark: boolean): void {
    const { counts, dark: below, sum, missing, missingSweeps, total } = this.#at;
    const { run } = this.#kernels;
    const some = this.#saturated > 0;
    const places = [dark ? below : 0, some ? missing : 0, some ? missingSweeps : 0] as const;
    const numbers = [n, this.#weight, this.#sweeps, counts] as const;
    if (this.#members < FOLD) run.meanOfFew(sum, ...places, ...numbers);
    else {
      if (this.#members % FOLD !== 0) this.#fold(n);
      run.meanCounts(total, ...places, ...numbers);
    }
  }

  total({ kind, dark, saturation }: CountsOf, n: number, darkSum: number): number {
    const { counts, dark: below } = this.#at;
    const { run } = this.#kernels;
    if (kind === 32) return run.frameSum32(counts, n);
    return run.frameSum16(counts, dark ? below : 0, saturation, n) - (dark ? darkSum : 0);
  }

  addWeighted({ kind, dark, saturation }: CountsOf, n: number, weight: number): void {
    const { counts, weighted } = this.#at;
    const { run } = this.#kernels;
    // Weights in float32 are relative to one of them, so that no unit can overflow.
    this.#unit ||= weight || 1;
    if (kind === 32) run.addFrame32(weighted, counts, weight / this.#unit, n);
    else run.addFrame16(weighted, counts, saturation, weight / this.#unit, n);
    if (dark) this.#darkWeight += weight;
  }

  takeWeighted(out: Float64Array, quantum: number): void {
    const sums = this.#kernels.f32(this.#at.weighted, out.length);
    const { dark } = this;
    const unit = this.#unit / quantum;
    const weight = this.#darkWeight / quantum;
    for (let i = 0; i < out.length; i++) {
      // Adding what no digits behind the point fit beside rounds faster than Math.round.
      const steps = sums[i] * unit - (weight === 0 ? 0 : weight * dark[i]) + INTEGERS - INTEGERS;
      out[i] += steps * quantum;
    }
    sums.fill(0);
    this.#unit = 0;
    this.#darkWeight = 0;
  }

  #fold(n: number): void {
    this.#kernels.run.foldSums(this.#at.sum, n, this.#at.total, Number(this.#members > FOLD));
  }

  get #view(): Views {
    if (this.#views) return this.#views;
    const { counts, dark, flat, slow } = this.#at;
    const { pixels, bins } = this.#use;
    const kernels = this.#kernels;
    this.#views = {
      bytes: kernels.bytes(counts, 4 * pixels),
      counts16: new Uint16Array(kernels.run.memory.buffer, counts, pixels),
      counts32: kernels.f32(counts, pixels),
      dark: kernels.f32(dark, pixels),
      flat: kernels.f32(flat, bins),
      slow: kernels.i32(slow, bins),
    };
    return this.#views;
  }
}

/** Beside it float64 holds whole numbers up to 2^51, and nothing behind the point. */
const INTEGERS = 1.5 * 2 ** 52;

/** Images that are added in float32 before their sum goes to float64. */
const FOLD = 16;
