// Registry of the initial estimates of MCR-ALS: a new one is one file and one line here.
import type { InitialEstimate } from "./estimate.js";
import { evolvingFactors } from "./evolving-factors.js";
import { orthogonalProjection } from "./orthogonal-projection.js";
import { purestRows } from "./purest-rows.js";
import { purestVariables } from "./purest-variables.js";
import { randomRows } from "./random-rows.js";
import { rotatedComponents } from "./rotated-components.js";

export type { InitialEstimate } from "./estimate.js";

/** Every estimate that `mcrAls(D, { components, estimate })` knows. */
export const initialEstimates = {
  "purest-rows": purestRows,
  "purest-variables": purestVariables,
  "evolving-factors": evolvingFactors,
  "orthogonal-projection": orthogonalProjection,
  "rotated-components": rotatedComponents,
  random: randomRows,
} satisfies Record<string, InitialEstimate>;

/** Name of an estimate. */
export type EstimateName = keyof typeof initialEstimates;
