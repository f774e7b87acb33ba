// Public names of the simulated beamline.

export type { DrawingPart, DrawingPlan, DrawingShape } from "../drawing-plan.js";
export { type Changes, type Configuration, type ConfigurationLike, configure } from "./configurations.js";
export {
  type DamageLike,
  type DamageModel,
  type DamageName,
  type DoseRates,
  damageModels,
  type Irradiation,
  type Rates,
  type SpotDamage,
  thresholdDamage,
} from "./damage/index.js";
export { type Clock, type Description, Device, type Reading, simulatedClock } from "./devices/device.js";
export { cellGeometry } from "./geometry/cell.js";
export { frameGeometry, holderGeometry } from "./geometry/holder.js";
export { setupGeometry } from "./geometry/setup.js";
export {
  type Collected,
  type DryRun,
  type DryRunOptions,
  dryRun,
  messages,
  type Plan,
  type PlanDocument,
  planOf,
  plans,
  type RunPlanOptions,
  runPlan,
  type SpotDose,
  type Timeline,
  timeline,
  type Variation,
} from "./plans/index.js";
export type { Scale } from "./recording/scales.js";
export { type FluxStep, Rock, rock as beamline } from "./rock.js";
export { estimateBytes, type SimulateOptions, type SimulationProgress, simulate } from "./simulate.js";
export { type Timetable, timetableOf } from "./time/timetable.js";
