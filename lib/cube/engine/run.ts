// Runs a plan: layers first (shift, masks), then one pass over the recorded files.
import type { Plan } from "../verbs/verb.js";
import type { Output, Request } from "./job.js";
import { layer, selection } from "./layers.js";
import { prepare } from "./prepare.js";
import { type RunOptions, stream } from "./stream.js";

/**
 * Answers a request with the streaming executor.
 *
 * @param only final pixels to use, 1 or 0, besides those that the plan's masks keep
 */
export async function run(
  plan: Plan,
  request: Request,
  label: string,
  options: RunOptions = {},
  only?: Uint8Array,
): Promise<Output> {
  options.signal?.throwIfAborted();
  const shift = plan.schema.calibrated ? await layer(plan, "shift", options) : undefined;
  const masked = plan.schema.masked ? await selection(plan, options) : undefined;
  const select = masked && only ? masked.map((keep, p) => keep & only[p]) : (masked ?? only);
  return stream(prepare(plan, request, select, shift), label, options);
}
