// Dose budgets: how uncertain a dose is, and why.
export { doseBudget } from "./dose-budget.js";
export type { Uncertainties } from "./inputs.js";
export { scaleRange } from "./summary.js";
export { type BudgetedThreshold, thresholdWithBudget } from "./threshold.js";
export type { DoseBudget, DoseBudgetOptions } from "./types.js";
