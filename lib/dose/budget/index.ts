// Dose budgets: how uncertain a dose is, and why.
export type { Choice, ChoiceOptions } from "./choices.js";
export type { InputCorrelation } from "./correlation.js";
export { type Contribution, type DoseBudget, type DoseBudgetOptions, doseBudget } from "./dose-budget.js";
export type { LayerSpread, Spread, Uncertainties } from "./inputs.js";
export { type BudgetedThreshold, thresholdWithBudget } from "./threshold.js";
export { scaleRange } from "./words.js";
