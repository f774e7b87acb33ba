// The maps of a cube at its final geometry, and the pixels that its masks keep. Each map is computed by the
// verb that adds it. It depends on files and steps only, so that the last few are kept for the next cells of
// a notebook.
import { FileError } from "../../errors.js";
import { placeKey } from "../../io/frames.js";
import { versions } from "../../io/stamp.js";
import { refuseChanged, whileUnchanged } from "../../io/unchanged.js";
import { readZarr } from "../../io/zarr.js";
import { metadataOf } from "../../io/zarr-store.js";
import { type MapName, missingMap } from "../maps.js";
import { loadedFiles, type Recorded, type RecordedFile, type Source, type Stored } from "../recorded.js";
import { addedMap, isFrameStep, selections } from "../verbs/index.js";
import type { MapTools, Plan } from "../verbs/verb.js";
import { cached } from "./cache.js";
import { alignFoil } from "./foil.js";
import { isOverTime, mapSteps, reshapeMap } from "./geometry.js";
import { prepare } from "./prepare.js";
import { type RunOptions, stream } from "./stream.js";
import { sumFlat } from "./sum-flat.js";

/** One map of the plan, [height, width], in its unit; NaN where it has no value. */
export async function mapOf(plan: Plan, name: MapName, options: RunOptions = {}): Promise<ArrayLike<number>> {
  const { source, steps } = plan;
  refuseChanged(name, loadedFiles(source));
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
    frameSteps: plan.steps.filter(isFrameStep).filter((step) => !isOverTime(step)),
    map: (other) => mapOf(plan, other, options),
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
    keep: (parameters, recordings, make) =>
      remember(keyOf(name, source, recordings, parameters), options.signal, () =>
        cached(parameters, source, recordings, make),
      ),
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

interface Memory {
  readonly made: Promise<unknown>;
  readonly signal: AbortSignal | undefined;
}

const remembered = new Map<string, Memory>();

async function remember<T>(key: string, signal: AbortSignal | undefined, make: () => Promise<T>): Promise<T> {
  for (;;) {
    let memory = remembered.get(key);
    if (!memory) {
      if (remembered.size >= 16) remembered.delete(remembered.keys().next().value as string);
      memory = { made: make(), signal };
      remembered.set(key, memory);
    }
    try {
      return (await memory.made) as T;
    } catch (error) {
      if (remembered.get(key) === memory) remembered.delete(key);
      // Another call requested the same map and was cancelled: this call computes it again.
      const cancelledByOther = memory.signal?.aborted && memory.signal !== signal && !signal?.aborted;
      if (!cancelledByOther) throw error;
    }
  }
}

/** Everything that a map depends on: the files as they are now, how they are corrected, and `parameters`. */
function keyOf(
  name: MapName,
  source: Source,
  recordings: readonly (Recorded | undefined)[],
  parameters: Readonly<Record<string, unknown>>,
): string {
  const { reference, energies, height, width, saturation, pixelSize } = source;
  const version = versions();
  const stamp = (file: RecordedFile) => [placeKey(file), version(file.path)];
  const files = [[reference], ...recordings.flatMap((one) => (one ? [one.files, one.dark] : []))].map(
    (list) => list.map(stamp),
  );
  return JSON.stringify([
    name,
    files,
    String(saturation),
    pixelSize ?? null,
    height,
    width,
    energies,
    parameters,
  ]);
}
