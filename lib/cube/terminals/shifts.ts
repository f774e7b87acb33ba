import { SchemaError } from "../../errors.js";
import { checkOptions, refuseNull } from "../../options.js";
import { planBefore, shiftsOf } from "../engine/shifts.js";
import { type RunOptions, runNames } from "../engine/stream.js";
import { ShiftsResult } from "../results/shifts.js";
import { align } from "../verbs/align.js";
import { findStep, type Plan } from "../verbs/verb.js";
import { provenanceOf } from "./provenance.js";

/** Where the sample was: the shifts that the align() of a plan undoes. */
export async function shifts(plan: Plan, options: RunOptions = {}): Promise<ShiftsResult> {
  refuseNull("shifts", checkOptions("shifts", options, runNames));
  const step = findStep(plan.steps, align);
  if (!step)
    throw new SchemaError("shifts: expected a cube with .align(), got none; call .absorb().align() first");
  const found = await shiftsOf(plan, options);
  const { times, energies, height, width, pixelSize } = planBefore(plan).schema;
  return new ShiftsResult(
    provenanceOf(plan, "shifts"),
    found.shifts,
    found.errors,
    times,
    Float64Array.from({ length: step.pieces }, (_, piece) => {
      const [from, to] = [piece, piece + 1].map((i) => Math.round((i * energies.length) / step.pieces));
      return energies.slice(from, to).reduce((sum, e) => sum + e, 0) / (to - from);
    }),
    { height, width, pixelSize },
  );
}
