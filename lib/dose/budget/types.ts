// What a dose budget is asked and what it answers.
import type { Convention } from "../convention.js";
import type { Choice, ChoiceOptions } from "./choices.js";
import type { InputCorrelation } from "./correlation.js";
import type { Uncertainties } from "./inputs.js";

/** What is asked of `doseBudget`. */
export interface DoseBudgetOptions {
  readonly uncertainties: Uncertainties;
  /** Default "porous". */
  readonly convention?: Convention;
  /** Default "dose", after the beam's exposure. */
  readonly quantity?: "dose" | "doseRate";
  /** What is no spread but a decision: density convention and escape. */
  readonly choices?: ChoiceOptions;
  /**
   * `apart` (the default): each choice's dose stands beside the value. `folded`: each convention is as likely as the others,
   * every escape up to the given one as well, and they widen the interval. The value itself never moves.
   */
  readonly fold?: "apart" | "folded";
  /** Inputs that go together, for example thickness and porosity of an electrode that was weighed. Default: none. */
  readonly correlations?: readonly InputCorrelation[];
  /** Default "linear". */
  readonly method?: "linear" | "montecarlo";
  /** Draws of the Monte Carlo, default 20 000. */
  readonly samples?: number;
  /** Seed of the Monte Carlo, default 1. */
  readonly seed?: number;
}

/** What one input contributes. */
export interface Contribution {
  /** `flux`, `thickness.Cathode`, ...; `convention` and `escape` where they are folded in. */
  readonly input: string;
  /** The uncertainty of the input as given: "5 %". */
  readonly given: string;
  /** Whether it moves all doses together, or differs from pixel to pixel. */
  readonly kind: "systematic" | "random" | "choice";
  /** Standard uncertainty of the dose from this input alone, linear; Gy or Gy/s. */
  readonly uncertainty: number;
  /** Fraction of the variance, linear; correlated inputs share what they have in common, which may be below zero. */
  readonly share: number;
  /** Dose at the lower and at the upper end of the input's 95 % range, all others as they are; not linearised. */
  readonly range: readonly [number, number];
}

/** A dose with its uncertainty. */
export interface DoseBudget {
  readonly layer: string;
  readonly quantity: "dose" | "doseRate";
  readonly unit: "Gy" | "Gy/s";
  readonly convention: Convention;
  /** What `stack.dose(beam)` says: nothing is corrected silently. */
  readonly value: number;
  /** Of the value, one standard deviation. */
  readonly standardUncertainty: number;
  /** standardUncertainty / value */
  readonly relative: number;
  /** 95 % */
  readonly interval: readonly [number, number];
  readonly method: "linear" | "montecarlo";
  /** Mean of the draws; the value itself in linear propagation. */
  readonly mean: number;
  /** Largest uncertainty first. */
  readonly contributions: readonly Contribution[];
  /** The value under each choice, as a summary; empty if none was requested. */
  readonly choices: readonly Choice[];
  /** The interval whatever is chosen: from the lowest to the highest choice, each with its own interval. */
  readonly whole: readonly [number, number];
  /** What moves all doses of the experiment together, relative to the value: for maps and thresholds. */
  readonly scale: { readonly standard: number; readonly interval: readonly [number, number] };
  /** Linear propagation of the same, to compare. */
  readonly linear: { readonly standardUncertainty: number; readonly interval: readonly [number, number] };
  readonly fold: "apart" | "folded";
  /** In words. */
  readonly verdict: string;
}
