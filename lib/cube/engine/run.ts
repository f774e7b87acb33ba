// Runs a plan: maps first (shift, masks), then one pass over the recorded files.
import { DataError } from "../../errors.js";
import { addedMaps, selections, spectralSteps, stepsNeed } from "../verbs/index.js";
import type { Plan } from "../verbs/verb.js";
import { cached } from "./cache.js";
import { fewCounts } from "./few-counts.js";
import type { Output } from "./job.js";
import { mapOf, selection } from "./maps.js";
import { currentPass } from "./pass.js";
import { prepare } from "./prepare.js";
import type { Request } from "./requests/request.js";
import { type RunOptions, stream } from "./stream.js";

/**
 * Runs a request with the streaming executor; together with those of other chains in a shared pass.
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
  const select = await selected(plan, options, only);
  const query = { request, select };
  const { source } = plan;
  const foil = stepsNeed(plan.steps, "foil") ? source.foil : undefined;
  const steps = spectralSteps(plan.steps);
  return cached({ ...query, steps }, source, [source.sample, source.flat, foil, foil?.flat], async () => {
    const shift = await alignment(plan, options);
    const pass = currentPass();
    const output = pass
      ? await pass.add({ plan, query, shift, label, options })
      : (await stream(prepare(plan, [query], shift), label, options))[0];
    // What a saved cube lacked when it was saved, its numbers lack still.
    const saved = source.store?.provenance.invalid;
    const few = saved?.fewCounts ?? (await fewCounts(plan, output.pixels));
    const edgeSteps = output.invalid.edgeSteps ?? saved?.edgeSteps;
    const invalid = { ...output.invalid, ...(few && { fewCounts: few }), ...(edgeSteps && { edgeSteps }) };
    return { ...output, invalid };
  });
}

/** Energy shift that is still to be applied, eV, one per final pixel; undefined where there is none. */
export async function alignment(
  plan: Plan,
  options: RunOptions = {},
): Promise<ArrayLike<number> | undefined> {
  const shift = addedMaps(plan.steps).find(({ aligns }) => aligns);
  return shift && mapOf(plan, shift.map.name, options);
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
