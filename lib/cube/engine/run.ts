// Runs a plan: drift of the sample and maps first (shift, masks), then one pass over the recorded files.
import { DataError } from "../../errors.js";
import { edgeStepUncertainty as edgeStepUncertaintyOf } from "../../xas/windows.js";
import type { InvalidCount } from "../invalid.js";
import { selections, spectralSteps, stepsNeed } from "../verbs/index.js";
import { normalize } from "../verbs/normalize.js";
import { findStep, type Plan } from "../verbs/verb.js";
import { cached } from "./cache.js";
import { fewCounts } from "./few-counts.js";
import type { Output } from "./job.js";
import { alignment, selection } from "./maps.js";
import { currentPass } from "./pass.js";
import { prepare, type Query } from "./prepare.js";
import type { Request } from "./requests/request.js";
import { placed } from "./shifts.js";
import { type RunOptions, stream } from "./stream.js";

/**
 * Runs a request with the streaming executor; together with those of other chains in a shared pass.
 *
 * @param only final pixels to use, 1 or 0, besides those that the plan's masks keep
 */
export async function run(
  given: Plan,
  request: Request,
  label: string,
  options: RunOptions = {},
  only?: Uint8Array,
): Promise<Output> {
  options.signal?.throwIfAborted();
  const plan = await placed(given, options);
  const select = await selected(plan, options, only);
  const query = { request, select };
  const { source } = plan;
  const foil = stepsNeed(plan.steps, "foil") ? source.foil : undefined;
  const steps = spectralSteps(plan.steps);
  return cached({ ...query, steps }, source, [source.sample, source.flat, foil, foil?.flat], () =>
    answer(plan, query, label, options),
  );
}

/** The same of a request that writes its result to the disk: it is never taken from the cache. */
export async function runAnew(
  given: Plan,
  request: Request,
  label: string,
  options: RunOptions = {},
): Promise<Output> {
  options.signal?.throwIfAborted();
  const plan = await placed(given, options);
  return answer(plan, { request, select: await selected(plan, options) }, label, options);
}

async function answer(plan: Plan, query: Query, label: string, options: RunOptions): Promise<Output> {
  const shift = await alignment(plan, options);
  const pass = currentPass();
  const output = pass
    ? await pass.add({ plan, query, shift, label, options })
    : (await stream(prepare(plan, [query], shift, options), label, options))[0];
  // What a saved cube lacked when it was saved, its numbers lack still.
  const {
    fewCounts: savedFew,
    saturated,
    nonPositive,
    total,
    ...saved
  } = plan.source.store?.provenance.invalid ?? {};
  const few = savedFew ?? (await fewCounts(plan, output.pixels));
  const known = { ...saved, ...normalizationFacts(plan), ...output.invalid };
  return { ...output, invalid: { ...known, ...(few && { fewCounts: few }) } };
}

/** What the windows of a plan's normalization say about its edge steps. */
export function normalizationFacts({
  steps,
}: Plan): Pick<InvalidCount, "edgeStepUncertainty" | "edgeInWindow"> {
  const step = findStep(steps, normalize);
  if (!step) return {};
  const edgeStepUncertainty = edgeStepUncertaintyOf(step) ?? undefined;
  const edgeInWindow = step.byRule.includes("post") ? undefined : step.nextEdge?.name;
  return { ...(edgeStepUncertainty && { edgeStepUncertainty }), ...(edgeInWindow && { edgeInWindow }) };
}

/**
 * Final pixels that are computed, 1 or 0; undefined for all.
 *
 * @throws DataError when there are none
 */
export async function selected(
  plan: Plan,
  options: RunOptions = {},
  only?: Uint8Array,
): Promise<Uint8Array | undefined> {
  const masked = plan.schema.masked ? await selection(plan, options) : undefined;
  const select = masked && only ? masked.map((keep, p) => keep & only[p]) : (masked ?? only);
  if (!select || select.includes(1)) return select;
  const masks = selections(plan.steps);
  const of = masks.find(({ map }) => map)?.map;
  throw new DataError(
    `mask: expected at least one pixel, got none with ${masks.map(({ words }) => words).join(" and ")}${of ? `; look at .map("${of}") for its range` : ""}`,
  );
}
