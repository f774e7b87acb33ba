import { SchemaError } from "../../errors.js";
import { cubesOf } from "../engine/geometry.js";
import { run, selected } from "../engine/run.js";
import { placed } from "../engine/shifts.js";
import type { RunOptions } from "../engine/stream.js";
import { MapResult, spread } from "../results/map.js";
import { deglitch } from "../verbs/deglitch.js";
import { isFrameStep, verbOf } from "../verbs/index.js";
import { isStep, type Plan } from "../verbs/verb.js";
import { provenanceOf } from "./provenance.js";

/** How many samples of each pixel deglitch() replaces, over all energies and cubes. */
export async function glitchMap(given: Plan, options: RunOptions): Promise<MapResult> {
  // The drift is that of the images themselves.
  const plan = await placed(given, options);
  const frameSteps = plan.steps.filter(isFrameStep);
  const at = frameSteps.findIndex((step) => isStep(deglitch, step));
  if (at < 0) {
    throw new SchemaError(
      'map("glitches"): expected a cube with .deglitch(), got none; call .deglitch() first',
    );
  }
  const select = await selected(plan, options);
  const steps = frameSteps.map((step) =>
    isStep(deglitch, step) ? { ...step, replace: "count" as const } : step,
  );
  const counted = { ...plan, steps, schema: { ...plan.schema, masked: false } };
  const { data, pixels, nTimes } = await run(counted, { kind: "total" }, "glitches", options, select);
  const after = frameSteps.slice(at + 1);
  // Means over pixels and cubes become sums again.
  const area = after.reduce((n, step) => n * (verbOf(step).factor?.(step) ?? 1) ** 2, 1);
  const [before, group] = [frameSteps.slice(0, at), after].map((list) =>
    list.reduce((n, step) => n * cubesOf(step), 1),
  );
  const cubes = Math.ceil(plan.source.sample.files.length / before);
  const sums = new Float64Array(pixels.length);
  for (let t = 0; t < nTimes; t++) {
    const members = Math.min(group, cubes - t * group);
    for (let i = 0; i < sums.length; i++) sums[i] += data[t * sums.length + i] * area * members;
  }
  return new MapResult(
    provenanceOf(given, "map"),
    spread(sums, pixels, plan.schema),
    plan.schema,
    "Glitches",
    "",
  );
}
