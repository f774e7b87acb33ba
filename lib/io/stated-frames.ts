// Images whose exposures and ring currents are stated beside the file, and images that are a transmission.
import { FileError, quote, SchemaError } from "../errors.js";
import { frameQuantity } from "./frame-quantities.js";
import type { FrameEntry, FrameFile, FramePlace } from "./frames.js";

/** Two statements of a quantity differ by rounding only, relative. */
const ROUNDING = 1e-3;

/**
 * A file with what is stated beside it in the headers of its images.
 *
 * @throws SchemaError where the lists have another length than the images, or where the headers disagree
 */
export function withStated(file: FrameFile, { path, stated }: FramePlace): FrameFile {
  if (!stated) return file;
  const frames = file.frames.map((frame, k): FrameEntry => {
    const entries = Object.entries(stated).map(([name, list]) => {
      const at = list.length === 1 ? 0 : list.length === file.frames.length ? k : (frame.image?.number ?? k);
      const value = list[at];
      if (
        value === undefined ||
        (frame.image === undefined && ![1, file.frames.length].includes(list.length))
      ) {
        throw new SchemaError(
          `Cube.load: expected one ${name}, or one for each of the ${file.frames.length} images, got ${list.length} for ${path}; correct the list`,
          { path, images: file.frames.length, given: list.length },
        );
      }
      const own = frameQuantity(frame.header, name as keyof typeof stated);
      if (typeof own === "number" && Math.abs(own - value) > ROUNDING * Math.abs(value)) {
        throw new SchemaError(
          `Cube.load: expected ${name} as the header of image ${k} of ${path} has it, ${own}, got ${quote(value)}; leave it out, or correct the header`,
          { path, frame: k },
        );
      }
      return [name, String(value)] as const;
    });
    return { ...frame, header: { ...frame.header, ...Object.fromEntries(entries) } };
  });
  return over(file, { frames });
}

/** A file with something else in the place of a property. */
function over(file: FrameFile, others: Partial<FrameFile>): FrameFile {
  return {
    path: file.path,
    frames: file.frames,
    fullScale: file.fullScale,
    plainCounts: file.plainCounts,
    readRows: (frame, firstRow, nRows, out) => file.readRows(frame, firstRow, nRows, out),
    close: () => file.close(),
    ...others,
  };
}

/**
 * The counts that a transmission was made of: T (flat - dark) + dark, with the mean dark. The absorbance of these
 * counts is -ln T; exposures and ring currents are those of the flat, since they are in T no more.
 *
 * @param flat one image for each of the file, with the same pixels
 * @param darks all their images are averaged; none where nothing was subtracted
 * @throws FileError where the images do not fit
 */
export function countsOf(file: FrameFile, flat: FrameFile, darks: readonly FrameFile[]): FrameFile {
  const { path, frames } = file;
  const same = (other: FrameEntry, k: number): boolean =>
    other.shape[0] === frames[k].shape[0] && other.shape[1] === frames[k].shape[1];
  const dark = darks.flatMap((one) => one.frames);
  const isFitting =
    flat.frames.length === frames.length && flat.frames.every(same) && dark.every((one) => same(one, 0));
  const close = () => {
    for (const one of [file, flat, ...darks]) one.close();
  };
  if (!isFitting) {
    close();
    throw new FileError(
      `Cube.load: expected flat and dark with the ${frames.length} images of ${frames[0]?.shape.join(" x ")} pixels of the transmission in ${path}, got ${flat.frames.length} of ${flat.frames[0]?.shape.join(" x ")} in ${flat.path}; give those that it was divided by`,
      { path, flat: flat.path },
    );
  }
  const own = frames.map((frame, k) => {
    const { exposure_time, ring_current, ...header } = frame.header;
    const kept = Object.entries(flat.frames[k].header).filter(([name]) =>
      /expo|count_time|current|sec/i.test(name),
    );
    return { ...frame, header: { ...header, ...Object.fromEntries(kept) } };
  });
  const readRows: FrameFile["readRows"] = (frame, firstRow, nRows, out) => {
    file.readRows(frame, firstRow, nRows, out);
    const n = nRows * frames[frame].shape[1];
    const [i0, one] = [new Float64Array(n), new Float64Array(n)];
    const mean = new Float64Array(n);
    flat.readRows(frame, firstRow, nRows, i0);
    for (const file of darks) {
      for (let k = 0; k < file.frames.length; k++) {
        file.readRows(k, firstRow, nRows, one);
        for (let i = 0; i < n; i++) mean[i] += one[i] / dark.length;
      }
    }
    for (let i = 0; i < n; i++) out[i] = out[i] * (i0[i] - mean[i]) + mean[i];
  };
  return over(file, {
    frames: own,
    fullScale: Number.POSITIVE_INFINITY,
    plainCounts: undefined,
    readRows,
    close,
  });
}
