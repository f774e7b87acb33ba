// The courses that compete for a response: without a threshold (constant, line, curve), with one (broken lines), and a smooth step.
import { type Before, type BrokenLine, hinge } from "./broken-line.js";
import { curve, sigmoid } from "./curved.js";
import type { Points } from "./points.js";
import { straight } from "./straight.js";

/** One of the courses that are compared. */
export interface ThresholdModel<Names extends string> {
  readonly parameters: Readonly<Record<Names, number>>;
  /** Weighted residual sum of squares; the largest weight is one. */
  readonly rss: number;
  /** n ln(rss / n) + k ln n, k counting the parameters and the noise; lower is better. */
  readonly bic: number;
  /** Akaike's criterion corrected for few points; lower is better. */
  readonly aicc: number;
  /** Share of evidence among the models by BIC; they sum to one. */
  readonly weight: number;
}

/** All courses that are compared. */
export interface ThresholdModels {
  /** y = level */
  readonly constant: ThresholdModel<"level">;
  /** y = intercept + slope x */
  readonly line: ThresholdModel<"intercept" | "slope">;
  /** y = level + slope max(0, x - break) */
  readonly broken: ThresholdModel<"level" | "slope" | "break">;
  /** y = intercept + before x + slope max(0, x - break): sloped already before the break; null with too few distinct doses */
  readonly sloped: ThresholdModel<"intercept" | "before" | "slope" | "break"> | null;
  /** y = intercept + slope (exp(rate (x - x0)) - 1) / rate, x0 the lowest dose: bends everywhere, saturating or accelerating */
  readonly curve: ThresholdModel<"intercept" | "slope" | "rate">;
  /** y = level + change / (1 + exp(-(x - middle) / width)): a smooth step */
  readonly sigmoid: ThresholdModel<"level" | "change" | "middle" | "width">;
}

/**
 * Fits all courses and compares them.
 *
 * @param breaks the best break of each broken line; null where there is none
 * @param effective points that are worth as much as independent ones: all of them, unless neighbours share their fate
 */
export function fitModels(
  points: Points,
  breaks: Readonly<Record<Before, number | null>>,
  effective: number,
): ThresholdModels {
  const { x, y, w } = points;
  const sw = w.reduce((sum, v) => sum + v, 0);
  const line = straight(points);
  const level = line.mean;
  const broken = hinge(points, breaks.level as number);
  const sloped = breaks.slope === null ? null : hinge(points, breaks.slope, "slope");
  const curved = curve(points);
  const step = sigmoid(points);

  // A perfect fit has no logarithm; below rounding all fits are equally good. Of zeros the rounding is zero, too.
  const rounding = 1e-12 * y.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const least = Math.max(sw * rounding ** 2, Number.MIN_VALUE);
  const n = effective;
  const score = (residual: number, parameters: number) => {
    const k = parameters + 1;
    const likelihood = n * (Math.log(Math.max(residual, least)) - Math.log(x.length));
    return {
      rss: residual,
      bic: likelihood + k * Math.log(n),
      aicc: likelihood + 2 * k + (2 * k * (k + 1)) / (n - k - 1),
    };
  };
  const scores = {
    constant: score(
      y.reduce((sum, v, i) => sum + w[i] * (v - level) ** 2, 0),
      1,
    ),
    line: score(line.rss, 2),
    broken: score(broken.rss, 3),
    sloped: sloped && score(sloped.rss, 4),
    curve: score(curved.rss, 3),
    sigmoid: score(step.rss, 4),
  };
  const present = Object.values(scores).filter((s) => s !== null);
  const lowest = Math.min(...present.map((s) => s.bic));
  const total = present.reduce((sum, s) => sum + Math.exp((lowest - s.bic) / 2), 0);
  const model = <Names extends string>(
    parameters: Record<Names, number>,
    of: ReturnType<typeof score>,
  ): ThresholdModel<Names> => ({ parameters, ...of, weight: Math.exp((lowest - of.bic) / 2) / total });
  return {
    constant: model({ level }, scores.constant),
    line: model({ intercept: line.intercept, slope: line.slope }, scores.line),
    broken: model({ level: broken.intercept, slope: broken.slope, break: broken.break }, scores.broken),
    sloped: sloped && model(slopedParameters(sloped), scores.sloped as ReturnType<typeof score>),
    curve: model(curved.parameters, scores.curve),
    sigmoid: model(step.parameters, scores.sigmoid),
  };
}

function slopedParameters({ intercept, before, slope, break: at }: BrokenLine) {
  return { intercept, before, slope, break: at };
}
