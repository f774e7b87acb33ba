// Dose budget: a dose, its uncertainty, and the contribution of each input.
import { ArgumentError, quote } from "../../errors.js";
import { type OptionNames, oneOf, requireOptions } from "../../options.js";
import { Beam, type BeamOptions } from "../beam.js";
import { checkConvention, DEFAULT_CONVENTION } from "../convention.js";
import { Stack, type StackJson } from "../stack.js";
import { type Choices, readChoices } from "./choices.js";
import { correlationOf } from "./correlation.js";
import { type Input, readInputs } from "./inputs.js";
import { DoseModel } from "./model.js";
import {
  at,
  draw,
  effects,
  NORMAL_95,
  type Propagated,
  range95,
  sensitivities,
  summarize,
} from "./propagate.js";
import { budgetVerdict } from "./summary.js";
import type { Contribution, DoseBudget, DoseBudgetOptions } from "./types.js";

/**
 * Dose of the absorber with its standard uncertainty, its 95 % interval, and the contribution of each input.
 *
 * Inputs are independent unless `correlations` are given, and systematic unless they are marked `random`.
 * Linear propagation uses the derivatives at the nominal inputs. Monte Carlo draws the inputs from
 * distributions that are truncated to valid values. Both are reported: they differ where the dose is not
 * linear over the uncertainties.
 *
 * @throws ArgumentError for invalid uncertainties, choices or options, or without any uncertainty
 * @see JCGM 100:2008 (linear) and JCGM 101:2008 (Monte Carlo)
 * @example
 * const beam = { energy: 8390, flux: 1.041e12, width: 3315, height: 1202.5, exposure: 17_320 };
 * const budget = doseBudget(rockCell(), beam, {
 *   uncertainties: { flux: 0.05, thickness: { Cathode: 0.1 } },
 * });
 * budget.relative; // 0.057, standard uncertainty over the dose
 * budget.verdict;
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
const NAMES: OptionNames<DoseBudgetOptions> = {
  uncertainties: true,
  convention: true,
  quantity: true,
  choices: true,
  fold: true,
  correlations: true,
  method: true,
  samples: true,
  seed: true,
};

function check(settings: DoseBudgetOptions): DoseBudgetOptions {
  const given = requireOptions(CALL, settings, NAMES);
  const { quantity, fold, method, samples, seed } = given;
  if (quantity !== undefined) oneOf(CALL, "quantity", quantity, ["dose", "doseRate"]);
  if (fold !== undefined) oneOf(CALL, "fold", fold, ["apart", "folded"]);
  if (method !== undefined) oneOf(CALL, "method", method, ["linear", "montecarlo"]);
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

function contribution(
  input: Input,
  f: (x: Float64Array) => number,
  nominal: Float64Array,
): Pick<Contribution, "input" | "given" | "kind" | "range"> {
  const { slot } = input;
  const [low, high] = range95(nominal[slot], input);
  return {
    input: input.name,
    given: input.given,
    kind: input.random ? "random" : "systematic",
    range: [at(f, nominal, slot, low), at(f, nominal, slot, high)],
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
