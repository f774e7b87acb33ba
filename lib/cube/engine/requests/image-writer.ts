// Writes what there is for each pixel as images, band by band, into the array `values` [time, quantity, y, x] of a
// Zarr folder. Every block is written, also one without a selected pixel: a missing one means an incomplete copy.
import { openZarrArray } from "../../../io/zarr.js";
import type { Job } from "../job.js";
import type { Tile, Writer } from "./kind.js";
import type { Target } from "./request.js";

/** What is computed of the spectra of a band. */
export interface BandOfImages {
  /** A band and time step begin; pixels [from, to) of the final image. */
  begin(from: number, to: number): void;
  tile(tile: Tile): void;
  /** Writes what was computed into `images`, [nQuantities, to - from], which holds NaN. */
  end(images: Float64Array): void;
}

/** A writer of images; `of` says what is in them. */
export async function imageWriter(
  { width, firstTime }: Job,
  path: string,
  nQuantities: number,
  of: BandOfImages,
): Promise<Writer> {
  const array = await openZarrArray(path, "values");
  return {
    begin: (r0, r1) => of.begin(r0 * width, r1 * width),
    tile: (tile) => of.tile(tile),
    async end(t, r0, r1) {
      const images = new Float64Array(nQuantities * (r1 - r0) * width).fill(Number.NaN);
      of.end(images);
      await array.write(
        [
          [firstTime + t, firstTime + t + 1],
          [0, nQuantities],
          [r0, r1],
          [0, width],
        ],
        images,
      );
    },
  };
}

/** For each pixel of a band its place among the selected ones of the band, or -1; `begin` fills it. */
export class BandPlaces {
  readonly place: Int32Array;
  from = 0;
  to = 0;

  constructor(private readonly target: Pick<Target, "place">) {
    this.place = new Int32Array(target.place.length).fill(-1);
  }

  begin(from: number, to: number): void {
    if (from === this.from && to === this.to) return;
    this.place.fill(-1, this.from, this.to);
    [this.from, this.to] = [from, to];
    let n = 0;
    for (let p = from; p < to; p++) if (this.target.place[p] >= 0) this.place[p] = n++;
  }
}
