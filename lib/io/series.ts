// Files that hold the images of a series of cubes as one list.
import { ArgumentError, FileError } from "../errors.js";
import type { FrameEntry, FrameFile, FramePlace } from "./frames.js";

/**
 * A file whose images are one list, with the cube that each belongs to.
 *
 * @throws ArgumentError where the order of the axes is not that of a list of images; FileError where the number
 *   of images is not that of whole cubes
 */
export function inCubes(file: FrameFile, { axes = [], nEnergies, incomplete, kind }: FramePlace): FrameFile {
  const { path, frames } = file;
  const order = axes.join(" ");
  try {
    const isList = ["energy y x", "time energy y x", "energy time y x"].includes(order);
    // The axes are those of the sample: a flat of another format is a list of images.
    const isReference = kind !== undefined && kind !== "sample";
    if (isReference && (!isList || nEnergies === undefined)) return file;
    if (!isList) {
      throw new ArgumentError(
        `Cube.load: expected axes of a list of images, "energy", "y", "x" with "time" before or behind "energy", got ${order} for ${path}; only HDF5 has them in another order`,
        { axes, path },
      );
    }
    if (!axes.includes("time")) return file;
    if (nEnergies === undefined) {
      throw new ArgumentError(
        `Cube.load: expected { energies } beside { axes } with "time", got none for ${path}; give the energies of one cube`,
        { path },
      );
    }
    if (frames.length % nEnergies !== 0 && !(incomplete === "keep" && axes[0] === "time")) {
      throw new FileError(
        `Cube.load: expected whole cubes of ${nEnergies} images, got ${frames.length} images in ${path}; give the energies of one cube, or use { incomplete: "keep" }`,
        { path, images: frames.length },
      );
    }
  } catch (error) {
    file.close();
    throw error;
  }
  const nCubes = Math.ceil(frames.length / nEnergies);
  const cube = (k: number): number => (axes[0] === "time" ? Math.floor(k / nEnergies) : k % nCubes);
  const own: readonly FrameEntry[] = frames.map((frame, k) => ({ ...frame, cube: cube(k) }));
  return {
    path,
    frames: own,
    fullScale: file.fullScale,
    plainCounts: file.plainCounts,
    readRows: (frame, firstRow, nRows, out) => file.readRows(frame, firstRow, nRows, out),
    close: () => file.close(),
  };
}
