// A plan with a name: frozen messages for one configuration that can be printed, dry-run, and executed.

import { checkOptions } from "../../options.js";
import { type ConfigurationLike, resolveConfiguration } from "../configurations.js";
import { experiment } from "./experiment.js";
import type { Message } from "./message.js";

/** Messages of a plan, in order. */
export interface Plan {
  readonly name: string;
  /** Name of its configuration, or a custom configuration. */
  readonly config: ConfigurationLike;
  readonly messages: readonly Message[];
}

/**
 * A plan: by default the whole experiment of a configuration, otherwise any messages.
 *
 * @param config "farther", "closer", or the result of `configure`: attenuated, at another C-rate, with fewer
 *   cubes
 * @param messages messages of `plans` or custom ones; default the whole experiment
 * @throws ArgumentError for an unknown config
 * @example
 * planOf("farther").name; // "experiment"
 * planOf("farther", { name: "ten minutes", messages: plans.onSpot({ spot: "A", at: 0, seconds: 600 }) });
 */
export function planOf(
  config: ConfigurationLike,
  options: { readonly name?: string; readonly messages?: Iterable<Message> } = {},
): Plan {
  const { name = "experiment", messages } = checkOptions("planOf", options, { name: true, messages: true });
  const configuration = resolveConfiguration(config, "plan");
  return Object.freeze({
    name,
    config,
    messages: Object.freeze([...(messages ?? experiment(configuration))]),
  });
}
