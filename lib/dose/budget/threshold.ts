// A dose threshold with the uncertainty of the dose. The interval of the break contains the uncertainty of
// the curve, the budget that of the dose axis.

import { short } from "../../compute/format.js";
import { ArgumentError, quote } from "../../errors.js";
import type { DoseThreshold } from "../threshold.js";
import { scaleRange } from "./summary.js";
import type { DoseBudget } from "./types.js";

/** A threshold whose interval contains both. */
export interface BudgetedThreshold {
  /** The threshold, in the unit of the doses that it was found with. */
  readonly threshold: number | null;
  /** Interval from the response alone. */
  readonly statistical: readonly [number, number] | null;
  /** Interval from the scale of the doses alone. */
  readonly systematic: readonly [number, number] | null;
  /** 95 % interval from both. */
  readonly interval: readonly [number, number] | null;
  readonly verdict: string;
}

/**
 * Combines the interval of a threshold with a dose budget. The systematic part of the budget is a factor on
 * all doses, so the two add in quadrature on a logarithmic scale, separately for each side. The random part
 * is already in the interval of the threshold.
 *
 * @param found result of `doseThreshold`, in any unit; without an interval, the interval is that of the
 *   budget
 * @throws ArgumentError for another object
 * @example
 * const beam = { energy: 8390, flux: 1.041e12, width: 3315, height: 1202.5 };
 * const budget = doseBudget(rockCell(), beam, { uncertainties: { flux: 0.05 }, quantity: "doseRate" });
 * thresholdWithBudget({ threshold: 35, interval: [33, 37] }, budget).interval?.[0]; // 31.08 MGy
 */
export function thresholdWithBudget(
  found: Pick<DoseThreshold, "threshold" | "interval">,
  budget: DoseBudget,
): BudgetedThreshold {
  const { threshold, interval } = found ?? {};
  if (threshold === null) {
    const verdict = "no threshold was found, so there is none to scale";
    return { threshold, statistical: null, systematic: null, interval: null, verdict };
  }
  if (!(typeof threshold === "number" && threshold > 0 && Number.isFinite(threshold))) {
    throw new ArgumentError(
      `thresholdWithBudget: expected a result of doseThreshold or { threshold, interval }, got ${quote(found)}`,
    );
  }
  const factors = budget?.scale?.interval;
  if (!Array.isArray(factors)) {
    throw new ArgumentError(
      `thresholdWithBudget: expected a result of doseBudget as second argument, got ${quote(budget)}`,
    );
  }
  const statistical = interval ?? null;
  const systematic = [threshold * factors[0], threshold * factors[1]] as const;
  const joined = [0, 1].map((side) => {
    // A scale interval from linear propagation may reach zero. The threshold then has no lower limit.
    if (!(factors[side] > 0) || (statistical && !(statistical[side] > 0))) return 0;
    const parts = [Math.log(factors[side]), statistical ? Math.log(statistical[side] / threshold) : 0];
    return threshold * Math.exp((side === 0 ? -1 : 1) * Math.hypot(...parts));
  });
  const both = [joined[0], joined[1]] as const;
  const range = (ends: readonly [number, number]): string => `${short(ends[0])} to ${short(ends[1])}`;
  const verdict =
    `threshold ${short(threshold)}: ${statistical ? `${range(statistical)} from the response alone, ` : ""}` +
    `${range(systematic)} from the scale of the doses alone (${scaleRange(budget)}), ${range(both)} together`;
  return { threshold, statistical, systematic, interval: both, verdict };
}
