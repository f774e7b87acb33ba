// The fitted curves in the result: parameters in the units of the data, criteria, and weights.
import type { Scored } from "./compare.js";
import { regressionOf } from "./compare.js";
import type { CurveName } from "./curves.js";
import type { FittedSeries } from "./series.js";

/** One of the curves that were compared. */
export interface ThresholdModel {
  /**
   * In the units of dose and response; `break` is the onset. Polynomials have Legendre coefficients on the
   * range of doses.
   */
  readonly parameters: Readonly<Record<string, number>>;
  /** Weighted residual sum of squares; the largest weight is 1. */
  readonly rss: number;
  /** -2 ln L + k ln n, up to a constant, for k parameters including those of the noise; lower is better. */
  readonly bic: number;
  /** Akaike's criterion with the correction for few points; lower is better. */
  readonly aicc: number;
  /** Weight among all curves by BIC; the weights sum to 1. */
  readonly weight: number;
}

/** The curves that were compared; fewer for few points. */
export type ThresholdModels = { readonly [Name in "constant" | "line" | "broken"]: ThresholdModel } & {
  readonly [Name in CurveName]?: ThresholdModel;
};

/** Parameters, criteria and weights of all fitted curves. */
export function modelsOf({ series, scored, x0, range }: FittedSeries): ThresholdModels {
  const lowest = Math.min(...scored.map((one) => one.bic));
  const total = scored.reduce((sum, one) => sum + Math.exp((lowest - one.bic) / 2), 0);
  return Object.fromEntries(
    scored.map((one) => {
      const { name, rss, bic, aicc } = one;
      const parameters = parametersOf(one, series, x0, range);
      return [name, { parameters, rss, bic, aicc, weight: Math.exp((lowest - bic) / 2) / total }];
    }),
  ) as unknown as ThresholdModels;
}

function parametersOf(one: Scored, series: FittedSeries["series"], x0: number, range: number) {
  const { curve, outer, inner, rho } = one;
  const [level, ...factors] = regressionOf(series, curve, rho).factors(curve, outer, inner);
  const parameters: Record<string, number> = {};
  if (one.name === "line") {
    const slope = factors[0] / HALF / range;
    return { intercept: level - factors[0] - slope * x0, slope };
  }
  parameters.level = level;
  const before = factors.length > curve.columns ? (factors.shift() as number) / range : undefined;
  if (before !== undefined) {
    parameters.level -= before * x0;
    parameters.before = before;
  }
  for (const [c, name] of curve.parameters.slice(0, curve.columns).entries()) {
    const power = POWERS[name as keyof typeof POWERS] ?? 0;
    parameters[name] = factors[c] / range ** power;
  }
  return { ...parameters, ...curve.natural?.(outer, inner, x0, range) };
}

/** A Legendre polynomial of degree 1 changes by 2 over the range. */
const HALF = 0.5;

/** Coefficients per unit of dose, of its square and its cube. */
const POWERS = { slope: 1, second: 2, third: 3 };
