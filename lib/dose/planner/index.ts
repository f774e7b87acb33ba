// Planning an experiment below a damage threshold.
export { planExperiment } from "./plan.js";
export { type Counting, type Detector, type Signal, signalToNoise } from "./signal.js";
export {
  type PublishedThreshold,
  publishedThresholds,
  type Threshold,
  type ThresholdLike,
} from "./thresholds.js";
export type { Plan, PlanOptions, PlanPoint, Protocol } from "./types.js";
