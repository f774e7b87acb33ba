// Aligns the pixels of a foil, in threads where there are many. Each pixel is aligned by itself: the result does
// not depend on how they are divided.
import { alignPixels, type FoilAlignment, type FoilModel } from "../../xas/calibrate-foil.js";
import { eachInThreads } from "./pool.js";
import { listen, type RunOptions, threadsFor } from "./stream.js";

/** Pixels of a task: a tenth of a second. */
const PIXELS = 8192;

/** The alignment of all pixels. @param spectra in shared memory, [height * width, nEnergies] */
export async function alignFoil(
  model: FoilModel,
  spectra: Float32Array,
  options: RunOptions,
): Promise<FoilAlignment> {
  const [height, width] = model.shape;
  const n = height * width;
  const raw = new Float64Array(n);
  const flags = new Uint8Array(n);
  const { signal } = options;
  const parts = Array.from({ length: Math.ceil(n / PIXELS) }, (_, i): [number, number] => [
    i * PIXELS,
    Math.min(n, (i + 1) * PIXELS),
  ]);
  const done = (part: FoilAlignment, at: number): void => {
    raw.set(part.raw, at * PIXELS);
    flags.set(part.flags, at * PIXELS);
  };
  const workers = threadsFor(spectra.byteLength, options);
  if (workers > 1 && parts.length > 1) {
    const inputs = parts.map((part): Parameters<typeof alignPixels> => [model, spectra, ...part]);
    await eachInThreads("alignFoil", inputs, workers, () => {}, done);
    signal?.throwIfAborted();
    return { raw, flags };
  }
  for (const [at, part] of parts.entries()) {
    done(alignPixels(model, spectra, ...part), at);
    await listen();
    signal?.throwIfAborted();
  }
  return { raw, flags };
}
