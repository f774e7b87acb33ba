// The dose budget: a dose, how uncertain it is, and which input makes it so.
import { ArgumentError, quote } from "../../errors.js";
import { Beam, type BeamOptions } from "../beam.js";
import { options as named } from "../check.js";
import { type Convention, checkConvention, DEFAULT_CONVENTION } from "../convention.js";
import { Stack, type StackJson } from "../stack.js";
import { type Choice, type ChoiceOptions, type Choices, readChoices } from "./choices.js";
import { correlationOf, type InputCorrelation } from "./correlation.js";
import { type Input, readInputs, type Uncertainties } from "./inputs.js";
import { DoseModel } from "./model.js";
import { at, draw, effects, NORMAL_95, type Propagated, sensitivities, summarize } from "./propagate.js";
import { budgetVerdict } from "./words.js";

/** What is asked of {@link doseBudget}. */
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
  /** Share of the variance, linear; correlated inputs share what they have in common, which may be below zero. */
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
  /** The value under each choice, in words and numbers; empty where none was asked for. */
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

/**
 * The absorber's dose, its standard uncertainty, its 95 % interval, and what each input contributes.
 *
 * Inputs are independent unless `correlations` says otherwise, and systematic unless they are marked `random`. Linear
 * propagation takes the slopes at the nominal inputs; Monte Carlo draws the inputs, cut off where they mean nothing.
 * The two agree where the dose is nearly linear over the spread; both are reported, so that it shows where they do not.
 *
 * @throws ArgumentError for uncertainties, choices or options that mean nothing, or when nothing is uncertain
 * @see JCGM 100:2008 (linear) and JCGM 101:2008 (Monte Carlo)
 */
export function doseBudget(
  stack: Stack | StackJson,
  beam: Beam | BeamOptions,
  settings: DoseBudgetOptions,
): DoseBudget {
  const { uncertainties, quantity = "dose", fold = "apart", method = "linear", ...rest } = check(settings);
  const convention = checkConvention(CALL, settings.convention ?? DEFAULT_CONVENTION);
  const cell = Stack.from(stack);
  const light = Beam.from(beam);
  const { list: inputs, tables } = readInputs(cell, uncertainties);
  const model = new DoseModel(cell, light, { quantity, tables });
  const { nominal } = model;
  const f = (x: ArrayLike<number>): number => model.value(x, convention);
  const value = f(nominal);
  const choices = readChoices(
    settings.choices ?? {},
    value,
    (other) => model.value(nominal, other),
    convention,
    () => cell.escape(light)[cell.layers.indexOf(cell.absorber)].total,
  );
  if (inputs.length === 0 && choices.list.length === 0) {
    throw new ArgumentError(
      `${CALL}: expected at least one uncertainty above 0, got ${quote(uncertainties)}; for example { flux: 0.05, thickness: { Cathode: 0.1 } }`,
    );
  }
  if (!(value > 0)) {
    throw new ArgumentError(`${CALL}: expected a beam that deposits a dose, got ${value}; check the flux`);
  }
  const slopes = sensitivities(f, nominal, inputs);
  const { matrix, factor } = correlationOf(inputs, rest.correlations ?? []);
  const covariance = effects(slopes, inputs, matrix);
  const folded = fold === "folded" ? choices : NO_CHOICES;
  const variance = total(covariance) + folded.variance;
  const linear = symmetric(value, Math.sqrt(variance));
  const contributions = [
    ...inputs.map((input, i) => ({
      ...contribution(input, f, nominal),
      uncertainty: Math.abs(slopes[i]) * input.standard,
      share: row(covariance, i, inputs.length) / variance,
    })),
    ...folded.contributions.map((one) => ({ ...one, share: one.uncertainty ** 2 / variance })),
  ].sort((a, b) => b.uncertainty - a.uncertainty);

  const systematic = inputs.map((input) => !input.random);
  const scaleVariance = total(covariance.filter((_, ij) => both(systematic, ij))) + folded.variance;
  let result: Propagated = linear;
  let scale: Propagated = symmetric(value, Math.sqrt(scaleVariance));
  if (method === "montecarlo") {
    const { samples = 20_000, seed = 1 } = rest;
    const g = (x: Float64Array, k: number): number => folded.draw(x, k, seed, model, f);
    result = summarize(draw(g, nominal, inputs, factor, { samples, seed }));
    const allSystematic = systematic.every(Boolean);
    const still = (x: Float64Array, k: number): number => {
      for (const input of inputs) if (input.random) x[input.slot] = nominal[input.slot];
      return g(x, k);
    };
    scale = allSystematic ? result : summarize(draw(still, nominal, inputs, factor, { samples, seed }));
  }
  const ratios = fold === "folded" ? [1] : [1, ...choices.list.map((choice) => choice.ratio)];
  const budget: Omit<DoseBudget, "verdict"> = {
    layer: cell.absorber.name,
    quantity,
    unit: quantity === "dose" ? "Gy" : "Gy/s",
    convention,
    value,
    standardUncertainty: result.standard,
    relative: result.standard / value,
    interval: result.interval,
    method,
    mean: result.mean,
    contributions,
    choices: choices.list,
    whole: [result.interval[0] * Math.min(...ratios), result.interval[1] * Math.max(...ratios)],
    scale: {
      standard: scale.standard / value,
      interval: [scale.interval[0] / value, scale.interval[1] / value],
    },
    linear: { standardUncertainty: linear.standard, interval: linear.interval },
    fold,
  };
  return { ...budget, verdict: budgetVerdict(budget) };
}

const CALL = "doseBudget";
const NO_CHOICES: Choices = {
  list: [],
  contributions: [],
  variance: 0,
  draw: (x, _k, _seed, _model, f) => f(x),
};
const KEYS = [
  "uncertainties",
  "convention",
  "quantity",
  "choices",
  "fold",
  "correlations",
  "method",
  "samples",
  "seed",
];

function check(settings: DoseBudgetOptions): DoseBudgetOptions {
  const given = named(CALL, settings, "{ uncertainties, ... } after the beam", KEYS);
  named(CALL, given.uncertainties, "{ uncertainties: { flux: 0.05, ... } }");
  oneOf("quantity", given.quantity, ["dose", "doseRate"]);
  oneOf("fold", given.fold, ["apart", "folded"]);
  oneOf("method", given.method, ["linear", "montecarlo"]);
  const { samples, seed } = given;
  if (samples !== undefined && !(Number.isInteger(samples) && samples >= 1000 && samples <= 10_000_000)) {
    throw new ArgumentError(
      `${CALL}: expected samples to be a whole number from 1000 to 10000000, got ${quote(samples)}`,
    );
  }
  if (seed !== undefined && !Number.isInteger(seed)) {
    throw new ArgumentError(`${CALL}: expected seed to be a whole number, got ${quote(seed)}`);
  }
  return given;
}

function oneOf(name: string, value: unknown, known: readonly string[]): void {
  if (value === undefined || known.includes(value as string)) return;
  throw new ArgumentError(`${CALL}: expected ${name} ${known.join(" or ")}, got ${quote(value)}`, {
    [name]: value,
  });
}

function contribution(
  input: Input,
  f: (x: Float64Array) => number,
  nominal: Float64Array,
): Pick<Contribution, "input" | "given" | "kind" | "range"> {
  const { slot, standard, distribution, low, high } = input;
  const half = standard * (distribution === "normal" ? NORMAL_95 : 0.95 * Math.sqrt(3));
  const edge = 1e-9;
  const end = (sign: number): number =>
    at(f, nominal, slot, Math.max(low + edge, Math.min(high - edge, nominal[slot] + sign * half)));
  return {
    input: input.name,
    given: input.given,
    kind: input.random ? "random" : "systematic",
    range: [end(-1), end(1)],
  };
}

function symmetric(value: number, standard: number): Propagated {
  const half = NORMAL_95 * standard;
  return { mean: value, standard, interval: [value - half, value + half] };
}

function total(values: Float64Array): number {
  return values.reduce((sum, v) => sum + v, 0);
}

function row(values: Float64Array, i: number, n: number): number {
  return total(values.subarray(i * n, (i + 1) * n));
}

function both(kept: readonly boolean[], ij: number): boolean {
  return kept[Math.floor(ij / kept.length)] && kept[ij % kept.length];
}
