// Frames of a saved cube, as the frame steps read them. Reading chunks is asynchronous, so that the rows of a
// band are fetched before the steps run over them.

import { openZarrArray, type ZarrBlocks } from "../../io/zarr.js";
import type { FrameReader } from "../engine/recording.js";
import { areaOf, type Window } from "../engine/window.js";
import type { RecordedFile } from "../recorded.js";

/** Reads rows of saved frames out of blocks that were fetched. */
export class StoredFrames implements FrameReader {
  total = 0;
  saturated = 0;
  bytes = 0;
  #array: ZarrBlocks | null = null;
  readonly #blocks = new Map<number, Float32Array>();
  #first = 0;
  #rows = 0;

  /** @param shape number of energies, height, width */
  constructor(
    private readonly path: string,
    private readonly files: readonly RecordedFile[],
    private readonly shape: readonly [number, number, number],
  ) {}

  /** Sweeps in one time step. */
  weight(index: number): number {
    return this.files[index].cubes;
  }

  /** Fetches rows [r0, r1) of all energies of the time steps [from, to), and forgets the others. */
  async fetch(from: number, to: number, r0: number, r1: number): Promise<void> {
    this.#array ??= await openZarrArray(this.path, "data");
    const [nEnergies, , width] = this.shape;
    if (r0 !== this.#first || r1 - r0 !== this.#rows) this.#blocks.clear();
    [this.#first, this.#rows] = [r0, r1 - r0];
    for (const index of this.#blocks.keys()) if (index < from || index >= to) this.#blocks.delete(index);
    for (let index = from; index < to; index++) {
      if (this.#blocks.has(index)) continue;
      const t = this.files[index].index ?? index;
      const block = await this.#array.read([
        [t, t + 1],
        [0, nEnergies],
        [r0, r1],
        [0, width],
      ]);
      this.#blocks.set(index, block as Float32Array);
      this.bytes += block.byteLength;
    }
  }

  read(index: number, k: number, window: Window, out: Float32Array): void {
    const { top, bottom, left, right } = window;
    const width = this.shape[2];
    const block = this.#blocks.get(index);
    if (!block || top < this.#first || bottom > this.#first + this.#rows) {
      throw new RangeError(`stored rows ${top} to ${bottom} of time step ${index} were not fetched`);
    }
    for (let r = top; r < bottom; r++) {
      const row = (k * this.#rows + r - this.#first) * width;
      out.set(block.subarray(row + left, row + right), (r - top) * (right - left));
    }
    this.total += areaOf(window);
  }

  close(): void {
    this.#blocks.clear();
    this.#array = null;
  }
}
