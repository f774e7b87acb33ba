// What all time steps of a saved cube lack, once all of them are there: it belongs to the provenance.
import { openZarrArray, readZarr } from "../../io/zarr.js";
import { disturbedOf } from "../engine/disturbance.js";
import { addEdgeSteps, countEdgeSteps, edgeStepRange } from "../engine/edge-steps.js";
import { fewCounts } from "../engine/few-counts.js";
import { normalizationFacts } from "../engine/run.js";
import type { RunOptions } from "../engine/stream.js";
import type { EdgeStepCount, FewCounts, InvalidCount } from "../invalid.js";
import type { Provenance } from "../provenance.js";
import { amend, attributesOf, EDGE_STEPS } from "../store/create.js";
import { type DoneStep, readStep, recordedSteps } from "../store/steps.js";
import { normalize } from "../verbs/normalize.js";
import { findStep, type Plan } from "../verbs/verb.js";
import { fingerprintOfPlan } from "./plan-fingerprint.js";

/** Writes what the numbers lack, and which time steps failed, if every time step has a record. */
export async function summarize(plan: Plan, path: string, { signal }: RunOptions): Promise<void> {
  const { times, masked, height, width, energies } = plan.schema;
  if (recordedSteps(path).length < times.length) return;
  const records = times.map((_, step) => readStep(path, step));
  const done = records.map((one) => (one && "chunks" in one ? one : undefined));
  const failed = records.flatMap((one, step) =>
    one && "failed" in one ? [{ step, reason: one.failed }] : [],
  );
  signal?.throwIfAborted();
  const select = masked ? (await readZarr(path, ["selected"])).arrays.selected.data : undefined;
  let nSelected = 0;
  const place = Int32Array.from({ length: height * width }, (_, p) =>
    select === undefined || select[p] ? nSelected++ : -1,
  );
  const edgeSteps = findStep(plan.steps, normalize) && (await edgeStepsOf(path, done, place, height, width));
  const few = await fewCountsOf(plan, place, failed.length);
  const sum = (key: "saturated" | "nonPositive" | "total") =>
    done.reduce((total, one) => total + (one?.[key] ?? 0), 0);
  const disturbed = disturbedOf({
    energies: Float64Array.from(energies),
    leaveOut: done.some((one) => one?.disturbed)
      ? done.map((one) => indices(energies, one?.disturbed))
      : undefined,
  });
  const invalid: InvalidCount = {
    ...normalizationFacts(plan),
    saturated: sum("saturated"),
    nonPositive: sum("nonPositive"),
    total: sum("total"),
    ...(edgeSteps && { edgeSteps }),
    ...(disturbed && { disturbed }),
    ...(few && { fewCounts: few }),
  };
  const { provenance } = attributesOf(path, fingerprintOfPlan(plan));
  amend(path, {
    failed: failed.length > 0 ? failed : undefined,
    provenance: { ...(provenance as Provenance), invalid },
  });
}

/** Energies within ranges, by their indices. */
function indices(energies: readonly number[], ranges: DoneStep["disturbed"] = []): number[] {
  return energies.flatMap((e, k) => (ranges.some(([low, high]) => e >= low && e <= high) ? [k] : []));
}

async function edgeStepsOf(
  path: string,
  done: readonly (DoneStep | undefined)[],
  place: Int32Array,
  height: number,
  width: number,
): Promise<EdgeStepCount | undefined> {
  const range = edgeStepRange(height * width);
  const array = await openZarrArray(path, EDGE_STEPS);
  for (const [step, one] of done.entries()) {
    if (!one) continue;
    const least = (await array.read([
      [step, step + 1],
      [0, height],
      [0, width],
    ])) as Float32Array;
    addEdgeSteps(range, { least, greatest: least });
  }
  return countEdgeSteps(range, place);
}

/** The bias by few counts is found in the cubes of one time step, which may have failed. */
async function fewCountsOf(plan: Plan, place: Int32Array, failed: number): Promise<FewCounts | undefined> {
  const pixels = Int32Array.from([...place.keys()].filter((p) => place[p] >= 0));
  try {
    return await fewCounts(plan, pixels);
  } catch (error) {
    if (failed > 0) return undefined;
    throw error;
  }
}
