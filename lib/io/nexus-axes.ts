// What the axes of recorded images in HDF5 are: named, or recognized by the number of energies.
import { FileError, quote } from "../errors.js";
import type { Axis, FramePlace } from "./frames.js";

/** Where the images lie. */
interface Images {
  readonly call: string;
  readonly path: string;
  readonly dataset: string;
  readonly shape: readonly number[];
}

/** Images one after the other: what NeXus has. */
export const STACK: readonly Axis[] = ["energy", "y", "x"];
const SERIES: readonly Axis[] = ["time", "energy", "y", "x"];

/**
 * The axes of images, slowest first.
 *
 * Without names, the axis that is as long as there are energies is theirs; images lie [energies, height, width] where
 * NeXus says so, and where no axis has that length.
 *
 * @param nEnergies as given, or of the list in the file; undefined where neither is there
 * @param isConvention the images lie where NeXus has [images, height, width]
 * @throws FileError where several orders are possible
 */
export function axesOf(
  { call, path, dataset, shape }: Images,
  { axes: named, kind }: Pick<FramePlace, "axes" | "kind">,
  nEnergies: number | undefined,
  isConvention: boolean,
): readonly Axis[] {
  const refuse = (got: string, remedy: string): FileError =>
    new FileError(
      `${call}: expected axes that can be told apart in ${quote(dataset)} of ${path}, got ${got}; ${remedy}`,
      { path, dataset, shape },
    );
  const size = shape.join(" x ");
  if (named) {
    // A flat of a series is one cube.
    const isCube = kind !== undefined && kind !== "sample" && shape.length === named.length - 1;
    const axes = isCube ? named.filter((axis) => axis !== "time") : named;
    if (axes.length !== shape.length) {
      throw refuse(`${size} values`, `give { axes } with ${shape.length} names`);
    }
    const n = shape[axes.indexOf("energy")];
    if (nEnergies !== undefined && n !== nEnergies) {
      throw refuse(
        `${n} values along the energy axis of ${size} and ${nEnergies} energies`,
        "correct { axes } or { energies }",
      );
    }
    return axes.join() === STACK.join() ? STACK : axes;
  }
  const found = [...shape.keys()].filter((k) => shape[k] === nEnergies);
  const ask = `name them, as in { axes: ${JSON.stringify(shape.length === 4 ? SERIES : ["y", "x", "energy"])} }`;
  if (shape.length === 4) {
    if (found.length === 1 && found[0] === 1) return SERIES;
    throw refuse(`${size} values and ${nEnergies ?? "no"} energies`, ask);
  }
  if (found.length === 0 || (isConvention && found.includes(0))) return STACK;
  if (found.length > 1) throw refuse(`${size} values and ${nEnergies} energies`, ask);
  return found[0] === 0 ? STACK : found[0] === 2 ? ["y", "x", "energy"] : ["y", "energy", "x"];
}
