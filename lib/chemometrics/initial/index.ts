// The initial estimates of MCR-ALS, by name: a new one is a file and a line here.
import type { InitialEstimate } from "./estimate.js";
import { purestRows } from "./purest-rows.js";
import { purestVariables } from "./purest-variables.js";

export type { EstimateInput, InitialEstimate } from "./estimate.js";

/** Every estimate that `mcrAls(D, { components, estimate })` knows. */
export const initialEstimates = {
  "purest-rows": purestRows,
  "purest-variables": purestVariables,
} satisfies Record<string, InitialEstimate>;

/** Name of an estimate. */
export type EstimateName = keyof typeof initialEstimates;
