// The maps of a cube at its final geometry, and the pixels that its masks keep. Each map is computed by the
// verb that adds it. A map of the camera, such as the dose rate, follows the sample where its images are aligned.
import { FileError } from "../../errors.js";
import { refuseChanged, whileUnchanged } from "../../io/unchanged.js";
import { readZarr } from "../../io/zarr.js";
import { metadataOf } from "../../io/zarr-store.js";
import { type MapName, missingMap } from "../maps.js";
import { loadedFiles, type Stored } from "../recorded.js";
import { addedMap, addedMaps, isFrameStep, selections } from "../verbs/index.js";
import type { MapTools, Plan } from "../verbs/verb.js";
import { alignFoil } from "./foil.js";
import { isOfCamera, mapSteps, reshapeMap } from "./geometry.js";
import { prepare } from "./prepare.js";
import { keep, keyOf, remember } from "./remember.js";
import { alongSample, meanOverTime, placed, withWeights } from "./shifts.js";
import { type RunOptions, stream } from "./stream.js";
import { sumFlat } from "./sum-flat.js";

/** One map of the plan, [height, width], in its unit; NaN where it has no value. */
export async function mapOf(plan: Plan, name: MapName, options: RunOptions = {}): Promise<ArrayLike<number>> {
  refuseChanged(name, loadedFiles(plan.source));
  const own = await placed(plan, options);
  const values = await mapOfCamera(own, name, options);
  const added = addedMap(own.steps, name);
  return added?.aligns ? meanOverTime(alongSample(values, own), own) : values;
}

/**
 * Energy shift that is still to be applied, eV: one per final pixel, or one per time step and final pixel where
 * the sample is followed, because rays of another height have another energy; undefined where there is none.
 */
export async function alignment(
  plan: Plan,
  options: RunOptions = {},
): Promise<ArrayLike<number> | undefined> {
  const shift = addedMaps(plan.steps).find(({ aligns }) => aligns);
  if (!shift) return undefined;
  const own = await placed(plan, options);
  return alongSample(await mapOfCamera(own, shift.map.name, options), own);
}

/** A map as `mapOf` gives it, but where it lies in the camera if the verb computes it there. */
async function mapOfCamera(plan: Plan, name: MapName, options: RunOptions): Promise<ArrayLike<number>> {
  const { source, steps } = plan;
  const added = addedMap(steps, name);
  if (!added) {
    if (source.store?.layers.includes(name)) return storedMap(plan, name);
    throw missingMap("map", name);
  }
  const { step, map } = added;
  const values = await map.compute(step, plan, toolsOf(plan, name, options));
  if (!map.recorded) return values;
  const { height, width } = source;
  const geometry = mapSteps(steps.filter(isFrameStep));
  const key = keyOf(name, source, [source.flat], { step, geometry });
  return remember(key, options.signal, async () =>
    reshapeMap({ values: Float32Array.from(values), height, width }, geometry),
  );
}

/** What the verbs compute their maps with. */
function toolsOf(plan: Plan, name: MapName, options: RunOptions): MapTools {
  const { source } = plan;
  return {
    frameSteps: plan.steps.filter(isFrameStep).filter(isOfCamera),
    map: (other, weights) => mapOf(weights ? withWeights(plan, weights) : plan, other, options),
    async spectra(of, label) {
      const [output] = await stream(
        prepare(of, [{ request: { kind: "spectra" } }], undefined, options),
        label,
        options,
      );
      return output.data as Float32Array;
    },
    sumFlat: (label, weights) => sumFlat(plan, label, weights, options),
    alignFoil: (model, spectra) => alignFoil(model, spectra, options),
    keep: (parameters, recordings, make) => keep(name, source, parameters, recordings, options.signal, make),
  };
}

/** A map that came with a saved cube, at the geometry of the plan. */
async function storedMap({ source, steps }: Plan, name: string): Promise<Float32Array> {
  const { path } = source.store as Stored;
  const read = () => readZarr(path, [name]);
  const { arrays } = await whileUnchanged("Cube.load", [metadataOf(path)], read, loadedFiles(source));
  const map = arrays[name];
  const { height, width } = source;
  if (map.shape[0] !== height || map.shape[1] !== width) {
    throw new FileError(
      `Cube.load: expected ${name} as ${height} x ${width}, got ${map.shape.join(" x ")} in ${path}; save the cube again`,
      { path, array: name },
    );
  }
  return reshapeMap({ values: Float32Array.from(map.data), height, width }, steps.filter(isFrameStep));
}

/** Which pixels the plan's masks keep, 1 or 0. */
export async function selection(plan: Plan, options: RunOptions = {}): Promise<Uint8Array> {
  const { height, width } = plan.schema;
  const keep = new Uint8Array(height * width).fill(1);
  if (plan.source.store?.masked) {
    const selected = await storedMap(plan, "selected");
    for (let p = 0; p < keep.length; p++) keep[p] = Number(selected[p] > 0);
  }
  for (const { map, pixels } of selections(plan.steps)) {
    const inside = pixels(height, width, map ? await mapOf(plan, map, options) : []);
    for (let p = 0; p < keep.length; p++) if (!inside[p]) keep[p] = 0;
  }
  return keep;
}
