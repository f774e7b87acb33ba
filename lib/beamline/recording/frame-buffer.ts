// Buffer of the frames: one image, in the memory of the compiled kernels if they are available.
import { type Kernels, ownKernels } from "../../compute/wasm.js";
import type { Exposure } from "../devices/exposure.js";
import { type FrameDepths, transmit } from "./transmit.js";

/** Buffer for the frames of one image; every frame overwrites the previous one. */
export interface FrameBuffer {
  /** Electrons of the open beam, per raw pixel, set by the caller. */
  readonly light: Float32Array;
  /** Counts of the last frame. */
  readonly counts: Uint16Array;

  /**
   * Computes one frame: light through the object in the beam, as noisy `counts`.
   *
   * @param depths optical depths of the object in the beam; null for the open beam. `shift` and `mixture` are
   *   copied only if they are different arrays than in the last call; `table` is always copied.
   */
  expose(brightness: number, depths: FrameDepths | null, exposure: Exposure): void;
}

/**
 * A buffer for images of a number of pixels.
 *
 * @param shifts largest number of shifts in the table
 * @param kernels compiled kernels with their own memory; null: plain arrays, with identical results
 */
export function frameBuffer(
  pixels: number,
  shifts: number,
  kernels: Kernels | null = ownKernels(),
): FrameBuffer {
  return kernels ? new CompiledFrameBuffer(kernels, pixels, shifts) : new PlainFrameBuffer(pixels);
}

class PlainFrameBuffer implements FrameBuffer {
  readonly light: Float32Array;
  readonly counts: Uint16Array;
  private readonly electrons: Float32Array;

  constructor(pixels: number) {
    this.light = new Float32Array(pixels);
    this.counts = new Uint16Array(pixels);
    this.electrons = new Float32Array(pixels);
  }

  expose(brightness: number, depths: FrameDepths | null, exposure: Exposure): void {
    transmit(this.light, brightness, depths, this.electrons);
    exposure.record(this.electrons, this.counts);
  }
}

class CompiledFrameBuffer implements FrameBuffer {
  readonly light: Float32Array;
  readonly counts: Uint16Array;
  /** Number of pixels, rounded up to a multiple of 8, because the kernel computes eight at a time. */
  private readonly padded: number;
  private readonly at: Readonly<
    Record<"light" | "counts" | "shift" | "c1" | "c2" | "noise" | "table", number>
  >;
  private shift?: Float32Array;
  private mixture?: NonNullable<FrameDepths["mixture"]>;

  constructor(
    private readonly kernels: Kernels,
    private readonly pixels: number,
    shifts: number,
  ) {
    this.padded = Math.ceil(pixels / 8) * 8;
    const bytes = 4 * this.padded;
    this.at = {
      light: kernels.hold(bytes),
      counts: kernels.hold(2 * this.padded),
      shift: kernels.hold(bytes),
      c1: kernels.hold(bytes),
      c2: kernels.hold(bytes),
      noise: kernels.hold(NOISE_BYTES),
      table: kernels.hold(TABLE_BYTES * shifts),
    };
    // No memory is allocated after this, so that views stay valid.
    this.light = kernels.f32(this.at.light, pixels);
    this.counts = new Uint16Array(kernels.run.memory.buffer, this.at.counts, pixels);
  }

  expose(brightness: number, depths: FrameDepths | null, { block }: Exposure): void {
    const { kernels, at, padded } = this;
    kernels.i32(at.noise, block.length).set(block);
    if (depths) this.take(depths);
    const mixed = Boolean(depths?.mixture);
    kernels.run.expose(
      ...([at.light, padded, brightness, depths ? at.shift : 0, at.table] as const),
      ...([mixed ? at.c1 : 0, mixed ? at.c2 : 0, at.noise, at.counts] as const),
    );
  }

  private take({ shift, table, mixture }: FrameDepths): void {
    const { kernels, at, pixels } = this;
    kernels.f32(at.table, table.length).set(table);
    if (shift !== this.shift) kernels.f32(at.shift, pixels).set(shift);
    this.shift = shift;
    if (!mixture || mixture === this.mixture) return;
    kernels.f32(at.c1, pixels).set(mixture.c1);
    kernels.f32(at.c2, pixels).set(mixture.c2);
    this.mixture = mixture;
  }
}

const NOISE_BYTES = 160;
/** Bytes of the table per shift, if each pixel has its own mixture. */
const TABLE_BYTES = 32;
