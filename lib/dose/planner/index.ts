// Planning an experiment below a damage threshold.
export { planExperiment } from "./plan.js";
export { signalToNoise } from "./signal.js";
export { publishedThresholds } from "./thresholds.js";
export type { Plan, PlanOptions } from "./types.js";
