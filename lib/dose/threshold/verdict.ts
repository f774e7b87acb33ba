// The finding in words and numbers.
import type { ThresholdModels } from "./models.js";
import type { Neighbours } from "./neighbours.js";

/** What the words are made from. */
export interface Finding {
  readonly models: ThresholdModels;
  readonly threshold: number | null;
  readonly before: "level" | "slope";
  /** By how much BIC prefers the broken line over the best course without a threshold, and which one that is. */
  readonly ahead: number;
  readonly rival: "constant" | "line" | "curve";
  readonly margin: number;
  /** Share of straight lines with noise as here that look as broken; null where it was not asked. */
  readonly chance: number | null;
  readonly interval: readonly [number, number] | null;
  readonly unit: string;
  readonly shared: (Neighbours & { readonly side: number }) | null;
}

const RIVALS = {
  constant: "a constant",
  line: "a straight line",
  curve: "a curve that bends everywhere",
} as const;

/** One sentence on whether there is a threshold and where; others where another course fits better. */
export function words(finding: Finding): string {
  return finding.threshold === null ? none(finding) : found(finding);
}

function found(finding: Finding): string {
  const { models, before, interval, unit, ahead, rival, margin, shared } = finding;
  const { break: at } = models.broken.parameters;
  const place = before === "level" ? at : (models.sloped?.parameters.break ?? at);
  const drawn = shared ? `bootstrap over blocks of ${shared.side} x ${shared.side} pixels` : "bootstrap";
  const range = interval ? ` (95 % ${drawn} interval ${short(interval[0])} to ${short(interval[1])})` : "";
  const head = `threshold at ${short(place)}${unit && ` ${unit}`}${range}`;
  const prefers = `BIC prefers this over ${RIVALS[rival]} by ${short(ahead)}`;
  if (before === "slope" && models.sloped) {
    const { before: first, slope } = models.sloped.parameters;
    return `${head}: the response ${goes(first)} per unit of dose up to there and ${goes(first + slope)} from there on; ${prefers}`;
  }
  const { level, slope } = models.broken.parameters;
  const remarks: string[] = [];
  const lead = (name: "sloped" | "sigmoid"): number =>
    models[name] ? models.broken.bic - models[name].bic : 0;
  if (lead("sloped") >= margin && models.sloped) {
    const { before: first, break: other } = models.sloped.parameters;
    remarks.push(
      `a line that ${goes(first)} per unit of dose already before its break, at ${short(other)}, is better still by ${short(lead("sloped"))}: see { before: "slope" }`,
    );
  }
  if (lead("sigmoid") >= margin) {
    const { middle, width } = models.sigmoid.parameters;
    remarks.push(
      `a smooth step about ${short(middle)}, ${short(width)} wide, is better still by ${short(lead("sigmoid"))}: the response bends rather than breaks`,
    );
  }
  return [
    `${head}: the response is ${short(level)} up to there and then ${slope < 0 ? "falls" : "rises"} by ${short(Math.abs(slope))} per unit of dose; ${prefers}`,
    ...remarks,
  ].join("; ");
}

function none(finding: Finding): string {
  const { models, before, margin } = finding;
  const { sloped, line, curve, constant } = models;
  const text = plainly(finding);
  if (before === "slope" || !sloped) return text;
  const lead = Math.min(line.bic, curve.bic, constant.bic) - sloped.bic;
  const { before: first, slope, break: at } = sloped.parameters;
  const faster = Math.abs(first + slope) > Math.abs(first);
  return lead >= margin && faster
    ? `${text}; a line that ${goes(first)} per unit of dose already before its break, at ${short(at)}, is better by ${short(lead)}: see { before: "slope" }`
    : text;
}

function plainly({ models, ahead, rival, margin, before, chance }: Finding): string {
  if (chance !== null) {
    return `no threshold: BIC prefers a broken line by ${short(ahead)}, but noise as uneven as here makes a straight line look as broken in ${short(100 * chance)} % of cases (less than 1 % needed)`;
  }
  const needed = `(BIC difference ${short(ahead)}, ${margin} needed)`;
  const line = `a broken line is not better by enough ${needed}`;
  if (rival === "constant") {
    return `no threshold: the response is constant at ${short(models.constant.parameters.level)}; ${line}`;
  }
  const { slope } = models.line.parameters;
  if (rival === "line") {
    return `no threshold: the response ${slope < 0 ? "falls" : "rises"} in a straight line by ${short(Math.abs(slope))} per unit of dose over the whole range; ${line}`;
  }
  const { rate } = models.curve.parameters;
  const bends = rate < 0 ? "levels off" : "grows faster and faster";
  const kind = before === "slope" ? "a line with a break" : "a level line with a break";
  return `no threshold: the response changes from the lowest dose on and ${bends}; ${kind} is not better by enough ${needed}`;
}

function goes(slope: number): string {
  return slope === 0 ? "stays" : `${slope < 0 ? "falls" : "rises"} by ${short(Math.abs(slope))}`;
}

/** A number as it stands in a sentence. */
export function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
