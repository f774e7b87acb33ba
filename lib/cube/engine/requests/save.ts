// Saves spectra, transposed to images: a block of a saved cube is all energies of the rows of a band. Every
// block is written, also one without a selected pixel, so that a missing block means an incomplete copy.
import { openZarrArray } from "../../../io/zarr.js";
import { shared } from "../shared.js";
import type { RequestKind } from "./kind.js";

/** Every selected pixel's spectrum, into a Zarr array; data is empty. */
export const save: RequestKind<"save"> = {
  always: true,

  allocate: () => ({ data: shared(Float32Array, 0) }),

  async writer({ energies, width, firstTime }, { place }, { path }) {
    const n = energies.length;
    const array = await openZarrArray(path, "data");
    let block = new Float32Array(0);
    let firstPixel = 0;
    let nPixels = 0;
    return {
      begin(r0, r1) {
        [firstPixel, nPixels] = [r0 * width, (r1 - r0) * width];
        // A new one each time: the last one may still be on its way to the disk.
        block = new Float32Array(n * nPixels).fill(Number.NaN);
      },
      tile({ spectra, count, first }) {
        for (let j = 0; j < count; j++) {
          if (place[first + j] < 0) continue;
          const at = first + j - firstPixel;
          for (let k = 0; k < n; k++) block[k * nPixels + at] = spectra[j * n + k];
        }
      },
      end: (t, r0, r1) =>
        array.write(
          [
            [firstTime + t, firstTime + t + 1],
            [0, n],
            [r0, r1],
            [0, width],
          ],
          block,
        ),
    };
  },
};
