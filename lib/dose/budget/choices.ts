// What is no spread but a decision: which mass a dose is divided by, and whether the energy that leaves again as fluorescence
// is taken off. They stand beside the value; only who asks for it has them folded into its interval.
import { random } from "../../compute/random.js";
import { ArgumentError, quote } from "../../errors.js";
import { checkOptions } from "../../options.js";
import { type Convention, checkConvention, conventions } from "../convention.js";
import type { DoseModel } from "./model.js";

/** Choices that the budget shows. */
export interface ChoiceOptions {
  /** true: all density conventions; or those that are meant. */
  readonly convention?: boolean | readonly Convention[];
  /**
   * Largest fraction of the absorbed energy that leaves the layer again, 0 to below 1; true: what `stack.escape(beam)` says of
   * fluorescence and scattered photons, by both faces.
   */
  readonly escape?: boolean | number;
}

/** The dose under another choice. */
export interface Choice {
  readonly input: "convention" | "escape";
  /** Displayed name: "dense", "33 % of the energy escapes". */
  readonly choice: string;
  /** Gy or Gy/s */
  readonly value: number;
  /** To the value of the budget. */
  readonly ratio: number;
}

/** The choices with what they do where they are folded in. */
export interface Choices {
  readonly list: readonly Choice[];
  readonly contributions: readonly {
    readonly input: string;
    readonly given: string;
    readonly kind: "choice";
    readonly uncertainty: number;
    readonly range: readonly [number, number];
  }[];
  /** Mean square deviation from the value. */
  readonly variance: number;
  /** The dose at inputs x under the choices of draw k. */
  draw(
    x: Float64Array,
    k: number,
    seed: number,
    model: DoseModel,
    stated: (x: Float64Array) => number,
  ): number;
}

/** Reads and checks. @throws ArgumentError for conventions that are none, or an escape outside [0, 1) */
export function readChoices(
  settings: ChoiceOptions,
  value: number,
  under: (convention: Convention) => number,
  stated: Convention,
  computedEscape: () => number,
): Choices {
  checkOptions("doseBudget, choices", settings, { convention: true, escape: true });
  const { convention = false, escape: given = 0 } = settings;
  const leaving = typeof given === "boolean" ? (given ? computedEscape() : 0) : given;
  if (typeof convention !== "boolean" && !Array.isArray(convention)) {
    throw new ArgumentError(
      `doseBudget: expected choices.convention as true or a list of conventions, got ${quote(convention)}`,
    );
  }
  const meant: readonly unknown[] =
    typeof convention === "boolean" ? (convention ? conventions : []) : convention;
  const asked = meant.map((one) => checkConvention("doseBudget", one));
  const likely = asked.length === 0 ? [] : [...new Set([stated, ...asked])];
  if (!(typeof leaving === "number" && leaving >= 0 && leaving < 1)) {
    throw new ArgumentError(
      `doseBudget: expected escape to be true or a share of the absorbed energy from 0 to below 1, got ${quote(leaving)}`,
      { escape: leaving },
    );
  }
  const list: Choice[] = likely
    .filter((one) => one !== stated)
    .map((one) => ({ input: "convention", choice: one, value: under(one), ratio: under(one) / value }));
  const contributions: Choices["contributions"][number][] = [];
  if (list.length > 0) {
    const doses = likely.map(under);
    const square = doses.reduce((sum, dose) => sum + (dose - value) ** 2, 0) / doses.length;
    contributions.push({
      input: "convention",
      given: likely.join(" | "),
      kind: "choice",
      uncertainty: Math.sqrt(square),
      range: [Math.min(...doses), Math.max(...doses)],
    });
  }
  if (leaving > 0) {
    const choice = `${Number((100 * leaving).toPrecision(2))} % of the energy escapes`;
    list.push({ input: "escape", choice, value: value * (1 - leaving), ratio: 1 - leaving });
    contributions.push({
      input: "escape",
      given: `0 to ${Number((100 * leaving).toPrecision(2))} %`,
      kind: "choice",
      uncertainty: (value * leaving) / Math.sqrt(3), // rms of a uniform escape about none
      range: [value * (1 - leaving), value],
    });
  }
  return {
    list,
    contributions,
    variance: contributions.reduce((sum, one) => sum + one.uncertainty ** 2, 0),
    draw: (x, k, seed, model, f) => {
      const source = random(seed, 1, k);
      const pick = likely.length > 0 ? likely[Math.floor(source.uniform() * likely.length)] : stated;
      const dose = pick === stated ? f(x) : model.value(x, pick);
      return dose * (1 - leaving * source.uniform());
    },
  };
}
