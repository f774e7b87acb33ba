// Settings and result of a dose budget.
import type { Convention } from "../convention.js";
import type { Choice, ChoiceOptions } from "./choices.js";
import type { InputCorrelation } from "./correlation.js";
import type { Uncertainties } from "./inputs.js";

/** Settings of `doseBudget`. */
export interface DoseBudgetOptions {
  readonly uncertainties: Uncertainties;
  /** Default "porous". */
  readonly convention?: Convention;
  /** Default "dose", after the exposure of the beam. */
  readonly quantity?: "dose" | "doseRate";
  /** Choices that are not uncertainties: density convention and escape. */
  readonly choices?: ChoiceOptions;
  /**
   * `apart` (default): the dose of each choice is reported beside the value. `folded`: all conventions are
   * equally likely, every escape up to the given one as well, and they widen the interval. The value does not
   * change.
   */
  readonly fold?: "apart" | "folded";
  /** Correlated inputs, such as thickness and porosity of an electrode that was weighed. Default: none. */
  readonly correlations?: readonly InputCorrelation[];
  /** Default "linear". */
  readonly method?: "linear" | "montecarlo";
  /** Draws of the Monte Carlo, default 20 000. */
  readonly samples?: number;
  /** Seed of the Monte Carlo, default 1. */
  readonly seed?: number;
}

/** Contribution of one input. */
export interface Contribution {
  /**
   * `flux`, `thickness.Cathode`, ...; also `convention` and `escape` where they are folded into the interval.
   */
  readonly input: string;
  /** The uncertainty of the input as given: "5 %". */
  readonly given: string;
  /** Systematic inputs change all doses together, random ones differ between pixels. */
  readonly kind: "systematic" | "random" | "choice";
  /** Standard uncertainty of the dose from this input alone, linear; Gy or Gy/s. */
  readonly uncertainty: number;
  /**
   * Fraction of the variance, linear. Correlated inputs divide their covariance equally; the fraction may be
   * negative.
   */
  readonly share: number;
  /**
   * Dose at the lower and upper end of the 95 % range of the input, with all others nominal; not linearized.
   */
  readonly range: readonly [number, number];
}

/** A dose with its uncertainty. */
export interface DoseBudget {
  readonly layer: string;
  readonly quantity: "dose" | "doseRate";
  readonly unit: "Gy" | "Gy/s";
  readonly convention: Convention;
  /** The value of `stack.dose(beam)`, without corrections. */
  readonly value: number;
  /** Standard deviation of the value. */
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
  /** The value under each choice; empty if none was requested. */
  readonly choices: readonly Choice[];
  /** Union of the intervals of all choices. */
  readonly whole: readonly [number, number];
  /** Systematic part relative to the value: for maps and thresholds. */
  readonly scale: { readonly standard: number; readonly interval: readonly [number, number] };
  /** Result of linear propagation, for comparison. */
  readonly linear: { readonly standardUncertainty: number; readonly interval: readonly [number, number] };
  readonly fold: "apart" | "folded";
  /** One paragraph of text. */
  readonly verdict: string;
}
