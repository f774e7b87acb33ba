// Dose budgets: the uncertainty of a dose, and its causes.
export { doseBudget } from "./dose-budget.js";
export type { Uncertainties } from "./inputs.js";
export { scaleRange } from "./summary.js";
export { type BudgetedThreshold, thresholdWithBudget } from "./threshold.js";
export type { DoseBudget, DoseBudgetOptions } from "./types.js";
