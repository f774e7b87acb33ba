// The maps that belong to a cube, at its final geometry: dose rate and dose from the flat, energy shift from the foil.
// They depend on files and steps only, so the last few are kept: a notebook asks for the same ones again and again.
import { frameBuffer } from "../../compute/frame-bins.js";
import { startProgress } from "../../compute/progress.js";
import { ownKernels } from "../../compute/wasm.js";
import { DoseRateAccumulator } from "../../dose/dose-rate-map.js";
import { Stack } from "../../dose/stack.js";
import { FileError, SchemaError } from "../../errors.js";
import { prepareFrames } from "../../io/frame-file.js";
import { versions } from "../../io/stamp.js";
import { whileUnchanged } from "../../io/unchanged.js";
import { metadataOf, readZarr } from "../../io/zarr.js";
import { calibrateFoil, type FoilCalibration } from "../../xas/calibrate-foil.js";
import { type FrameStep, findStep, type LayerName } from "../plan.js";
import type { Recorded, RecordedFile, Source, Stored } from "../recorded.js";
import { type DoseRateStep, incidentFlux } from "../verbs/dose-rate.js";
import { addsLayer, isFrameStep, selections, stepsNeed } from "../verbs/index.js";
import type { Plan } from "../verbs/verb.js";
import { cached } from "./cache.js";
import { CountsLoader } from "./counts.js";
import { isOverTime, mapSteps, reshapeMap } from "./geometry.js";
import { pathsOf } from "./job.js";
import { prepare } from "./prepare.js";
import { Recording } from "./recording.js";
import { type RunOptions, stream } from "./stream.js";
import { recentReference, supplyOf } from "./supplies.js";

/** One layer of the plan, [height, width]; NaN where it has no value. Units: doseRate Gy/s, dose Gy, shift eV. */
export async function layer(
  plan: Plan,
  name: LayerName,
  options: RunOptions = {},
): Promise<ArrayLike<number>> {
  if (isStored(plan, name)) return storedMap(plan, name);
  if (name === "shift") return (await foilCalibration(plan, options)).shift;
  const rate = isStored(plan, "doseRate")
    ? await storedMap(plan, "doseRate")
    : await doseRateLayer(plan, options);
  if (name === "doseRate") return rate;
  const step = findStep(plan.steps, "dose");
  if (!step) throw new SchemaError("dose: no dose map on this cube; call .doseRate(stack).dose() first");
  return Float64Array.from(rate, (v) => v * step.seconds);
}

/** A layer that came with a saved cube, at the geometry of the plan. */
async function storedMap(plan: Plan, name: string): Promise<Float32Array> {
  const { source, steps } = plan;
  const { path, identity } = source.store as Stored;
  const read = () => readZarr(path, [name]);
  const { arrays } = await whileUnchanged("Cube.load", [metadataOf(path)], read, identity);
  const map = arrays[name];
  if (map.shape[0] !== source.height || map.shape[1] !== source.width) {
    throw new FileError(
      `Cube.load: expected ${name} as ${source.height} x ${source.width}, got ${map.shape.join(" x ")} in ${path}; save the cube again`,
      { path, array: name },
    );
  }
  const { height, width } = source;
  return reshapeMap({ values: Float32Array.from(map.data), height, width }, steps.filter(isFrameStep));
}

function isStored({ source, steps }: Plan, name: LayerName): boolean {
  return source.store?.layers.includes(name) === true && !steps.some((step) => addsLayer(step, name));
}

/** The foil's shift map and what is known of its quality. */
function foilCalibration(plan: Plan, options: RunOptions = {}): Promise<FoilCalibration> {
  const step = findStep(plan.steps, "calibrate");
  const { source, schema } = plan;
  const { foil } = source;
  if (!step || !foil) {
    throw new SchemaError("calibrate: no foil calibration in this chain; call .calibrate() first");
  }
  const { height, width } = schema;
  const [from, to] = nearEdge(schema.energies, step.reference);
  const energies = schema.energies.slice(from, to);
  const frames = plan.steps.filter(isFrameStep).filter((step) => !isOverTime(step));
  const steps: FrameStep[] = [{ verb: "average", group: foil.files.length }, ...frames];
  if (!stepsNeed(frames, "flat")) steps.push({ verb: "absorb" });
  steps.push({ verb: "crop", x: [0, width], y: [0, height], frames: [from, to] });
  const foilPlan: Plan = {
    source: { ...source, sample: foil, flat: foil.flat },
    steps,
    schema: { ...schema, energies, quantity: "absorbance", times: [{ start: 0, end: 0, cubes: 1 }] },
  };
  const key = cacheKey("shift", foilPlan, { step, steps, energies });
  return remember(key, options.signal, () =>
    cached({ step, steps, energies }, source, [foil, foil.flat], async () => {
      const job = prepare(foilPlan, [{ request: { kind: "spectra" } }]);
      const [output] = await stream(job, "calibrate: foil", options);
      return calibrateFoil(energies, output.data as Float32Array, [height, width], {
        reference: step.reference,
        degree: step.degree,
      });
    }),
  );
}

/**
 * Frames [from, to) that a foil calibration looks at: 120 eV on either side of the edge hold the aligned range, the largest
 * shift and a margin. A foil of unbinned full-size images would not fit into memory with all its energies.
 */
export function nearEdge(energies: readonly number[], reference: number): [number, number] {
  const near = (e: number): boolean => Math.abs(e - reference) <= 120;
  return [energies.findIndex(near), energies.findLastIndex(near) + 1];
}

/** Eqs. 1-3 over the whole recorded flat field, then binned and cropped like the cube. */
async function doseRateLayer(plan: Plan, options: RunOptions): Promise<Float32Array> {
  const step = findStep(plan.steps, "doseRate");
  const { source } = plan;
  const { flat } = source;
  if (!step || !flat) {
    throw new SchemaError("doseRate: no dose-rate map on this cube; call .doseRate(stack) first");
  }
  const { height, width } = source;
  const flatPlan: Plan = { ...plan, source: { ...source, sample: flat } };
  const key = cacheKey("doseRate", flatPlan, { step, pixelSize: source.pixelSize ?? null });
  const map = await remember(key, options.signal, () =>
    cached({ step }, source, [flat], () =>
      whileUnchanged("doseRate", [...pathsOf({ sample: flat, reference: source.reference })], () =>
        measureDoseRate(source, flat, step, options),
      ),
    ),
  );
  const geometry = mapSteps(plan.steps.filter(isFrameStep));
  const reshaped = JSON.stringify([key, geometry]);
  return remember(reshaped, options.signal, async () => reshapeMap({ values: map, height, width }, geometry));
}

/** The dose rate of every recorded pixel, Gy/s, from the mean flat field. */
async function measureDoseRate(
  source: Source,
  flat: Recorded,
  step: DoseRateStep,
  options: RunOptions,
): Promise<Float32Array> {
  const { energies } = source;
  const shape = [source.height, source.width] as const;
  await prepareFrames(pathsOf({ sample: flat, reference: source.reference }));
  const reference = recentReference(source.reference);
  const recorded = [energies.length, ...shape] as const;
  const { table, dark } = await supplyOf(flat, { recorded, reference: source.reference }, async () =>
    options.signal?.throwIfAborted(),
  );
  const reader = new Recording(flat.files, table, source.saturation, dark, reference);
  const loader = new CountsLoader(frameBuffer(ownKernels(), ROWS * shape[1], 1, true));
  const progress = startProgress("dose rate: flat field");
  try {
    const { stack, convention } = step;
    const rate = new DoseRateAccumulator({
      shape,
      energies,
      stack: Stack.from(stack),
      flux: incidentFlux(step, energies),
      pixelSize: source.pixelSize as number, // doseRate refuses a cube without
      convention,
    });
    const frame = new Float32Array(shape[0] * shape[1]);
    for (let k = 0; k < energies.length; k++) {
      readMean(reader, loader, k, shape, frame);
      rate.add(k, frame);
      if (k % 16 === 0) {
        options.signal?.throwIfAborted();
        progress.update(k / energies.length, "dose rate: flat field");
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    return Float32Array.from(rate.finish());
  } finally {
    reader.close();
    progress.done();
  }
}

/** Rows that are averaged at a time. */
const ROWS = 32;

/** Mean of all files of a recording, corrected, of the whole frame k. */
function readMean(
  recording: Recording,
  loader: CountsLoader,
  k: number,
  [height, width]: readonly [number, number],
  out: Float32Array,
): void {
  for (let top = 0; top < height; top += ROWS) {
    const window = { top, bottom: Math.min(top + ROWS, height), left: 0, right: width };
    const rows = out.subarray(top * width, window.bottom * width);
    if (!loader.mean(recording, 0, recording.files.length, k, window)) recording.readMean(k, window, rows);
    else rows.set(loader.room.counts32.subarray(0, rows.length));
  }
}

/** Which pixels the plan's masks keep. */
export async function selection(plan: Plan, options: RunOptions = {}): Promise<Uint8Array> {
  const keep = new Uint8Array(plan.schema.height * plan.schema.width).fill(1);
  if (plan.source.store?.masked) {
    const selected = await storedMap(plan, "selected");
    for (let p = 0; p < keep.length; p++) keep[p] = Number(selected[p] > 0);
  }
  const { height, width } = plan.schema;
  for (const { layer: name, pixels } of selections(plan.steps)) {
    const inside = pixels(height, width, name ? await layer(plan, name, options) : []);
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
      // Somebody else asked for the same map and changed their mind: that is no reason for us to go without.
      const cancelledByOther = memory.signal?.aborted && memory.signal !== signal && !signal?.aborted;
      if (!cancelledByOther) throw error;
    }
  }
}

/** Everything that the map of a recording depends on: its files as they are now, how they are corrected, and `parameters`. */
function cacheKey(kind: string, { source }: Plan, parameters: Readonly<Record<string, unknown>>): string {
  const { sample, flat, reference, energies, height, width, saturation } = source;
  const version = versions();
  const stamp = ({ path, images }: RecordedFile) => [path, version(path), images];
  const files = [sample.files, sample.dark, flat?.files ?? [], flat?.dark ?? [], [reference]].map((list) =>
    list.map(stamp),
  );
  return JSON.stringify([kind, files, String(saturation), height, width, energies, parameters]);
}
