// The simulated beamline's public names.
export type { Configuration, ConfigurationLike } from "./configurations.js";
export type { Scale } from "./scales.js";
export { estimateBytes, type SimulateOptions, type SimulationProgress, simulate } from "./simulate.js";
