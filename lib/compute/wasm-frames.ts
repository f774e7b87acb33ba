// Rows of one image in the kernels' memory: the compiled twin of PlainFrameBuffer (frame-bins.ts), where
// everything is described.
import type { CountKind, FrameBuffer } from "./frame-buffer.js";
import type { Kernels } from "./wasm.js";

type Views = Pick<FrameBuffer, "bytes" | "counts16" | "counts32" | "dark" | "flat" | "logs" | "slow">;

/**
 * Rows of one image in the memory of `kernels`. Use it when everything that holds places there has been made.
 */
export class CompiledFrameBuffer implements FrameBuffer {
  readonly #kernels: Kernels;
  readonly #at: Readonly<
    Record<
      "counts" | "dark" | "logs" | "flat" | "slow" | "sum" | "missing" | "missingSweeps" | "total",
      number
    >
  >;
  #views: Views | undefined;
  #members = 0;
  #weight = 0;
  #sweeps = 0;
  #saturated = 0;

  constructor(
    kernels: Kernels,
    readonly pixels: number,
    readonly bins: number,
    averages: boolean,
  ) {
    this.#kernels = kernels;
    const more = averages ? pixels : 0;
    this.#at = {
      counts: kernels.hold(4 * pixels),
      dark: kernels.hold(4 * pixels),
      logs: kernels.hold(4 * bins),
      flat: kernels.hold(4 * bins),
      slow: kernels.hold(4 * bins),
      sum: kernels.hold(4 * more),
      missing: kernels.hold(4 * more),
      missingSweeps: kernels.hold(4 * more),
      total: kernels.hold(8 * more),
    };
    // What was held there before may have left something.
    const { sum, missing, missingSweeps } = this.#at;
    for (const at of [sum, missing, missingSweeps]) kernels.f32(at, more).fill(0);
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

  get logs(): Float32Array {
    return this.#view.logs;
  }

  get slow(): Int32Array {
    return this.#view.slow;
  }

  meanLogs(
    kind: CountKind,
    dark: boolean,
    saturation: number,
    width: number,
    factor: number,
    rows: number,
  ): void {
    const { run } = this.#kernels;
    const { counts, dark: below, logs } = this.#at;
    const sum = kind === 16 ? run.meanLogs16 : run.meanLogs32;
    sum(counts, dark ? below : 0, saturation, width, factor, rows, logs);
  }

  absorb(n: number, scale: number, out: Float32Array): number {
    const { logs, flat, slow } = this.#at;
    const { run } = this.#kernels;
    // What lies in this memory already is written there.
    const there = out.buffer === run.memory.buffer;
    const count = run.differences(logs, flat, n, Math.log(scale), there ? out.byteOffset : logs, slow);
    if (!there) out.set(this.logs.subarray(0, n));
    return count;
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
    if (this.#members < FOLD && this.#saturated === 0) {
      this.#kernels.run.meanOfFew(sum, dark ? below : 0, n, this.#weight, this.#sweeps, counts);
      return;
    }
    if (this.#members % FOLD !== 0) this.#fold(n);
    const some = this.#saturated > 0;
    this.#kernels.run.meanCounts(
      total,
      dark ? below : 0,
      some ? missing : 0,
      some ? missingSweeps : 0,
      n,
      this.#weight,
      this.#sweeps,
      counts,
    );
  }

  #fold(n: number): void {
    this.#kernels.run.foldSums(this.#at.sum, n, this.#at.total, Number(this.#members > FOLD));
  }

  get #view(): Views {
    if (this.#views) return this.#views;
    const { counts, dark, logs, flat, slow } = this.#at;
    const kernels = this.#kernels;
    this.#views = {
      bytes: kernels.bytes(counts, 4 * this.pixels),
      counts16: new Uint16Array(kernels.run.memory.buffer, counts, this.pixels),
      counts32: kernels.f32(counts, this.pixels),
      dark: kernels.f32(dark, this.pixels),
      logs: kernels.f32(logs, this.bins),
      flat: kernels.f32(flat, this.bins),
      slow: kernels.i32(slow, this.bins),
    };
    return this.#views;
  }
}

/** Images that are added in float32 before their sum goes to float64. */
const FOLD = 16;
