// Where frames are made: room for one image, in the memory of the compiled kernels where there are any.
import { type Kernels, ownKernels } from "../../compute/wasm.js";
import type { Exposure } from "../devices/exposure.js";
import { type FrameDepths, transmit } from "./transmit.js";

/** Room for the frames of one image, used again and again. */
export interface Film {
  /** Electrons of the open beam, per raw pixel; to be filled in. */
  readonly light: Float32Array;
  /** Counts of the last frame. */
  readonly counts: Uint16Array;

  /**
   * Takes a frame: `counts` are those of the light through what is in the beam, with noise.
   *
   * @param depths what is in the beam; null: nothing. Of one image only the table may change; shifts and mixtures are taken over
   *   when they are other arrays than the last time.
   */
  expose(brightness: number, depths: FrameDepths | null, exposure: Exposure): void;
}

/**
 * Room for an image.
 *
 * @param shifts how many its table can have
 * @param kernels with a memory of their own; null: plain arrays, which give the same bits
 */
export function film(pixels: number, shifts: number, kernels: Kernels | null = ownKernels()): Film {
  return kernels ? new CompiledFilm(kernels, pixels, shifts) : new PlainFilm(pixels);
}

class PlainFilm implements Film {
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

class CompiledFilm implements Film {
  readonly light: Float32Array;
  readonly counts: Uint16Array;
  /** Pixels, filled up: the kernel takes eight at a time. */
  private readonly room: number;
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
    this.room = Math.ceil(pixels / 8) * 8;
    const bytes = 4 * this.room;
    this.at = {
      light: kernels.hold(bytes),
      counts: kernels.hold(2 * this.room),
      shift: kernels.hold(bytes),
      c1: kernels.hold(bytes),
      c2: kernels.hold(bytes),
      noise: kernels.hold(NOISE_BYTES),
      table: kernels.hold(TABLE_BYTES * shifts),
    };
    // All that is needed is held: views stay.
    this.light = kernels.f32(this.at.light, pixels);
    this.counts = new Uint16Array(kernels.run.memory.buffer, this.at.counts, pixels);
  }

  expose(brightness: number, depths: FrameDepths | null, { block }: Exposure): void {
    const { kernels, at, room } = this;
    kernels.i32(at.noise, block.length).set(block);
    if (depths) this.take(depths);
    const mixed = Boolean(depths?.mixture);
    kernels.run.expose(
      ...([at.light, room, brightness, depths ? at.shift : 0, at.table] as const),
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
/** Of one shift, where each pixel has its own mixture. */
const TABLE_BYTES = 32;
