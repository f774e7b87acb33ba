// Planning an experiment below a damage threshold.
export { type Plan, type PlanOptions, type PlanPoint, type Protocol, planExperiment } from "./plan.js";
export { type Counting, type Detector, type Signal, signalToNoise } from "./signal.js";
export {
  type PublishedThreshold,
  publishedThresholds,
  type Threshold,
  type ThresholdLike,
} from "./thresholds.js";
