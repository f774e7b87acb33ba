// What a result's numbers lack, in words: the one place for all results.
import type { EdgeStepCount } from "../engine/edge-steps.js";
import type { FewCounts, InvalidCount } from "../engine/job.js";

/** What was left out and what is biased, as the end of a summary; empty where there is nothing to say. */
export function invalidText({ saturated, nonPositive, total, fewCounts, edgeSteps }: InvalidCount): string {
  const parts: string[] = [];
  if (saturated > 0) parts.push(`${saturated} saturated`);
  if (nonPositive > 0) parts.push(`${nonPositive} not above the dark`);
  const left = parts.length === 0 ? "" : `left out ${parts.join(" and ")} of ${total} samples`;
  const sentences = [left, edgeSteps && edgeStepsText(edgeSteps), fewCounts && fewCountsText(fewCounts)];
  return sentences.map((sentence) => (sentence ? `; ${sentence}` : "")).join("");
}

function edgeStepsText({ nonPositive, scattered, total, median }: EdgeStepCount): string {
  const share = (n: number): string =>
    `${n} of ${total} pixels (${Number(((100 * n) / total).toPrecision(2))} %)`;
  const found = [
    nonPositive > 0 ? `${share(nonPositive)} have no edge step above zero and no value` : "",
    scattered > 0 ? `${share(scattered)} have one below a third or above three times the median` : "",
  ].filter(Boolean);
  const middle = Number.isNaN(median) ? "" : ` (median ${Number(median.toPrecision(3))})`;
  const keep = Number.isNaN(median)
    ? "[low, high]"
    : `[${[median / 3, 3 * median].map((v) => Number(v.toPrecision(2))).join(", ")}]`;
  return `edge steps${middle}: ${found.join(", ")}; leave them out with .mask((await cube.map("edgeStep")).mask(${keep})), or bin more`;
}

function fewCountsText({ factor, absorbance, edgeStep }: FewCounts): string {
  const [below, above] = absorbance.map((v) => v.toPrecision(2));
  const share = `${edgeStep > 0 ? "+" : ""}${(100 * edgeStep).toPrecision(2)} %`;
  return `few counts: .absorb().bin(${factor}) makes absorbance too large by about ${below} at low and ${above} at high energies (edge step ${share}); call .bin(${factor}).absorb(), or average more cubes first`;
}
