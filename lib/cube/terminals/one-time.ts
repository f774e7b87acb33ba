import { ArgumentError, quote } from "../../errors.js";
import { cubesOf, sliceTimes } from "../engine/geometry.js";
import { placed } from "../engine/shifts.js";
import type { RunOptions } from "../engine/stream.js";
import { isFrameStep } from "../verbs/index.js";
import type { Plan } from "../verbs/verb.js";

/** The plan of a single time step: itself, or the files of one step of a series, where the sample was then. */
export async function oneTime(
  given: Plan,
  call: string,
  time: number | undefined,
  options: RunOptions,
): Promise<Plan> {
  const { times } = given.schema;
  const t = time ?? (times.length === 1 ? 0 : -1);
  if (!Number.isInteger(t) || t < 0 || t >= times.length) {
    throw new ArgumentError(
      `${call}: expected { time } from 0 to ${times.length - 1}, got ${quote(time)}; or take the mean with .average()`,
      { value: time },
    );
  }
  if (times.length === 1) return given;
  const plan = await placed(given, options);
  // Each average step makes one time step out of `group`: their product gives the files of step t.
  let [from, to] = [t, t + 1];
  for (const cubes of plan.steps.filter(isFrameStep).map(cubesOf)) [from, to] = [from * cubes, to * cubes];
  const { sample } = plan.source;
  const source = { ...plan.source, sample: { ...sample, files: sample.files.slice(from, to) } };
  return {
    ...plan,
    source,
    steps: sliceTimes(plan.steps, t, t + 1),
    schema: { ...plan.schema, times: [times[t]] },
  };
}
