// Verdict on a dose threshold.
import { short } from "../../compute/format.js";
import type { Scored } from "./compare.js";
import type { Misfit } from "./fit-check.js";
import type { ThresholdModel } from "./models.js";
import type { Common } from "./series.js";

/** Input of the verdict. */
export interface Finding {
  readonly threshold: number | null;
  readonly interval: readonly [number, number] | null;
  /** The best curve with an onset and the best without; null with too few doses for an onset. */
  readonly onset: Scored | null;
  readonly smooth: Scored;
  /** Advantage of the onset in both criteria. */
  readonly ahead: number | null;
  readonly needed: number;
  readonly model: ThresholdModel;
  /** Whether the response, sloped before the onset, becomes flatter after it. */
  readonly levelsOff: boolean;
  readonly misfit: Misfit;
  /** Whether the response at the highest dose is above its level. */
  readonly rises: boolean;
  readonly unit: string;
  readonly common: Common | null;
}

/** One sentence on whether there is a threshold and where. */
export function thresholdVerdict(finding: Finding): string {
  return finding.threshold === null ? none(finding) : found(finding, finding.threshold);
}

function found(finding: Finding, threshold: number): string {
  const { onset, smooth, interval, unit, ahead, model, common } = finding;
  const range = interval ? ` (95 % interval ${short(interval[0])} to ${short(interval[1])}${of(unit)})` : "";
  const { level, before } = model.parameters;
  const first =
    before === undefined
      ? `the response is ${short(level)} up to there`
      : `the response ${goes(before)} per ${unit || "unit of dose"} up to there`;
  const criteria = `BIC and AICc prefer this over ${smooth.curve.description} by ${short(ahead ?? 0)} or more`;
  const alike =
    common && common.effective > 0 && Math.max(...common.correlation) > ALIKE
      ? `; neighboring ${common.correlation.length > 1 ? "pixels" : "points"} have correlated noise over ${common.correlation.map((v) => short(v)).join(" by ")}, included in the interval`
      : "";
  return `threshold at ${short(threshold)}${of(unit)}${range}: ${first}, then ${after(finding)} (${onset?.curve.description}); ${criteria}${alike}`;
}

/** Larger correlation lengths are mentioned. */
const ALIKE = 1.5;

function after({ model, unit, onset, rises }: Finding): string {
  const { slope, before } = model.parameters;
  const straight = onset?.name === "broken" && slope !== undefined;
  return straight
    ? `${goes((before ?? 0) + slope)} per ${unit || "unit of dose"}`
    : rises
      ? "rises"
      : "falls";
}

function none(finding: Finding): string {
  const { smooth, model, misfit, onset, ahead, needed, levelsOff, unit } = finding;
  if (misfit?.why === "common") {
    return `no threshold: no curve describes the response within its noise, or the noise of neighboring points is correlated (over ${short(misfit.length)} points); give repeated doses, or blocks: { size } with the number of correlated points`;
  }
  if (misfit?.why === "repeats") {
    return `no threshold: no curve describes the response within its noise (variance about the best curve is ${short(misfit.ratio)} times that of repeated doses)`;
  }
  if (!onset) return "no threshold: too few doses for a level and what follows it";
  if (levelsOff) return "no threshold: the response changes from the lowest dose on and only levels off";
  const rival = `no curve with an onset is better by enough (${short(ahead ?? 0)} in BIC and AICc, ${needed} needed)`;
  if (smooth.name === "constant") {
    return `no threshold: the response is constant at ${short(model.parameters.level)}; ${rival}`;
  }
  if (smooth.name === "line") {
    return `no threshold: the response ${goes(model.parameters.slope)} per ${unit || "unit of dose"} in a straight line; ${rival}`;
  }
  return `no threshold: the response follows ${smooth.curve.description}; ${rival}`;
}

const of = (unit: string): string => unit && ` ${unit}`;

function goes(slope: number): string {
  return slope === 0 ? "stays level" : `${slope < 0 ? "falls" : "rises"} by ${short(Math.abs(slope))}`;
}
