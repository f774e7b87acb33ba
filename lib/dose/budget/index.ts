// Dose budgets: how uncertain a dose is, and why.
export type { Choice, ChoiceOptions } from "./choices.js";
export type { InputCorrelation } from "./correlation.js";
export { doseBudget } from "./dose-budget.js";
export type { LayerSpread, Spread, Uncertainties } from "./inputs.js";
export { scaleRange } from "./summary.js";
export { type BudgetedThreshold, thresholdWithBudget } from "./threshold.js";
export type { Contribution, DoseBudget, DoseBudgetOptions } from "./types.js";
