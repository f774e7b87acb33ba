// The maps that belong to a cube, at its final geometry: dose rate and dose from the flat, energy shift from the foil.
// They depend on files and steps only, so the last few are kept: a notebook asks for the same ones again and again.
import { statSync } from "node:fs";
import { startProgress } from "../../compute/progress.js";
import { DoseRateAccumulator } from "../../dose/dose-rate-map.js";
import { intervalMask } from "../../dose/masks.js";
import { Stack } from "../../dose/stack.js";
import { SchemaError } from "../../errors.js";
import { calibrateFoil, type FoilCalibration } from "../../xas/calibrate-foil.js";
import { type DoseRateStep, type FrameStep, findStep, isFrameStep, type LayerName } from "../plan.js";
import type { RecordedFile } from "../source.js";
import type { Plan } from "../verbs/verb.js";
import { reshapeMap } from "./frames.js";
import { prepare } from "./prepare.js";
import { meanDark, Recording, referenceIncident } from "./recording.js";
import { type RunOptions, stream } from "./stream.js";

/** One layer of the plan, [height, width]; NaN where it has no value. Units: doseRate Gy/s, dose Gy, shift eV. */
export async function layer(
  plan: Plan,
  name: LayerName,
  options: RunOptions = {},
): Promise<ArrayLike<number>> {
  if (name === "shift") return (await foilCalibration(plan, options)).shift;
  const rate = await doseRateLayer(plan, options);
  if (name === "doseRate") return rate;
  const step = findStep(plan.steps, "dose");
  if (!step) throw new SchemaError("dose: no dose map on this cube; call .doseRate(stack).dose() first");
  return Float64Array.from(rate, (v) => v * step.seconds);
}

/** The foil's shift map and what is known of its quality. */
export function foilCalibration(plan: Plan, options: RunOptions = {}): Promise<FoilCalibration> {
  const step = findStep(plan.steps, "calibrate");
  const { source } = plan;
  if (!step || !source.foil || !source.flat)
    throw new SchemaError("calibrate: no foil calibration in this chain; call .calibrate() first");
  const frames = plan.steps.filter(isFrameStep).filter((s) => s.verb !== "average");
  const key = cacheKey("shift", [...source.foil, ...source.flat], {
    step,
    frames,
    height: plan.schema.height,
  });
  return remember(key, async () => {
    const steps: FrameStep[] = [{ verb: "average", group: source.foil?.length ?? 1 }, ...frames];
    if (!frames.some((s) => s.verb === "absorb")) steps.push({ verb: "absorb" });
    const foil: Plan = {
      source: { ...source, sample: source.foil as readonly RecordedFile[] },
      steps,
      schema: { ...plan.schema, quantity: "absorbance", times: [{ start: 0, end: 0, cubes: 1 }] },
    };
    const { height, width, energies } = plan.schema;
    const output = await stream(prepare(foil, { kind: "spectra" }), "calibrate: foil", options);
    return calibrateFoil(energies, output.data as Float32Array, [height, width], {
      reference: step.reference,
      degree: step.degree,
    });
  });
}

/** Eqs. 1-3 over the whole recorded flat field, then binned and cropped like the cube. */
function doseRateLayer(plan: Plan, options: RunOptions): Promise<Float32Array> {
  const step = findStep(plan.steps, "doseRate");
  const { source } = plan;
  if (!step || !source.flat)
    throw new SchemaError("doseRate: no dose-rate map on this cube; call .doseRate(stack) first");
  const flat = source.flat;
  const geometry = plan.steps.filter(isFrameStep).filter((s) => s.verb === "bin" || s.verb === "crop");
  const recorded = [source.height, source.width] as const;
  const key = cacheKey("doseRate", flat, { step, recorded, pixelSize: source.pixelSize });
  return remember(key, async () => {
    const reader = new Recording(
      flat,
      [source.energies.length, ...recorded],
      source.saturation,
      meanDark(source.dark, ...recorded),
      referenceIncident(flat),
    );
    const progress = startProgress("dose rate: flat field");
    try {
      const map = new DoseRateAccumulator({
        shape: recorded,
        energies: source.energies,
        stack: Stack.from(step.stack),
        flux: incidentFlux(step, source.energies),
        pixelSize: source.pixelSize,
        convention: step.convention,
      });
      const frame = new Float32Array(recorded[0] * recorded[1]);
      for (let k = 0; k < source.energies.length; k++) {
        reader.readMean(k, 0, recorded[0], frame);
        map.add(k, frame);
        if (k % 16 === 0) {
          options.signal?.throwIfAborted();
          progress.update(k / source.energies.length, "dose rate: flat field");
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
      return Float32Array.from(map.finish());
    } finally {
      reader.close();
      progress.done();
    }
  }).then((map) => reshapeMap(map, recorded, geometry));
}

/**
 * Flux incident on the stack at each energy. A flux that was measured at one energy fixes the flux on the absorber there, and
 * that is held over the scan, as the paper does: its single Ft for all images.
 */
export function incidentFlux(step: DoseRateStep, energies: readonly number[]): number[] {
  const { flux, fluxEnergy } = step;
  if (fluxEnergy === null) return energies.map(() => flux);
  const stack = Stack.from(step.stack);
  const there = stack.upstream(fluxEnergy);
  return energies.map((energy) => (flux * there) / stack.upstream(energy));
}

/** Which pixels the plan's masks keep. */
export async function selection(plan: Plan, options: RunOptions = {}): Promise<Uint8Array> {
  const keep = new Uint8Array(plan.schema.height * plan.schema.width).fill(1);
  for (const step of plan.steps) {
    if (step.verb !== "mask") continue;
    const values = await layer(plan, step.layer, options);
    const inside = step.intervals.map((interval) => intervalMask(values, interval));
    for (let p = 0; p < keep.length; p++) if (!inside.some((one) => one[p])) keep[p] = 0;
  }
  return keep;
}

const remembered = new Map<string, Promise<unknown>>();

function remember<T>(key: string, make: () => Promise<T>): Promise<T> {
  const known = remembered.get(key) as Promise<T> | undefined;
  if (known) return known;
  if (remembered.size >= 16) remembered.delete(remembered.keys().next().value as string);
  const made = make();
  remembered.set(key, made);
  made.catch(() => remembered.delete(key));
  return made;
}

function cacheKey(
  kind: string,
  files: readonly RecordedFile[],
  parameters: Readonly<Record<string, unknown>>,
): string {
  const stamps = files.map(({ path }) => {
    const { size, mtimeMs } = statSync(path);
    return [path, size, mtimeMs];
  });
  return JSON.stringify([kind, stamps, parameters]);
}
