// Runs a plan: layers first (shift, masks), then one pass over the recorded files.
import type { Plan } from "../verbs/verb.js";
import type { Output, Request } from "./job.js";
import { layer, selection } from "./layers.js";
import { prepare } from "./prepare.js";
import { type RunOptions, stream } from "./stream.js";

/** Answers a request with the streaming executor. */
export async function run(
  plan: Plan,
  request: Request,
  label: string,
  options: RunOptions = {},
): Promise<Output> {
  options.signal?.throwIfAborted();
  const shift = plan.schema.calibrated ? await layer(plan, "shift", options) : undefined;
  const select = plan.schema.masked ? await selection(plan, options) : undefined;
  return stream(prepare(plan, request, select, shift), label, options);
}
