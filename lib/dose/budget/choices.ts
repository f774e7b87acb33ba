// Choices that are not uncertainties: the density convention, and whether the energy of escaping fluorescence
// is subtracted. Their doses are reported beside the value. They widen its interval only with `fold:
// "folded"`.
import { random } from "../../compute/random.js";
import { ArgumentError, quote } from "../../errors.js";
import { checkOptions } from "../../options.js";
import { type Convention, checkConvention, conventions } from "../convention.js";
import type { DoseModel } from "./model.js";

/** Choices that the budget reports. */
export interface ChoiceOptions {
  /** true: all density conventions; or a list of them. */
  readonly convention?: boolean | readonly Convention[];
  /**
   * Largest fraction of the absorbed energy that leaves the layer, 0 to below 1; true: fluorescence and
   * scattered photons through both faces, from `stack.escape(beam)`.
   */
  readonly escape?: boolean | number;
}

/** The dose with another choice. */
export interface Choice {
  readonly input: "convention" | "escape";
  /** Displayed name, such as "dense" or "33 % of the energy escapes". */
  readonly choice: string;
  /** Gy or Gy/s */
  readonly value: number;
  /** Ratio to the value of the budget. */
  readonly ratio: number;
}

/** The choices, and their effect where they are folded into the interval. */
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
  /** The dose at inputs x with the choices of draw k. */
  draw(
    x: Float64Array,
    k: number,
    seed: number,
    model: DoseModel,
    stated: (x: Float64Array) => number,
  ): number;
}

/**
 * Reads and checks the choices. @throws ArgumentError for unknown conventions, or an escape outside [0, 1)
 */
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
  const requested = meant.map((one) => checkConvention("doseBudget", one));
  const likely = requested.length === 0 ? [] : [...new Set([stated, ...requested])];
  if (!(typeof leaving === "number" && leaving >= 0 && leaving < 1)) {
    throw new ArgumentError(
      `doseBudget: expected escape to be true or a fraction of the absorbed energy from 0 to below 1, got ${quote(leaving)}`,
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
      // Root mean square of an escape that is uniform from 0 to `leaving`.
      uncertainty: (value * leaving) / Math.sqrt(3),
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
