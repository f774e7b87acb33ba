// A saved cube as the source of a chain: it goes on where it was saved.
import { readFileSync, realpathSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { z } from "zod";
import { FileError } from "../../errors.js";
import { memoryBytes } from "../../io/disk.js";
import { whileLoading } from "../../io/unchanged.js";
import { metadataOf } from "../../io/zarr-store.js";
import type { Schema } from "../plan.js";
import type { Provenance } from "../provenance.js";
import type { RecordedFile, Source, Stored } from "../recorded.js";
import { storedCube } from "./format.js";

const numberList = z.array(z.number());

/**
 * Reads the attributes of a saved cube; no number of it.
 *
 * @throws FileError when the folder is no saved cube of this library, or one of a later version
 */
export function storeSource(path: string): { source: Source; schema: Schema } {
  const call = "Cube.load";
  const refuse = (got: string, cause?: unknown): FileError =>
    new FileError(
      `${call}: expected a cube saved with .save(), got ${got} in ${path}; save it again, or read its arrays with readZarr`,
      { path },
      { cause },
    );
  let cube: ReturnType<typeof storedCube.parse>;
  let energies: number[];
  let shape: number[];
  let loaded: Stored["loaded"];
  try {
    const read = whileLoading(metadataOf(path), () => ({
      group: JSON.parse(readFileSync(join(path, "zarr.json"), "utf8")),
      array: JSON.parse(readFileSync(join(path, "data", "zarr.json"), "utf8")),
    }));
    const { group, array } = read.value;
    loaded = read.loaded;
    cube = storedCube.parse(group.attributes?.operandose);
    energies = numberList.parse(group.attributes.energies);
    shape = numberList.parse(array.shape);
  } catch (error) {
    throw refuse(error instanceof SyntaxError ? "damaged metadata" : "another Zarr folder", error);
  }
  const [nTimes, nEnergies, height, width] = shape;
  // An image of the cube is held in memory as a whole; a damaged shape would take all of it.
  const fits = shape.every((n) => Number.isSafeInteger(n) && n > 0) && 4 * height * width < memoryBytes();
  if (!fits || nTimes !== cube.times.length || nEnergies !== energies.length) {
    throw refuse(
      `an array of ${shape.join(" x ")} for ${cube.times.length} times and ${energies.length} energies`,
    );
  }
  const files: RecordedFile[] = cube.times.map((t, index) => ({ path, kind: "sample", index, ...t }));
  return {
    source: {
      name: basename(realpathSync(path)),
      origin: { saved: resolve(path) },
      store: {
        path,
        loaded,
        layers: cube.layers,
        masked: cube.masked,
        provenance: cube.provenance as Provenance,
        ...(cube.failed && { failed: cube.failed }),
      },
      energies,
      height,
      width,
      pixelSize: cube.pixelSize,
      sample: { files, dark: [] },
      reference: files[0],
      edge: cube.edge,
      spot: cube.spot,
      exposure: cube.exposure,
    },
    schema: {
      quantity: cube.quantity,
      energies,
      height,
      width,
      pixelSize: cube.pixelSize,
      edge: cube.edge,
      times: cube.times,
      maps: cube.layers,
      calibrated: cube.calibrated,
      masked: cube.masked,
    },
  };
}
