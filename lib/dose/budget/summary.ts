// Summary of a dose budget.
import { percent, short } from "../../compute/format.js";
import { displayUnit } from "../../units.js";
import type { DoseBudget } from "./types.js";

/**
 * One paragraph: the dose and its interval, the largest contribution, the other choices, and the assumptions.
 */
export function budgetVerdict(budget: Omit<DoseBudget, "verdict">): string {
  const { layer, convention, value, interval, relative, contributions, choices, fold, method, linear } =
    budget;
  const { unit, scale } = displayUnit(budget.unit);
  const f = (v: number): string => short(v / scale);
  const what = budget.quantity === "dose" ? "dose" : "dose rate";
  const sentences = [
    `${what} of ${layer} (convention ${convention}): ${f(value)} ${unit}, standard uncertainty ${percent(relative)}, 95 % ${f(interval[0])} to ${f(interval[1])} ${unit}`,
  ];
  const [first] = contributions;
  if (first)
    sentences.push(
      `most of it from ${first.input} (${first.given}; ${percent(first.share)} of the variance)`,
    );
  if (choices.length > 0 && fold === "apart") {
    const each = choices.map((choice) => `${f(choice.value)} if ${choice.choice}`);
    sentences.push(
      `not in this interval, since they are choices and not uncertainties: ${each.join(", ")}; over all choices ${f(budget.whole[0])} to ${f(budget.whole[1])} ${unit}`,
    );
  }
  if (fold === "folded" && choices.length > 0) {
    sentences.push(
      "the given choices of convention and escape widen the interval and do not change the value",
    );
  }
  const apart = Math.abs(budget.standardUncertainty / linear.standardUncertainty - 1);
  const skew = Math.abs(interval[0] - linear.interval[0]) + Math.abs(interval[1] - linear.interval[1]);
  if (method === "montecarlo" && (apart > 0.05 || skew > 0.1 * (interval[1] - interval[0]))) {
    sentences.push(
      `linear propagation gives ${f(linear.interval[0])} to ${f(linear.interval[1])} ${unit}: the dose is not linear over these uncertainties`,
    );
  }
  return sentences.join("; ");
}

/** The scale's 95 % interval: "-11 to +13 % (95 %, porous)". */
export function scaleRange({ scale, convention }: Pick<DoseBudget, "scale" | "convention">): string {
  const [low, high] = scale.interval.map((v) => {
    const p = 100 * (v - 1);
    return `${p < 0 ? "-" : "+"}${short(Math.abs(p))}`;
  });
  return `${low} to ${high} % (95 %, convention ${convention})`;
}
