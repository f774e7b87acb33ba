// The plans by name. Each yields the messages of one part of the protocol.
import { align } from "./align.js";
import { charge } from "./charge.js";
import { dark } from "./dark.js";
import { experiment } from "./experiment.js";
import { flat } from "./flat.js";
import { foil } from "./foil.js";
import { freshSpots } from "./fresh-spots.js";
import { hold } from "./hold.js";
import { ionChambers } from "./ion-chambers.js";
import { ocv } from "./ocv.js";
import { onSpot } from "./on-spot.js";

/**
 * All plans.
 *
 * @example
 * const hour = plans.onSpot({ spot: "B", at: 0, seconds: 3600 });
 * const { exposure } = dryRun(planOf("farther", { name: "one hour on spot B", messages: hour }));
 * exposureTime(exposure, "B"); // 3600 s
 */
export const plans = {
  align,
  ionChambers,
  dark,
  flat,
  foil,
  ocv,
  charge,
  hold,
  freshSpots,
  onSpot,
  experiment,
} as const;

export { type DryRun, type DryRunOptions, dryRun, type SpotDose } from "./dry-run.js";
export * as messages from "./message.js";
export { type Plan, planOf } from "./plan.js";
export { type Program, programOf, type Variation } from "./protocol.js";
export { type PlanDocument, type RunPlanOptions, runPlan } from "./run-plan.js";
export { type Collected, type Timeline, timeline } from "./timeline.js";
